"""My vouchers as I show them at a till: code and bars, and in words what they are good for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _

from loyalty.vouchers.rules import VoucherView
from loyalty.vouchers.terms import Terms
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.catalogue.labels import names_of
from web.pages.formats import clock_time, day, last_day, money
from web.pages.shopper.barcode import Bars, bars

_USABLE = ("issued", "reserved")


@dataclass(frozen=True)
class ShownVoucher:
    """A voucher as its owner shows it at a till; `stores` is empty where any will do."""

    is_open: bool
    worth: str
    code: str
    bars: Bars
    valid_until: datetime
    last_words: str
    stores: str
    more_words: tuple[str, ...]


def shown_vouchers(
    session: Any, found: Sequence[VoucherView], brand: BrandView
) -> list[ShownVoucher]:
    """Vouchers ready for a page, in the order given."""
    names = _names(session, found, brand)
    return [
        ShownVoucher(
            is_open=voucher.state in _USABLE,
            worth=_worth(voucher),
            code=voucher.code,
            bars=bars(voucher.code.replace("-", "")),
            valid_until=voucher.valid_until,
            last_words=_last_words(voucher, names, brand),
            stores=_listed(voucher.places, names),
            more_words=tuple(map(str, _more_words(voucher, names, brand.zone))),
        )
        for voucher in found
    ]


@dataclass(frozen=True)
class Promise:
    """What a voucher of some terms would be worth, where, and on which conditions."""

    worth: str
    stores: str
    more_words: tuple[str, ...]


def promised(session: Any, terms: Mapping[str, Terms], brand: BrandView) -> dict[str, Promise]:
    """What vouchers of terms would say, in the words of those that one has; by the same keys."""
    shown = {name: _unissued(one) for name, one in terms.items()}
    names = _names(session, list(shown.values()), brand)
    return {
        name: Promise(
            _worth(one),
            _listed(one.places, names),
            tuple(map(str, _more_words(one, names, brand.zone))),
        )
        for name, one in shown.items()
    }


def _unissued(terms: Terms) -> VoucherView:
    """A voucher of terms as nobody has it yet."""
    scope = {name: tuple(getattr(terms.scope, name)) for name in ("includes", "excludes", "places")}
    same = ("kind", "value", "currency", "title", "minimum_minor", "most_minor", "is_bound")
    blank: dict[str, Any] = dict.fromkeys(("id", "code", "last_four"), "") | {"owner_id": None}
    blank |= dict.fromkeys(
        ("valid_from", "valid_until", "issued_at"), datetime.max.replace(tzinfo=UTC)
    )
    told = {name: getattr(terms, name) for name in same}
    return VoucherView(**blank, **told, **scope, state="issued", uses_left=terms.uses)


def _names(session: Any, found: Sequence[VoucherView], brand: BrandView) -> Mapping[str, str]:
    """What goods and stores are called, by their labels."""
    goods = {label for one in found for label in (*one.includes, *one.excludes)}
    stores = {f"store:{store.slug}": store.name for store in brands.list_stores(session, brand.id)}
    return stores | names_of(session, brand.id, goods)


def _listed(labels: Sequence[str], names: Mapping[str, str]) -> str:
    words = {names.get(label) or label.partition(":")[2] for label in labels}
    return ", ".join(sorted(words))


def _worth(voucher: VoucherView) -> str:
    if voucher.kind in ("item", "gift"):
        return str(_("%(what)s, free", what=voucher.title))
    is_sum = voucher.kind == "amount" and voucher.currency
    what = money(voucher.value, voucher.currency or "", short=True) if is_sum else ""
    return str(_("%(worth)s off", worth=what or f"{voucher.value}%"))


def _held_words(voucher: VoucherView, zone: str) -> str:
    if voucher.is_held_by_owner and voucher.held_until is not None:
        until = clock_time(voucher.held_until, zone)
        return str(_("You hold it for the till until %(time)s.", time=until))
    return str(_("A till holds it just now."))


def _more_words(voucher: VoucherView, names: Mapping[str, str], zone: str) -> list[str]:
    """What else its owner should know, so that no till has to say no."""
    currency, words = voucher.currency or "", []
    if voucher.state == "reserved":
        words.append(_held_words(voucher, zone))
    if voucher.includes:
        words.append(_("For: %(goods)s.", goods=_listed(voucher.includes, names)))
    if voucher.excludes:
        words.append(_("Not for: %(goods)s.", goods=_listed(voucher.excludes, names)))
    if voucher.minimum_minor:
        least = money(voucher.minimum_minor, currency, short=True)
        words.append(_("For baskets from %(sum)s.", sum=least))
    if voucher.most_minor is not None and voucher.kind != "amount":
        most = money(voucher.most_minor, currency, short=True)
        words.append(_("%(sum)s off at most.", sum=most))
    if (voucher.uses_left or 0) > 1:
        words.append(_("Works %(number)s more times.", number=voucher.uses_left))
    if voucher.is_bound:
        words.append(_("For you alone: show your card with it."))
    return words


def _last_words(voucher: VoucherView, names: Mapping[str, str], brand: BrandView) -> str:
    if voucher.state == "redeemed" and voucher.used_at is not None:
        used_on = day(voucher.used_at, brand.zone, "d MMMM y")
        store = next((names[one] for one in voucher.used_in if one in names), None)
        if store is not None:
            when = f"{used_on}, {clock_time(voucher.used_at, brand.zone)}"
            where = {"store": store, "when": when, "four": voucher.last_four}
            return str(_("Used at %(store)s, %(when)s. It ended in %(four)s", **where))
        return _("Used on %(day)s. It ended in %(four)s", day=used_on, four=voucher.last_four)
    if voucher.state == "redeemed":
        return _("Used. It ended in %(four)s", four=voucher.last_four)
    if voucher.state == "void":
        return _("Taken back. It ended in %(four)s", four=voucher.last_four)
    return _("Ran out on %(day)s", day=last_day(voucher.valid_until, brand.zone))
