"""What a few members ask each other, done to the shop and to a dictionary at once."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound, SwingtagError
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.friends import service as friendships
from retail.journeys.members.block import block
from retail.outfits import service as outfits
from retail.polls import queries, rules, service
from tests.builders.brands import new_brand, new_store
from tests.builders.friends import befriend
from tests.builders.outfits import new_outfit, new_stylist
from tests.conftest import NOON

PEOPLE = 4
AUDIENCES = ("everyone", "friends")
ACTIONS = (
    *(
        "ask",
        "ask",
        "vote",
        "vote",
        "vote",
        "vote",
        "everybody_votes",
        "take_back",
        "close",
        "come_late",
    ),
    *("remove", "put_away", "show", "show", "block", "unblock", "befriend", "wait"),
)
people = st.integers(0, PEOPLE - 1)


@dataclass
class Asked:
    """A poll as the oracle knows it."""

    id: str
    asker: int
    audience: str
    closes_at: datetime
    is_closed: bool = False
    votes: dict[int, str] = field(default_factory=dict)


@dataclass
class Cast:
    """Members, each with two looks for everyone and two for friends: the same for every run."""

    db: Database

    def __post_init__(self) -> None:
        with self.db.write() as session:
            store = new_store(session, brand=new_brand(session))
            self.people = [new_stylist(session, store.brand_id) for _ in range(PEOPLE)]
            self.looks = {
                (one, audience): [
                    new_outfit(session, store, member=member, audience=audience) for _ in range(2)
                ]
                for one, member in enumerate(self.people)
                for audience in AUDIENCES
            }


class Polls(RuleBasedStateMachine):
    """What a few members ask each other, none of it ever committed."""

    cast: Cast

    @initialize()
    def set_up(self) -> None:
        self.stack = ExitStack()
        self.session: Session = self.stack.enter_context(self.cast.db.write())
        self.now = NOON
        self.people: list[MemberView] = self.cast.people
        self.polls: list[Asked] = []
        self.asked_at: dict[int, list[datetime]] = {one: [] for one in range(PEOPLE)}
        self.friends: set[frozenset[int]] = set()
        self.blocks: set[tuple[int, int]] = set()
        self.away: set[tuple[int, str]] = set()
        self.befriend(0, 1, 0)
        self.walk_past_what_a_fault_could_spoil()

    def walk_past_what_a_fault_could_spoil(self) -> None:
        self.ask(0, 1, 0)
        self.vote(1, 0, 0)
        self.vote(3, 0, 1)
        self.everybody_sees_what_they_may()
        self.vote(2, 0, 0)
        self.close(1, 0, 0)
        self.block(0, 2, 0)
        self.everybody_sees_what_they_may()
        self.vote(2, 0, 1)
        self.put_away(0, 1, 0)
        self.vote(1, 0, 1)
        self.show(0, 1, 0)
        self.close(0, 1, 0)
        self.vote(1, 0, 0)
        self.unblock(0, 2, 0)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.session.rollback()
            self.stack.close()

    @rule(
        action=st.sampled_from(ACTIONS),
        pair=st.lists(people, min_size=2, max_size=2, unique=True),
        number=st.integers(0, 7),
    )
    def act(self, action: str, pair: list[int], number: int) -> None:
        self.now += timedelta(seconds=1)
        getattr(self, action)(*pair, number)

    def ask(self, one: int, _: int, number: int) -> None:
        audience = AUDIENCES[number % 2]
        refusal: type[SwingtagError] | None = None
        if (one, audience) in self.away:
            refusal = Invalid
        elif len([poll for poll in self.polls if poll.asker == one and self.is_open(poll)]) >= 3:
            refusal = Conflict
        made = self.expect(
            refusal,
            service.ask,
            tuple(self.cast.looks[one, audience]),
            member=self.people[one],
            audience=audience,
            closing="hour",
            now=self.now,
        )
        if refusal is None:
            self.polls.append(Asked(made, one, audience, self.now + timedelta(hours=1)))

    def vote(self, one: int, _: int, number: int) -> None:
        for poll in self.polls[-2:]:
            choice = rules.CHOICES[number % 2]
            refusal = self.refusal_of(poll, one)
            who = {"member": self.people[one], "choice": choice, "now": self.now}
            seen = self.expect(refusal, service.vote, poll.id, **who)
            if refusal is None:
                poll.votes[one] = choice
                assert (seen.my_choice, seen.tally) == (choice, self.tally(poll))

    def everybody_votes(self, *_: int) -> None:
        for one in range(PEOPLE):
            self.vote(one, 0, one)

    def take_back(self, one: int, _: int, number: int) -> None:
        for poll in self.polls[-2:]:
            refusal = self.refusal_of(poll, one)
            who = {"member": self.people[one], "now": self.now}
            self.expect(refusal, service.take_back, poll.id, **who)
            if refusal is None:
                poll.votes.pop(one, None)

    def close(self, one: int, _: int, number: int) -> None:
        for poll in self.polls[-1:]:
            is_mine = poll.asker == one
            who = {"member": self.people[one], "now": self.now}
            self.expect(None if is_mine else NotFound, service.close, poll.id, **who)
            poll.is_closed |= is_mine

    def come_late(self, one: int, other: int, number: int) -> None:
        """Somebody votes when the poll is closed, early or by its time."""
        self.ask(one, other, number)
        if number < 4 and self.polls:
            self.close(self.polls[-1].asker, other, number)
        else:
            self.now += timedelta(hours=1)
        self.everybody_votes()

    def remove(self, one: int, _: int, number: int) -> None:
        if number % 2:
            for poll in self.polls[-1:]:
                is_mine = poll.asker == one
                refusal = None if is_mine else NotFound
                who = {"member": self.people[one], "now": self.now}
                self.expect(refusal, service.remove, poll.id, **who)
                if is_mine:
                    self.polls.remove(poll)

    def put_away(self, one: int, _: int, number: int) -> None:
        audience = AUDIENCES[number % 2]
        look = self.cast.looks[one, audience][number // 2 % 2]
        outfits.put_away(self.session, look, member_id=self.people[one].id, now=self.now)
        self.away.add((one, audience))

    def show(self, one: int, _: int, number: int) -> None:
        audience = AUDIENCES[number % 2]
        for look in self.cast.looks[one, audience]:
            who = {"member": self.people[one], "audience": audience, "now": self.now}
            outfits.publish(self.session, look, **who)
        self.away.discard((one, audience))

    def befriend(self, one: int, other: int, _: int) -> None:
        if not self.is_apart(one, other) and frozenset((one, other)) not in self.friends:
            befriend(self.session, self.people[one], self.people[other])
            self.friends.add(frozenset((one, other)))

    def block(self, one: int, other: int, _: int) -> None:
        block(self.session, self.people[other].id, member=self.people[one], now=self.now)
        self.blocks.add((one, other))
        self.friends.discard(frozenset((one, other)))

    def unblock(self, one: int, other: int, _: int) -> None:
        who = {"member": self.people[one], "now": self.now}
        friendships.unblock(self.session, self.people[other].id, **who)
        self.blocks.discard((one, other))

    def wait(self, _one: int, _other: int, number: int) -> None:
        self.now += timedelta(minutes=10 * number)

    @invariant()
    def counts_equal_the_dictionary(self) -> None:
        counts = queries.counts_of(self.session, [poll.id for poll in self.polls])
        assert counts == {poll.id: self.counts(poll) for poll in self.polls}

    @invariant()
    def everybody_sees_what_they_may(self) -> None:
        for poll in self.polls[-2:]:
            for one, member in [(None, None), *enumerate(self.people)]:
                refusal = None if self.sees(poll, one) else NotFound
                who = {"viewer": member, "now": self.now}
                seen = self.expect(refusal, queries.get_poll, poll.id, **who)
                if seen is not None:
                    is_known = one is not None and not self.is_apart(one, poll.asker)
                    mine = poll.votes.get(one) if is_known and one is not None else None
                    is_told = mine or one == poll.asker or not self.is_open(poll)
                    assert (seen.my_choice, seen.is_open) == (mine, self.is_open(poll))
                    assert seen.tally == (self.tally(poll) if is_told else None)

    @invariant()
    def friends_find_what_is_open(self) -> None:
        for one, member in enumerate(self.people):
            found = queries.polls_of_friends(self.session, member.id, now=self.now)
            assert {poll.id for poll in found} == {
                poll.id
                for poll in self.polls
                if self.is_open(poll)
                and frozenset((one, poll.asker)) in self.friends
                and (poll.asker, poll.audience) not in self.away
            }

    def is_open(self, poll: Asked) -> bool:
        return not poll.is_closed and self.now < poll.closes_at

    def is_apart(self, one: int, other: int) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    def sees(self, poll: Asked, one: int | None) -> bool:
        if (poll.asker, poll.audience) in self.away:
            return False
        near = one is not None and frozenset((one, poll.asker)) in self.friends
        return poll.audience == "everyone" or one == poll.asker or near

    def refusal_of(self, poll: Asked, one: int) -> type[SwingtagError] | None:
        if not self.sees(poll, one) or self.is_apart(one, poll.asker):
            return NotFound
        if one == poll.asker:
            return Invalid
        return None if self.is_open(poll) else Conflict

    def counts(self, poll: Asked) -> tuple[int, int]:
        given = list(poll.votes.values())
        return given.count("first"), given.count("second")

    def tally(self, poll: Asked) -> rules.Tally:
        first, second = self.counts(poll)
        is_told = first + second >= 3
        return rules.Tally(first + second, first if is_told else None, second if is_told else None)

    def expect(
        self, refusal: type[SwingtagError] | None, call: Callable[..., Any], *a: Any, **given: Any
    ) -> Any:
        if refusal is None:
            return call(self.session, *a, **given)
        with pytest.raises(refusal):
            call(self.session, *a, **given)
        return None
