"""Doubt prizes: where goods that came back had won one, somebody says whether it stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import emit
from loyalty.leaderboards import corrections
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import Final
from loyalty.prizes import doubts
from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import DOUBTABLE, AwardView, Basis
from loyalty.vouchers import queries as vouchers
from retail.outfits import queries as outfits


@dataclass(frozen=True)
class PrizeDoubted:
    """What won a prize came back in part, and somebody is to say whether it stands."""

    award_id: str


def doubt_prizes(session: Session, brand_id: str, member_id: str, *, now: datetime) -> None:
    """Doubt each prize of a member that what is left of their score would not have won.

    What was collected, accepted or used stays with its winner. The caller holds the fold gate, so
    that no season closes meanwhile.
    """
    for award in prizes.awards_of(session, brand_id, member_id):
        if award.state not in DOUBTABLE or not _can_come_back(session, award, now):
            continue
        basis = _basis(session, award)
        if basis is None or basis.holds:
            continue
        if doubts.doubt(session, award.id, basis, now=now):
            emit(session, PrizeDoubted(award.id), topics=[f"member:{member_id}"])


def _can_come_back(session: Session, award: AwardView, now: datetime) -> bool:
    if award.state != "given" or award.worth.kind != "voucher":
        return True
    voucher = vouchers.find_validity(session, award.programme_id, award.source, now=now)
    return voucher is not None and voucher.state == "issued"


def _basis(session: Session, award: AwardView) -> Basis | None:
    """What won a prize, and what is left of it; None where nothing was lost."""
    frozen = _won_with(session, award)
    left = {one.owner_id: one for one in corrections.corrected(session, award.contest_id)}
    if frozen is None or left.get(frozen.owner_id) == frozen:
        return None
    now = left.get(frozen.owner_id)
    return Basis(frozen.place, now.place if now else None, frozen.score, now.score if now else 0)


def _won_with(session: Session, award: AwardView) -> Final | None:
    """The place that won: that of the prize, or the best of whom it was passed on to."""
    if award.turn == 0:
        return next(iter(leaderboards.final(session, award.contest_id, places=[award.place])), None)
    mine = {award.owner_id, *outfits.looks_of(session, award.owner_id)}
    finals = leaderboards.final(session, award.contest_id)
    return next((one for one in finals if one.owner_id in mine), None)
