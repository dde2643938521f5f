"""Measure stylists’ influence in a month: likes, what they led to, and what that really adds."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from loyalty.ledger.liability import given_for
from loyalty.ledger.rules import POINTS
from loyalty.vouchers.outstanding import taken_off
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.consent import queries as consent
from retail.consent.rules import LEAGUE
from retail.engagement import rules as likes
from retail.engagement.queries import engagement_of
from retail.engagement.rules import Told
from retail.influence import queries, rules
from retail.influence.measured import Lifted, Placed, Why, first_of_each, lifts
from retail.influence.rules import Sale, TravelTier
from retail.influence.views import Asked, InfluenceBoard, Influencer, StylistCost, Travels
from retail.journeys.campaigns.measure_experiment import CLOCKS_DIFFER
from retail.journeys.league.give_prize import PRIZE_REASON
from retail.journeys.points.earn_points import FRIEND_PURCHASE, SEASON_WON
from retail.liability.rules import worths
from retail.receipts.spending import spent_since

CHUNK = 500
GIVEN_FOR = (FRIEND_PURCHASE, SEASON_WON, PRIZE_REASON)
VOUCHERS_FROM = ("offer-thanks:", "prize:")
Parts = Mapping[str, int | None]


@dataclass(frozen=True)
class _Sold:
    """Sales by stylist, and what may be told of them, of their stores and of their parts."""

    by_stylist: Mapping[str, list[Sale]]
    told: Mapping[str, int | None]

    def of(self, stylist_id: str) -> list[Sale]:
        """What is credited to a stylist."""
        return self.by_stylist.get(stylist_id, [])

    def at(self, store_id: str) -> dict[str, int | None]:
        """What may be told of one store, beside what is told of all."""
        found: dict[str, int | None] = {}
        for stylist_id, sales in self.by_stylist.items():
            cells = {
                one: rules.cell_of(sale for sale in sales if sale.store_id == one)
                for one in {sale.store_id for sale in sales}
            }
            is_told = self.told[stylist_id] is not None
            found[stylist_id] = rules.told(cells).get(store_id) if is_told else None
        return found


def measure_influence(session: Session, asked: Asked, *, now: datetime) -> InfluenceBoard:
    """The board of a brand's stylists in a month; of nobody who is not in the league now.

    Raises NotFound for an unknown brand.
    """
    brand = brands.get_brand(session, asked.brand_id)
    sold = _sold(session, brand, asked)
    liked, set_aside = _liked(session, asked)
    why, whole, lift_of = _lift(session, brand, asked, now)
    sales = sold.at(asked.store.id) if asked.store else sold.told
    ids = consent.consenting(session, {*sales, *liked, *lift_of}, LEAGUE)
    costs = {} if asked.store else _costs(session, brand, asked)
    known = accounts.members_by_id(session, ids)
    rows = tuple(
        _row(known[one], liked.get(one), sales.get(one), lift_of.get(one), costs.get(one))
        for one in sorted(known)
    )
    total = likes.total(liked[one] for one in known if one in liked)
    return InfluenceBoard(
        asked.month,
        asked.store.id if asked.store else None,
        brand.currency,
        min(now, asked.month.settles_at),
        why,
        asked.month.days_left(now),
        rows,
        total.likes,
        total.engaged,
        total.share,
        sum(row.sales_minor or 0 for row in rows),
        whole,
        _all_tiers(session, asked, {one: sold.of(one) for one in known}, sold.told),
        set_aside,
    )


def trace_looks(session: Session, asked: Asked, stylist: Influencer) -> Travels:
    """How a stylist's looks travelled in a month, as far as her row on the board tells of her."""
    brand, who = brands.get_brand(session, asked.brand_id), stylist.stylist_id
    mine = {who: _sold(session, brand, asked).of(who)}
    tiers, told = _travels(session, asked, mine, {who: stylist.sales_minor})[who]
    return Travels(stylist, tiers, told.get(rules.OFFERS))


def _sold(session: Session, brand: BrandView, asked: Asked) -> _Sold:
    by_stylist: dict[str, list[Sale]] = defaultdict(list)
    for sale in queries.sales_of(
        session, brand.id, asked.month, currency=brand.currency, within=asked.within
    ):
        by_stylist[sale.stylist_id].append(sale)
    in_league = consent.consenting(session, by_stylist, LEAGUE)
    mine = {one: sales for one, sales in by_stylist.items() if one in in_league}
    return _Sold(mine, rules.told({one: rules.cell_of(sales) for one, sales in mine.items()}))


