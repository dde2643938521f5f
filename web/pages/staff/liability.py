"""What the brand owes: points and vouchers outstanding, by the month in which they end."""

from collections.abc import Iterator
from typing import Any

from babel.dates import format_date
from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import Forbidden, Invalid
from retail.catalogue import sheets
from retail.liability import rules
from retail.liability.queries import Liability, liability_of
from retail.liability.rules import Months
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.fields import read_query
from web.language import language
from web.pages.formats import money, number
from web.pages.staff.owed_plot import Plot, draw_bars
from web.schemas.liability import LiabilityQuery
from web.write import read

staff_liability = guarded(
    Blueprint("staff_liability", __name__, url_prefix="/staff"), by="staff_page"
)
COLUMNS = ("what", "ends", "currency", "count", "amount_minor", "no_fixed_value", "no_limit")


@staff_liability.get("/liability")
@needs(roles.SEE_LIABILITY)
@read
def show(session: Any) -> Any:
    """Points by wallet, and vouchers; what points are worth, if the reader says so."""
    found, error = _found(session)
    page = {"found": found, "error": error, "fewest": rules.FEWEST_PEOPLE, "words": months_words}
    page |= {"plots": _plots(found), "voucher_plot": _voucher_plot(found)}
    told = render_template("staff/liability.html", **page, months=rules.MONTHS, now=found.at)
    return told, 422 if error else 200


@staff_liability.get("/liability.csv")
@needs(roles.SEE_LIABILITY)
@read
def download(session: Any) -> Response:
    """The same as a file."""
    found, _error = _found(session)
    text = sheets.write(COLUMNS, _lines(found))
    name = f"liability-{found.at:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


def months_words(span: Months) -> str:
    """When something ends, in words: November 2026 to January 2027."""
    said = [_("overdue")] if span.is_overdue else []
    if span.first and span.last:
        ends = [_month(one, "MMM y") for one in dict.fromkeys((span.first, span.last))]
        said.append(_(" to ").join(ends) if len(ends) > 1 else ends[0])
    said += [_("later")] if span.is_later else []
    said += [_("without an end")] if span.is_endless else []
    return ", ".join(said)


def _short(span: Months) -> str:
    if span.first and span.last:
        ends = [_month(one, "MMM") for one in dict.fromkeys((span.first, span.last))]
        return "–".join(ends) if len(ends) > 1 else _month(span.first, "MMM ’yy")
    if span.is_overdue:
        return _("overdue")
    return _("no end") if span.is_endless else _("later")


def _month(first: Any, pattern: str) -> str:
    return str(format_date(first, pattern, language()))


def _found(session: Any) -> tuple[Liability, Invalid | None]:
    me = current_staff()
    if me.store_id is not None:
        sentence = _("What is owed is the whole brand’s; ask somebody who works for every store.")
        raise Forbidden("brand_only", sentence)
    try:
        assumed, error = read_query(LiabilityQuery), None
    except Invalid as wrong:
        assumed, error = {}, wrong
    return liability_of(session, me.brand_id, now=clock.now(), **assumed), error


def _plots(found: Liability) -> dict[str, Plot]:
    return {
        wallet.wallet: draw_bars(
            [(_short(one.span), number(one.points), one.points) for one in wallet.spans]
        )
        for wallet in found.wallets
    }


def _voucher_plot(found: Liability) -> Plot:
    """The most that vouchers can take off, in the brand's own money."""
    bars = []
    for due in found.vouchers.spans:
        most = sum(one.amount_minor for one in due.at_most if one.currency == found.currency)
        bars.append((_short(due.span), money(most, found.currency, short=True), most))
    return draw_bars(bars)


def _lines(found: Liability) -> Iterator[list[str]]:
    few = _("fewer than ten people")
    for wallet in found.wallets:
        for due in wallet.spans:
            worth = "" if due.worth_minor is None else str(due.worth_minor)
            currency = found.currency if worth else ""
            ends = months_words(due.span)
            yield [wallet.wallet, ends, currency, str(due.points), worth, "", ""]
        for what, sum_ in (("pending", wallet.pending), ("owed back", wallet.debts)):
            count = few if sum_ is None else str(sum_)
            yield [f"{wallet.wallet}, {what}", "", "", count, "", "", ""]
    for each in found.vouchers.spans:
        counts = [str(each.without_value), str(each.without_most)]
        sums = each.at_most or (None,)
        for place, one in enumerate(sums):
            money_cells = [one.currency, str(one.amount_minor)] if one else ["", ""]
            first = place == 0
            yield [
                *("vouchers", months_words(each.span), money_cells[0]),
                *(str(each.vouchers) if first else "", money_cells[1]),
                *(counts if first else ["", ""]),
            ]
