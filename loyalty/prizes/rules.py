"""What a prize on its way is, and the code with which a gift is collected. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from core import ids
from core.days import day_after
from core.keys import maker

Kind = Literal["points", "voucher", "gift", "invitation"]
State = Literal[
    "held",
    "open",
    "given",
    "collected",
    "accepted",
    "expired",
    "passed_on",
    "withheld",
    "taken_back",
]
Unclaimed = Literal["expires", "passes_on"]
# Where a prize can still be kept from its owner, or taken back.
DOUBTABLE: tuple[State, ...] = ("held", "open", "given")
RELEASES_NEEDED = 2
_TICK = timedelta(microseconds=1)
_PURPOSE, _BITS, _CHARACTERS = "gift-code", 45, 9


@dataclass(frozen=True)
class Worth:
    """What is won. `value` is points, or minor units of `currency`; gift and invitation: a title.

    These two wait `claim_days`; what happens then, `unclaimed` says.
    """

    kind: Kind
    value: int = 0
    currency: str | None = None
    title: str = ""
    claim_days: int = 14
    unclaimed: Unclaimed = "expires"

    @property
    def waits(self) -> bool:
        """Whether its owner has to come for it."""
        return self.kind in ("gift", "invitation")


@dataclass(frozen=True)
class AwardView:
    """A prize of one owner. It is open until `claim_until`, excluded; `code` opens a gift."""

    id: str
    programme_id: str
    contest_id: str
    place: int
    turn: int
    owner_id: str
    source: str
    worth: Worth
    state: State
    awarded_at: datetime
    claim_until: datetime | None
    settled_at: datetime | None
    reason: str | None
    is_doubted: bool = False
    code_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Basis:
    """The place and score by which a prize was won, and what they would be now; None for none."""

    place_then: int
    place_now: int | None
    score_then: int
    score_now: int

    @property
    def holds(self) -> bool:
        """Whether what is left of it would still have won the prize."""
        return self.place_now is not None and self.place_now <= self.place_then


def waits_until(worth: Worth, zone: str, now: datetime) -> datetime:
    """When somebody who may come from now on is too late: at the end of a day of the zone.

    Owners read of a last day, so the whole of it counts.
    """
    return day_after(now - _TICK, zone, worth.claim_days)


def state_at(state: State, claim_until: datetime | None, now: datetime) -> State:
    """The state to show: expired from the instant at which waiting ends, before any clean-up."""
    is_over = state == "open" and claim_until is not None and claim_until <= now
    return "expired" if is_over else state


def gift_code(award_id: str, key: bytes) -> str:
    """The ten characters shown on a phone, the last of them a check; stored nowhere."""
    code = ids.crockford(ids.derive(key, _PURPOSE, award_id, _BITS), _CHARACTERS)
    return code + ids.crockford_check(code)


def code_hash(code: str, key: bytes) -> str:
    """What is stored of a gift's code."""
    return ids.keyed_hash(key, _PURPOSE, code)


def shown_code(award: AwardView, key: bytes) -> str:
    """The code that was shown first, by its stored hash, also after a change of keys."""
    return gift_code(
        award.id,
        maker(key, lambda one: code_hash(gift_code(award.id, one), one) == award.code_hash),
    )


def read_code(typed: str) -> str | None:
    """The code that somebody typed or scanned, or None where it cannot be one."""
    code = ids.normalise_code(typed)
    if code is None or len(code) != _CHARACTERS + 1:
        return None
    return code if ids.crockford_check(code[:-1]) == code[-1] else None
