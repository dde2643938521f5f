"""What is suggested, and whose name may stand on it."""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.bundle import fit
from recommender.interactions import Event
from recommender.ranking import Friend, Request, Suggestion, look, rank
from recommender.settings import Blend
from tests.builders.tastes import NOW, PIECES, SMALL, fitted, friend, happened, shop

BUNDLE = fitted()
RED = (happened("me", "red-03"), happened("me", "red-07"))


def request(**changes: object) -> Request:
    return replace(Request(history=RED, now=NOW), **changes)  # type: ignore[arg-type]


def names(found: list[Suggestion]) -> list[str]:
    return [suggestion.item for suggestion in found]


def likeness(found: list[Suggestion]) -> float:
    """The mean cosine of taste between two of them."""
    factors = BUNDLE.item_factors[[BUNDLE.column_of[name] for name in names(found)]]
    unit = factors / np.linalg.norm(factors, axis=1, keepdims=True)
    return float((unit @ unit.T)[np.triu_indices(len(found), 1)].mean())


def test_who_buys_red_is_shown_red() -> None:
    assert all(name.startswith("red") for name in names(rank(BUNDLE, request(top=5))))


def test_who_is_new_is_shown_what_her_friends_like_and_else_what_is_popular() -> None:
    friends = (friend("eve", "blue-01", "blue-05", "blue-11"),)
    like_eve = rank(BUNDLE, request(history=(), friends=friends, top=5))
    assert all(name.startswith("blue") for name in names(like_eve))
    popular = BUNDLE.items[int(BUNDLE.popularity.argmax())]
    assert names(rank(BUNDLE, request(history=())))[0] == popular


def test_what_goes_with_the_purchase_comes_up_with_the_count_of_those_who_bought_both() -> None:
    both = [
        event for n in range(12) for event in (happened(f"b{n}", "hat"), happened(f"b{n}", "tie"))
    ]
    bundle = fit([*shop(), *both], [], settings=SMALL, now=NOW)
    first = rank(bundle, request(anchors=("hat",)))[0]
    assert first.item == "tie"
    assert (first.reason.anchor, first.reason.crowd_together) == ("hat", 12)
    assert first.reason.terms["together"] > 0


def test_a_crowd_is_claimed_only_with_an_anchor() -> None:
    for suggestion in rank(BUNDLE, request()):
        assert (suggestion.reason.anchor, suggestion.reason.crowd_together) == (None, 0)


def test_what_is_bought_again_and_again_comes_up_where_the_shop_is_of_that_kind() -> None:
    asked = request(history=(*RED, happened("me", "blue-19", days_ago=2)))
    assert names(rank(BUNDLE, asked))[0] != "blue-19"
    groceries = fitted(settings=replace(SMALL, blend=Blend(again=5.0)))
    assert set(names(rank(groceries, asked))[:3]) == {"red-03", "red-07", "blue-19"}


def test_variety_shows_what_is_unlike_at_the_cost_of_what_is_alike() -> None:
    varied = rank(fitted(settings=replace(SMALL, blend=Blend(variety=3.0))), request(top=6))
    assert likeness(varied) < likeness(rank(BUNDLE, request(top=6)))
    assert varied[0] == rank(BUNDLE, request(top=1))[0]
    scores = [suggestion.score for suggestion in varied]
    assert scores == sorted(scores, reverse=True)


def test_names_decide_what_is_shown_but_not_its_order() -> None:
    plain = rank(fitted(settings=replace(SMALL, blend=Blend(names=0.0))), request(top=40))
    seventh = plain[6].item
    asked = request(friends=(friend("eve", seventh),), top=5)
    named = fitted(settings=replace(SMALL, blend=Blend(votes=0.001, names=9.0)))
    found = rank(named, asked)
    assert names(found) == [*names(plain)[:4], seventh]


def test_owned_pieces_and_anchors_are_not_suggested_and_nothing_but_what_is_allowed() -> None:
    everything = names(rank(BUNDLE, request(top=100)))
    assert len(everything) == 2 * PIECES
    owned, anchor, allowed = everything[0], everything[1], everything[:4]
    left = request(owned=frozenset([owned]), anchors=(anchor,), allowed=allowed)
    assert sorted(names(rank(BUNDLE, left))) == sorted(everything[2:4])
    assert names(rank(BUNDLE, request(allowed=()))) == []


