"""The same engine for a pharmacy: words of the catalogue, and goods that are nobody's business."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from core import clock
from core.transaction import Database
from recommender.bundle import Shelf
from retail.accounts.queries import get_member
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.consent.rules import OFFERS
from retail.crowds import queries as crowds
from retail.journeys.offers import train
from retail.journeys.offers.offer import draw, make, think
from retail.journeys.offers.rank_goods import ranker_of
from retail.journeys.offers.show_offer import facts_of
from retail.offers import queries
from retail.offers.wording import deal, left, on_paper, thanks, why
from retail.training.serving import folder_of
from tests.builders.accounts import give_consent
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.crowds import count_crowds
from tests.builders.offers import PLAIN, TERMS, new_adult
from tests.builders.receipts import new_receipt
from tests.builders.training import buys, new_shopper, settings_in
from tests.conftest import KEY, ROOT

ENGINE = (
    *("recommender", "retail/offers", "retail/training", "retail/crowds"),
    *(
        "retail/journeys/offers/rank_goods.py",
        "retail/journeys/offers/offer.py",
        "retail/journeys/offers/train.py",
    ),
)
OF_CLOTHES = re.compile(
    r"\b(?:dress|dresses|shoe|shoes|boots?|coats?|trousers|jeans|skirts?|garments?|clothes|clothing"
    r"|fashion|outfits?|wardrobe|wear|wears|wearing|worn|sleeves?|knitwear|blouse|jackets?)\b",
    re.IGNORECASE,
)
SHELVES = ("Sun cream", "Oat wash", "Vitamin D", "Plasters", "Lip balm", "Hand cream", "Tea tree")


def said_by(tree: ast.AST) -> Iterator[str]:
    """Names, and texts that are no docstring: what a program does and says."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id.replace("_", " ")
        elif isinstance(node, ast.Attribute):
            yield node.attr.replace("_", " ")
        elif isinstance(node, ast.arg):
            yield node.arg.replace("_", " ")
        elif isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield node.value if isinstance(node.value, str) else ""


def files() -> Iterator[Path]:
    for place in ENGINE:
        path = ROOT / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def words_of_clothes(source: str) -> set[str]:
    return {found for text in said_by(ast.parse(source)) for found in OF_CLOTHES.findall(text)}


def test_no_room_of_the_engine_has_a_word_of_clothes() -> None:
    """But for the rooms that looks come from, which a shop without looks leaves empty."""
    found = {path.name: words_of_clothes(path.read_text()) for path in files()}
    assert {name: words - {"outfits", "outfit"} for name, words in found.items() if words} == {
        "lessons.py": set()
    }
    assert len(found) > 20
    assert words_of_clothes("kind = 'Goes with your dress'") == {"dress"}


def pharmacy(session: Session) -> tuple[StoreView, list[list[VariantView]], VariantView]:
    """Two shelves of goods in one size each, and something that is nobody's business."""
    store = new_store(session)
    shelves = [
        [
            new_variant(
                session,
                brand_id=store.brand_id,
                style=new_style(
                    session,
                    brand_id=store.brand_id,
                    name=f"{name} {number}",
                    category_code=f"care-{number}",
                    drawing=None,
                ),
                size="50 ml",
                colour_name="",
                colours={},
            )
            for name in (*SHELVES, "Gauze", "Mint")
        ]
        for number in range(2)
    ]
    test = new_style(
        session,
        brand_id=store.brand_id,
        name="Pregnancy test",
        category_code="health",
        is_never_shareable=True,
        drawing=None,
    )
    secret = new_variant(session, brand_id=store.brand_id, style=test, size="")
    for variant in (*(one for shelf in shelves for one in shelf), secret):
        new_stock(
            session, brand_id=store.brand_id, store_id=store.id, variant_id=variant.id, on_hand=2
        )
    return store, shelves, secret


def lives(
    session: Session,
    store: StoreView,
    shelf: list[VariantView],
    number: int,
    secret: VariantView,
) -> None:
    """Somebody buys four things of a shelf, later four others, and the secret with both."""
    member = new_shopper(session, store.brand_id)
    for later, ago in enumerate((timedelta(days=20), timedelta(hours=2, minutes=number))):
        pieces = [shelf[(number + 4 * later + place) % len(shelf)] for place in range(4)]
        buys(session, store, member, *pieces, secret, at=clock.now() - ago)


def test_a_pharmacy_learns_offers_and_speaks_without_a_word_of_clothes(
    db: Database, tmp_path: Path
) -> None:
    installation = settings_in(tmp_path)
    with db.write() as session:
        store, shelves, secret = pharmacy(session)
        for number in range(36):
            lives(session, store, shelves[number % 2], number // 2, secret)
        studied = train.study(session, store.brand_id, installation, now=clock.now())
        folder = folder_of(store.brand_id, tmp_path)
        learnt = train.learn(studied, folder, now=clock.now(), tell=lambda _step, _share: None)
        assert learnt.bundle is not None
        count_crowds(session, store.brand_id)
        buyer = new_adult(session, store.brand_id, "Sarah Quist")
        give_consent(session, buyer, OFFERS)
        said = offered(session, store, buyer.id, shelves[0][0], secret, tmp_path)
        told = crowds.crowds(session, [secret.style_id, shelves[0][1].style_id], now=clock.now())
    assert said[0] == "Thanks for buying Sun cream 0, Sarah."
    assert re.fullmatch(r"1\d people who bought it also bought [A-Z][\w ]+ 0\.", said[1])
    assert said[2] == "2 left here."
    assert not any(OF_CLOTHES.search(sentence) for sentence in said)
    assert "Pregnancy" not in " ".join(said)
    assert (told[secret.style_id], told[shelves[0][1].style_id]) == (0, 10)
    bundle = Shelf(folder).current()
    assert bundle is not None
    assert secret.style_id not in bundle.items


def offered(
    session: Session,
    store: StoreView,
    member_id: str,
    bought: VariantView,
    secret: VariantView,
    data_dir: Path,
) -> list[str]:
    """What somebody reads of the offer that buying this and the secret brings."""
    member = get_member(session, member_id)
    receipt = new_receipt(session, store=store, variants=[secret, bought], member=member)
    now = clock.now()
    buyer, ranker = (
        draw(session, receipt.id, now=now, minimum_age=18),
        ranker_of(store.brand_id, data_dir),
    )
    assert buyer is not None
    assert ranker is not None
    choice = think(session, buyer, ranker=ranker, terms=TERMS, now=now, minimum_age=18)
    assert choice is not None
    offer_id = make(session, buyer, choice, terms=TERMS, now=now, key=KEY)
    offer = queries.find_offer(session, offer_id or "")
    assert offer is not None
    facts = facts_of(session, offer, channel="web", now=now, minimum_age=18)
    assert facts is not None
    paper = on_paper(facts, PLAIN, most=12)
    return [*(part(facts, PLAIN) for part in (thanks, why, left, deal)), *paper]
