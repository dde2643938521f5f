"""Members opened with a stated purpose: each opening is logged, and shown to the member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask import session as browser

from core import clock
from core.errors import SwingtagError
from loyalty.ledger import queries as ledger
from loyalty.vouchers import queries as vouchers
from loyalty.vouchers.rules import VoucherView
from retail.access_log.rules import PURPOSES as WORDS
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.consent import queries as consent
from retail.consent.queries import ConsentView
from retail.journeys.members.open_member import PURPOSES, open_member
from retail.journeys.offers.explain_offer import WHY, Explanation, explain_all
from retail.offers import queries as offers
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.receipts import queries as receipts
from retail.staff import roles
from retail.staff.queries import StaffView
from web.auth import current_staff, guarded, needs, settings
from web.fields import limits, read_form
from web.limits import GUESSES, limited
from web.pages.again import shown_again
from web.schemas.staff import Opening
from web.write import read, write

# As long as a check-in lasts on the shop floor.
OPEN_FOR = timedelta(minutes=15)
_OPENED = "opened"
_MANY, _OFFERS = 200, 10

staff_members = guarded(
    Blueprint("staff_members", __name__, url_prefix="/staff/members"), by="staff_page"
)


@dataclass(frozen=True)
class OpenedMember:
    """What staff see of a member, and for how long: never likes, friends, sizes or addresses.

    `offers` are None where nobody asked to have them explained.
    """

    member: MemberView
    purpose: str
    until: datetime
    consents: Sequence[ConsentView]
    receipts: int
    points: int
    points_pending: int
    looks: Sequence[OutfitView]
    vouchers: Sequence[VoucherView]
    offers: Sequence[Explanation] | None


@staff_members.get("")
@needs(roles.OPEN_MEMBER)
def ask(error: SwingtagError | None = None) -> str:
    """Whom, and what for?"""
    purposes = [(code, WORDS[code]) for code in PURPOSES]
    return render_template(
        "staff/members.html", error=error, purposes=purposes, limits=limits(Opening)
    )


@staff_members.post("")
@needs(roles.OPEN_MEMBER)
@shown_again(ask)
@limited(GUESSES)
@write
def begin(session: Any) -> Any:
    """Open a member, for fifteen minutes."""
    given, staff, now = read_form(Opening), current_staff(), clock.now()
    member_id = open_member(session, **given, staff=staff, now=now)
    browser[_OPENED] = [staff.id, member_id, given["purpose"], now.isoformat()]
    return redirect(url_for("staff_members.show"), 303)


@staff_members.get("/open")
@needs(roles.OPEN_MEMBER)
@read
def show(session: Any) -> Any:
    """The member that was opened last."""
    opened = _opened(session, current_staff())
    if opened is None:
        return redirect(url_for("staff_members.ask"))
    purpose = WORDS[opened.purpose]
    return render_template("staff/member.html", opened=opened, purpose=purpose)


@staff_members.post("/close")
@needs(roles.OPEN_MEMBER)
def close() -> Any:
    """Put the member away again."""
    browser.pop(_OPENED, None)
    return redirect(url_for("staff_members.ask"), 303)


def _opened(session: Any, staff: StaffView) -> OpenedMember | None:
    staff_id, member_id, purpose, opened_at = browser.get(_OPENED) or ("", "", "", "")
    if staff_id != staff.id:
        return None
    until, now = datetime.fromisoformat(opened_at) + OPEN_FOR, clock.now()
    found = accounts.members_by_id(session, [member_id], now=now).get(member_id)
    if found is None or found.brand_id != staff.brand_id or now >= until:
        return None
    looks = outfits.outfits_of(session, member_id)
    return OpenedMember(
        member=found,
        purpose=purpose,
        until=until,
        consents=consent.consents_of(session, member_id),
        receipts=len(receipts.receipts_of(session, member_id, limit=_MANY)),
        points=ledger.balance(session, found.brand_id, member_id),
        points_pending=ledger.pending(session, found.brand_id, member_id),
        looks=[look for look in looks if look.state == "published" and look.audience == "everyone"],
        vouchers=vouchers.vouchers_of(
            session, found.brand_id, member_id, now=now, key=settings().key
        ),
        offers=_offers(session, member_id, now) if purpose == WHY else None,
    )


def _offers(session: Any, member_id: str, now: datetime) -> list[Explanation]:
    made = offers.offers_of(session, member_id, limit=_OFFERS)
    return explain_all(session, made, now=now, minimum_age=settings().minimum_age_years)