def test_few_and_many_allowed_items_come_in_the_same_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    allowed = [f"red-{number:02d}" for number in range(0, PIECES, 2)]
    looked_up = rank(BUNDLE, request(allowed=allowed))
    monkeypatch.setattr("recommender.ranking.LOOKED_UP", 0)
    monkeypatch.setattr("recommender.ranking.FIRST", 3)
    assert rank(BUNDLE, request(allowed=allowed)) == looked_up
    assert rank(BUNDLE, request(allowed=frozenset(allowed))) == looked_up


@settings(deadline=None, max_examples=30)
@given(st.sets(st.sampled_from(BUNDLE.items)), st.integers(1, 30), st.sampled_from([0.0, 0.3]))
def test_a_sieve_leaves_what_would_be_left_if_all_that_it_lets_through_were_allowed(
    through: set[str], top: int, variety: float
) -> None:
    asked: list[str] = []

    def sieve(several: Sequence[str]) -> Collection[str]:
        asked.extend(several)
        return through

    bundle = fitted(settings=replace(SMALL, blend=Blend(variety=variety))) if variety else BUNDLE
    friends = (friend("eve", "red-05"),)
    with patch("recommender.ranking.ASKED_FIRST", 3):
        found = rank(bundle, request(top=top, friends=friends, sieve=sieve))
    assert found == rank(bundle, request(top=top, friends=friends, allowed=frozenset(through)))
    assert len(asked) == len(set(asked))


def test_a_sieve_is_not_asked_about_more_than_is_needed() -> None:
    asked: list[int] = []

    def sieve(several: Sequence[str]) -> Collection[str]:
        asked.append(len(several))
        return several

    rank(BUNDLE, request(top=5, sieve=sieve))
    assert len(asked) == 1


def test_level_items_come_by_id() -> None:
    events = [happened(f"s{n}", item) for n in range(4) for item in ("b", "a", "c", "d")]
    bundle = fit(events, [], settings=SMALL, now=NOW)
    assert names(rank(bundle, request(history=()))) == ["a", "b", "c", "d"]
    assert names(rank(bundle, request(history=(), top=2))) == ["a", "b"]


def test_a_friend_is_named_with_what_she_did_and_only_then() -> None:
    found = rank(BUNDLE, request(friends=(friend("eve", "red-05", kind="like"),), top=40))
    by_item = {suggestion.item: suggestion.reason for suggestion in found}
    assert (by_item["red-05"].friend, by_item["red-05"].friend_did) == ("eve", "like")
    others = [reason for item, reason in by_item.items() if item != "red-05"]
    assert {(reason.friend, reason.friend_did) for reason in others} == {(None, None)}


def test_who_bought_and_liked_it_is_said_to_have_bought_it() -> None:
    eve = friend("eve", "red-05", kind="like")
    eve = replace(eve, events=(*eve.events, happened("eve", "red-05", "purchase")))
    found = rank(BUNDLE, request(friends=(eve,), allowed=["red-05"]))
    assert found[0].reason.friend_did == "purchase"


def test_of_two_friends_with_the_item_the_one_with_the_anchor_is_credited() -> None:
    ann, eve = friend("ann", "red-05"), friend("eve", "red-05", "red-09")
    asked = request(history=(), friends=(ann, eve), anchors=("red-09",), allowed=["red-05"])
    assert rank(BUNDLE, asked)[0].reason.friend == "eve"
    assert rank(BUNDLE, asked)[0].reason.friend_has_anchor
    alone = rank(BUNDLE, replace(asked, friends=(ann,)))[0].reason
    assert (alone.friend, alone.friend_has_anchor) == ("ann", False)


def test_liking_the_anchor_is_not_having_it() -> None:
    eve = Friend("eve", (happened("eve", "red-05"), happened("eve", "red-09", "like")))
    asked = request(friends=(eve,), anchors=("red-09",), allowed=["red-05"])
    assert not rank(BUNDLE, asked)[0].reason.friend_has_anchor


def test_what_a_friend_does_later_is_not_known_yet() -> None:
    eve = Friend("eve", (happened("eve", "red-05", days_ago=-1),))
    assert rank(BUNDLE, request(friends=(eve,), allowed=["red-05"]))[0].reason.friend is None


def test_friends_in_a_ring_are_each_others_friends_and_nothing_more() -> None:
    ring = [
        friend("a", "red-01"),
        friend("b", "red-02"),
        friend("c", "red-03"),
        friend("me", "red-04"),
    ]
    found = rank(BUNDLE, request(friends=tuple(ring), top=40))
    credited = {s.item: s.reason.friend for s in found if s.reason.friend}
    assert credited == {"red-01": "a", "red-02": "b", "red-03": "c", "red-04": "me"}


