"""A month that is over in the demo: stylists with circles of friends, some of whom move people.

It is lived through the same rooms and journeys as any month, only at another time: friends hear
of stylists or are kept from it, come by links, buy, and some of them because they heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from sqlalchemy.orm import Session

from core.config import Settings
from loyalty.ledger import service as ledger
from retail.accounts import queries as accounts
from retail.accounts import service as joining
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.consent import service as consent
from retail.consent.rules import FRIEND_OFFERS, OFFERS, SHARING
from retail.friends import codes
from retail.friends import service as friends
from retail.influence.rules import Month
from retail.journeys.league.give_prize import PRIZE_REASON
from retail.journeys.looks.arrange import arrange
from retail.journeys.looks.lay_out import lay_out
from retail.journeys.looks.like import like
from retail.journeys.looks.publish import publish
from retail.journeys.offers.offer import draw
from retail.outfits import queries as outfits
from retail.outfits.rules import BACKGROUNDS
from retail.outfits.service import PieceChange
from retail.receipts import service as receipts
from retail.receipts.rules import LineInput, ReceiptInput
from retail.saves import service as saves
from retail.sharing import service as sharing
from retail.social import service as social

STORE = "covent-garden"
CIRCLE, CIRCLES = 3, 68
# So many others show looks, and everybody likes so many of theirs.
OTHERS, ELSEWHERE = 24, 4
BORN = date(1991, 4, 12)
# Which circles know whom, whether hearing of them sells, and how many like and buy of a hundred.
CAST: dict[str, tuple[range, int, int, int]] = {
    "Grace Lawal": (range(34), 16_000, 55, 45),
    "Priya Shah": (range(24), 0, 35, 24),
    "Nina Osei": (range(12, 46), 0, 75, 26),
    "Femi Adeyemi": (range(28, 62), 0, 62, 20),
    "Marcus Doyle": (range(34, 68), 0, 98, 13),
    "Callum Reid": (range(40, 68), 0, 42, 12),
}
# What each says of her look, and on which board it lies.
WORDS: dict[str, tuple[str, str]] = {
    "Grace Lawal": ("The coat that gets stopped in the street", "rain"),
    "Priya Shah": ("Saturday market, collar up", "straw"),
    "Nina Osei": ("Late train, warm coat", "bottle"),
    "Femi Adeyemi": ("For every wedding this year", "straw"),
    "Marcus Doyle": ("Bought for the buttons, kept for the warmth", "rain"),
    "Callum Reid": ("Rain on the way, let it", "bottle"),
}
PRIZES = {"Marcus Doyle": 9_000, "Grace Lawal": 6_000, "Nina Osei": 3_000}
NAMES = ("Ines", "Tom", "Asha", "Leo", "Mara", "Owen", "Yara", "Finn", "Zoe", "Idris", "Max")


@dataclass(frozen=True)
class Stylist:
    """Somebody whom circles know, with a link to a look of theirs and a piece of it."""

    member: MemberView
    look: str
    share_id: str
    piece: VariantView


class Past:
    """Everything that happens in one month, by lots that are drawn alike in every demo."""

    def __init__(
        self, session: Session, store: StoreView, month: Month, settings: Settings
    ) -> None:
        self.session, self.store, self.month, self.settings = session, store, month, settings
        self.dice, self.hours, self.number = Random(7), Random(11), count(1)
        self.others: list[str] = []

    def at(self, days: float) -> datetime:
        """So many days into the month."""
        return self.month.starts_at + timedelta(days=days)

    def join(self, name: str, *purposes: str) -> MemberView:
        """Somebody joins at the beginning and agrees to some things."""
        address = f"{name.lower().replace(' ', '.')}.{next(self.number)}@shopper.example"
        member_id, _ = joining.join(self.session, self.store.brand_id, address, now=self.at(0))
        joining.update_profile(
            self.session, member_id, display_name=name, birth_on=BORN, now=self.at(0)
        )
        for purpose in purposes:
            who = {"member_id": member_id, "brand_id": self.store.brand_id, "now": self.at(0)}
            consent.give(self.session, purpose=purpose, **who)
        return accounts.get_member(self.session, member_id, now=self.at(0))

    def befriend(self, member: MemberView, others: Sequence[MemberView]) -> None:
        """A member becomes friends with others by one invitation."""
        who = {"now": self.at(0.1), "key": self.settings.key}
        invitation = friends.invite(self.session, member=member, places=len(others), **who)
        for other in others:
            token = codes.token(self.settings.key, invitation)
            friends.accept(self.session, token, member=other, **who)

    def buy(self, member: MemberView, days: float, minor: int, piece: VariantView | None) -> str:
        """A member buys a piece, or something that the catalogue does not know, and the rest."""
        lines = [LineInput(Decimal(1), minor, description="Alterations")]
        if piece:
            lines.append(
                LineInput(
                    Decimal(1), piece.price_minor, description=piece.style_name, sku=piece.sku
                )
            )
        number = f"past-{next(self.number)}"
        receipt = ReceiptInput("1", number, self.at(days), self.store.currency, tuple(lines))
        return receipts.record(
            self.session,
            store=self.store,
            receipt=receipt,
            variant_ids=[None, piece.id] if piece else [None],
            member_id=member.id,
            now=self.at(days),
            key=self.settings.key,
            code_days=14,
            claim_days=30,
        ).receipt_id

    def show(
        self,
        member: MemberView,
        days: float,
        words: tuple[str, str],
        piece: VariantView,
        *,
        joins_league: bool,
    ) -> str:
        """Somebody lays out a look with a piece, for everyone."""
        now = self.at(days)
        receipt_id = self.buy(member, 0.2, 500, piece)
        look = lay_out(self.session, receipt_id, member=member, now=now)
        self.say(member, look, *words, now=now)
        how = {"member": member, "audience": "everyone", "joins_league": joins_league}
        publish(self.session, look, **how, now=now)
        return look

    def fill_wall(self, captions: Sequence[str], pieces: Sequence[VariantView]) -> None:
        """Others show looks, which people like too: nobody likes those of six alone."""
        for at, caption in enumerate(captions):
            member = self.join(f"{NAMES[at % len(NAMES)]} {chr(65 + at % 26)}.", SHARING)
            words = caption, BACKGROUNDS[at % len(BACKGROUNDS)]
            piece = pieces[at % len(pieces)]
            self.others.append(self.show(member, 0.4, words, piece, joins_league=False))

    def stylist(self, name: str, piece: VariantView) -> Stylist:
        """Somebody shows a look with a piece, joins the league and makes a link."""
        member, now = self.join(name, FRIEND_OFFERS, SHARING), self.at(0.5)
        look = self.show(member, 0.5, WORDS[name], piece, joins_league=True)
        (link,) = sharing.make_links(
            self.session, look, sharer=member, channels=("whatsapp",), now=now
        )
        if points := PRIZES.get(name):
            ledger.earn(
                self.session,
                programme_id=self.store.brand_id,
                owner_id=member.id,
                points=points,
                source=f"prize:past:{member.id}",
                reason=PRIZE_REASON,
                now=self.at(9),
            )
        return Stylist(member, look, link.share_id, piece)

    def say(
        self, member: MemberView, look: str, caption: str, background: str, *, now: datetime
    ) -> None:
        """A stylist puts words to a look, and its pieces where they lie already."""
        mine = outfits.get_own(self.session, look, member_id=member.id)
        lying = [
            PieceChange(one.id, one.x, one.y, one.width, one.rotation, one.depth, is_shown=True)
            for one in mine.pieces
        ]
        arrange(
            self.session,
            look,
            member_id=member.id,
            placements=lying,
            background=background,
            caption=caption,
            expected_version=mine.version,
            now=now,
        )

    def live(self, circle: int, stylists: dict[str, Stylist]) -> None:
        """A circle of friends comes by links, buys, is drawn and goes on to buy."""
        people = [
            self.join(f"{self.dice.choice(NAMES)} {chr(65 + circle % 26)}.", OFFERS)
            for _ in range(CIRCLE)
        ]
        known = [name for name, (circles, *_) in CAST.items() if circle in circles]
        for at, member in enumerate(people):
            others = [stylists[name].member for name in known]
            self.befriend(member, [*people[at + 1 :], *others])
        taste = self.dice.gauss(9_000, 1_500)
        for member in people:
            receipt_id = self.buy(member, 3, 900, None)
            buyer = draw(
                self.session,
                receipt_id,
                now=self.at(3),
                minimum_age=self.settings.minimum_age_years,
            )
            hears = buyer is not None and bool(buyer.friend_ids)
            extra = sum(CAST[name][1] for name in known) if hears else 0
            self.buy(member, 4, max(500, round(self.dice.gauss(taste, 1_200))) + extra, None)
            for name in known:
                self.come_by(member, stylists[name], *CAST[name][2:])
            for look in self.hours.sample(self.others, ELSEWHERE):
                social.like(
                    self.session, look, member=member, now=self.at(6 + 8 * self.hours.random())
                )

    def come_by(self, member: MemberView, stylist: Stylist, likes: int, buys: int) -> None:
        """A member comes to a look by a link, may like it, and may go on to buy of it."""
        if self.dice.randrange(100) >= likes:
            return
        # Not all within minutes, nor in the week in which they joined: that would look arranged.
        came = self.at(8 + 4 * self.hours.random())
        how = {"member": member, "now": came}
        like(self.session, stylist.look, share_id=stylist.share_id, **how)
        if self.dice.randrange(100) < buys:
            later = came + timedelta(hours=2)
            saves.save(self.session, stylist.look, member=member, now=later)
            self.buy(member, 13, 700, stylist.piece)

    def pass_on(self, stylist: Stylist, by: Sequence[MemberView], to: Sequence[MemberView]) -> None:
        """Some who came by a link make one of their own, by which others come and buy."""
        for at, member in enumerate(by):
            who = {"member_id": member.id, "brand_id": self.store.brand_id, "now": self.at(13)}
            consent.give(self.session, purpose=SHARING, **who)
            (link,) = sharing.make_links(
                self.session, stylist.look, sharer=member, channels=("copy",), now=self.at(13)
            )
            for other in to[at :: len(by)]:
                like(
                    self.session,
                    stylist.look,
                    member=other,
                    share_id=link.share_id,
                    now=self.at(14),
                )
                if self.dice.randrange(100) < 60:
                    self.buy(other, 16, 700, stylist.piece)
