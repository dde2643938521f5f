"""A league of three stylists and three fans, beside a dictionary that says what has to be so."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.orm import Session

from core.ids import new_id
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import Final, SeasonView, StandingView, ranked
from loyalty.ledger import queries as ledger
from retail.accounts.queries import MemberView
from retail.journeys.league.fold_likes import fold_likes
from retail.journeys.league.open_league import open_league
from retail.journeys.league.opt_in import join_league, leave_league
from retail.journeys.league.season_close import close_season
from retail.social import queries, review, service
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.league import PRIZES
from tests.builders.outfits import new_outfit, new_stylist
from tests.conftest import KEY, NOON

FANS, STYLISTS = 3, 3
ACTIONS = (
    *("like", "like", "like", "like", "fold", "fold", "unlike", "wait"),
    *("undo_the_oldest_and_like_it_again", "undo_the_newest", "join", "join", "leave", "lag"),
    *("come_to_the_end_of_a_season", "come_to_the_end_of_a_season", "close", "close"),
    *("hold", "hold", "clear", "remove"),
)
fans, looks = st.integers(0, FANS - 1), st.integers(0, STYLISTS * 2 - 1)
Place = tuple[str, int, datetime]


def key(row: StandingView | Final) -> Place:
    return row.owner_id, row.score, row.reached_at


@dataclass
class Reviewed:
    """What review said of a like; it stays with it, taken back and given again."""

    verdict: str
    case_id: str
    was_counted: bool


class Likes(RuleBasedStateMachine):
    """Three stylists, each with a look at either of two stores; three fans; a week and a month."""

    db: Database

    @initialize()
    def set_up(self) -> None:
        self.stack = ExitStack()
        self.session: Session = self.stack.enter_context(self.db.write())
        session = self.session
        brand = new_brand(session)
        stores = [new_store(session, brand=brand) for _ in range(2)]
        self.now, self.brand_id = NOON, brand.id
        open_league(session, brand.id, kinds=["stylists"], prizes=PRIZES, now=self.now)
        self.stylists = [new_stylist(session, brand.id) for _ in range(STYLISTS)]
        self.looks = [
            (new_outfit(session, store, member=stylist), stylist, store.id)
            for stylist in self.stylists
            for store in stores
        ]
        self.fans = [new_member(session, brand.id) for _ in range(FANS)]
        self.likes: dict[tuple[int, int], datetime] = {}
        self.spent: dict[tuple[int, int], datetime] = {}
        self.ranked: set[str] = set()
        for stylist in range(STYLISTS - 1):
            self.join(stylist)
        self.finals: dict[str, list[Place]] = {}
        self.counted: Counter[tuple[int, int, str]] = Counter()
        self.kept: dict[str, set[tuple[int, int]]] = {}
        self.reviewed: dict[tuple[int, int], Reviewed] = {}

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            # The test's transaction is never committed: every run begins on an empty database.
            self.session.rollback()
            self.stack.close()

    # One rule and a weighted choice: with a rule for each, most runs would lack half of them.
    @rule(
        action=st.sampled_from(ACTIONS),
        taps=st.lists(st.tuples(fans, looks), min_size=1, max_size=6),
        stylist=st.integers(0, STYLISTS - 1),
        number=st.integers(1, 50),
    )
    def act(self, action: str, taps: list[tuple[int, int]], stylist: int, number: int) -> None:
        arguments = {
            "like": (taps,),
            "unlike": taps[0],
            "hold": (taps,),
            "join": (stylist,),
            "leave": (stylist,),
            "wait": (number,),
            "lag": (number,),
            "come_to_the_end_of_a_season": (number * 10 - 250,),
        }
        getattr(self, action)(*arguments.get(action, ()))

    def like(self, taps: list[tuple[int, int]]) -> None:
        for fan, look in taps:
            member: MemberView = self.fans[fan]
            answer = service.like(self.session, self.looks[look][0], member=member, now=self.now)
            closed = leaderboards.latest_closed_end_after(self.session, self.brand_id, self.now)
            counted_at = self.spent.get((fan, look), closed or self.now)
            self.likes.setdefault((fan, look), counted_at)
            assert (answer.likes, answer.is_liked) == (self.count(look), True)

    def undo_the_oldest_and_like_it_again(self) -> None:
        for fan, look in sorted(self.likes, key=self.likes.__getitem__)[:2]:
            self.unlike(fan, look)
            self.like([(fan, look)])
        self.fold()

    def undo_the_newest(self) -> None:
        for fan, look in sorted(self.likes, key=self.likes.__getitem__)[-1:]:
            self.unlike(fan, look)
        self.fold()

    def unlike(self, fan: int, look: int) -> None:
        answer = service.unlike(self.session, self.looks[look][0], member=self.fans[fan])
        counted_at = self.likes.pop((fan, look), None)
        is_closed = counted_at and any(counted_at < end for end in self.closed_ends())
        if counted_at and (is_closed or (fan, look) in self.reviewed):
            self.spent.setdefault((fan, look), counted_at)
        assert (answer.likes, answer.is_liked) == (self.count(look), False)

    def fold(self) -> None:
        fold_likes(self.session, self.now)

    def hold(self, taps: list[tuple[int, int]]) -> None:
        self.fold()
        case_id = new_id()
        chosen = [like for like in dict.fromkeys(taps) if like in self.likes]
        fresh = [like for like in chosen if like not in self.reviewed]
        pairs = [(self.looks[look][0], self.fans[fan].id) for fan, look in chosen]
        assert review.hold(self.session, self.brand_id, pairs, case_id=case_id) == len(fresh)
        for like in fresh:
            was_counted = any(self.likes[like] < end for end in self.closed_ends())
            self.reviewed[like] = Reviewed("held", case_id, was_counted)
        self.fold()

    def clear(self) -> None:
        for case_id in sorted({r.case_id for r in self.reviewed.values() if r.verdict == "held"}):
            review.settle(self.session, self.brand_id, case_id, verdict="cleared")
            for like, known in self.reviewed.items():
                if known.case_id == case_id and known.verdict != "cleared":
                    known.verdict = "cleared"
                    self.move(like, known)
        self.fold()

    def move(self, like: tuple[int, int], known: "Reviewed") -> None:
        for kept in (self.likes, self.spent):
            if like in kept and not known.was_counted:
                kept[like] = max([kept[like], *self.closed_ends()])

    def remove(self) -> None:
        """Removing moves nobody: neither the target, nor who else belongs to the ring."""
        self.fold()
        before = self.live()
        for case_id in sorted({r.case_id for r in self.reviewed.values() if r.verdict == "held"}):
            review.settle(self.session, self.brand_id, case_id, verdict="removed")
            for known in self.reviewed.values():
                if known.case_id == case_id and known.verdict == "held":
                    known.verdict = "removed"
        self.fold()
        assert self.live() == before

    def live(self) -> list[list[StandingView]]:
        running = leaderboards.unclosed_seasons(self.session, self.brand_id)
        return [leaderboards.top(self.session, season.id) for season in running]

    def join(self, stylist: int) -> None:
        join_league(self.session, member=self.stylists[stylist], now=self.now)
        self.ranked.add(self.stylists[stylist].id)

    def leave(self, stylist: int) -> None:
        leave_league(self.session, member=self.stylists[stylist], now=self.now)
        self.ranked.discard(self.stylists[stylist].id)

    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def come_to_the_end_of_a_season(self, seconds: int) -> None:
        ends = {s.ends_at for s in leaderboards.unclosed_seasons(self.session, self.brand_id)}
        self.now = max(self.now, min(ends) + timedelta(seconds=seconds))

    def lag(self, minutes: int) -> None:
        self.now -= timedelta(minutes=minutes)

    def close(self) -> None:
        for season in leaderboards.due_seasons(self.session, self.now):
            expected = self.standings_of(season)
            close_season(self.session, season.id, now=self.now, key=KEY)
            close_season(self.session, season.id, now=self.now + timedelta(days=1), key=KEY)
            self.finals[season.id] = expected
            self.kept[season.id] = set(self.likes_in(season))
            for fan, look in self.likes_in(season):
                self.counted[fan, look, season.board_id] += 1

    @invariant()
    def counts_equal_rows(self) -> None:
        ids = [outfit_id for outfit_id, _, _ in self.looks]
        counts = queries.like_counts(self.session, ids)
        assert counts == {ids[look]: self.count(look) for look in range(len(ids))}

    @invariant()
    def no_like_counts_twice_on_a_board(self) -> None:
        assert set(self.counted.values()) <= {1}
        running = leaderboards.unclosed_seasons(self.session, self.brand_id)
        for season in running:
            for fan, look in self.likes_in(season):
                assert self.counted[fan, look, season.board_id] == 0

    @invariant()
    def closed_seasons_never_change(self) -> None:
        # Every one was looked at when it was new; by turns they are looked at again.
        for season_id, expected in list(self.finals.items())[-3:]:
            frozen = leaderboards.final(self.session, season_id)
            assert [key(final) for final in frozen] == expected

    @invariant()
    def folded_standings_are_what_rows_say(self) -> None:
        if queries.brands_to_fold(self.session):
            return
        for season in leaderboards.unclosed_seasons(self.session, self.brand_id):
            if season.starts_at > self.now + timedelta(hours=1):
                continue
            live = leaderboards.top(self.session, season.id)
            assert [key(row) for row in live] == self.standings_of(season)

    @invariant()
    def points_are_what_places_won(self) -> None:
        won: Counter[str] = Counter()
        worth = {prize.place: prize.value for prize in PRIZES if prize.kind == "points"}
        for expected in self.finals.values():
            for place, (owner_id, *_) in enumerate(expected, start=1):
                won[owner_id] += worth.get(place, 0)
        for stylist in self.stylists:
            assert ledger.balance(self.session, self.brand_id, stylist.id) == won[stylist.id]

    def count(self, look: int) -> int:
        return sum(1 for _, liked in self.likes if liked == look)

    def scores(self, like: tuple[int, int]) -> bool:
        return like not in self.reviewed or self.reviewed[like].verdict == "cleared"

    def closed_ends(self) -> Iterator[datetime]:
        for season_id in self.finals:
            yield leaderboards.get_season(self.session, season_id).ends_at

    def likes_in(self, season: SeasonView) -> list[tuple[int, int]]:
        return [
            (fan, look)
            for (fan, look), counted_at in self.likes.items()
            if season.starts_at <= counted_at < season.ends_at
            and self.scores((fan, look))
            and season.scope_id in (self.brand_id, self.looks[look][2])
        ]

    def standings_of(self, season: SeasonView) -> list[Place]:
        """Score, then whoever reached it first, then id: recomputed without any database."""
        scores: Counter[str] = Counter()
        reached: dict[str, datetime] = {}
        for fan, look in self.likes_in(season):
            stylist_id = self.looks[look][1].id
            scores[stylist_id] += 1
            at = self.likes[fan, look]
            reached[stylist_id] = max(reached.get(stylist_id, at), at)
        places = ranked(
            (owner, score, reached[owner])
            for owner, score in scores.items()
            if owner in self.ranked
        )
        return [key(final) for final in places]
