"""Prizes that wait for their winner, as a phone shows them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from loyalty.prizes.rules import AwardView, State, Worth, shown_code, state_at


@dataclass(frozen=True)
class ShownAward:
    """A gift, an invitation, or a prize that is being checked; `code` is for an open gift only.

    Doubted, it waits until somebody has said whether it stands.
    """

    id: str
    worth: Worth
    state: State
    code: str
    claim_until: datetime | None
    settled_at: datetime | None
    reason: str | None
    is_doubted: bool


def shown_awards(found: Iterable[AwardView], *, now: datetime, key: bytes) -> list[ShownAward]:
    """What a winner sees: points and vouchers that are surely theirs stand elsewhere already."""
    return [_shown(each, now, key) for each in found if each.state != "given" or each.is_doubted]


def _shown(award: AwardView, now: datetime, key: bytes) -> ShownAward:
    # While it is doubted, its time stands still.
    state = award.state if award.is_doubted else state_at(award.state, award.claim_until, now)
    is_ready = award.worth.kind == "gift" and state == "open" and not award.is_doubted
    return ShownAward(
        award.id,
        _as_won(award.worth),
        state,
        shown_code(award, key) if is_ready else "",
        award.claim_until,
        award.settled_at,
        award.reason,
        award.is_doubted,
    )


def _as_won(worth: Worth) -> Worth:
    """What a gift costs the shop is not for its winner."""
    if worth.kind in ("points", "voucher"):
        return worth
    return replace(worth, value=0, currency=None)
