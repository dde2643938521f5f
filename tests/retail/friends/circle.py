"""What goes on between a few members, done to the shop and to a dictionary at once."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound, SwingtagError
from retail.accounts.queries import MemberView
from retail.friends import codes, invitations, queries, rules, service
from retail.journeys.members.block import block
from retail.outfits import queries as outfits
from retail.social import queries as likes
from retail.social import service as social
from tests.builders.friends import Stage
from tests.conftest import KEY, NOON

PEOPLE = 3
# Beside single steps short stories, or most runs would lack what only a sequence shows.
ACTIONS = (
    *("invite", "accept", "accept", "revoke", "end", "block", "unblock", "like", "like", "unlike"),
    *("accept_back", "accept_back", "use_up", "take_back", "let_run_out", "make_up", "wait"),
)
people = st.integers(0, PEOPLE - 1)


@dataclass
class Offer:
    """An invitation as the oracle knows it."""

    inviter: int
    token: str
    id: str
    left: int
    made_at: datetime
    is_revoked: bool = False


class Circle(RuleBasedStateMachine):
    """What goes on between the members of a stage, none of it ever committed."""

    stage: Stage

    @initialize()
    def set_up(self) -> None:
        self.stack = ExitStack()
        self.session: Session = self.stack.enter_context(self.stage.db.write())
        self.now = NOON
        self.people, self.looks = self.stage.people, self.stage.looks
        self.pair = [0, 1]
        self.offers: list[Offer] = []
        self.friends: dict[frozenset[int], int] = {}
        self.blocks: dict[tuple[int, int], datetime] = {}
        self.last_block: dict[frozenset[int], datetime] = {}
        self.likes: set[tuple[int, int, int]] = set()

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.session.rollback()
            self.stack.close()

    @rule(
        action=st.sampled_from(ACTIONS),
        pair=st.lists(people, min_size=2, max_size=2, unique=True),
        number=st.integers(0, 5),
        hours=st.integers(1, 150),
    )
    def act(self, action: str, pair: list[int], number: int, hours: int) -> None:
        self.pair = pair
        one, other = pair
        self.now += timedelta(seconds=1)
        if action == "wait":
            self.now += timedelta(hours=hours)
        elif action in ("accept", "revoke"):
            getattr(self, action)(one, number)
        elif action in ("invite", "like", "unlike"):
            getattr(self, action)(one, other, number % 2)
        else:
            getattr(self, action)(one, other)

    def invite(self, one: int, _: int, more: int) -> None:
        open_ones = [o for o in self.offers if o.inviter == one and self.is_open(o)]
        is_full = len(open_ones) >= rules.OPEN_INVITATIONS
        made = self.expect(
            Conflict if is_full else None,
            service.invite,
            member=self.people[one],
            places=1 + more,
            now=self.now,
            key=KEY,
        )
        if not is_full:
            self.offers.append(Offer(one, codes.token(KEY, made), made, 1 + more, self.now))

    def accept(self, one: int, number: int) -> None:
        if not self.offers:
            return
        position = -1 - number % len(self.offers)
        offer = self.offers[position]
        pair = frozenset((one, offer.inviter))
        made_by = self.friends.get(pair)
        index = len(self.offers) + position
        refusal = self.refusal_of(offer, one) if made_by != index else None
        self.expect(
            refusal,
            service.accept,
            offer.token,
            member=self.people[one],
            now=self.now,
            key=KEY,
        )
        if refusal is None and made_by is None:
            offer.left -= 1
            self.friends[pair] = index
        is_seen = refusal is not NotFound
        seen = self.expect(
            None if is_seen else NotFound,
            invitations.open_invitation,
            offer.token,
            viewer=self.people[one],
            now=self.now,
            key=KEY,
        )
        assert seen is None or seen.is_friend == (pair in self.friends)

    def accept_back(self, one: int, other: int) -> None:
        """Both invite, and both say yes."""
        for inviter, invited in ((one, other), (other, one)):
            self.invite(inviter, invited, 0)
            self.accept(invited, 0)

    def use_up(self, one: int, other: int) -> None:
        """More say yes than there are places."""
        self.invite(one, other, 0)
        for invited in (other, 3 - one - other, other):
            self.accept(invited, 0)

    def take_back(self, one: int, other: int) -> None:
        self.invite(one, other, 1)
        for revoker in (other, one):
            self.revoke(revoker, 0)
        self.accept(other, 0)

    def let_run_out(self, one: int, other: int) -> None:
        self.invite(one, other, 0)
        self.now += rules.INVITATION_LIFETIME
        self.accept(other, 0)

    def make_up(self, one: int, other: int) -> None:
        """Both fall out and forgive, one after the other; what was open stays closed."""
        self.invite(one, other, 0)
        self.now += timedelta(seconds=1)
        self.block(one, other)
        self.block(other, one)
        for forgiving, forgiven in ((one, other), (other, one)):
            self.unblock(forgiving, forgiven)
            self.like(forgiven, forgiving, 0)
        self.accept(other, 0)

    def revoke(self, one: int, number: int) -> None:
        if self.offers:
            offer = self.offers[-1 - number % len(self.offers)]
            is_mine = offer.inviter == one
            self.expect(
                None if is_mine else NotFound,
                service.revoke,
                offer.id,
                member=self.people[one],
                now=self.now,
            )
            offer.is_revoked |= is_mine

    def end(self, one: int, other: int) -> None:
        pair = frozenset((one, other))
        refusal = None if pair in self.friends else NotFound
        self.expect(refusal, service.end, self.people[other].id, member=self.people[one])
        self.friends.pop(pair, None)

    def block(self, one: int, other: int) -> None:
        is_new = self.expect(
            None, block, self.people[other].id, member=self.people[one], now=self.now
        )
        assert is_new == ((one, other) not in self.blocks)
        if is_new:
            pair = frozenset((one, other))
            self.blocks[one, other] = self.last_block[pair] = self.now
            self.friends.pop(pair, None)
            self.likes -= {like for like in self.likes if {like[0], like[2]} == pair}

    def unblock(self, one: int, other: int) -> None:
        self.expect(
            None, service.unblock, self.people[other].id, member=self.people[one], now=self.now
        )
        self.blocks.pop((one, other), None)

    def like(self, one: int, other: int, kind: int) -> None:
        may = self.is_near(one, other) if kind == 0 else self.are_friends(one, other)
        look = self.looks[kind][other]
        self.expect(
            None if may else NotFound, social.like, look, member=self.people[one], now=self.now
        )
        if may:
            self.likes.add((one, kind, other))

    def unlike(self, one: int, other: int, kind: int) -> None:
        is_there = (one, kind, other) in self.likes
        may = self.is_near(one, other) if kind == 0 else self.are_friends(one, other)
        look = self.looks[kind][other]
        self.expect(
            None if may or is_there else NotFound, social.unlike, look, member=self.people[one]
        )
        self.likes.discard((one, kind, other))

    @invariant()
    def friendships_agree_from_both_sides(self) -> None:
        for one, member in self.looked_at():
            found = {friend.id for friend in queries.friends_of(self.session, member.id)}
            others = {o for pair in self.friends if one in pair for o in pair if o != one}
            assert found == {self.people[other].id for other in others}

    @invariant()
    def who_is_no_friend_sees_what_a_stranger_sees(self) -> None:
        one, other = self.pair
        for kind, is_shown in enumerate((True, self.are_friends(one, other))):
            asked = {"outfit_id": self.looks[kind][other], "viewer": self.people[one].id}
            assert bool(self.session.execute(outfits.VISIBLE_OUTFIT, asked).all()) == is_shown

    @invariant()
    def counts_equal_likes(self) -> None:
        counts = likes.like_counts(self.session, [look for kind in self.looks for look in kind])
        for kind, looks in enumerate(self.looks):
            for owner, look in enumerate(looks):
                given = [like for like in self.likes if like[1:] == (kind, owner)]
                assert counts[look] == len(given)

    @invariant()
    def open_invitations_are_those_that_can_be_accepted(self) -> None:
        for one, member in self.looked_at():
            shown = invitations.open_invitations_of(
                self.session, member.id, now=self.now, key=KEY, public_url=""
            )
            expected = {o.id for o in self.offers if o.inviter == one and self.is_open(o)}
            assert {invitation.id for invitation in shown} == expected

    @invariant()
    def blocks_are_what_each_decided(self) -> None:
        for one, member in self.looked_at():
            found = {block.id for block in queries.blocked_by(self.session, member.id)}
            assert found == {self.people[b].id for a, b in self.blocks if a == one}

    def expect(
        self, refusal: type[SwingtagError] | None, do: Callable[..., Any], *args: Any, **given: Any
    ) -> Any:
        """Do it in a transaction of its own kind; the answer must be what the oracle expects."""
        savepoint = self.session.begin_nested()
        refused: type[SwingtagError] | None = None
        try:
            answer = do(self.session, *args, **given)
        except SwingtagError as error:
            savepoint.rollback()
            answer, refused = None, type(error)
        else:
            savepoint.commit()
        assert refused is refusal
        return answer

    def looked_at(self) -> list[tuple[int, MemberView]]:
        return [(one, self.people[one]) for one in self.pair]

    def refusal_of(self, offer: Offer, one: int) -> type[SwingtagError] | None:
        closed_at = self.last_block.get(frozenset((one, offer.inviter)))
        if not self.is_open(offer) or not self.is_near(one, offer.inviter):
            return NotFound
        if closed_at is not None and closed_at >= offer.made_at:
            return NotFound
        return Invalid if one == offer.inviter else None

    def is_open(self, offer: Offer) -> bool:
        is_young = self.now < offer.made_at + rules.INVITATION_LIFETIME
        return offer.left > 0 and is_young and not offer.is_revoked

    def is_near(self, one: int, other: int) -> bool:
        return (one, other) not in self.blocks and (other, one) not in self.blocks

    def are_friends(self, one: int, other: int) -> bool:
        return frozenset((one, other)) in self.friends
