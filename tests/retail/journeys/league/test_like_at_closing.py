"""A like that waited while its season closed counts in the next one."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.journeys.league import season_close
from retail.social import rules, service
from retail.social.models import OutfitLike
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.league import new_league, ranked_outfit, running_season
from tests.builders.races import until_in_line
from tests.conftest import KEY, NOON

pytestmark = [pytest.mark.proof, pytest.mark.postgresql]
# The control: the gate is passed by the very statement that then looks at what it saw before.
TOO_LATE = text(
    "INSERT INTO outfit_like"
    " SELECT outfit.id, :member_id, brand_id, store_id, member_id, coalesce((SELECT max(ends_at)"
    " FROM season WHERE closed_at IS NOT NULL AND ends_at > :now), :now)"
    " FROM outfit, (SELECT pg_advisory_xact_lock_shared(:gate)) AS passed WHERE outfit.id = :id"
)
Like = Callable[[Session, str, MemberView, datetime], object]


def counted_at_closing(db: Database, like: Like) -> tuple[datetime, datetime]:
    """When a like counts that waits for a season to close, and when that season ended."""
    with db.write() as session:
        store = new_store(session)
        new_league(session, store.brand_id)
        _, outfit_id = ranked_outfit(session, store)
        season = running_season(session, store)
        fan = new_member(session, store.brand_id)

    def tap() -> None:
        with db.write() as session:
            like(session, outfit_id, fan, NOON)

    tapping = threading.Thread(target=tap)
    with db.write() as closing:
        season_close.close_season(closing, season.id, now=season.ends_at, key=KEY)
        tapping.start()
        until_in_line(db, tapping)
        assert tapping.is_alive()
    tapping.join()
    with db.read() as session:
        mine = select(OutfitLike.counted_at).where(OutfitLike.member_id == fan.id)
        return session.execute(mine).scalar_one(), season.ends_at


def test_a_like_that_waited_for_the_closing_counts_from_its_end(postgresql_db: Database) -> None:
    def like(session: Session, outfit_id: str, fan: MemberView, now: datetime) -> None:
        service.like(session, outfit_id, member=fan, now=now)

    counted_at, ends_at = counted_at_closing(postgresql_db, like)
    assert counted_at == ends_at


def test_the_closing_catches_a_like_that_looked_before_it_waited(postgresql_db: Database) -> None:
    def like(session: Session, outfit_id: str, fan: MemberView, now: datetime) -> None:
        gate = rules.like_gate(fan.brand_id)
        values = {"member_id": fan.id, "now": now, "gate": gate, "id": outfit_id}
        session.execute(TOO_LATE, values)

    counted_at, ends_at = counted_at_closing(postgresql_db, like)
    assert counted_at < ends_at
