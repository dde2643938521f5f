"""Two people deciding at once, hiding while its owner shows it; with controls that must fail."""

import threading

import pytest
from sqlalchemy import select, update

from core import clock
from core.errors import Conflict
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.outfits import queries as outfits
from retail.staff.queries import StaffView
from retail.wall import queries, rules, service
from retail.wall.models import WallDecision, WallPost
from tests.builders.brands import new_store
from tests.builders.outfits import new_stylist
from tests.builders.races import meeting, race
from tests.builders.staff_accounts import new_staff
from tests.builders.wall import new_look
from tests.conftest import both_databases

RUNNERS = 6


def reported_look(db: Database) -> tuple[StoreView, str, StaffView, str]:
    with db.write() as session:
        store = new_store(session)
        nina = new_stylist(session, store.brand_id)
        look = new_look(session, store, "Hello", member=nina)
        return store, look, new_staff(session, store.brand_id), nina.id


@pytest.mark.proof(rounds=200)
@both_databases
def test_of_many_who_decide_at_once_one_does(db: Database) -> None:
    _, look, jo, _ = reported_look(db)

    def decide(runner: int) -> str:
        verdict, reason = (rules.HIDE, "rude") if runner % 2 else (rules.SHOW, None)
        try:
            with db.write() as session:
                service.decide(
                    session,
                    look,
                    staff=jo,
                    verdict=verdict,
                    reason=reason,
                    expected_version=1,
                    now=clock.now(),
                )
        except Conflict:
            return "too late"
        return verdict

    answers = race(decide, attempts=RUNNERS, threads=RUNNERS)
    (won,) = [answer for answer in answers if answer != "too late"]
    with db.read() as session:
        post = queries.get_post(session, look, seen_by=jo)
        assert len(queries.history(session, look)) == 1
    assert post.state == (rules.HIDDEN if won == rules.HIDE else rules.SHOWN)


@pytest.mark.proof
@both_databases
def test_deciding_by_what_was_read_is_caught(db: Database) -> None:
    """The control: the version is compared in memory, so everybody's decision goes through."""
    _, look, jo, _ = reported_look(db)
    all_have_read = meeting(RUNNERS)

    def naive(_: int) -> None:
        with db.read() as session:
            version = session.get_one(WallPost, look).version
        all_have_read()
        assert version == 1
        with db.write() as session:
            post = session.get_one(WallPost, look)
            post.state, post.version = rules.HIDDEN, version + 1
            session.add(
                WallDecision(
                    id=f"{clock.now().timestamp():.0f}{threading.get_ident()}"[-26:],
                    brand_id=jo.brand_id,
                    outfit_id=look,
                    staff_id=jo.id,
                    verdict=rules.HIDE,
                    state_before=rules.SHOWN,
                    state_after=rules.HIDDEN,
                    version=version + 1,
                    decided_at=clock.now(),
                )
            )

    race(naive, attempts=RUNNERS, threads=RUNNERS)
    with db.read() as session:
        assert len(queries.history(session, look)) == RUNNERS


@pytest.mark.proof(rounds=200)
@both_databases
def test_showing_it_again_while_somebody_hides_it_leaves_it_hidden(db: Database) -> None:
    store, look, jo, nina_id = reported_look(db)

    def act(runner: int) -> None:
        with db.write() as session:
            if runner == 0:
                service.decide(
                    session,
                    look,
                    staff=jo,
                    verdict=rules.HIDE,
                    reason="rude",
                    expected_version=1,
                    now=clock.now(),
                )
            else:
                service.post(
                    session,
                    look,
                    brand_id=store.brand_id,
                    store_id=store.id,
                    member_id=nina_id,
                    caption="Hello",
                    now=clock.now(),
                )

    race(act, attempts=RUNNERS, threads=RUNNERS)
    with db.read() as session:
        assert queries.get_post(session, look, seen_by=jo).state == rules.HIDDEN
        assert outfits.public_outfits(session, store.brand_id, [look]) == []


@pytest.mark.proof
@both_databases
def test_showing_it_by_what_was_read_is_caught(db: Database) -> None:
    """The control: an owner's showing that writes the state it read brings the look back."""
    store, look, jo, _ = reported_look(db)
    with db.read() as session:
        read = session.scalars(select(WallPost.state).where(WallPost.outfit_id == look)).one()
    with db.write() as session:
        service.decide(
            session,
            look,
            staff=jo,
            verdict=rules.HIDE,
            reason="rude",
            expected_version=1,
            now=clock.now(),
        )
    with db.write() as session:
        session.execute(update(WallPost).where(WallPost.outfit_id == look).values(state=read))
    with db.read() as session:
        assert len(outfits.public_outfits(session, store.brand_id, [look])) == 1
