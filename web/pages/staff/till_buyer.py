"""Whose basket it is at the staff till: by a card that is read once, then for this basket alone."""

from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.errors import Invalid
from core.transaction import database
from retail.accounts import cards
from retail.accounts.card_holders import find_holder
from retail.accounts.queries import MemberView
from retail.journeys.baskets.read_card import read_card
from web import limits
from web.auth import current_staff, settings


@dataclass(frozen=True)
class Buyer:
    """A member by first name and initial; `held` stands for their card while this basket lasts."""

    id: str
    name: str
    held: str


def read_buyer(reference: str) -> Buyer | None:
    """Whose basket the form says it is: by a card, or one read before; None where it says nobody.

    A card that is read is noted by itself, whatever becomes of the basket, for its member was
    seen. Raises Invalid for one that opens nothing.
    """
    typed, held = (request.form.get(name, "").strip() for name in ("card", "held"))
    if not typed and (not held or "forget" in request.form):
        return None
    member = _show(typed) if typed else _recall(held, reference)
    if member is None:
        limits.count_wrong_codes(1 if typed else 0)
        sentence = _("This card opens nothing. Ask for a new code.")
        raise Invalid("card_unknown", sentence, fields={"card": [sentence]})
    # Held from when the card was read, however often the basket is looked at since.
    held = _hold(member, reference) if typed else held
    g.till_buyer = Buyer(member.id, member.public_name, held)
    return known_buyer()


def known_buyer() -> Buyer | None:
    """Whose basket it was found to be in this request."""
    found: Buyer | None = g.get("till_buyer")
    return found


def _show(typed: str) -> MemberView | None:
    me = current_staff()
    by: dict[str, Any] = {"viewer_kind": me.role, "viewer_id": me.id, "brand_id": me.brand_id}
    with database().write() as session:
        return read_card(session, typed, **by, now=clock.now(), key=settings().key)


def _recall(held: str, reference: str) -> MemberView | None:
    where = {"brand_id": current_staff().brand_id, "scope": _scope(reference)}
    with database().read() as session:
        return find_holder(session, held, cards.HELD, **where, now=clock.now(), key=settings().key)


def _hold(member: MemberView, reference: str) -> str:
    when = {"now": clock.now(), "key": settings().key}
    return cards.code_of(cards.HELD, member, scope=_scope(reference), **when)


def _scope(reference: str) -> str:
    """One basket of one colleague: nobody takes it along to another."""
    return f"{current_staff().id}:{reference}"
