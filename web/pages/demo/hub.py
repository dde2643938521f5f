"""The demo's front door: every screen with link and code, and the tills as they ring."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from core import clock
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import SeasonView
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.brands.vocabulary import speaking
from retail.offers import queries as offers
from retail.outfits.queries import OutfitView
from retail.receipts import codes, queries
from retail.staff import queries as staff
from web.auth import settings
from web.pages.demo.stand_ins import StandIn, apart, read_stand_ins
from web.pages.wall import trending_with_likes

TODAY = timedelta(hours=24)
LOOKS = 5
# Nobody real has such an address, so it can stand on a page.
INVENTED = "@shopper.example"


@dataclass(frozen=True)
class Screen:
    """A screen with its address; `group` is floor, store, phone or desk."""

    group: str
    title: str
    address: str
    text: str
    symbol: str
    where: str


@dataclass(frozen=True)
class Told:
    """Somebody invented who has an offer thanks to a friend, where they read it, and the slip."""

    email: str
    address: str
    print_path: str


@dataclass(frozen=True)
class TillState:
    """What the tills of a store did in the last day. `last_print` is the newest receipt."""

    store: StoreView
    receipts: int
    claimed: int
    sold_minor: int
    last_at: datetime | None
    last_print: str | None


def page(session: Any) -> str:
    """The hub. It shows takings and receipts, so it is for a development only."""
    brand = _brand(session)
    with speaking(brand.words if brand else ""):
        return render_template("demo/hub.html", brand=brand, **_content(session, brand))


def till_states(session: Any) -> list[TillState]:
    """The tills of every store of the brand that is shown."""
    brand = _brand(session)
    stores = brands.list_stores(session, brand.id) if brand else []
    since = clock.now() - TODAY
    return [_till_state(session, store, since) for store in stores]


def _brand(session: Any) -> BrandView | None:
    """The brand that the address names, else the first by name."""
    slug = request.args.get("shop")
    if slug is not None:
        return brands.get_brand_by_slug(session, slug)
    return next(iter(brands.list_brands(session)), None)


def _content(session: Any, brand: BrandView | None) -> dict[str, Any]:
    stores = brands.list_stores(session, brand.id) if brand else []
    now = clock.now()
    looks = trending_with_likes(session, brand.id, now=now, limit=LOOKS) if brand else []
    return {
        "stores": stores,
        "shops": brands.list_brands(session),
        "told": _told(session, brand, now) if brand else None,
        "screens": [
            *_on_the_floor(stores),
            *_in_store(brand, stores),
            *_on_phones(brand, stores, looks),
            *_for_staff(session, brand),
            *_at_desks(),
        ],
        "trending": looks,
        "tills": till_states(session),
        "topics": [f"store:{store.id}" for store in stores],
        "season": _next_to_close(session, brand, now),
        "base_address": settings().public_url.rstrip("/"),
        "now": now,
    }


def _told(session: Any, brand: BrandView, now: datetime) -> Told | None:
    """The newest offer thanks to a friend that still stands, if it is one of the demo's."""
    offer = offers.newest_with_friend(session, brand.id, now=now)
    email = accounts.profile(session, offer.member_id, now=now).email if offer else ""
    if offer is None or not email.endswith(INVENTED):
        return None
    link = codes.print_url("", settings().key, offer.receipt_id)
    return Told(email, f"/join/{brand.slug}?next=/me/offers", link)


def _next_to_close(session: Any, brand: BrandView | None, now: datetime) -> SeasonView | None:
    seasons = leaderboards.open_seasons(session, brand.id, now) if brand else []
    return min(seasons, key=lambda season: (season.ends_at, season.id), default=None)


def _till_state(session: Any, store: StoreView, since: datetime) -> TillState:
    rung = queries.takings(session, store.id, since=since)
    if rung is None:
        return TillState(store, 0, 0, 0, None, None)
    link = codes.print_url("", settings().key, rung.last_receipt_id)
    return TillState(store, rung.receipts, rung.claimed, rung.sold_minor, rung.last_at, link)


