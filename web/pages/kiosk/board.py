"""The kiosk: league, trending wall, invitation, one live line, and looks while nobody is near."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template

from core import clock
from loyalty.campaigns import running
from retail.audiences.present import choose_looks
from retail.devices import rules as device_rules
from retail.outfits.queries import OutfitView
from web.auth import guarded, settings
from web.devices import find_device
from web.pages.campaign_words import announced_words
from web.pages.leagues import (
    KIOSK_ROWS,
    Place,
    asked_place,
    find_board,
    last_winners,
    running_table,
    topics_of,
)
from web.pages.wall import favourites, trending_with_likes, with_likes
from web.write import read

kiosk = guarded(Blueprint("kiosk", __name__), by="anyone")
LOOKS = 6
MOST_ANNOUNCED = 4


@kiosk.get("/kiosk/<brand_slug>/<store_slug>")
@read
def show(session: Any, brand_slug: str, store_slug: str) -> Any:
    """The whole screen of a store."""
    place = asked_place(session, brand_slug, store_slug)
    return render_template("kiosk/board.html", **content(session, place))


def content(session: Any, place: Place) -> dict[str, Any]:
    """Everything a kiosk shows; its fragments take what they need."""
    now = clock.now()
    board = find_board(session, place)
    chosen = _chosen(session, place, now=now)
    trending = _trending(session, place, now=now) if chosen is None else chosen
    return {
        "brand": place.brand,
        "store": place.store,
        "cadence": place.cadence,
        "kind": place.kind,
        "table": running_table(session, board, rows=KIOSK_ROWS, now=now),
        "winners": last_winners(session, board, now=now),
        "trending": trending,
        "is_chosen": chosen is not None,
        "favourites": favourites(session, [one for one, _ in trending], now=now),
        "announced": _announced(session, place, now=now),
        "invitation": f"{settings().public_url.rstrip('/')}/b/{place.brand.slug}",
        "topics": topics_of(board, place),
        "now": now,
    }


def _trending(session: Any, place: Place, *, now: datetime) -> list[tuple[OutfitView, int]]:
    store_id = place.store.id if place.store else None
    return trending_with_likes(session, place.brand.id, store_id=store_id, now=now, limit=LOOKS)


def _chosen(session: Any, place: Place, *, now: datetime) -> list[tuple[OutfitView, int]] | None:
    """What a crowd in the store likes, on a screen that was let in there.

    Who opens this page from anywhere else asks about people in a shop that they are not in.
    """
    device = find_device()
    is_kiosk = device is not None and device.role == device_rules.KIOSK
    if device is None or place.store is None or not is_kiosk or device.store_id != place.store.id:
        return None
    looks = choose_looks(session, place.store, now=now, limit=LOOKS)
    return None if looks is None else with_likes(session, looks)


def _announced(session: Any, place: Place, *, now: datetime) -> list[tuple[str, Sequence[str]]]:
    """Campaigns that are told to everybody in this store: the name, and what each gives here."""
    if place.store is None:
        return []
    found = running.announced(session, place.brand.id, now=now)
    told = [
        (one.definition.name, announced_words(one.definition, place.store, ends_at=one.ends_at))
        for one in found
    ]
    return [(name, words) for name, words in told if words][:MOST_ANNOUNCED]
