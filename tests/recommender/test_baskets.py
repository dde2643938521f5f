"""`python -m recommender evaluate-baskets`, on receipts made so that the answer is known."""

import json
from pathlib import Path

import numpy as np
import pytest

from recommender.baskets import (
    TEST,
    How,
    Shop,
    confidence,
    cosine,
    damped,
    evaluate_baskets,
    figures_of,
    fitted,
    places,
    popularity,
    together,
    trials,
)
from recommender.cli import main
from recommender.receipts import Receipts, read

HEADER = "week\thousehold\tbasket\tproduct\n"


def table(path: Path) -> Path:
    """Ten households: tea goes with milk, bread with jam, and each has an odd thing of its own."""
    rows, basket = [], 0
    for week in range(1, 54):
        for household in range(0, 40, 4):
            basket += 1
            goods = ("tea", "milk") if (week + household // 4) % 2 else ("bread", "jam")
            rows += [(week, household, basket, good) for good in goods]
            rows.append((week, household, basket, f"odd-{household}"))
    path.write_text(HEADER + "".join("\t".join(map(str, row)) + "\n" for row in rows))
    return path


def test_what_goes_together_is_found_more_often_than_what_is_popular(tmp_path: Path) -> None:
    seen = evaluate_baskets(table(tmp_path / "receipts.tsv"))["usual"]["any"]
    assert seen["trials"] == 60 * 4
    assert seen["together"]["mrr@10"] > seen["popularity"]["mrr@10"]
    assert seen["with_history"]["mrr@10"] > seen["together"]["mrr@10"]


def test_only_what_was_sold_in_the_weeks_of_the_fit_is_asked_for(tmp_path: Path) -> None:
    path = table(tmp_path / "receipts.tsv")
    path.write_text(path.read_text() + "53\t0\t9999\ttea\n53\t0\t9999\tnovelty\n")
    seen = evaluate_baskets(path)
    assert seen["all"]["any"]["trials"] == 60 * 4  # with a novelty left out, tea is alone
    assert int(read(path).weeks.max()) == 53


def test_of_the_usual_products_the_rare_are_neither_asked_for_nor_ranked(tmp_path: Path) -> None:
    path = table(tmp_path / "receipts.tsv")
    rare = "".join(f"7\t0\t{basket}\tsaffron\n" for basket in range(9000, 9004))
    path.write_text(path.read_text() + rare + "53\t0\t9999\ttea\n53\t0\t9999\tsaffron\n")
    seen = evaluate_baskets(path)
    assert (seen["usual"]["products"], seen["all"]["products"]) == (14, 15)
    assert seen["usual"]["any"]["trials"] + 4 == seen["all"]["any"]["trials"]


def small(tmp_path: Path) -> tuple[Receipts, Shop]:
    """Tea with milk nine times, with honey three, honey alone three; rooibos is a tea, once."""
    many = [("tea", "milk")] * 9 + [("tea", "honey")] * 3 + [("honey",)] * 3 + [("rooibos",)]
    rows = [(1, "ann", n, good) for n, goods in enumerate(many) for good in goods]
    rows += [(50, "bob", 99, "rooibos"), (50, "bob", 99, "milk"), (49, "bob", 98, "tea")]
    rows += [(50, "ann", 97, "tea"), (50, "ann", 97, "milk")]
    head, kind_of = "week\thousehold\tbasket\tproduct\tkind\n", {"tea": "t", "rooibos": "t"}
    lines = ["\t".join(map(str, (*row, kind_of.get(str(row[3]), row[3])))) for row in rows]
    path = tmp_path / "small.tsv"
    path.write_text(head + "\n".join(lines) + "\n")
    receipts = read(path)
    return receipts, fitted(receipts)


TEA, MILK, HONEY, ROOIBOS = range(4)


def test_the_controls_are_the_formulas_that_they_are_named_after(tmp_path: Path) -> None:
    _, shop = small(tmp_path)
    anchor = np.array([TEA])
    assert popularity(shop)(anchor)[0].tolist() == [12, 9, 6, 1]
    assert confidence(shop)(anchor)[0, 1:].tolist() == [9 / 12, 3 / 12, 0]
    seen = cosine(shop)(anchor)[0, 1:]
    assert seen == pytest.approx([9 / np.sqrt(12 * 9), 3 / np.sqrt(12 * 6), 0])
    assert damped(shop)(anchor)[0, MILK] == pytest.approx(7 / 12 / (9 / 16) ** 0.2)


def test_an_anchor_that_was_seldom_bought_borrows_from_its_kind(tmp_path: Path) -> None:
    _, shop = small(tmp_path)
    anchor = np.array([ROOIBOS])
    assert not damped(shop)(anchor).any()
    seen = together(shop, How(kind=13))(anchor)[0]
    # Of 13 baskets with a tea, 9 have milk, none has a second tea.
    assert seen[MILK] == pytest.approx(13 * 9 / 13 / (9 / 16) ** 0.2 / (1 + 13))
    assert seen[TEA] == seen[ROOIBOS] == 0
    assert seen[MILK] > seen[HONEY] > 0


def test_a_new_target_is_looked_for_among_what_the_household_had_not(tmp_path: Path) -> None:
    receipts, shop = small(tmp_path)
    asked = trials(receipts.of(TEST), draws=8)
    before, new = places(shop, asked, popularity(shop))
    assert len(asked.targets) == 16
    for row, target in enumerate(asked.targets):
        if shop.mine(50, int(asked.households[row]))[0].tolist() == [TEA]:  # bob had tea alone
            assert before[row] == {MILK: 1, ROOIBOS: 2}[int(target)]
            assert new[row] == {MILK: 0, ROOIBOS: 1}[int(target)]
        else:  # and ann everything
            assert new[row] == -1


def test_pairs_of_one_basket_count_as_one_for_the_error() -> None:
    baskets = np.repeat(np.arange(50), 4)
    hits = np.where(np.arange(50) % 2, 0, 99)
    once = figures_of(hits, np.arange(50))
    assert once["hit_rate@10"] == 0.5
    assert once["hit_rate@10_se"] == pytest.approx(0.5 / np.sqrt(50))
    assert figures_of(np.repeat(hits, 4), baskets) == pytest.approx(once)


def test_the_command_prints_and_writes_what_it_saw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path / "receipts.tsv")
    assert main(["evaluate-baskets", str(path), "--json", str(tmp_path / "seen.json")]) == 0
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert f"{seen['usual']['any']['together']['mrr@10']:.4f}" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", HEADER, f"{HEADER}one\ta\tb\tc\n", f"{HEADER}1\ta\n"])
def test_what_is_no_table_of_receipts_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    path = tmp_path / "receipts.tsv"
    path.write_text(content)
    assert main(["evaluate-baskets", str(path)]) == 2
    assert "receipts.tsv" in capsys.readouterr().err