def _in_store(brand: BrandView | None, stores: list[StoreView]) -> list[Screen]:
    return [
        Screen(
            "store",
            _("Kiosk, %(store)s", store=store.name),
            f"/kiosk/{brand.slug}/{store.slug}",
            _("League, trending wall and the live line. Left alone, it shows looks."),
            "monitor-bold",
            _("1920 × 1080, landscape"),
        )
        for store in stores
        if brand
    ]


def _on_the_floor(stores: list[StoreView]) -> list[Screen]:
    """Devices that whoever looks at the demo can be, where they stand in one of these stores."""
    here = {store.slug for store in stores}
    base = settings().public_url.rstrip("/")
    return [_as_device(one, apart(base, one)) for one in read_stand_ins() if one.store in here]


def _as_device(one: StandIn, address: str) -> Screen:
    if one.kind == "room":
        text = _("What its reader hears, live. Touch it: ask for another size.")
        where = _("1080 × 1920, portrait")
        return Screen("floor", one.title, address, text, "coat-hanger-bold", where)
    if one.kind == "kiosk":
        text = _("Link a phone to it: your place in the league, and what friends like.")
        where = _("1920 × 1080, landscape")
        return Screen("floor", one.title, address, text, "monitor-bold", where)
    text = _(
        "You are %(name)s. Take on what a room asks for, before the simulated one does.",
        name=one.title,
    )
    title, where = _("Requests on the tablet"), _("1180 × 820, landscape")
    return Screen("floor", title, address, text, "user-bold", where)


def _on_phones(
    brand: BrandView | None, stores: list[StoreView], looks: list[tuple[OutfitView, int]]
) -> list[Screen]:
    if brand is None:
        return []
    typing = _("For a receipt whose square won’t scan.")
    pages = [
        (_("Front page"), f"/b/{brand.slug}", _("Where a shopper begins.")),
        (_("Join or sign in"), f"/join/{brand.slug}", _("A code by e-mail, no password.")),
        (_("The wall"), f"/wall/{brand.slug}", _("Every look that hangs, newest first.")),
        (_("The league"), f"/league/{brand.slug}", _("All stores, this week or month.")),
        (_("My page"), "/me", _("Looks, receipts, prizes and privacy, once signed in.")),
    ]
    for look, _likes in looks[:1]:
        words = look.caption or look.stylist_name
        pages.append((_("The look of the moment"), f"/o/{look.id}", words))
    for store in stores[:1]:
        title = _("Type a code, %(store)s", store=store.name)
        pages.append((title, f"/c/{brand.slug}/{store.slug}", typing))
        title = _("The door of %(store)s", store=store.name)
        pages.append((title, f"/in/{brand.slug}/{store.slug}", _("Where a member checks in.")))
    return [Screen("phone", *page, "device-mobile-bold", _("Phone")) for page in pages]


def _for_staff(session: Any, brand: BrandView | None) -> list[Screen]:
    found = staff.list_staff(session, brand.id) if brand else []
    words = ", ".join(f"{each.email} ({each.title})" for each in found if not each.disabled_at)
    if brand is None or not words:
        return []
    text = _("Sign in as %(people)s; the code lands in the mailbox.", people=words)
    title, address = _("Staff pages"), f"/staff/sign-in/{brand.slug}"
    return [Screen("desk", title, address, text, "user-bold", _("Tablet"))]


def _at_desks() -> list[Screen]:
    docs = (_("API documentation"), "/api/v1/docs", _("Every route and every error, to try out."))
    mailbox = (_("Mailbox"), "/dev/mailbox", _("Sign-in codes land here while developing."))
    pages = [docs, mailbox] if settings().is_development else [docs]
    symbols = ("globe-bold", "envelope-simple-bold")
    return [
        Screen("desk", *page, symbol, _("Desk"))
        for page, symbol in zip(pages, symbols, strict=False)
    ]
