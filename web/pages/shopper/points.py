"""My points: what there is, what is on its way, what happened, and what ends when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from core import clock, cursor
from loyalty.campaigns import queries as campaigns
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import Lot, StatementLine
from loyalty.rewards import queries as rewards
from loyalty.rewards.queries import TakenReward
from loyalty.tiers.rules import Standing
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.journeys.campaigns.book_gifts import CAMPAIGN
from retail.journeys.campaigns.unbook_gifts import CAMPAIGN_BACK
from retail.journeys.league.give_prize import PRIZE_REASON
from retail.journeys.league.settle_doubt import PRIZE_BACK
from retail.journeys.points.earn_points import (
    DEED_BACK,
    FRIEND_PURCHASE,
    GOODS_BACK,
    OUTFIT_LAID_OUT,
    PURCHASE,
    SEASON_WON,
)
from retail.journeys.points.exchange_points import REWARD, REWARD_BACK
from retail.journeys.tiers.tier_benefits import tier_benefits
from retail.liability.idle import idle_points
from retail.standings.queries import find_standing
from web.auth import current_member, guarded
from web.write import read

points = guarded(Blueprint("my_points", __name__), by="member_page")
PAGE = 20
_OF_CAMPAIGNS = (CAMPAIGN, CAMPAIGN_BACK)
_OF_REWARDS = (REWARD, REWARD_BACK)


@dataclass(frozen=True)
class PointsUntil:
    """Points with the instant at which they come free."""

    points: int
    at: datetime


@dataclass(frozen=True)
class EndingPoints:
    """Points with the instant at which they are gone; earning or spending before may put it off."""

    points: int
    at: datetime
    can_be_put_off: bool


@dataclass(frozen=True)
class MyPoints:
    """What a member has: to spend, on its way, and what of it ends."""

    balance: int
    pending_total: int
    pending: tuple[PointsUntil, ...]
    expiring: tuple[EndingPoints, ...]


@dataclass(frozen=True)
class MemberTier:
    """One's standing on the ladder of the brand, if it has one.

    `brings` are names of campaigns for one's tier, `would_bring` of those for the next.
    """

    standing: Standing | None
    brings: tuple[str, ...] = ()
    would_bring: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A line of the statement with its reason in words."""

    line: StatementLine
    words: str


@dataclass(frozen=True)
class StatementPage:
    """A page of a statement, and where the next one begins."""

    entries: list[Entry]
    next_after: str | None


@points.get("/me/points")
@read
def show(session: Any) -> Any:
    """My points and what became of them, newest first."""
    member = current_member()
    return render_template(
        "shopper/points.html",
        brand=brands.get_brand(session, member.brand_id),
        mine=points_of(session, member),
        tier=tier_of(session, member),
        page=statement_page(session, member, after=request.args.get("after")),
    )


def points_of(session: Any, member: MemberView) -> MyPoints:
    """What a member has and awaits."""
    who = (session, member.brand_id, member.id)
    return MyPoints(
        balance=ledger.balance(*who),
        pending_total=ledger.pending(*who),
        pending=_by_instant(ledger.pending_lots(*who)),
        expiring=_ending(session, member),
    )


def tier_of(session: Any, member: MemberView) -> MemberTier:
    """Where a member stands, and what campaigns bring whoever stands there and next."""
    who = {"brand_id": member.brand_id, "now": clock.now()}
    standing = find_standing(session, member.id, joined_at=member.joined_at, **who)
    if standing is None:
        return MemberTier(None)
    steps = (standing.tier, standing.next)
    brought = [
        tuple(tier_benefits(session, member.id, step.label, **who).values()) if step else ()
        for step in steps
    ]
    return MemberTier(standing, *brought)


def _ending(session: Any, member: MemberView) -> tuple[EndingPoints, ...]:
    lots = ledger.expiring_lots(session, member.brand_id, member.id)
    ending = [EndingPoints(one.points, one.at, False) for one in _by_instant(lots)]
    ending += [
        EndingPoints(one.points, one.ends_at, True)
        for one in idle_points(session, member.brand_id, owner_id=member.id)
    ]
    return tuple(sorted(ending, key=lambda one: one.at))


def _by_instant(lots: list[Lot]) -> tuple[PointsUntil, ...]:
    """What ends together counts together."""
    return tuple(
        PointsUntil(sum(lot.points for lot in together), at)
        for at, together in groupby(lots, key=lambda lot: lot.ends_at)
    )


def statement_page(
    session: Any, member: MemberView, *, after: str | None, limit: int = PAGE
) -> StatementPage:
    """A page of a member's statement. Raises Invalid for a cursor that is none of ours."""
    found = ledger.statement(
        session, member.brand_id, member.id, after=_line_id(after), limit=limit + 1
    )
    shown = found[:limit]
    next_after = cursor.pack(str(shown[-1].id)) if len(found) > limit else None
    names = campaign_names(session, shown) | reward_names(session, shown)
    return StatementPage([Entry(line, words_for(line, names)) for line in shown], next_after)


def campaign_names(session: Any, lines: list[StatementLine]) -> dict[str, str]:
    """What the campaigns of lines are called, by the sources of the lines."""
    uses = {one.source: one.source.split(":")[1] for one in lines if one.reason in _OF_CAMPAIGNS}
    names = campaigns.names_of_uses(session, list(uses.values()))
    return {source: names[use_id] for source, use_id in uses.items() if use_id in names}


def reward_names(session: Any, lines: list[StatementLine]) -> dict[str, str]:
    """What the rewards of lines are called, with why staff took one back, by the lines' sources."""
    ids = {one.source: one.source.split(":")[1] for one in lines if one.reason in _OF_REWARDS}
    found = rewards.found_by_ids(session, set(ids.values()))
    return {
        source: _reward_name(found[exchange_id], is_back=source.endswith(":back"))
        for source, exchange_id in ids.items()
        if exchange_id in found
    }


def _reward_name(taken: TakenReward, *, is_back: bool) -> str:
    title, reason = taken.reward.title, taken.exchange.back_reason
    return f"{title} ({reason})" if is_back and reason else title


def words_for(line: StatementLine, names: Mapping[str, str]) -> str:
    """Why points moved, in the reader's language; `names` are by source."""
    if line.reason == REWARD and line.source in names:
        return _("Reward: %(name)s", name=names[line.source])
    if line.reason == REWARD_BACK and line.source in names:
        return _("Reward given back: %(name)s", name=names[line.source])
    if line.source in names and line.is_reversal:
        return _("Taken back: %(name)s", name=names[line.source])
    if line.source in names:
        return _("Campaign: %(name)s", name=names[line.source])
    words = {
        PURCHASE: _("A purchase"),
        GOODS_BACK: _("Goods you brought back"),
        PRIZE_REASON: _("A prize in the league"),
        PRIZE_BACK: _("A prize taken back, as what won it went back"),
        "expired": _("Points that ran out"),
        OUTFIT_LAID_OUT: _("A look you laid out"),
        SEASON_WON: _("A season that you won"),
        FRIEND_PURCHASE: _("A purchase after a look that you passed on"),
        REWARD: _("A reward that you chose"),
        REWARD_BACK: _("A reward that you gave back"),
        DEED_BACK: _("Goods that were brought back after all"),
    }
    if line.reason in words:
        return words[line.reason]
    return _("Taken back") if line.is_reversal else _("Spent") if line.points < 0 else _("Given")


def _line_id(after: str | None) -> int | None:
    if after is None:
        return None
    text = cursor.unpack(after)
    if not text.isdecimal() or len(text) > 18:
        raise cursor.malformed()
    return int(text)
