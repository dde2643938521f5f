"""Polls: asked within limits, seen where both looks are, voted in once, told without names."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Conflict, Invalid, NotFound, TooMany
from core.outbox import Event
from retail.accounts.queries import MemberView
from retail.journeys.looks.publish import withdraw_friends_looks, withdraw_public_looks
from retail.journeys.looks.remove_poll import remove_poll
from retail.journeys.members.block import block
from retail.outfits import service as outfits
from retail.polls import queries, rules, service
from retail.polls.rules import Tally
from retail.wall_rules import service as wall_rules
from retail.wall_rules.queries import RulesView
from tests.builders.brands import new_brand
from tests.builders.outfits import new_draft, new_outfit, new_stylist
from tests.builders.polls import new_poll, votes_of
from tests.builders.staff_accounts import new_staff
from tests.retail.polls.conftest import Round


def test_a_friend_votes_and_the_result_waits_for_the_third_vote(friends: Round) -> None:
    poll = friends.ask()
    assert friends.see(poll, friends.tom).tally is None
    seen = friends.vote(poll, friends.tom, "second")
    assert (seen.my_choice, seen.tally) == ("second", Tally(1, None, None))
    votes_of(friends.session, poll, friends.store.brand_id, ["first", "second"])
    assert friends.see(poll, friends.tom).tally == Tally(3, 1, 2)
    assert friends.see(poll, friends.nina).tally == Tally(3, 1, 2)


def test_a_vote_counts_once_moves_and_can_be_taken_back(friends: Round) -> None:
    poll = friends.ask()
    votes_of(friends.session, poll, friends.store.brand_id, ["first", "second"])
    for choice in ("first", "first"):
        assert friends.vote(poll, friends.tom, choice).tally == Tally(3, 2, 1)
    assert friends.vote(poll, friends.tom, "second").tally == Tally(3, 1, 2)
    now = friends.clock.now()
    back = service.take_back(friends.session, poll, member=friends.tom, now=now)
    assert (back.my_choice, back.tally) == (None, None)
    assert queries.counts_of(friends.session, [poll]) == {poll: (1, 1)}


def test_nobody_votes_on_their_own_poll(friends: Round) -> None:
    poll = friends.ask()
    with pytest.raises(Invalid, match="You asked this one"):
        friends.vote(poll, friends.nina)


def test_a_closed_poll_takes_no_votes_and_shows_everybody_its_result(friends: Round) -> None:
    early, late = friends.ask(), friends.ask(closing="hour")
    votes_of(friends.session, early, friends.store.brand_id, ["first"] * 3)
    service.close(friends.session, early, member=friends.nina, now=friends.clock.now())
    friends.clock.instant += timedelta(hours=1)
    for poll in (early, late):
        with pytest.raises(Conflict, match="has closed"):
            friends.vote(poll, friends.tom)
        assert not friends.see(poll, None).is_open
    assert friends.see(early, None).tally == Tally(3, 3, 0)
    assert friends.see(late, None).tally == Tally(0, None, None)


def test_a_clock_that_lags_behind_the_closing_brings_no_vote_in(friends: Round) -> None:
    poll = friends.ask()
    friends.clock.instant += timedelta(minutes=5)
    service.close(friends.session, poll, member=friends.nina, now=friends.clock.now())
    friends.clock.instant -= timedelta(minutes=4)
    with pytest.raises(Conflict):
        friends.vote(poll, friends.tom)


def test_a_poll_is_shut_when_its_time_is_over_and_its_pages_hear_of_it(friends: Round) -> None:
    poll = friends.ask(closing="hour")
    service.close_due(friends.session, poll, now=friends.clock.now())
    friends.vote(poll, friends.tom)
    closes_at = friends.see(poll, None).closes_at
    for _ in range(2):
        service.close_due(friends.session, poll, now=closes_at)
    # A clock that lags by minutes still reads the time before.
    with pytest.raises(Conflict):
        friends.vote(poll, friends.tom, "second")
    assert friends.see(poll, None).closes_at == closes_at
    events = friends.session.query(Event).filter_by(kind="PollClosed").all()
    assert [event.topics for event in events] == [[f"poll:{poll}"]]


def test_only_who_asked_closes_and_deletes(friends: Round) -> None:
    poll = friends.ask()
    votes_of(friends.session, poll, friends.store.brand_id, ["first"])
    with pytest.raises(NotFound):
        service.close(friends.session, poll, member=friends.tom, now=friends.clock.now())
    with pytest.raises(NotFound):
        remove_poll(friends.session, poll, member=friends.tom, now=friends.clock.now())
    remove_poll(friends.session, poll, member=friends.nina, now=friends.clock.now())
    assert queries.counts_of(friends.session, [poll]) == {poll: (0, 0)}
    with pytest.raises(NotFound):
        friends.see(poll, friends.nina)


@pytest.mark.parametrize("audience", ["friends", "everyone"])
def test_who_sees_a_poll(friends: Round, audience: str) -> None:
    poll = friends.ask(audience)
    far = new_stylist(friends.session, new_brand(friends.session).id)
    friends.see(poll, friends.nina)
    friends.vote(poll, friends.tom)
    for stranger in (None, far, friends.ruth):
        if audience == "everyone":
            assert friends.see(poll, stranger).my_choice is None
        else:
            with pytest.raises(NotFound):
                friends.see(poll, stranger)
    with pytest.raises(NotFound):
        friends.vote(poll, far)
    if audience == "friends":
        with pytest.raises(NotFound):
            friends.vote(poll, friends.ruth)


def test_who_is_blocked_sees_what_a_stranger_sees(friends: Round) -> None:
    public, private = friends.ask(), friends.ask("friends")
    friends.vote(public, friends.tom)
    assert friends.see(public, friends.tom).tally is not None
    block(friends.session, friends.tom.id, member=friends.nina, now=friends.clock.now())
    assert friends.see(public, friends.tom) == friends.see(public, None)
    with pytest.raises(NotFound):
        friends.vote(public, friends.tom)
    with pytest.raises(NotFound):
        friends.see(private, friends.tom)
    # Taking the vote away would tell which it was.
    assert queries.counts_of(friends.session, [public]) == {public: (1, 0)}


def test_a_poll_goes_with_either_of_its_looks_and_comes_back_with_its_counts(
    friends: Round,
) -> None:
    looks = (friends.look(), friends.look())
    poll = new_poll(friends.session, friends.store, friends.nina, looks=looks)
    votes_of(friends.session, poll, friends.store.brand_id, ["first", "second", "second"])
    now = friends.clock.now()
    outfits.put_away(friends.session, looks[1], member_id=friends.nina.id, now=now)
    for who in (None, friends.tom, friends.nina):
        with pytest.raises(NotFound):
            friends.see(poll, who)
    with pytest.raises(NotFound):
        friends.vote(poll, friends.tom)
    assert queries.polls_of(friends.session, friends.nina.id, now=now) == []
    assert [gone.id for gone in queries.unseen_of(friends.session, friends.nina.id)] == [poll]
    outfits.restore(friends.session, looks[1], member_id=friends.nina.id, now=now)
    outfits.publish(friends.session, looks[1], member=friends.nina, audience="everyone", now=now)
    assert friends.see(poll, friends.nina).tally == Tally(3, 1, 2)


def test_a_poll_is_gone_as_soon_as_consent_ends(friends: Round) -> None:
    public, private = friends.ask(), friends.ask("friends")
    now = friends.clock.now()
    withdraw_public_looks(friends.session, member=friends.nina, now=now)
    with pytest.raises(NotFound):
        friends.see(public, friends.tom)
    friends.see(private, friends.tom)
    withdraw_friends_looks(friends.session, member=friends.nina, now=now)
    with pytest.raises(NotFound):
        friends.see(private, friends.tom)


def test_both_looks_are_shown_to_those_who_are_asked(friends: Round) -> None:
    public, private = friends.look(), friends.look("friends")
    draft = new_draft(friends.session, friends.store, friends.nina)
    someone_elses = new_outfit(friends.session, friends.store)
    for two, audience, refusal in (
        ((public, private), "everyone", Invalid),
        ((public, draft), "friends", Invalid),
        ((public, public), "everyone", Invalid),
        ((public, someone_elses), "everyone", NotFound),
    ):
        with pytest.raises(refusal):
            new_poll(friends.session, friends.store, friends.nina, looks=two, audience=audience)
    poll = new_poll(
        friends.session, friends.store, friends.nina, looks=(public, private), audience="friends"
    )
    assert friends.see(poll, friends.tom).audience == "friends"


def test_three_are_open_at_most_and_ten_asked_in_a_day(friends: Round) -> None:
    looks = (friends.look(), friends.look())

    def ask() -> str:
        return new_poll(friends.session, friends.store, friends.nina, looks=looks)

    for _ in range(rules.MOST_OPEN):
        last = ask()
    with pytest.raises(Conflict, match="3 polls open"):
        ask()
    for _ in range(rules.MOST_A_DAY - rules.MOST_OPEN):
        service.close(friends.session, last, member=friends.nina, now=friends.clock.now())
        last = ask()
    service.close(friends.session, last, member=friends.nina, now=friends.clock.now())
    with pytest.raises(TooMany, match="10 polls within a day"):
        ask()
    friends.clock.instant += timedelta(days=1)
    ask()


def test_a_poll_that_was_deleted_counts_for_the_rest_of_its_day(friends: Round) -> None:
    looks = (friends.look(), friends.look())

    def ask_and_delete() -> None:
        poll = new_poll(friends.session, friends.store, friends.nina, looks=looks)
        remove_poll(friends.session, poll, member=friends.nina, now=friends.clock.now())

    for _ in range(rules.MOST_A_DAY):
        ask_and_delete()
    with pytest.raises(TooMany, match="10 polls within a day"):
        ask_and_delete()
    kept = queries.export(friends.session, friends.nina.id)["deleted_today"]
    assert len(kept) == rules.MOST_A_DAY
    friends.clock.instant += rules.DAY
    service.forget_spent(friends.session, now=friends.clock.now())
    assert queries.export(friends.session, friends.nina.id)["deleted_today"] == []
    ask_and_delete()


def test_words_are_cleaned_and_banned_ones_refused(friends: Round) -> None:
    poll = friends.ask(question="  Friday\n night? ")
    assert friends.see(poll, None).question == "Friday night?"
    staff = new_staff(friends.session, friends.store.brand_id)
    wall_rules.ban_word(friends.session, "Friday", staff=staff, now=friends.clock.now())
    assert friends.see(poll, None).question == ""
    with pytest.raises(Invalid, match="other words"):
        friends.ask(question="This fr1day?")
    with pytest.raises(Invalid, match="Keep it to 80"):
        friends.ask(question="x" * 81)


def test_where_words_are_read_first_everyone_is_asked_without_any(friends: Round) -> None:
    looks = (friends.look(), friends.look())
    checked = RulesView(checks_first=True, reports_for_review=3)
    wall_rules.set_rules(friends.session, friends.store.brand_id, checked)
    new_poll(friends.session, friends.store, friends.nina, looks=looks)
    with pytest.raises(Invalid, match="reads words before"):
        new_poll(friends.session, friends.store, friends.nina, looks=looks, question="Red?")


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("hour", datetime(2026, 11, 22, 13, 0, tzinfo=UTC)),
        ("day", datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        ("three_days", datetime(2026, 11, 25, 12, 0, tzinfo=UTC)),
        ("tonight", datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
    ],
)
def test_when_a_poll_closes(friends: Round, closing: str, expected: datetime) -> None:
    assert friends.see(friends.ask(closing=closing), None).closes_at == expected


def test_tonight_is_midnight_where_the_shop_is() -> None:
    summer = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert rules.closing_instant("tonight", summer, "Europe/London") == datetime(
        2026, 7, 1, 23, 0, tzinfo=UTC
    )
    assert rules.closing_instant("tonight", summer, "Asia/Tokyo") == datetime(
        2026, 7, 2, 15, 0, tzinfo=UTC
    )


def test_friends_open_polls_are_found_and_nobody_elses(friends: Round) -> None:
    private, closing = friends.ask("friends"), friends.ask(closing="hour")

    def found(who: MemberView) -> list[str]:
        now = friends.clock.now()
        return [poll.id for poll in queries.polls_of_friends(friends.session, who.id, now=now)]

    assert found(friends.tom) == [closing, private]
    assert found(friends.ruth) == []
    assert found(friends.nina) == []
    friends.clock.instant += timedelta(hours=1)
    assert found(friends.tom) == [private]


def test_events_name_the_poll_and_nobody(friends: Round) -> None:
    poll = friends.ask()
    for _ in range(2):
        friends.vote(poll, friends.tom)
    events = [e for e in friends.session.query(Event).all() if e.kind.startswith("Poll")]
    assert [e.kind for e in events] == ["PollAsked", "PollVoted"]
    assert all((e.payload, e.topics) == ({"poll_id": poll}, [f"poll:{poll}"]) for e in events)
