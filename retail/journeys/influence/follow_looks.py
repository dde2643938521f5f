"""Follow how far the looks of stylists got, by whom, and what that sold."""

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from retail.influence import queries, rules
from retail.influence.rules import Month, Sale, TravelTier

Parts = Mapping[str, int | None]


def tiers_by_stylist(session: Session, stylist_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """At which remove the links to looks of these stylists are, by stylist and link."""
    steps = queries.steps_of(session, stylist_ids)
    return {one: rules.tiers_of(some) for one, some in steps.items()}


def follow_looks(
    session: Session,
    month: Month,
    sales: Mapping[str, list[Sale]],
    told: Mapping[str, int | None],
) -> dict[str, tuple[tuple[TravelTier, ...], Parts]]:
    """How far looks got in a month, by stylist; sums by remove where the sum of all is told."""
    found, ids = {}, list(sales)
    removes = tiers_by_stylist(session, ids)
    came = queries.came_of(session, ids, since=month.starts_at, until=month.ends_at)
    for one, some in sales.items():
        tiers = removes[one]
        parts: Parts = rules.told(rules.parts_of(some, tiers)) if told.get(one) is not None else {}
        found[one] = rules.told_tiers(rules.travelled(came[one], tiers), parts), parts
    return found


def follow_all(
    session: Session,
    month: Month,
    sales: Mapping[str, list[Sale]],
    told: Mapping[str, int | None],
) -> tuple[TravelTier, ...]:
    """The sums of what is told of each stylist: nothing more follows from them."""
    each = [tiers for tiers, _ in follow_looks(session, month, sales, told).values()]
    return tuple(rules.together(some) for some in zip(*each, strict=True))
