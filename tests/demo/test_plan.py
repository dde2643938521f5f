"""A day is decided by its seed."""

from itertools import islice

from demo.simulator.plan import (
    Action,
    Article,
    Claim,
    ComeIn,
    Join,
    LayOut,
    Like,
    Planner,
    Publish,
    Sell,
    Unlike,
)

ROLES = ("outer", "top", "bottom", "dress", "shoes", "extra", "private")
ARTICLES = {
    role: [Article(f"{role}-{n}", role, 1_000 * n, role, "10") for n in range(1, 5)]
    for role in ROLES
}


def planner(seed: str) -> Planner:
    return Planner(seed, ARTICLES, ["So it goes", "Late"], [frozenset({"10"})] * 64, stores=6)


def a_day(seed: str, actions: int = 900) -> list[Action]:
    plan = planner(seed)
    day = list(plan.warm_up())
    return day + list(islice(plan.trickle(), actions - len(day)))


def test_the_same_seed_gives_the_same_day() -> None:
    assert a_day("one") == a_day("one")


def test_another_seed_gives_another_day() -> None:
    assert a_day("one") != a_day("two")


def test_the_warm_up_fills_the_screens() -> None:
    day = list(planner("one").warm_up())
    stylists = {action.shopper for action in day if isinstance(action, Publish)}
    liked = {action.look for action in day if isinstance(action, Like)}
    assert len(stylists) >= 12
    assert len(liked) >= 12


def test_nothing_happens_before_it_can() -> None:
    joined, sold, claimed, laid_out, shown = set(), set(), set(), set(), {}
    for action in a_day("one"):
        match action:
            case Join(shopper):
                joined.add(shopper)
            case Sell(receipt):
                sold.add(receipt)
            case Claim(receipt, shopper):
                assert receipt in sold
                assert shopper in joined
                claimed.add(receipt)
            case LayOut(look):
                assert look in claimed
                laid_out.add(look)
            case Publish(look, shopper):
                assert look in laid_out
                shown[look] = shopper
            case Like(look, shopper):
                assert look in shown
                assert shopper in joined - {shown[look]}


def test_members_come_in_now_and_then_from_the_first_moments_on() -> None:
    plan = planner("one")
    joined = {action.shopper for action in plan.warm_up() if isinstance(action, Join)}
    first, *later = islice(plan.trickle(), 400)
    came = [one for one in later if isinstance(one, ComeIn)]
    assert any(isinstance(one, ComeIn) for one in later[:3]), first
    assert 3 <= len(came) <= 6
    assert {one.shopper for one in came} <= joined


def test_nobody_likes_twice_or_takes_back_what_was_not_given() -> None:
    likes: set[tuple[int, int]] = set()
    for action in a_day("one"):
        if isinstance(action, Like):
            assert (action.look, action.shopper) not in likes
            likes.add((action.look, action.shopper))
        elif isinstance(action, Unlike):
            likes.remove((action.look, action.shopper))
