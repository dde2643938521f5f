"""`python -m bench [name…]`: measure, print a table, write `var/bench.json`.

Ends with an error where a figure lies below its floor.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bench import (
    campaigns,
    consent,
    floor,
    friends,
    growth,
    imports,
    influence,
    liability,
    likes,
    lockstep,
    offers,
    pages,
    points,
    previews,
    processes,
    recommend,
    streams,
    vouchers,
    wall,
)
from bench.measure import Figure, table

FIGURES: dict[str, Callable[[], Iterable[Figure]]] = {
    "pages": pages.figures,
    "consent": consent.figures,
    "wall": wall.figures,
    "previews": previews.figures,
    "likes": likes.figures,
    "points": points.figures,
    "friends": friends.figures,
    "lockstep": lockstep.figures,
    "vouchers": vouchers.figures,
    "liability": liability.figures,
    "growth": growth.figures,
    "imports": imports.figures,
    "campaigns": campaigns.figures,
    "streams": streams.figures,
    "floor": floor.figures,
    "processes": processes.figures,
    "recommend": recommend.figures,
    "offers": offers.figures,
}
# Only when named: these take minutes, or gigabytes.
LARGE: dict[str, Callable[[], Iterable[Figure]]] = {
    "recommend-large": recommend.large,
    "influence": influence.figures,
}
RESULT = Path("var/bench.json")


def main(names: list[str]) -> int:
    """Take the figures named, or all but the large ones."""
    known = FIGURES | LARGE
    if unknown := set(names) - set(known):
        print(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
        return 2
    seen: list[Figure] = []
    for name in names or FIGURES:
        began = time.monotonic()
        seen += known[name]()
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(table(seen))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps([figure.as_json() for figure in seen], indent=2) + "\n")
    return 1 if any(figure.verdict == "below" for figure in seen) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
