"""What an operator can put right for a member."""

from collections.abc import Callable
from datetime import date

import pytest
from click.testing import Result
from flask import Flask

from core.errors import NotFound
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.outfits import queries as outfits
from tests.builders.brands import new_brand, new_store
from tests.builders.league import new_league, ranked_outfit
from tests.conftest import NOON

Correct = Callable[[str, str], Result]


@pytest.fixture
def correct(app: Flask) -> Correct:
    return lambda email, to: app.test_cli_runner().invoke(
        args=["member", "correct-birth-date", "--brand", "alder", "--email", email, "--to", to]
    )


@pytest.fixture
def stylist(db: Database) -> tuple[MemberView, str, str]:
    """A grown-up member of the league, her address and her public look."""
    with db.write() as session:
        store = new_store(session, brand=new_brand(session, slug="alder"))
        new_league(session, store.brand_id)
        member, outfit_id = ranked_outfit(session, store, email="nina@shopper.example")
        return member, "nina@shopper.example", outfit_id


def test_a_corrected_minor_leaves_all_that_is_public(
    correct: Correct, stylist: tuple[MemberView, str, str], db: Database
) -> None:
    member, email, outfit_id = stylist
    result = correct(email, "2012-05-01")
    assert (result.exit_code, "a minor" in result.stderr) == (0, True)
    with db.read() as session:
        assert accounts.profile(session, member.id, now=NOON).birth_on == date(2012, 5, 1)
        assert not leaderboards.enlisted(session, member.brand_id, {member.id})
        with pytest.raises(NotFound):
            outfits.get_visible(session, outfit_id)


def test_a_corrected_adult_stays_where_she_is(
    correct: Correct, stylist: tuple[MemberView, str, str], db: Database
) -> None:
    member, email, outfit_id = stylist
    assert "an adult" in correct(email, "1990-05-01").stderr
    with db.read() as session:
        assert leaderboards.enlisted(session, member.brand_id, {member.id})
        assert outfits.get_visible(session, outfit_id).id == outfit_id


@pytest.mark.usefixtures("stylist")
@pytest.mark.parametrize(
    ("email", "to"),
    [
        ("nobody@shopper.example", "1990-05-01"),
        ("nina@shopper.example", "2190-05-01"),
        ("nina@shopper.example", "1st of May"),
    ],
)
def test_what_cannot_be_corrected_is_said_and_changes_nothing(
    correct: Correct, email: str, to: str
) -> None:
    result = correct(email, to)
    assert result.exit_code != 0
    assert "Corrected" not in result.stderr
    assert "Traceback" not in result.output
