"""Prizes that wait for their winner, as a phone shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from loyalty.prizes.rules import AwardView, State, Worth, shown_code, state_at


@dataclass(frozen=True)
class ShownAward:
    """A gift, an invitation, or a prize that is being checked; `code` is for an open gift only."""

    id: str
    worth: Worth
    state: State
    code: str
    claim_until: datetime | None
    settled_at: datetime | None
    reason: str | None


def shown_awards(found: Iterable[AwardView], *, now: datetime, key: bytes) -> list[ShownAward]:
    """What a winner sees: points and vouchers that were given stand elsewhere already."""
    return [
        ShownAward(
            award.id,
            award.worth,
            state := state_at(award.state, award.claim_until, now),
            shown_code(award, key) if award.worth.kind == "gift" and state == "open" else "",
            award.claim_until,
            award.settled_at,
            award.reason,
        )
        for award in found
        if award.state != "given"
    ]