def test_items_and_kinds_that_the_bundle_does_not_know_change_nothing() -> None:
    odd = (*RED, happened("me", "crown"), happened("me", "red-01", "dance"))
    eve = friend("eve", "crown")
    asked = request(history=odd, anchors=("crown",), friends=(eve,), owned=frozenset(["orb"]))
    assert names(rank(BUNDLE, asked)) == names(rank(BUNDLE, request()))
    assert rank(BUNDLE, request(allowed=["crown"])) == []


def test_an_empty_bundle_suggests_nothing_and_one_shopper_alone_is_no_crowd() -> None:
    assert rank(fit([], [], settings=SMALL, now=NOW), request(friends=(friend("eve", "x"),))) == []
    alone = fit([happened("ann", "hat"), happened("ann", "tie")], [], settings=SMALL, now=NOW)
    found = rank(alone, request(history=(), anchors=("hat",)))
    assert [(s.item, s.reason.crowd_together) for s in found] == [("tie", 0)]


@pytest.mark.parametrize("at", [math.nan, math.inf])
def test_times_that_are_no_numbers_are_refused(at: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        rank(BUNDLE, request(history=(Event("me", "red-01", "like", at),)))
    with pytest.raises(ValueError, match="not a number"):
        rank(BUNDLE, request(now=at))


PIECE = st.integers(0, PIECES - 1).map("red-{:02d}".format)
DEEDS = st.lists(
    st.tuples(PIECE, st.sampled_from(["purchase", "like", "save", "try_on"])), max_size=6
)


@settings(deadline=None, max_examples=60)
@given(st.lists(DEEDS, min_size=1, max_size=5), st.lists(PIECE, max_size=2), st.floats(0.01, 3))
def test_the_credited_friend_has_the_item_and_without_her_terms_the_score_is_lower(
    deeds: list[list[tuple[str, str]]], anchors: list[str], weight: float
) -> None:
    friends = tuple(
        Friend(f"f{n}", tuple(happened(f"f{n}", item, kind) for item, kind in done))
        for n, done in enumerate(deeds)
    )
    bundle = fitted(settings=replace(SMALL, blend=Blend(votes=weight)))
    asked = request(friends=friends, anchors=tuple(anchors), top=40)
    scene = look(bundle, asked)
    for suggestion in rank(bundle, asked):
        reason, item = suggestion.reason, bundle.column_of[suggestion.item]
        has = {f.id for f in friends if any(e.item == suggestion.item for e in f.events)}
        assert (reason.friend in has) if has else (reason.friend is None)
        if reason.friend:
            hers = float(scene.votes.each[int(reason.friend[1:]), item])
            without = {**reason.terms, "votes": reason.terms["votes"] - hers}
            assert scene.score(without) < scene.score(reason.terms)
            assert scene.score(reason.terms) == pytest.approx(suggestion.score, abs=1e-4)
            assert reason.friend_part == pytest.approx(
                scene.score(reason.terms) - scene.score(without)
            )
        assert sum(reason.parts.values()) == pytest.approx(suggestion.score, abs=1e-4)


@pytest.mark.parametrize("shoppers", [0, 1])
def test_a_shop_of_nobody_or_of_one_shopper_ranks_without_an_error(shoppers: int) -> None:
    events = [happened("ann", item) for item in ("tea", "jam")] * shoppers
    bundle = fit(events, [], settings=SMALL, now=NOW)
    found = rank(bundle, request(anchors=("tea",), friends=(friend("eve", "jam"),)))
    assert [one.item for one in found] == ["jam"] * shoppers


def test_friends_in_a_ring_are_ranked_for_one_after_another() -> None:
    """Each has what the last one of the ring lacks, and is credited with what they have."""
    bundle = fitted()
    ring = [f"f{n}" for n in range(5)]
    for place, one in enumerate(ring):
        beside = ring[place - 1]
        asked = request(
            history=(happened(one, f"red-{place:02d}"),),
            friends=(friend(beside, f"red-{(place - 1) % 5:02d}"),),
            top=40,
        )
        credited = {s.item for s in rank(bundle, asked) if s.reason.friend == beside}
        assert credited == {f"red-{(place - 1) % 5:02d}"}
