"""My card: a code that says at a till who I am, new every minute."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from core import clock
from core.ids import group
from retail.accounts import cards
from retail.brands import queries as brands
from web.auth import current_member, guarded, settings
from web.pages.shopper.barcode import Bars, bars
from web.write import read

card = guarded(Blueprint("my_card", __name__), by="member_page")


@dataclass(frozen=True)
class ShownCard:
    """A card as it stands on the phone; `renews_in` and `ends_in` are seconds from now."""

    name: str
    code: str
    bars: Bars
    renews_in: int
    ends_in: int

    @property
    def grouped(self) -> str:
        """The code as people read it out: four groups of four."""
        return group(self.code, 4)


@card.get("/me/card")
@read
def show(session: Any) -> str:
    """My card, whole."""
    brand = brands.get_brand(session, current_member().brand_id)
    return render_template("shopper/card.html", brand=brand, card=my_card())


def my_card() -> ShownCard:
    """The card of whoever is signed in, as of now."""
    member, now = current_member(), clock.now()
    code = cards.code_of(cards.CARD, member, now=now, key=settings().key)
    left = cards.CARD.renews_at(now) - now
    renews_in = int(left.total_seconds()) + 1
    ends_in = int((left + cards.CARD.lifetime / 2).total_seconds())
    return ShownCard(member.public_name, code, bars(code), renews_in, ends_in)
