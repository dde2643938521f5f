"""How far the proofs go: a seeded slice in `make test`, the long form in `make proof`.

PROOF=1 is the long form that docs/proofs.md lists, PROOF=0.01 a hundredth of it, PROOF=10 ten
times as much; unset, it is the slice. Every proof asks here, and nowhere else, for its length.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

FACTOR = float(os.environ.get("PROOF") or 0)
# Now and then a run ends early, so 45 of them take 2,000 steps and some more.
RUNS, STEPS = 45, 50
PLAY = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    # A failure is shown as it was found: shrinking one takes minutes.
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
_ROUND = re.compile(r"-round \d+|\[round \d+\]|(?<=\[)round \d+-")


def times(slice_: int, proof: int) -> int:
    """How often to try: `slice_`, or in `make proof` a share of `proof` and no less than it."""
    return max(slice_, round(proof * FACTOR))


def seeds(mark: Any) -> range:
    """The rounds of a test that is marked `proof(rounds=…)`; each begins on an empty database."""
    return range(times(1, mark.kwargs.get("rounds", 1) if mark else 1))


def play(machine: type[RuleBasedStateMachine], number: int, *, runs: int = RUNS) -> None:
    """Take `runs` × STEPS steps with a machine: the same ones whenever the number is the same."""
    run_state_machine_as_test(seed(number)(machine), settings=settings(PLAY, max_examples=runs))


def table(reports: Iterable[Any]) -> Iterator[str]:
    """The seconds of each proof, its rounds together, longest first, and figures that it saw."""
    seconds: dict[str, float] = defaultdict(float)
    rounds: dict[str, set[str]] = defaultdict(set)
    figures: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        name = _ROUND.sub("", report.nodeid).removeprefix("tests/")
        seconds[name] += report.duration
        rounds[name].add(report.nodeid)
        if report.when == "call":
            figures[name] += [f"{what}: {seen}" for what, seen in report.user_properties]
    yield f"{'seconds':>10}  {'rounds':>6}  proof"
    for name in sorted(seconds, key=seconds.__getitem__, reverse=True):
        yield f"{seconds[name]:10.1f}  {len(rounds[name]):6}  {name}"
        yield from (f"{'':20}{figure}" for figure in figures[name])
    yield f"{sum(seconds.values()):10.1f}  {sum(map(len, rounds.values())):6}  all"


def round_ids(numbers: Sequence[int]) -> list[str]:
    """How rounds are told apart in the name of a test."""
    return [f"round {number}" for number in numbers]
