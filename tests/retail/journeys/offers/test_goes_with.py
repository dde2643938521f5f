"""What goes with styles for anybody: what the model says, once for each model."""

from pathlib import Path

import pytest

from core import clock
from recommender.bundle import Bundle, Shelf, fit
from recommender.interactions import Event
from recommender.ranking import Request, Suggestion
from retail.journeys.offers import rank_goods
from retail.journeys.offers.rank_goods import goes_with, ranker_of
from retail.offers.rules import Question
from retail.training.serving import current, folder_of
from tests.builders.tastes import SMALL

COAT, BOOTS, HAT = "coat", "boots", "hat"


def together(*pairs: tuple[str, str]) -> Bundle:
    """A model of a shop where these are bought together."""
    now = clock.now().timestamp()
    bought = [(f"s{n}-{at}", pair) for at, pair in enumerate(pairs) for n in range(12)]
    events = [Event(who, style, "purchase", now - 9) for who, pair in bought for style in pair]
    events += [Event(f"t{n}", f"other-{n % 5}", "purchase", now - 9) for n in range(12)]
    return fit(events, [pair for _, pair in bought], settings=SMALL, now=now)


def publish(data_dir: Path, brand_id: str, bundle: Bundle) -> None:
    Shelf(folder_of(brand_id, data_dir)).publish(bundle)


def best(data_dir: Path, brand_id: str = "brand") -> str:
    found = goes_with(brand_id, data_dir)
    assert found is not None
    return found((COAT,))[0]


def test_without_a_model_nothing_is_known(tmp_path: Path) -> None:
    assert goes_with("brand", tmp_path) is None


def test_it_is_what_the_model_ranks_for_somebody_without_history_or_friends(
    tmp_path: Path,
) -> None:
    publish(tmp_path, "brand", together((COAT, BOOTS), (HAT, BOOTS)))
    ranker, found = ranker_of("brand", tmp_path), goes_with("brand", tmp_path)
    assert ranker is not None
    assert found is not None
    for anchors in ((COAT,), (COAT, HAT), ("unheard of",)):
        asked = Question(anchors, (), {}, frozenset(anchors), clock.now())
        assert list(found(anchors)) == [tip.style_id for tip in ranker(asked)]


def test_another_model_says_what_it_knows_at_once_and_each_brand_has_its_own(
    tmp_path: Path,
) -> None:
    publish(tmp_path, "brand", together((COAT, BOOTS)))
    publish(tmp_path, "other", together((COAT, HAT)))
    assert best(tmp_path) == BOOTS
    assert best(tmp_path, "other") == HAT
    publish(tmp_path, "brand", together((COAT, HAT)))
    assert best(tmp_path) == HAT


def test_control_an_answer_kept_without_its_model_is_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless(brand_id: str, data_dir: Path) -> tuple[str, Bundle] | None:
        found = current(brand_id, data_dir)
        return found and ("the model", found[1])

    monkeypatch.setattr(rank_goods, "current", nameless)
    publish(tmp_path, "brand", together((COAT, BOOTS)))
    assert best(tmp_path) == BOOTS
    publish(tmp_path, "brand", together((COAT, HAT)))
    assert best(tmp_path) == BOOTS


def test_an_answer_is_kept_and_so_many_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    usual = rank_goods.rank

    def noting(bundle: Bundle, request: Request) -> list[Suggestion]:
        asked.append(request)
        return usual(bundle, request)

    monkeypatch.setattr(rank_goods, "rank", noting)
    monkeypatch.setattr(rank_goods, "MOST_KEPT", 1)
    monkeypatch.setattr(rank_goods, "_together", {})
    publish(tmp_path, "brand", together((COAT, BOOTS)))
    assert best(tmp_path) == best(tmp_path)
    assert len(asked) == 1
    found = goes_with("brand", tmp_path)
    assert found is not None
    found((HAT,))
    best(tmp_path)
    assert len(asked) == 3
