"""My page, and what I won."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from core import clock
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import Prize
from loyalty.ledger import queries as ledger
from loyalty.prizes import queries as prizes_queries
from loyalty.vouchers import queries as vouchers
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.consent import queries as consent
from retail.consent.rules import PUBLIC_OUTFITS
from retail.friends import queries as friends
from retail.outfits import queries as outfits
from retail.receipts import queries as receipts
from retail.saves import queries as saves
from web.auth import current_member, guarded, settings
from web.pages.shopper.awards import shown_awards
from web.pages.shopper.look_alike import named_today
from web.pages.shopper.my_vouchers import shown_vouchers
from web.write import read

me = guarded(Blueprint("my_page", __name__), by="member_page")
_MANY = 200


@dataclass(frozen=True)
class Win:
    """A season that ended well."""

    rank: int
    prize: Prize
    board_name: str
    closed_at: datetime


@me.get("/me")
@read
def show(session: Any) -> Any:
    """Everything that is mine, and what others can see of it."""
    member = accounts.get_member(session, current_member().id, now=clock.now())
    return render_template(
        "shopper/me.html",
        brand=brands.get_brand(session, member.brand_id),
        viewer=member,
        alike=named_today(session, member),
        **_at_a_glance(session, member),
    )


@me.get("/me/prizes")
@read
def prizes(session: Any) -> Any:
    """What I won: vouchers first, they expire."""
    return render_template("shopper/prizes.html", **won(session))


def won(session: Any) -> dict[str, Any]:
    """What I won as it stands just now, and the topic that says when that changed."""
    member = current_member()
    brand = brands.get_brand(session, member.brand_id)
    found = vouchers.vouchers_of(session, brand.id, member.id, now=clock.now(), key=settings().key)
    return {
        "brand": brand,
        "topic": f"member:{member.id}",
        "vouchers": shown_vouchers(session, found, brand),
        "points": ledger.balance(session, brand.id, member.id),
        "pending": ledger.pending(session, brand.id, member.id),
        "wins": _wins(session, member),
        "awards": shown_awards(
            prizes_queries.awards_of(session, brand.id, member.id),
            now=clock.now(),
            key=settings().key,
        ),
    }


def _at_a_glance(session: Any, member: MemberView) -> dict[str, Any]:
    return {
        "friends": friends.count_friends(session, member.id),
        "looks": len(outfits.outfits_of(session, member.id)),
        "saved": saves.count_saved(session, member.id)
        + saves.count_saved_pieces(session, member.id),
        "receipts": len(receipts.receipts_of(session, member.id, limit=_MANY)),
        "points": ledger.balance(session, member.brand_id, member.id),
        "is_enlisted": bool(leaderboards.enlisted(session, member.brand_id, {member.id})),
        "is_public": consent.has_consent(session, member.id, PUBLIC_OUTFITS),
    }


def _wins(session: Any, member: MemberView) -> list[Win]:
    """The last closed season of each board, where the member won something and kept it."""
    awards = prizes_queries.awards_of(session, member.brand_id, member.id)
    lost = {(one.contest_id, one.place) for one in awards if one.state == "taken_back"}
    names = {store.id: store.name for store in brands.list_stores(session, member.brand_id)}
    wins = []
    for board in leaderboards.boards(session, member.brand_id):
        season = leaderboards.latest_closed_season(session, board.id)
        if season is None or season.closed_at is None:
            continue
        by_place = {prize.place: prize for prize in season.prizes}
        for final in leaderboards.final(session, season.id, places=tuple(by_place)):
            if final.owner_id == member.id and (season.id, final.place) not in lost:
                name = names.get(board.scope_id, _("All stores"))
                wins.append(Win(final.rank, by_place[final.place], name, season.closed_at))
    return sorted(wins, key=lambda win: win.closed_at, reverse=True)
