"""A draft that several opened at once is changed by the first of them, and the others are told."""

from collections.abc import Callable

import pytest

from core import clock
from core.errors import Conflict
from core.transaction import Database
from loyalty.campaigns import queries, service
from loyalty.campaigns.queries import CampaignView
from tests.builders.campaigns import ten_per_cent
from tests.builders.points import PROGRAMME
from tests.builders.races import meeting, race
from tests.conftest import both_databases

pytestmark = both_databases

MARKETERS = 8


def drafted(db: Database) -> CampaignView:
    with db.write() as session:
        made = service.draft(
            session,
            programme_id=PROGRAMME,
            definition=ten_per_cent(name="Coats"),
            starts_at=clock.now(),
            ends_at=None,
            now=clock.now(),
        )
        return queries.get(session, made, programme_id=PROGRAMME)


def save(db: Database, opened: CampaignView, priority: int, seen: str | None) -> bool:
    with db.write() as session:
        service.plan_again(
            session,
            opened.id,
            programme_id=PROGRAMME,
            definition=ten_per_cent(name="Coats", priority=priority),
            starts_at=opened.starts_at,
            ends_at=None,
            seen=seen,
        )
    return True


def check_one_saved(save_mine: Callable[[int], bool]) -> None:
    assert sum(race(save_mine, attempts=MARKETERS, threads=MARKETERS)) == 1


def test_of_all_who_saw_the_same_draft_one_changes_it(db: Database) -> None:
    opened = drafted(db)

    def save_mine(attempt: int) -> bool:
        try:
            return save(db, opened, attempt + 1, queries.edition(opened))
        except Conflict as refused:
            return refused.code != "campaign_changed"

    check_one_saved(save_mine)


def test_saving_by_what_was_read_is_caught(db: Database) -> None:
    opened = drafted(db)
    all_have_read = meeting(MARKETERS)

    def save_mine(attempt: int) -> bool:
        with db.read() as session:
            is_seen = queries.get(session, opened.id, programme_id=PROGRAMME) == opened
        all_have_read()
        return is_seen and save(db, opened, attempt + 1, None)

    with pytest.raises(AssertionError):
        check_one_saved(save_mine)
