"""Join the stylist league and leave it: consent, participation, standings and Ad labels as one."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.sql import close_gate
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards import service as boards
from loyalty.leaderboards.rules import SeasonView, is_newcomer
from retail.accounts.queries import MemberView
from retail.consent import service as consent
from retail.consent.rules import LEAGUE
from retail.journeys.league.rank_look import rank_look, rebuild, unrank
from retail.offers import queries as offers
from retail.outfits import queries as outfit_queries
from retail.outfits import rules as outfit_rules
from retail.outfits import service as outfits
from retail.social import scores
from retail.social.rules import fold_gate


def join_league(session: Session, *, member: MemberView, now: datetime) -> bool:
    """Have an adult ranked from now on, with the likes of the running seasons.

    Tells whether that is new. Raises Invalid where the birth date is missing, Forbidden for minors.
    """
    outfit_rules.check_adult(member.is_adult)
    consent.give(session, member_id=member.id, brand_id=member.brand_id, purpose=LEAGUE, now=now)
    # Standings are rebuilt from rows here and changed by differences in the fold: one at a time.
    close_gate(session, fold_gate(member.brand_id))
    if not boards.enlist(session, member.brand_id, member.id, now=now):
        return False
    outfits.label_all(session, member.id, has_points_ad=True, now=now)
    for season in _seasons_to_rebuild(session, member):
        rebuild(session, season, member.id)
    for outfit_id in outfit_queries.ids_of(session, member.id):
        rank_look(session, outfit_id, now=now)
    return True


def leave_league(session: Session, *, member: MemberView, now: datetime) -> bool:
    """Take a member off every board that is not closed; tells whether they were in the league."""
    was_given = consent.withdraw(
        session, member_id=member.id, brand_id=member.brand_id, purpose=LEAGUE, now=now
    )
    close_gate(session, fold_gate(member.brand_id))
    for owner_id in (member.id, *outfit_queries.ids_of(session, member.id)):
        unrank(session, member.brand_id, owner_id)
    outfits.label_all(session, member.id, has_points_ad=False, now=now)
    return was_given


def _seasons_to_rebuild(session: Session, member: MemberView) -> list[SeasonView]:
    """The seasons in which the member scores, in the order in which scoring locks them.

    Of a retailer's hundred boards a newcomer stands on four, or none.
    """
    seasons = leaderboards.unclosed_seasons(session, member.brand_id)
    since = min((season.starts_at for season in seasons), default=None)
    stores = scores.stores_with_likes(session, member.brand_id, member.id, since=since)
    stores |= offers.stores_with_credit(session, member.id, since=since)
    scopes = stores | {member.brand_id} if stores else set()
    mine = (s for s in seasons if s.scope_id in scopes and _may_stand(s, member))
    return sorted(mine, key=lambda season: season.id)


def _may_stand(season: SeasonView, member: MemberView) -> bool:
    if season.kind == "newcomers":
        return is_newcomer(season, member.joined_at)
    return season.kind == "stylists"
