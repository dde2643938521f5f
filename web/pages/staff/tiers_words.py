"""Ladders of tiers in words: by what one rises, what versions changed, who would move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal

from flask_babel import gettext as _
from flask_babel import ngettext

from loyalty.tiers.queries import LadderView
from loyalty.tiers.rules import Ladder
from web.pages.formats import number
from web.pages.staff.editions import ChangeWords, Edition, with_before


@dataclass(frozen=True)
class Move:
    """So many who would stand elsewhere, by the names of tiers.

    `way` is `gone` where the tier they stand on would be no more.
    """

    before: str
    after: str
    way: Literal["up", "down", "gone"]
    members: int


def editions(versions: Sequence[LadderView]) -> list[Edition]:
    """Versions of a ladder with what each changed, the newest first."""
    told = with_before(versions, lambda before, one: _changed(before.ladder, one.ladder))
    return [Edition(one.version, one.published_at, one.published_by, said) for one, said in told]


def basis_words(ladder: Ladder) -> str:
    """Which credits count."""
    if ladder.basis == "balance":
        return _("What somebody has now counts.")
    if ladder.period_days is None:
        return _("What was earned in a calendar year counts.")
    days = number(ladder.period_days)
    return _("What was earned in the %(days)s days before counts.", days=days)


def keeping_words(ladder: Ladder) -> str:
    """How long a tier is kept once it is reached, and how one falls."""
    if ladder.basis == "balance":
        return _("Whoever has too few leaves a tier at once.")
    days = ladder.grace_days
    longer = ngettext(
        "A tier is kept %(num)s day longer.", "A tier is kept %(num)s days longer.", days
    )
    if ladder.drop == "one_step":
        return f"{longer} {_('Then somebody falls one step at a time.')}"
    return f"{longer} {_('Then somebody falls to what they earned.')}"


def margin(seen: int, looked: int, members: int) -> int:
    """By how much a number worked out for all members from some may be off, at 95%.

    The normal interval of a share, with the correction for a finite population (Cochran, 1977).
    """
    if not 0 < looked < members:
        return 0
    share = seen / looked
    variance = share * (1 - share) / looked * (1 - looked / members)
    return ceil(1.96 * members * sqrt(variance))


def move_rows(moves: Mapping[tuple[str, str], int], held: Ladder, asked: Ladder) -> list[Move]:
    """Who would move where, those who would fall first."""
    places = {tier.code: place for place, tier in enumerate(asked.tiers)}
    names = {tier.code: tier.name for tier in (*held.tiers, *asked.tiers)}
    rows = [
        Move(names.get(before, before), names[after], _way(places, before, after), members)
        for (before, after), members in moves.items()
    ]
    ways = ("down", "gone", "up")
    return sorted(rows, key=lambda one: (ways.index(one.way), -one.members, one.before))


def _way(places: Mapping[str, int], before: str, after: str) -> Literal["up", "down", "gone"]:
    if before not in places:
        return "gone"
    return "up" if places[after] > places[before] else "down"


def _changed(before: Ladder, after: Ladder) -> list[ChangeWords]:
    old, new = (
        {
            tier.code: _("%(name)s from %(credits)s", name=tier.name, credits=number(tier.at))
            for tier in one.tiers
        }
        for one in (before, after)
    )
    codes = (*new, *(code for code in old if code not in new))
    said = [ChangeWords(f"tier:{code}", old.get(code), new.get(code)) for code in codes]
    said.append(ChangeWords(_("What counts"), basis_words(before), basis_words(after)))
    said.append(ChangeWords(_("Keeping a tier"), keeping_words(before), keeping_words(after)))
    return [one for one in said if one.before != one.after]
