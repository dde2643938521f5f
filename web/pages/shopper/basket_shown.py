"""My basket as the phone shows it: pieces, what it comes to, and what each voucher does to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from loyalty.vouchers import holds
from loyalty.vouchers.pricing import Refused
from loyalty.vouchers.rules import RedemptionView, VoucherView
from retail.brands.queries import BrandView
from retail.journeys.vouchers import hold_vouchers as holding
from retail.journeys.vouchers.fill_phone_basket import Carried
from retail.journeys.vouchers.hold_vouchers import MemberQuote
from web.pages.formats import money
from web.pages.shopper.my_vouchers import shown_vouchers


@dataclass(frozen=True)
class VoucherRow:
    """A voucher beside a basket: what it takes off, or why it does not; nothing if not asked."""

    code: str
    worth: str
    is_chosen: bool
    taken: str
    reason: str


@dataclass(frozen=True)
class ShownHold:
    """What is held for the till, until when, and whether it can be for longer."""

    id: str
    until: datetime
    worths: tuple[str, ...]
    can_extend: bool


def voucher_rows(
    session: Any,
    own: Sequence[VoucherView],
    quote: MemberQuote | None,
    chosen: Sequence[str] | None,
    *,
    brand: BrandView,
) -> list[VoucherRow]:
    """Each voucher of mine; those that count are chosen where I chose none."""
    taken = {one.voucher_id: one for one in quote.vouchers} if quote else {}
    refused = {one.voucher_id: one for one in quote.refused} if quote else {}
    rows = []
    for voucher, shown in zip(own, shown_vouchers(session, own, brand), strict=True):
        use, refusal = taken.get(voucher.id), refused.get(voucher.id)
        is_chosen = use is not None if chosen is None else voucher.code in chosen
        currency = quote.currency if quote else ""
        words = reason_words(refusal, currency) if refusal and is_asked(voucher, chosen) else ""
        off = _taken_words(use.kind, use.discount_minor, currency) if use else ""
        rows.append(VoucherRow(voucher.code, shown.worth, is_chosen, off, words))
    return rows


def is_asked(voucher: VoucherView, chosen: Sequence[str] | None) -> bool:
    """Whether it was put to the basket, which all are where none was chosen."""
    return chosen is None or voucher.code in chosen


def other_rows(
    quote: MemberQuote | None, own: Sequence[VoucherView], typed: Sequence[str]
) -> list[VoucherRow]:
    """What codes do that were typed and are none of my vouchers."""
    if quote is None or not typed:
        return []
    mine = {one.id for one in own}
    rows = [
        VoucherRow(
            code="",
            worth=_("Ends in %(four)s", four=one.ends_in),
            is_chosen=True,
            taken=_taken_words(one.kind, one.discount_minor, quote.currency),
            reason="",
        )
        for one in quote.vouchers
        if one.voucher_id not in mine
    ]
    for one in quote.refused:
        if one.voucher_id not in mine:
            worth = _("Ends in %(four)s", four=one.ends_in) if one.ends_in else _("No code")
            rows.append(VoucherRow("", worth, True, "", reason_words(one, quote.currency)))
    return rows


def shown_hold(
    session: Any, held: RedemptionView | None, own: Sequence[VoucherView], brand: BrandView
) -> ShownHold | None:
    """What is held, by what it is worth; a code that is no voucher of mine by its end."""
    if held is None or held.reserved_until is None:
        return None
    worths = dict(
        zip(
            (one.id for one in own),
            (one.worth for one in shown_vouchers(session, own, brand)),
            strict=True,
        )
    )
    return ShownHold(
        held.id,
        held.reserved_until,
        tuple(
            worths.get(one.voucher_id) or _("Ends in %(four)s", four=one.ends_in)
            for one in held.vouchers
        ),
        held.reserved_until < held.sold_at + holds.HELD_AT_MOST,
    )


def quote_of(
    session: Any, carried: Carried | None, codes: tuple[str, ...] | None, **who: Any
) -> MemberQuote | None:
    """What the basket comes to; None where there is nothing in it that has a price."""
    if carried is None or not carried.pieces:
        return None
    return holding.quote(session, carried, codes, **who)


def _taken_words(kind: str, discount_minor: int, currency: str) -> str:
    if kind == "gift":
        return str(_("A gift at the till"))
    return f"−{money(discount_minor, currency)}"


def reason_words(refused: Refused, currency: str) -> str:
    """Why a voucher does not count for my basket, in a sentence."""
    if refused.reason == "below_minimum":
        missing = money(refused.missing_minor or 0, currency)
        return str(_("Your basket is %(sum)s short of what it needs.", sum=missing))
    return str(_words()[refused.reason])


def _words() -> dict[str, str]:
    return {
        "unknown": _("We don’t know this code, or it can’t be used."),
        "void": _("It was taken back."),
        "not_yet_issued": _("It didn’t exist yet."),
        "not_yet_valid": _("It isn’t valid yet."),
        "expired": _("It ran out."),
        "used_up": _("A till holds it just now, or it was used."),
        "not_theirs": _("It is for somebody else."),
        "other_currency": _("It is in another currency than this store’s."),
        "owner_needed": _("It is for members alone."),
        "owner_used_up": _("You had as many of these as one can."),
        "nothing_in_scope": _("Nothing in your basket is what it is for, or it isn’t for here."),
        "stands_alone": _("It can’t be used together with the other one."),
        "nothing_left": _("There is nothing left to take off."),
        "budget_used_up": _("All that there was to give has gone."),
    }
