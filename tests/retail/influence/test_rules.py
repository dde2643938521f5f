"""What a sale is credited to, how far a look travels, and what of that may be told."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from retail.influence import rules
from retail.influence.measured import Lifted, in_tens, lifts
from retail.influence.own import Standing, levers, likes_in
from retail.influence.periods import Windows, period_of_month
from retail.influence.queries import Spoken
from retail.influence.ranking import ranked
from retail.influence.rules import Came, Cell, Led, Line, Step, TravelTier
from retail.influence.suggest import suggest
from retail.influence.views import InfluenceBoard, Influencer, StylistCost

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FORTNIGHT = 14 * DAY


def line(name: str = "boots", *, paid: int = 5_000, by: str = "maya") -> Line:
    return Line(name, by, "store", NOON, paid)


def led(stylist: str, days: float, *, share: str | None = "link", name: str = "") -> Led:
    return Led(name or f"{stylist}{days}", stylist, share, NOON - days * DAY)


def credit(*candidates: tuple[Line, Led], within: timedelta = FORTNIGHT) -> list[tuple[str, int]]:
    found = rules.credited(candidates, within=within)
    return [(one.stylist_id, one.paid_minor) for one in found]


def test_the_last_of_several_touches_takes_the_whole_line() -> None:
    touches = [led("nina", 9), led("grace", 2), led("femi", 5, share=None)]
    assert credit(*((line(), one) for one in touches)) == [("grace", 5_000)]


def test_an_offer_in_a_friends_name_weighs_as_a_link_does() -> None:
    offer = led("femi", 0.1, share=None)
    (sale,) = rules.credited([(line(), led("nina", 2)), (line(), offer)], within=FORTNIGHT)
    assert (sale.stylist_id, sale.share_id) == ("femi", None)


def test_touches_of_one_instant_are_told_apart_the_same_way_whatever_their_order() -> None:
    both = [(line(), led("nina", 1, name="a")), (line(), led("grace", 1, name="b"))]
    assert credit(*both) == credit(*reversed(both)) == [("grace", 5_000)]


@pytest.mark.parametrize(
    ("days", "counts"), [(0, True), (14, True), (14.0001, False), (-0.1, False)]
)
def test_a_touch_counts_in_its_window_and_at_its_ends(days: float, counts: bool) -> None:
    assert bool(credit((line(), led("nina", days)))) is counts


def test_the_window_is_as_it_is_set() -> None:
    assert credit((line(), led("nina", 10)), within=7 * DAY) == []
    assert credit((line(), led("nina", 10)), within=28 * DAY) == [("nina", 5_000)]


def test_every_line_counts_once_and_what_came_back_is_no_sale() -> None:
    dice = Random(5)
    lines = [line(f"line {at}", paid=dice.choice([0, 100, 250])) for at in range(40)]
    pairs = [
        (one, led(dice.choice(["nina", "grace"]), dice.uniform(0, 20)))
        for one in lines
        for _ in range(dice.randrange(4))
    ]
    found = rules.credited(pairs, within=FORTNIGHT)
    reached = {
        one.id for one, touch in pairs if NOON - touch.at <= FORTNIGHT and one.paid_minor > 0
    }
    assert sum(one.paid_minor for one in found) == sum(
        one.paid_minor for one in lines if one.id in reached
    )
    assert len(found) == len(reached)


def step(link: str, made: float, source: str, source_made: float, came: float) -> Step:
    times = (NOON - made * DAY, NOON - source_made * DAY, NOON - came * DAY)
    return Step(link, times[0], source, times[1], times[2])


def test_a_look_travels_by_one_more_with_everybody_who_came_and_passed_it_on() -> None:
    steps = [step("maya's", 7, "hers", 9, 8), step("sam's", 5, "maya's", 7, 6)]
    tiers = rules.tiers_of(steps)
    assert tiers == {"maya's": 2, "sam's": 3}
    came = [
        Came("hers", "maya", True),
        Came("maya's", "sam", True),
        Came("sam's", "ada", True),
        Came("nobodys", "zoe", False),
    ]
    people = {
        number: (set(who), set(on)) for number, (who, on) in rules.travelled(came, tiers).items()
    }
    assert people == {
        1: ({"maya", "zoe"}, {"maya"}),
        2: ({"sam"}, {"sam"}),
        3: ({"ada"}, {"ada"}),
    }


def test_links_that_lead_to_each_other_end_somewhere() -> None:
    steps = [step("a", 5, "b", 5, 6), step("b", 5, "a", 5, 6)]
    assert set(rules.tiers_of(steps).values()) <= {2}


def test_removes_are_the_same_as_found_link_by_link() -> None:
    """Against the plain way, which looks at every link and at everybody who came."""
    dice = Random(8)
    for _ in range(40):
        made = {f"link {at}": dice.uniform(0, 9) for at in range(20)}
        maker = {link: dice.choice(["ada", "bea", "cyd", "nina", None]) for link in made}
        came = [
            (dice.choice(list(made)), dice.choice(["ada", "bea", "cyd"]), dice.uniform(0, 9))
            for _ in range(15)
        ]
        steps = [
            step(link, made[link], source, made[source], at)
            for link in made
            for source, who, at in came
            if maker[link] == who and at >= made[link]
        ]
        plain: dict[str, int] = {}
        for link in sorted(made, key=lambda one: (-made[one], one)):
            before = [
                (-at, source)
                for source, who, at in came
                if who == maker[link] and at >= made[link] and source in plain
            ]
            plain[link] = plain[min(before)[1]] + 1 if before else 1
        found = rules.tiers_of(steps)
        assert {link: found.get(link, 1) for link in made} == plain


def cell(people: int, amount: int, prefix: str = "p") -> Cell:
    return Cell(frozenset(f"{prefix}{at}" for at in range(people)), amount)


def test_what_is_held_back_is_never_left_over_by_few() -> None:
    cells = {"a": cell(30, 900, "a"), "b": cell(12, 300, "b"), "c": cell(3, 70, "c")}
    assert rules.told(cells) == {"a": 900, "b": None, "c": None}
    assert rules.told({"a": cell(10, 5)}) == {"a": 5}
    assert rules.told({"a": cell(9, 5), "b": cell(9, 5, "b")}) == {"a": None, "b": None}
    assert rules.told({"a": cell(20, 5), "b": cell(0, 0)}) == {"a": 5, "b": None}


def test_no_difference_of_what_is_told_is_of_one_to_nine_people() -> None:
    dice = Random(11)
    for _ in range(200):
        cells = {
            str(at): cell(dice.randrange(25), dice.randrange(1, 999), f"{at}-")
            for at in range(dice.randrange(1, 6))
        }
        told = rules.told(cells)
        rest = {who for key, one in cells.items() if told[key] is None for who in one.people}
        assert len(rest) == 0 or len(rest) >= 10 or all(one is None for one in told.values())
        assert all(len(cells[key].people) >= 10 for key, one in told.items() if one is not None)


def test_how_many_passed_a_look_on_is_told_only_where_many_did_and_many_did_not() -> None:
    many, some = cell(40, 0).people, cell(12, 0).people
    few = cell(4, 0).people
    (one,) = rules.told_tiers({1: (many, some)}, {"1": 700})
    assert one == TravelTier(1, 40, 12, 700)
    (one,) = rules.told_tiers({1: (many, few)}, {})
    assert one == TravelTier(1, 40, None, None)
    assert rules.together(
        [TravelTier(1, 40, 12, 700), TravelTier(1, 30, None, None)]
    ) == TravelTier(1, 70, None, 700)


def test_a_month_is_that_of_the_zone_and_stands_a_fortnight_after_it_ends() -> None:
    month = rules.month_of(datetime(2026, 10, 31, 23, 30, tzinfo=UTC), "Europe/Berlin")
    assert month.on == date(2026, 11, 1)
    assert month.starts_at == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert month.days_left(month.ends_at) == 14
    assert month.days_left(month.settles_at - timedelta(hours=1)) == 1
    assert month.days_left(month.settles_at) == 0


def audience(stylist: str, circles: range, *, size: int = 3) -> list[Spoken]:
    return [
        Spoken(
            stylist,
            f"{number}-{at}",
            str(number),
            "treatment" if number % 2 else "holdout",
            NOON + timedelta(minutes=number * 10 + at),
        )
        for number in circles
        for at in range(size)
    ]


def test_lifts_of_nested_audiences_differ_by_ten_people_on_a_side_or_by_none() -> None:
    dice = Random(2)
    everybody = audience("grace", range(80))
    for _ in range(50):
        some = [one for one in everybody if dice.random() < dice.choice([0.9, 0.99])]
        for arm in ("treatment", "holdout"):
            whole, part = (
                {one.member_id for one in in_tens(given) if one.arm == arm}
                for given in (everybody, some)
            )
            if part <= whole:
                assert len(whole - part) % 10 == 0


def test_the_lift_of_all_is_of_everybody_once_and_few_circles_have_none() -> None:
    dice = Random(2)
    spent = {f"{number}-{at}": dice.randrange(1_000) for number in range(80) for at in range(3)}
    everybody = audience("grace", range(80))
    shown = {"grace": everybody, "nina": audience("nina", range(60)), "femi": everybody[:9]}
    whole, found = lifts(shown, spent)
    assert whole == found["grace"]
    assert set(found) == {"grace", "nina"}


def influencer(name: str, **told: object) -> Influencer:
    plain: dict[str, object] = {
        **dict.fromkeys(("likes", "engaged", "share", "sales_minor", "lift", "cost")),
        "stylist_id": name,
        "name": name,
        "initials": "",
        "avatar": 0,
        "return_on_cost": None,
    }
    return Influencer(**(plain | told))  # type: ignore[arg-type]


def lift(relative: float, *, clear: bool = True) -> Lifted:
    extra = round(relative * 1_000)
    return Lifted(relative, relative - 0.1, relative + 0.1, extra, extra - 100, extra + 100, clear)


def test_what_is_held_back_comes_last_and_has_no_place() -> None:
    rows = [influencer("a", likes=12), influencer("b", lift=lift(0.1)), influencer("c", likes=90)]
    order = [(one.rank, one.of.name) for one in ranked(rows, "lift")]
    assert order == [(1, "b"), (None, "c"), (None, "a")]
    assert [one.of.name for one in ranked(rows, "likes")] == ["c", "a", "b"]


def board(why: str, *rows: Influencer, store: str | None = None) -> InfluenceBoard:
    period, month = period_of_month(NOON.date()), rules.month_from(NOON.date(), "UTC")
    when = (period, month, True, Windows(14).of(period))
    totals = (why, 0, rows, 0, 0, None, 0, None, (), None)
    return InfluenceBoard(*when, store, "GBP", NOON, *totals)  # type: ignore[arg-type]


def test_one_thing_is_suggested_and_only_what_the_figures_bear_out() -> None:
    costly = influencer("marcus", lift=lift(0.02, clear=False), cost=StylistCost(900, 0, 0, 0, 900))
    dear = influencer("callum", lift=lift(0.01, clear=False), cost=StylistCost(5, 9, 0, 0, None))
    strong = influencer("grace", lift=lift(0.3))
    found = suggest(board("told", costly, dear, strong))
    assert found is not None
    assert (found.deed, found.costly, found.strong) == ("move", costly, strong)
    deeds = {
        "keep_back": board("no_holdout"),
        "wait": board("early", strong),
        "keep_more_back": board("few"),
        "build_on": board("told", strong, dear),
        "look_on": board("told", dear, influencer("sad", lift=lift(-0.3))),
    }
    for deed, shown in deeds.items():
        told = suggest(shown)
        assert told is not None
        assert told.deed == deed
    assert suggest(board("told", strong, store="one")) is None


def test_what_would_raise_a_score_is_what_is_left_to_do_and_never_to_pass_looks_on() -> None:
    def standing(**about: object) -> Standing:
        plain: dict[str, object] = {
            "is_adult": True,
            "is_enlisted": True,
            "receipts_not_laid_out": 0,
            "looks_not_open": 0,
            "lends_name": True,
            "friends": 3,
        }
        return Standing(**(plain | about))  # type: ignore[arg-type]

    assert levers(standing()) == ()
    assert levers(standing(is_enlisted=False, lends_name=False)) == ("join_league", "lend_name")
    assert levers(standing(receipts_not_laid_out=2, looks_not_open=1)) == ("lay_out", "open_looks")
    assert levers(standing(friends=0)) == ("meet_friends",)
    assert levers(standing(is_adult=None)) == ("be_known",)
    assert levers(standing(is_adult=False, is_enlisted=False)) == ()


def test_a_score_falls_apart_into_what_it_is_made_of() -> None:
    assert likes_in(23, 1, 2, 5) == 13
    assert likes_in(23, 2, 1, 5) == 9
    assert likes_in(10, 1, 2, 5) == 0
