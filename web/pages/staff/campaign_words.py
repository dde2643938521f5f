"""What a campaign gives, in words for those who walk by."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from loyalty.baskets.rules import Scope
from loyalty.campaigns.benefits import AmountOff, CheapestFree, PercentOff, Points, PointsPerUnit
from loyalty.campaigns.definition import Definition
from loyalty.campaigns.rules import CREDITS
from web.pages.formats import money, number


def gives_words(definition: Definition, currency: str) -> Sequence[str]:
    """A short sentence for each benefit, each once; a kind without words of its own is told so."""
    said = [_benefit(benefit, currency) for rule in definition.rules for benefit in rule.benefits]
    return tuple(dict.fromkeys(said))


def _benefit(benefit: Any, currency: str) -> str:
    match benefit:
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
    names = [label.partition(":")[2] or label for label in sorted(scope.includes)]
    return ", ".join(names) if names else str(_("everything"))
