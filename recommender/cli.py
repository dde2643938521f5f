"""`python -m recommender`: evaluations at the command line."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from recommender.baskets import as_text, evaluate_baskets
from recommender.evaluate import evaluate
from recommender.folder import BadFolder
from recommender.splits import as_text as splits_as_text
from recommender.splits import evaluate_splits


def main(arguments: list[str] | None = None) -> int:
    """Evaluate a folder or receipts; 2 with a message where there is nothing to evaluate."""
    options = _parser().parse_args(arguments)
    try:
        figures = options.run(options)
    except BadFolder as problem:
        print(problem, file=sys.stderr)
        return 2
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recommender", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    friends = commands.add_parser("evaluate", help="a folder of interactions with friends")
    friends.add_argument("folder", type=Path, metavar="DIR")
    friends.add_argument("--tune", action="store_true", help="on parts of train, never on test")
    friends.set_defaults(run=_friends)
    splits = commands.add_parser("evaluate-splits", help="the same folder, parted anew 8:1:1")
    splits.add_argument("folder", type=Path, metavar="DIR")
    splits.set_defaults(run=_splits)
    receipts = commands.add_parser("evaluate-baskets", help="receipts parted by week")
    receipts.add_argument("table", type=Path, metavar="TABLE")
    receipts.set_defaults(run=_baskets)
    for command in (friends, splits, receipts):
        command.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    return parser


def _friends(options: argparse.Namespace) -> dict[str, Any]:
    report = evaluate(options.folder, is_tuned=options.tune, say=_say)
    print(report.as_text())
    return report.as_json()


def _splits(options: argparse.Namespace) -> dict[str, Any]:
    figures = evaluate_splits(options.folder)
    print(splits_as_text(figures))
    return figures


def _baskets(options: argparse.Namespace) -> dict[str, Any]:
    figures = evaluate_baskets(options.table)
    print(as_text(figures))
    return figures


def _say(line: str) -> None:
    print(line, file=sys.stderr)
