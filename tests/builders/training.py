"""Shoppers from whom a recommender has something to learn."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy.orm import Session

from core import clock
from core.config import Settings
from core.transaction import Database
from recommender.bundle import Bundle
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.consent.rules import OFFERS
from retail.receipts.views import ReceiptView
from retail.training import queries, rules, service
from retail.training.queries import RunView
from retail.training.serving import folder_of
from tests.builders.accounts import give_consent, new_member
from tests.builders.catalogue import new_style, new_variant
from tests.builders.receipts import line, new_receipt
from tests.conftest import KEY

_numbers = count(1)
CIRCLES = 3
STYLES = 9


def settings_in(folder: Path) -> Settings:
    """An installation whose models lie in a folder."""
    return Settings(environment="test", secret_key=KEY.decode(), data_dir=folder)


def new_shopper(session: Session, brand_id: str, **overrides: object) -> MemberView:
    """A member who agreed to offers."""
    member = new_member(session, brand_id, **overrides)
    give_consent(session, member, OFFERS)
    return member


def buys(
    session: Session,
    store: StoreView,
    member: MemberView | None,
    *variants: VariantView,
    at: datetime | None = None,
    is_gift: bool = False,
) -> ReceiptView:
    """A purchase of these, an hour ago unless told otherwise."""
    sold_at = at or clock.now() - timedelta(hours=1)
    number = f"T-{next(_numbers)}"
    return new_receipt(
        session,
        store=store,
        variants=variants,
        member=member,
        sold_at=sold_at,
        number=number,
        lines=tuple(line(variant, is_gift=is_gift) for variant in variants),
    )


def new_range(session: Session, brand_id: str) -> list[list[VariantView]]:
    """For each circle of taste, the pieces that it likes."""
    return [
        [
            new_variant(session, brand_id=brand_id, style=new_style(session, brand_id=brand_id))
            for _ in range(STYLES)
        ]
        for _ in range(CIRCLES)
    ]


def busy_shop(
    session: Session,
    store: StoreView,
    *,
    shoppers: int = 36,
    pieces: Sequence[Sequence[VariantView]] | None = None,
) -> list[MemberView]:
    """A shop whose shoppers each buy of one circle's taste: many pieces before, two just now."""
    found = pieces or new_range(session, store.brand_id)
    now, members = clock.now(), []
    for number in range(shoppers):
        member = new_shopper(session, store.brand_id)
        mine = found[number % CIRCLES]
        start = number // CIRCLES
        for step in range(6):
            piece = mine[(start + step) % STYLES]
            ago = timedelta(days=20 - step) if step < 4 else timedelta(hours=6 - step)
            buys(session, store, member, piece, at=now - ago)
        members.append(member)
    return members


def bytes_of(brand_id: str, data_dir: Path) -> bytes:
    """Everything that lies on a brand's shelf."""
    files = sorted(folder_of(brand_id, data_dir).rglob("*"))
    return b"".join(str(path).encode() + path.read_bytes() for path in files if path.is_file())


def is_same(one: Bundle, other: Bundle) -> bool:
    """Whether two bundles hold the same, but for when they were made."""
    return (
        one.items == other.items
        and one.item_factors.tobytes() == other.item_factors.tobytes()
        and one.popularity.tobytes() == other.popularity.tobytes()
        and one.together.others.tobytes() == other.together.others.tobytes()
        and one.together.shoppers.tobytes() == other.together.shoppers.tobytes()
    )


def ask(db: Database, store: StoreView) -> str:
    """Have a run of the store's brand wait; gives its id."""
    with db.write() as session:
        return service.ask(session, store.brand_id, origin=rules.STAFF, now=clock.now())[0]


def get(db: Database, run_id: str) -> RunView:
    """A run as it stands."""
    with db.read() as session:
        return queries.get_run(session, run_id)


def fill(db: Database, store: StoreView) -> list[MemberView]:
    """A busy shop, committed."""
    with db.write() as session:
        return busy_shop(session, store)
