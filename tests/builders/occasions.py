"""Occasions for tests: made, and friends who come to them."""

from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.catalogue.queries import VariantView
from retail.consent.rules import SAME_OCCASION
from retail.journeys.occasions.plan_outfit import plan_outfit
from retail.note_page import queries as note_page
from retail.notifications.wording import word
from retail.occasions import service
from retail.occasions.clashes import Clash, clashes_of
from retail.occasions.rules import ACCEPTED, NewOccasion
from tests.builders.offers import PLAIN
from tests.builders.outfits import bought
from tests.builders.same_outfit import Shop, new_shop


def wish(**overrides: Any) -> NewOccasion:
    """Tom's party on a Saturday in December, at seven in London."""
    values = {"title": "Tom’s party", "on": date(2026, 12, 5), "at": time(19), "place": "Soho"}
    return NewOccasion(**({"zone": "Europe/London"} | values | overrides))


def new_occasion(session: Session, host: MemberView, *guests: MemberView, **about: Any) -> str:
    """The id of an occasion to which these friends come."""
    now = clock.now()
    made = service.make(session, wish(**about), member=host, now=now)
    assert made is not None
    if guests:
        service.invite(session, made, [one.id for one in guests], member=host, now=now)
    for guest in guests:
        service.answer(session, made, ACCEPTED, member=guest, now=now)
    return made


def plan(session: Session, occasion_id: str, member: MemberView, *pieces: VariantView) -> None:
    """Have the member plan to wear what they have."""
    ids = [one.id for one in pieces]
    about = {"outfit_id": None, "member": member, "now": clock.now()}
    plan_outfit(session, occasion_id, variant_ids=ids, **about)


def clashes(session: Session, member: MemberView) -> list[Clash]:
    """What the member may know of who plans the same."""
    return clashes_of(session, member, now=clock.now())


def same_plans(session: Session, *purposes: str) -> tuple[Shop, str]:
    """Sarah's occasion, to which Priya comes; both have the dress, plan it, and agreed to hear."""
    shop = new_shop(session, *(purposes or (SAME_OCCASION,)))
    bought(session, shop.store, shop.sarah, [shop.dress])
    occasion = new_occasion(session, shop.sarah, shop.priya)
    for one in (shop.sarah, shop.priya):
        plan(session, occasion, one, shop.dress)
    return shop, occasion


def inbox(session: Session, member: MemberView) -> list[str]:
    """The titles of a member's notes, as they read just now."""
    brand = brands.get_brand(session, member.brand_id)
    return [word(entry.facts, PLAIN).title for entry in note_page.inbox(session, member.id, brand)]
