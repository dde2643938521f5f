"""`python -m recommender evaluate`, on a seeded toy set."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender import evaluate as command
from recommender.batch import Crowd, best
from recommender.bundle import fit
from recommender.cli import main
from recommender.evaluate import USUAL, evaluate
from recommender.folder import read
from recommender.friends import Votes
from recommender.interactions import Event, Weights
from recommender.passes import Part
from recommender.ranking import Friend, Request, rank
from recommender.settings import Blend
from recommender.taste import TasteSettings
from recommender.tuning import parts
from tests.builders.tables import pairs, write

SMALL = replace(USUAL, taste=TasteSettings(factors=8, regularisation=2.0))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "USUAL", SMALL)


def test_the_figures_of_the_toy_set(tmp_path: Path) -> None:
    seen = evaluate(write(tmp_path, pairs())).as_json()
    assert seen["users"] == 40
    assert seen["popularity"]["recall@10"] == pytest.approx(0.5333, abs=1e-4)
    assert seen["popularity"]["ndcg@20"] == pytest.approx(0.4795, abs=1e-4)
    assert seen["als"]["ndcg@10"] == pytest.approx(0.3628, abs=0.003)
    assert seen["model"]["ndcg@10"] == pytest.approx(0.4032, abs=0.003)
    assert seen["model"]["recall@20"] == pytest.approx(0.9667, abs=0.003)
    assert seen["model"]["ndcg@10_se"] == pytest.approx(0.0360, abs=0.001)
    assert seen["creditable@10"] == pytest.approx(0.815, abs=0.005)
    assert seen["credited@10"] == {"named": 326, "has_item": 1.0, "lower_without": 1.0}
    assert seen["without_history"]["over_popularity"] == pytest.approx(1.074, abs=0.005)


def test_the_command_prints_and_writes_what_it_saw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "toy", pairs())
    assert main(["evaluate", str(folder), "--json", str(tmp_path / "seen.json")]) == 0
    seen = json.loads((tmp_path / "seen.json").read_text())
    text = capsys.readouterr().out
    for measure in ("recall@10", "ndcg@10", "precision@10", "recall@20", "ndcg@20"):
        for model in ("model", "als", "popularity"):
            assert f"{seen[model][measure]:.4f} ± {seen[model][measure + '_se']:.4f}" in text
    assert f"of {seen['credited@10']['named']} credits" in text
    assert {"creditable@10", "catalogue@10", "fit_seconds", "cpu_seconds", "peak_rss_mb"} <= set(
        seen
    )


def test_a_credit_that_is_not_earned_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who has nothing of it, named for everything, fails both checks."""
    monkeypatch.setattr(Votes, "credited", lambda votes, item, has_anchor: 0)
    seen = evaluate(write(tmp_path, pairs())).as_json()["credited@10"]
    assert seen["named"] == 400
    assert seen["has_item"] == seen["lower_without"] < 1


def test_tuning_reads_no_line_of_the_test(tmp_path: Path) -> None:
    truth = pairs()
    lies = truth | {"test": [("0", "29"), ("1", "28")]}
    tuned = [
        evaluate(write(tmp_path / name, told), is_tuned=True).settings
        for name, told in (("truth", truth), ("lies", lies))
    ]
    assert tuned[0] == tuned[1]


def test_a_validation_part_is_tuned_on_but_neither_fitted_nor_masked(tmp_path: Path) -> None:
    told = pairs()
    valid, rest = told["train"][:40], told["train"][40:]
    folder = read(write(tmp_path, told | {"train": rest, "valid": valid}))
    [part] = parts(folder)
    assert part.wanted.nnz == 40
    assert (part.train != folder.train).nnz == 0
    assert folder.train.nnz == len(rest)


def test_without_a_validation_part_three_parts_of_train_stand_in(tmp_path: Path) -> None:
    folder = read(write(tmp_path, pairs()))
    three = parts(folder)
    assert len(three) == 3
    for part in three:
        assert ((part.train + part.wanted) != folder.train).nnz == 0
        assert part.wanted.nnz == pytest.approx(0.15 * folder.train.nnz, rel=0.4)


def test_pairs_in_both_parts_and_twice_count_once_in_train(tmp_path: Path) -> None:
    told = pairs()
    doubled = told | {"test": [*told["test"], *told["train"][:5], *told["test"][:5]]}
    plain, odd = (read(write(tmp_path / name, one)) for name, one in (("a", told), ("b", doubled)))
    assert (plain.test != odd.test).nnz == 0


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("test.tsv", None, "there is no test.tsv"),
        ("test.tsv", b"user\titem\n", "test.tsv has no rows"),
        ("test.tsv", b"user\titem\n5\n", "line 2 of test.tsv has not two columns"),
        ("train.tsv.gz", b"not packed", "train.tsv.gz cannot be read"),
        ("friends.tsv", b"\xff\xfe", "friends.tsv cannot be read"),
    ],
)
def test_a_folder_that_is_none_is_refused_with_a_reason(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes | None,
    reason: str,
) -> None:
    folder = write(tmp_path, pairs())
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    assert main(["evaluate", str(folder)]) == 2
    assert reason in capsys.readouterr().err


def test_friends_without_anybody_and_strangers_to_train_are_ranked_too(tmp_path: Path) -> None:
    told = pairs()
    told["friends"] = []
    told["test"].append(("somebody-new", "3"))
    seen = evaluate(write(tmp_path, told)).as_json()
    assert seen["users"] == 41
    assert seen["creditable@10"] == 0.0


def test_many_at_once_are_ranked_as_one_by_one(tmp_path: Path) -> None:
    """The evaluation's lists are those that serving gives, to the item and to the credit."""
    folder = read(write(tmp_path, pairs()))
    settings = replace(SMALL, weights=Weights({"like": 1.0}), blend=Blend(votes=0.3, names=0.7))
    train = folder.train.tocoo()
    done: dict[str, list[Event]] = {user: [] for user in folder.users}
    for row, column in zip(train.row, train.col, strict=True):
        user = folder.users[row]
        done[user].append(Event(user, folder.items[column], "like", 1e9))
    bundle = fit([e for events in done.values() for e in events], [], settings=settings, now=1e9)
    column_of = [folder.items.index(item) for item in bundle.items]
    crowd = Crowd(folder.train[:, column_of], folder.friends, bundle.item_factors, settings)
    part = Part(crowd.user_items, crowd.user_items)
    [top] = best(crowd, np.arange(len(folder.users)), 5, masked=part.train)
    for row, user in enumerate(folder.users):
        theirs = folder.friends[[row]].indices
        friends = tuple(Friend(folder.users[f], tuple(done[folder.users[f]])) for f in theirs)
        found = rank(
            bundle,
            Request(
                history=tuple(done[user]),
                friends=friends,
                owned=frozenset(event.item for event in done[user]),
                top=5,
                now=1e9,
            ),
        )
        assert [bundle.items[item] for item in top.items[row]] == [s.item for s in found]
        assert top.has_friend[row].tolist() == [s.reason.friend is not None for s in found]
