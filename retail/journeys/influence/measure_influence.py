"""Measure stylists’ influence in a period: likes, what they led to, and what that really adds."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.consent import queries as consent
from retail.consent.rules import LEAGUE
from retail.engagement import rules as likes
from retail.engagement.rules import Told
from retail.influence import queries, rules
from retail.influence.measured import Lifted, Placed, Why, first_of_each, lifts
from retail.influence.rules import SETTLES_AFTER, Month, TravelTier, month_from
from retail.influence.views import (
    NO_COST,
    Asked,
    InfluenceBoard,
    Influencer,
    StylistCost,
    Travels,
)
from retail.journeys.campaigns.measure_experiment import CLOCKS_DIFFER
from retail.journeys.influence.count_costs import count_costs
from retail.journeys.influence.count_likes import count_likes
from retail.journeys.influence.credit_sales import Sold, credit_sales
from retail.journeys.influence.follow_looks import follow_all, follow_looks
from retail.receipts.spending import spent_since

CHUNK = 500


def measure_influence(session: Session, asked: Asked, *, now: datetime) -> InfluenceBoard:
    """The board of a brand's stylists in a period; of nobody who is not in the league now.

    Lift, costs, tiers, single stores are of a whole month. Raises NotFound for an unknown brand.
    """
    brand = brands.get_brand(session, asked.brand_id)
    month = month_from(asked.period.first_on, brand.zone) if asked.period.is_month else None
    ends_at = asked.period.span(brand.zone)[1]
    sold = credit_sales(session, brand, asked, now=now)
    liked, set_aside = count_likes(session, asked, now=now)
    why, whole, lift_of = _lift(session, brand, asked, month, now)
    sales = sold.at(asked.store.id) if asked.store else sold.told
    ids = consent.consenting(session, {*sales, *liked, *lift_of}, LEAGUE)
    parts = month if now >= ends_at and asked.store is None else None
    costs = count_costs(session, brand, asked, parts) if parts else None
    known = accounts.members_by_id(session, ids)
    rows = tuple(
        _row(known[one], liked.get(one), sales.get(one), lift_of.get(one), costs)
        for one in sorted(known)
    )
    total = likes.total(liked[one] for one in known if one in liked)
    return InfluenceBoard(
        asked.period,
        month,
        now >= ends_at,
        asked.windows.of(asked.period),
        asked.store.id if asked.store else None,
        brand.currency,
        min(now, ends_at + SETTLES_AFTER),
        why,
        month.days_left(now) if month else 0,
        rows,
        total.likes,
        total.engaged,
        total.share,
        sum(row.sales_minor or 0 for row in rows),
        whole,
        _tiers(session, parts, sold, known),
        set_aside,
    )


def _tiers(
    session: Session, month: Month | None, sold: Sold, known: Collection[str]
) -> tuple[TravelTier, ...]:
    """How far the looks of those on the board travelled in a month that is over."""
    followed = {one: some for one, some in sold.by_stylist.items() if one in known}
    return follow_all(session, month, followed, sold.told) if month else ()


def trace_looks(session: Session, asked: Asked, stylist: Influencer, *, now: datetime) -> Travels:
    """How a stylist's looks travelled in a month, as far as her row on the board tells of her.

    Of a period that is no month, and of a month that runs, nothing is told.
    """
    brand, who = brands.get_brand(session, asked.brand_id), stylist.stylist_id
    month = month_from(asked.period.first_on, brand.zone)
    if not asked.period.is_month or now < month.ends_at:
        return Travels(stylist, (), None)
    mine = {who: credit_sales(session, brand, asked, now=now).by_stylist.get(who, [])}
    tiers, told = follow_looks(session, month, mine, {who: stylist.sales_minor})[who]
    return Travels(stylist, tiers, told.get(rules.OFFERS))


def _lift(
    session: Session, brand: BrandView, asked: Asked, month: Month | None, now: datetime
) -> tuple[Why, Lifted | None, dict[str, Lifted]]:
    if month is None:
        return "not_a_month", None, {}
    spoken = queries.spoken_of(session, brand.id, month)
    if asked.store or not spoken:
        return "no_holdout", None, {}
    if month.days_left(now):
        return "early", None, {}
    minors = _minors(session, {one.member_id for one in spoken})
    in_league = consent.consenting(session, {one.stylist_id for one in spoken}, LEAGUE)
    audiences: dict[str, list[Placed]] = defaultdict(list)
    for one in spoken:
        if one.stylist_id in in_league and one.member_id not in minors:
            audiences[one.stylist_id].append(one)
    everybody = first_of_each(one for some in audiences.values() for one in some)
    # One span for all, whoever spoke of whom first, so that figures of the same people agree.
    spent = spent_since(
        session,
        brand.id,
        {one.member_id: one.first_at - CLOCKS_DIFFER for one in everybody},
        currency=brand.currency,
        until=month.ends_at,
        returned_until=month.settles_at,
    )
    whole, found = lifts(audiences, {one: each.total_minor for one, each in spent.items()})
    return "told" if whole else "few", whole, found


def _minors(session: Session, member_ids: Collection[str]) -> set[str]:
    ids, found = sorted(member_ids), set()
    for start in range(0, len(ids), CHUNK):
        known = accounts.members_by_id(session, ids[start : start + CHUNK])
        found |= {one.id for one in known.values() if one.is_adult is False}
    return found


def _row(
    member: MemberView,
    told: Told | None,
    sales_minor: int | None,
    lift: Lifted | None,
    costs: Mapping[str, StylistCost] | None,
) -> Influencer:
    told = told or likes.NOTHING
    # What she was given says that somebody bought: it is told where that is of many.
    is_many = sales_minor is not None or lift is not None
    shown = costs.get(member.id, NO_COST) if is_many and costs is not None else None
    return Influencer(
        member.id,
        member.public_name,
        member.initials,
        member.avatar,
        told.likes,
        told.engaged,
        told.share,
        sales_minor,
        lift,
        shown,
        _return(lift, shown),
    )


def _return(lift: Lifted | None, cost: StylistCost | None) -> Decimal | None:
    if lift is None or not lift.is_clear or lift.extra_minor <= 0 or not cost or not cost.minor:
        return None
    return (Decimal(lift.extra_minor) / cost.minor).quantize(Decimal("0.01"), ROUND_HALF_UP)
