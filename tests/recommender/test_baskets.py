"""`python -m recommender evaluate-baskets`, on receipts made so that the answer is known."""

import json
from pathlib import Path

import pytest

from recommender.baskets import evaluate_baskets, read
from recommender.cli import main

HEADER = "week\thousehold\tbasket\tproduct\n"


def table(path: Path) -> Path:
    """Forty households; tea goes with milk, bread with jam, and of twenty odd things none does."""
    rows, basket = [], 0
    for week in range(1, 54):
        for household in range(0, 40, 4):
            basket += 1
            goods = ("tea", "milk") if (week + household // 4) % 2 else ("bread", "jam")
            rows += [(week, household, basket, good) for good in goods]
            rows.append((week, household, basket, f"odd-{(week * 7 + household) % 20}"))
    path.write_text(HEADER + "".join("\t".join(map(str, row)) + "\n" for row in rows))
    return path


def test_what_goes_together_is_found_more_often_than_what_is_popular(tmp_path: Path) -> None:
    seen = evaluate_baskets(table(tmp_path / "receipts.tsv"))
    popular, together = seen["any"]["popularity"], seen["any"]["together"]
    assert seen["any"]["trials"] == 60
    assert together["mrr@10"] > popular["mrr@10"]
    assert seen["any"]["with_history"]["hit_rate@10"] >= together["hit_rate@10"]


def test_only_what_came_before_the_week_of_a_basket_is_known(tmp_path: Path) -> None:
    path = table(tmp_path / "receipts.tsv")
    later = path.read_text() + "53\t0\t9999\ttea\n53\t0\t9999\tnovelty\n"
    path.write_text(later)
    receipts = read(path)
    seen = evaluate_baskets(path)
    assert seen["any"]["trials"] == 60  # the novelty was never sold before, so nobody asks for it
    assert int(receipts.weeks.max()) == 53


def test_the_command_prints_and_writes_what_it_saw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path / "receipts.tsv")
    assert main(["evaluate-baskets", str(path), "--json", str(tmp_path / "seen.json")]) == 0
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert f"{seen['any']['together']['mrr@10']:.4f}" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", HEADER, f"{HEADER}one\ta\tb\tc\n", f"{HEADER}1\ta\n"])
def test_what_is_no_table_of_receipts_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    path = tmp_path / "receipts.tsv"
    path.write_text(content)
    assert main(["evaluate-baskets", str(path)]) == 2
    assert "receipts.tsv" in capsys.readouterr().err
