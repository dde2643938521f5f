"""See one's own influence: the score, what it is made of, and what would raise it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import Final, SeasonView
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.consent import queries as consent
from retail.consent.rules import FRIEND_OFFERS
from retail.engagement.queries import engagement_of_looks
from retail.engagement.rules import for_stylist
from retail.friends import queries as friends
from retail.influence.own import (
    OwnInfluence,
    OwnScore,
    PastScore,
    Standing,
    levers,
    likes_in,
)
from retail.offers import queries as offers
from retail.offers.queries import Span
from retail.outfits import queries as outfits
from retail.outfits.rules import PUBLIC
from retail.outfits.views import OutfitView
from retail.receipts import queries as receipts

_RECEIPTS_SHOWN = 200


def see_own_influence(session: Session, member: MemberView, *, now: datetime) -> OwnInfluence:
    """What a member may know of their own influence; of nobody else, and nothing of few people."""
    looks = outfits.outfits_of(session, member.id)
    told = engagement_of_looks(session, [look.id for look in looks])
    shown = [one for one in told.values() if one.engaged is not None]
    # Summed over looks of which it is told anyway: a sum with others in would tell of those.
    engaged = for_stylist(sum(one.likes for one in shown), sum(one.engaged or 0 for one in shown))
    standing = _standing(session, member, looks)
    return OwnInfluence(
        standing.is_enlisted,
        standing.is_adult,
        _scores(session, member, now) if standing.is_enlisted else (),
        sum(one.likes for one in told.values()),
        engaged.engaged if shown else None,
        levers(standing),
    )


def see_own_past(
    session: Session, member: MemberView, *, since: datetime, until: datetime
) -> tuple[PastScore, ...]:
    """Where a member came in the seasons that ended in (since, until], the latest first."""
    names = _names(session, member.brand_id)
    found = []
    for season in leaderboards.closed_seasons(session, member.brand_id, since=since, until=until):
        places = leaderboards.final(session, season.id, owner_id=member.id)
        if season.kind == "stylists" and season.ends_at <= until and places:
            found.append(_past_score(session, season, places[0], names))
    return tuple(sorted(found, key=lambda one: (-one.ends_at.timestamp(), one.rank, one.board_id)))


def _past_score(
    session: Session, season: SeasonView, place: Final, names: Mapping[str, str]
) -> PastScore:
    used = _used(session, season, place.owner_id)
    weights = season.like_weight, season.purchase_weight
    return PastScore(
        board_id=season.board_id,
        name=names[season.scope_id],
        cadence=season.cadence,
        starts_at=season.starts_at,
        ends_at=season.ends_at,
        rank=place.rank,
        score=place.score,
        likes=likes_in(place.score, weights[0], used, weights[1]),
        like_weight=weights[0],
        purchases=used,
        purchase_weight=weights[1],
    )


def _names(session: Session, brand_id: str) -> dict[str, str]:
    names = {one.id: one.name for one in brands.list_stores(session, brand_id)}
    return names | {brand_id: brands.get_brand(session, brand_id).name}


def _used(session: Session, season: SeasonView, member_id: str) -> int:
    """How many offers in a member's name were used in a season."""
    is_brands = season.scope_id == season.programme_id
    span = Span(
        season.programme_id,
        None if is_brands else season.scope_id,
        season.starts_at,
        season.ends_at,
    )
    return sum(one.purchases for one in offers.credits_in(session, span, member_id))


def _standing(session: Session, member: MemberView, looks: list[OutfitView]) -> Standing:
    bought = receipts.receipts_of(session, member.id, limit=_RECEIPTS_SHOWN)
    laid_out = outfits.receipts_laid_out(session, member.id)
    return Standing(
        is_adult=member.is_adult,
        is_enlisted=member.id in leaderboards.enlisted(session, member.brand_id, {member.id}),
        receipts_not_laid_out=sum(one.id not in laid_out for one in bought),
        looks_not_open=sum(look.state != "published" or look.audience != PUBLIC for look in looks),
        lends_name=consent.has_consent(session, member.id, FRIEND_OFFERS),
        friends=friends.count_friends(session, member.id),
    )


def _scores(session: Session, member: MemberView, now: datetime) -> tuple[OwnScore, ...]:
    names = _names(session, member.brand_id)
    found = [
        score
        for season in leaderboards.open_seasons(session, member.brand_id, now)
        if season.kind == "stylists"
        and (score := _score(session, member.id, season, names)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, one.ends_at, one.board_id)))


def _score(
    session: Session, member_id: str, season: SeasonView, names: Mapping[str, str]
) -> OwnScore | None:
    standing = leaderboards.rank_of(session, season.id, member_id)
    if standing is None:
        return None
    used = _used(session, season, member_id)
    weights = season.like_weight, season.purchase_weight
    return OwnScore(
        season.board_id,
        names[season.scope_id],
        season.cadence,
        season.ends_at,
        standing.rank,
        standing.score,
        likes_in(standing.score, weights[0], used, weights[1]),
        weights[0],
        used,
        weights[1],
        standing.gap_to_prize,
    )
