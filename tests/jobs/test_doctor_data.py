"""The doctor finds what is wrong with the data: on both databases, each caused for real."""

from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from core import erasures
from core.clock import FixedClock
from core.transaction import Database
from jobs.doctor.checkup import CHECKS, look_at
from jobs.doctor.finding import Patient
from jobs.schedule import new_worker
from loyalty.leaderboards.rules import Prize
from retail.journeys.members.erase_member import erase_member
from tests.builders.accounts import new_member
from tests.builders.back import new_week
from tests.builders.brands import new_brand, new_store
from tests.builders.doctor import Doctor
from tests.builders.league import like_times, new_league, ranked_outfit
from tests.builders.points import earn
from tests.builders.rewards import exchange, new_reward
from tests.builders.till import open_till
from tests.builders.vouchers import new_code, redeem_now
from tests.conftest import KEY, both_databases
from tests.processes import free_port


@both_databases
def test_an_undurable_database_is_broken(doctor: Doctor, db: Database) -> None:
    if db.engine.dialect.name == "sqlite":
        assert doctor.state("durability") == "ok"
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA synchronous = 1")
        assert "synchronous=1" in doctor.sees("durability").says
    else:
        # The databases of tests do not wait for their disk.
        assert "synchronous_commit=off" in doctor.sees("durability").says
        careful = create_engine(db.engine.url, connect_args={"options": "-c synchronous_commit=on"})
        patient = Doctor(doctor.app, Database(careful)).sees("durability")
        told = doctor.sees("durability").says
        careful.dispose()
        assert (patient.state == "ok") == ("fsync" not in told)
    assert doctor.state("durability") == "broken"


@both_databases
@pytest.mark.own_app
def test_a_lowered_migration_is_broken(doctor: Doctor, db: Database) -> None:
    with doctor.app.app_context():
        flask_migrate.stamp()
        doctor.app.extensions["sqlalchemy"].engine.dispose()
    assert doctor.state("migrations") == "ok"
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0008'"))
    assert "The database is at 0008" in doctor.sees("migrations").says
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert doctor.state("migrations") == "broken"


def test_without_a_database_the_rest_is_still_looked_at(doctor: Doctor) -> None:
    gone = Database(create_engine(f"postgresql+psycopg://127.0.0.1:{free_port()}/nowhere"))
    with doctor.app.app_context():
        found = dict(look_at(Patient(doctor.settings, gone)))
    assert len(found) == len(CHECKS)
    assert found["database"].state == "broken"
    assert "Not asked" in found["books"].says
    assert found["settings"].state == "ok"


@both_databases
@pytest.mark.own_app
def test_backups_that_stopped_are_found(
    doctor: Doctor, app: Flask, tmp_path: Path, clock: FixedClock
) -> None:
    assert doctor.state("backups") == "look"
    made = app.test_cli_runner().invoke(args=["backup", "create", "--to", str(tmp_path / "one")])
    assert made.exit_code == 0, made.output
    assert doctor.state("backups") == "ok"
    clock.advance(days=2)
    assert doctor.state("backups") == "look"
    clock.advance(days=6)
    assert doctor.state("backups") == "broken"


@both_databases
def test_a_lost_list_of_erasures_is_found(
    doctor: Doctor, app: Flask, db: Database, clock: FixedClock
) -> None:
    assert doctor.state("erasures") == "ok"
    with db.write() as session:
        member = new_member(session, new_store(session).brand_id)
        erase_member(session, member=member, now=clock.now(), key=KEY)
    with app.app_context():
        new_worker(db).run_all()
    assert doctor.state("erasures") == "ok"
    (doctor.settings.data_dir / erasures.NAME).unlink()
    assert "1 of 1" in doctor.sees("erasures").says


@both_databases
def test_a_season_that_did_not_close_is_found(
    doctor: Doctor, app: Flask, db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        new_league(session, new_store(session).brand_id)
    assert doctor.state("seasons") == "ok"
    clock.advance(days=2)
    assert doctor.state("seasons") == "broken"
    closed = app.test_cli_runner().invoke(args=["season", "close-due"])
    assert closed.exit_code == 0, closed.output
    assert doctor.state("seasons") == "ok"


@both_databases
def test_books_that_do_not_add_up_are_found(doctor: Doctor, db: Database) -> None:
    with db.write() as session:
        earn(session, "nina", 100)
    assert doctor.state("books") == "ok"
    with db.write() as session:
        session.execute(text("UPDATE ledger_account SET balance = 101 WHERE owner_id = 'nina'"))
    found = doctor.sees("books")
    assert (found.state, "sums are wrong" in found.says) == ("broken", True)


@both_databases
@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE voucher SET uses_left = 1",
        "UPDATE voucher_budget SET spent_minor = 499",
        "UPDATE voucher_redemption SET discount_minor = 499",
    ],
)
def test_vouchers_that_do_not_add_up_are_found(doctor: Doctor, db: Database, wrong: str) -> None:
    with db.write() as session:
        redeem_now(session, new_code(session, campaign_id="may"))
    assert doctor.state("vouchers") == "ok"
    with db.write() as session:
        session.execute(text(wrong))
    found = doctor.sees("vouchers")
    assert (found.state, "1 sums are wrong" in found.says) == ("broken", True)


@both_databases
def test_campaigns_that_do_not_add_up_are_found(doctor: Doctor, db: Database) -> None:
    with db.write() as session:
        open_till(session).give(session, "A-1", 3_000)
    assert doctor.state("campaigns") == "ok"
    with db.write() as session:
        session.execute(text("UPDATE campaign_use SET points = points + 1"))
    found = doctor.sees("campaigns")
    assert (found.state, "30 are booked" in found.says) == ("broken", True)


@both_databases
def test_rewards_and_prizes_that_do_not_add_up_are_found(
    doctor: Doctor, db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        new_week(session, Prize(1, "points", value=300)).close(session, clock)
        member = new_member(session, new_brand(session).id)
        earn(session, member.id, 100, programme_id=member.brand_id)
        exchange(session, new_reward(session, member.brand_id).id, member)
    assert (doctor.state("rewards"), doctor.state("prizes")) == ("ok", "ok")
    with db.write() as session:
        session.execute(text("UPDATE reward_exchange SET points = 101"))
        session.execute(text("UPDATE award SET value = 301"))
    assert "101 points are its price, 100 were paid" in doctor.sees("rewards").says
    assert "301 was given, 300 is booked" in doctor.sees("prizes").says


@both_databases
def test_counts_that_differ_from_their_rows_are_found(
    doctor: Doctor, app: Flask, db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        store = new_store(session)
        new_league(session, store.brand_id)
        _, look = ranked_outfit(session, store)
        like_times(session, look, store.brand_id, 3)
    with app.app_context():
        new_worker(db).run_ticks(are_all_due=True)
    assert doctor.sees("counts").says == "likes of 1 looks equal their rows"
    with db.write() as session:
        session.execute(text("UPDATE like_total SET likes = 7"))
    assert look in doctor.sees("counts").says
    assert doctor.state("counts") == "broken"