def _liked(session: Session, asked: Asked) -> tuple[dict[str, Told], int | None]:
    """The likes that may be told, summed over stores: a sum of what is told tells no more."""
    stores = [asked.store] if asked.store else brands.list_stores(session, asked.brand_id)
    told: dict[str, list[Told]] = defaultdict(list)
    aside: list[int] = []
    for store in stores:
        span = rules.month_from(asked.month.on, store.zone)
        found = engagement_of(
            session,
            asked.brand_id,
            store_id=store.id,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
        )
        for one in found.stylists:
            told[one.stylist_id].append(one.told)
        aside += [found.set_aside] if found.set_aside else []
    return {one: _summed(some) for one, some in told.items()}, sum(aside) or None


def _summed(told: Collection[Told]) -> Told:
    """Likes of several stores as one; engaged ones only where they are told at each of them."""
    shown = [one for one in told if one.likes is not None]
    engaged = [one.engaged for one in shown if one.engaged is not None]
    return Told(
        sum(one.likes or 0 for one in shown) if shown else None,
        sum(engaged) if engaged and len(engaged) == len(shown) else None,
    )


def _lift(
    session: Session, brand: BrandView, asked: Asked, now: datetime
) -> tuple[Why, Lifted | None, dict[str, Lifted]]:
    spoken = queries.spoken_of(session, brand.id, asked.month)
    if asked.store or not spoken:
        return "no_holdout", None, {}
    if asked.month.days_left(now):
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
        until=asked.month.ends_at,
        returned_until=asked.month.settles_at,
    )
    whole, found = lifts(audiences, {one: each.total_minor for one, each in spent.items()})
    return "told" if whole else "few", whole, found


def _minors(session: Session, member_ids: Collection[str]) -> set[str]:
    ids, found = sorted(member_ids), set()
    for start in range(0, len(ids), CHUNK):
        known = accounts.members_by_id(session, ids[start : start + CHUNK])
        found |= {one.id for one in known.values() if one.is_adult is False}
    return found


def _costs(session: Session, brand: BrandView, asked: Asked) -> dict[str, StylistCost]:
    span = {"since": asked.month.starts_at, "until": asked.month.ends_at}
    points = given_for(session, brand.id, GIVEN_FOR, wallet=POINTS, **span)
    vouchers = taken_off(session, brand.id, VOUCHERS_FROM, currency=brand.currency, **span)
    digits = get_currency_precision(brand.currency)
    found = {}
    for one in {*points, *vouchers}:
        given, used, worth = max(0, points.get(one, 0)), vouchers.get(one, 0), 0
        if given and asked.hundred_points is not None:
            (worth,) = worths([given], asked.hundred_points, digits)
        is_known = not given or asked.hundred_points is not None
        found[one] = StylistCost(used, given, used + worth if is_known else None)
    return found


def _row(
    member: MemberView,
    told: Told | None,
    sales_minor: int | None,
    lift: Lifted | None,
    cost: StylistCost | None,
) -> Influencer:
    told = told or likes.NOTHING
    # What she was given says that somebody bought: it is told where that is of many.
    is_many = sales_minor is not None or lift is not None
    shown = (cost or StylistCost(0, 0, 0)) if is_many else None
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


def _travels(
    session: Session,
    asked: Asked,
    sales: Mapping[str, list[Sale]],
    told: Mapping[str, int | None],
) -> dict[str, tuple[tuple[TravelTier, ...], Parts]]:
    """How far looks got, by stylist; sums by remove where the sum of them all is told."""
    month, found = asked.month, {}
    arrivals = queries.arrivals_of(session, list(sales), until=month.ends_at)
    links = defaultdict(list)
    for link in queries.links_of(session, list(sales)):
        links[link.stylist_id].append(link)
    for one, some in sales.items():
        tiers = rules.tiers_of(links[one], arrivals[one])
        came = [each for each in arrivals[one] if each.at >= month.starts_at]
        parts: Parts = rules.told(rules.parts_of(some, tiers)) if told.get(one) is not None else {}
        travels = rules.travelled(links[one], came, tiers)
        found[one] = rules.told_tiers(travels, parts), parts
    return found


def _all_tiers(
    session: Session,
    asked: Asked,
    sales: Mapping[str, list[Sale]],
    told: Mapping[str, int | None],
) -> tuple[TravelTier, ...]:
    """The sums of what is told of each stylist: nothing more follows from them."""
    if asked.store:
        return ()
    each = [tiers for tiers, _ in _travels(session, asked, sales, told).values()]
    return tuple(rules.together(some) for some in zip(*each, strict=True))
