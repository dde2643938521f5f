"""What a campaign gives and asks, in words for those who walk by."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext as _

from loyalty.baskets.rules import MOST_MINOR, Scope
from loyalty.campaigns.benefits import AmountOff, CheapestFree, PercentOff, Points, PointsPerUnit
from loyalty.campaigns.conditions import (
    BasketTotal,
    Buyer,
    Contains,
    HoursOfDay,
    Place,
    PurchaseNumber,
    Weekdays,
)
from loyalty.campaigns.definition import Definition, Rule
from loyalty.campaigns.rules import CREDITS
from retail.brands.queries import StoreView
from web.pages.formats import language, last_day, money, number


def announced_words(
    definition: Definition, store: StoreView, *, ends_at: datetime | None = None
) -> Sequence[str]:
    """What it gives in a store with all that it asks there, each once; when and how it ends.

    Nothing for a campaign that gives nothing in this store.
    """
    here = f"store:{store.slug}"
    said = [words for rule in definition.rules for words in _rule(rule, here, store.currency)]
    if said and ends_at is not None:
        said.append(str(_("Until %(day)s.", day=last_day(ends_at, store.zone, "d MMMM"))))
    if said and not definition.limits.are_none:
        said.append(str(_("There is an end to what it gives; ask at the till.")))
    return tuple(dict.fromkeys(said))


def _rule(rule: Rule, here: str, currency: str) -> Iterator[str]:
    if any(isinstance(one, Place) and here not in one.labels for one in rule.conditions):
        return
    asks = [_condition(one, currency) for one in rule.conditions if not isinstance(one, Place)]
    for benefit in rule.benefits:
        places = getattr(benefit, "scope", Scope()).places
        if not places or here in places:
            yield ", ".join((_benefit(benefit, currency), *asks))


def _condition(condition: Any, currency: str) -> str:
    match condition:
        case BasketTotal():
            least = money(condition.at_least_minor, currency, short=True)
            if condition.scope == Scope():
                return str(_("from %(sum)s", sum=least))
            return str(_("from %(sum)s of %(goods)s", sum=least, goods=_goods(condition.scope)))
        case Contains():
            pieces, goods = number(condition.at_least), _goods(condition.scope)
            return str(_("with %(pieces)s of %(goods)s", pieces=pieces, goods=goods))
        case HoursOfDay():
            hours = [_clock(minute) for minute in (condition.from_minute, condition.until_minute)]
            return str(_("from %(first)s to %(last)s", first=hours[0], last=hours[1]))
        case Weekdays():
            names = get_day_names(locale=language())
            days = ", ".join(names[day - 1] for day in sorted(condition.days))
            return str(_("on %(days)s", days=days))
        case Buyer():
            names = _names(condition.labels)
            return str(_("for members who are %(tier)s", tier=names) if names else _("for members"))
        case PurchaseNumber(at_least=1, at_most=1):
            return str(_("on your first purchase"))
        case PurchaseNumber():
            first, last = number(condition.at_least), number(condition.at_most)
            return str(_("on your purchases %(first)s to %(last)s", first=first, last=last))
        case _:
            return str(_("on terms that the till knows"))


def _benefit(benefit: Any, currency: str) -> str:
    match benefit:
        case PercentOff(at_most_minor=most) if most < MOST_MINOR:
            words = {"share": benefit.per_cent, "goods": _goods(benefit.scope)}
            cap = money(most, currency, short=True)
            return str(_("%(share)s%% off %(goods)s, up to %(sum)s", sum=cap, **words))
        case PercentOff():
            goods = _goods(benefit.scope)
            return str(_("%(share)s%% off %(goods)s", share=benefit.per_cent, goods=goods))
        case AmountOff():
            off = money(benefit.amount_minor, currency, short=True)
            return str(_("%(sum)s off %(goods)s", sum=off, goods=_goods(benefit.scope)))
        case CheapestFree():
            goods, pieces = _goods(benefit.scope), benefit.of_pieces
            return str(
                _("Of %(pieces)s, the cheapest is free: %(goods)s", pieces=pieces, goods=goods)
            )
        case Points():
            points = number(benefit.points)
            if benefit.wallet == CREDITS:
                return str(_("%(points)s extra credits", points=points))
            return str(_("%(points)s extra points", points=points))
        case PointsPerUnit():
            each = money(benefit.minor_per_unit, currency, short=True)
            more = number(benefit.points)
            if benefit.wallet == CREDITS:
                return str(_("%(points)s extra credits for each %(sum)s", points=more, sum=each))
            return str(_("%(points)s extra points for each %(sum)s", points=more, sum=each))
        case _:
            return str(_("A voucher for your next visit"))


def _goods(scope: Scope) -> str:
    goods = _names(scope.includes) or str(_("everything"))
    if others := _names(scope.excludes):
        return str(_("%(goods)s but not %(others)s", goods=goods, others=others))
    return goods


def _names(labels: frozenset[str]) -> str:
    return ", ".join(label.partition(":")[2] or label for label in sorted(labels))


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
