"""Jobs that tell members what happened, or soon will: each thing once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from jobs.worker import Transactional
from retail.journeys.floor import tell_of_opinions
from retail.journeys.holds import tell_of_holds
from retail.journeys.league import tell_of_prizes, tell_of_seasons
from retail.journeys.looks import tell_of_decisions, tell_of_polls
from retail.journeys.members import tell_of_friends
from retail.journeys.occasions import tell_of_occasions
from retail.journeys.points import tell_of_points
from retail.journeys.shelf import tell_of_pieces
from retail.journeys.tiers import tell_of_tiers


def _prize(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_prizes.tell_of_prize(session, payload["award_id"], now=now)


def _prize_ending(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_prizes.tell_of_prize_ending(session, payload["award_id"], now=now)


def _prize_doubt(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_prizes.tell_of_prize_doubt(session, payload["award_id"], now=now)


def _prize_end(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_prizes.tell_of_prize_end(session, payload["award_id"], now=now)


def _season(session: Session, payload: dict[str, Any], now: datetime) -> None:
    after = payload.get("after", 0)
    tell_of_seasons.tell_of_season(session, payload["season_id"], now=now, after=after)


def _case(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_decisions.tell_of_case(session, payload["case_id"], now=now)


def _appeal(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_decisions.tell_of_appeal(session, payload["case_id"], now=now)


def _wall(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_decisions.tell_of_wall(session, payload["outfit_id"], now=now)


def _friend(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_friends.tell_of_friend(session, payload["member_id"], payload["friend_id"], now=now)


def _hold(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_holds.tell_of_hold(session, payload["hold_id"], now=now)


def _points(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_points.tell_of_points(session, payload["lot_id"], now=now)


def _idle_points(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_points.tell_of_idle_points(session, **payload, now=now)


def _tier(session: Session, payload: dict[str, Any], now: datetime) -> None:
    who = (payload["brand_id"], payload["member_id"], payload["change_id"])
    tell_of_tiers.tell_of_tier(session, *who, now=now)


def _poll(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_polls.tell_of_poll(session, payload["poll_id"], now=now)


def _result(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_polls.tell_of_result(session, payload["poll_id"], now=now)


def _invitation(session: Session, payload: dict[str, Any], now: datetime) -> None:
    who = (payload["occasion_id"], payload["member_id"])
    tell_of_occasions.tell_of_invitation(session, *who, now=now)


def _clashes(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_occasions.tell_of_clashes(session, payload["member_id"], now=now)


def _twins(session: Session, payload: dict[str, Any], now: datetime) -> None:
    who = (payload["occasion_id"], payload["member_id"], payload["friend_id"])
    tell_of_occasions.tell_of_twins(session, *who, now=now)


def _sent(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_pieces.tell_of_sent(session, **payload, now=now)


def _opinion(session: Session, payload: dict[str, Any], now: datetime) -> None:
    tell_of_opinions.tell_of_opinion(session, payload["request_id"], now=now)


def _saved(session: Session, payload: dict[str, Any], now: datetime) -> None:
    on = date.fromisoformat(payload["on"])
    tell_of_pieces.remind_of_saved(session, payload["member_id"], on, now=now)


TELLING: Mapping[str, Transactional] = {
    tell_of_prizes.JOB: _prize,
    tell_of_prizes.ENDING_JOB: _prize_ending,
    tell_of_prizes.END_JOB: _prize_end,
    tell_of_prizes.DOUBT_JOB: _prize_doubt,
    tell_of_seasons.JOB: _season,
    tell_of_decisions.CASE_JOB: _case,
    tell_of_decisions.APPEAL_JOB: _appeal,
    tell_of_decisions.WALL_JOB: _wall,
    tell_of_friends.JOB: _friend,
    tell_of_holds.JOB: _hold,
    tell_of_polls.JOB: _poll,
    tell_of_polls.RESULT_JOB: _result,
    tell_of_points.JOB: _points,
    tell_of_points.IDLE_JOB: _idle_points,
    tell_of_tiers.JOB: _tier,
    tell_of_pieces.SENT_JOB: _sent,
    tell_of_pieces.REMIND_JOB: _saved,
    tell_of_opinions.JOB: _opinion,
    tell_of_occasions.ASKED_JOB: _invitation,
    tell_of_occasions.CLASHES_JOB: _clashes,
    tell_of_occasions.TWINS_JOB: _twins,
}
