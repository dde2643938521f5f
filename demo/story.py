"""Nina and Sarah: two friends of the demo whose story is told to its end, by phone and till.

Whoever looks round signs in as Sarah, and finds an offer that many led to, one thanks to Nina, and
a party to which both go.
"""

import contextlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from sqlalchemy.orm import Session

from demo import later, occasion_stage, regulars, seed
from demo.service import Service
from demo.simulator.browser import Browser, Refused
from demo.simulator.cast import Shopper
from demo.simulator.phone import NoMail, Phone
from demo.simulator.plan import Article, Sell
from demo.simulator.till import Till
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.catalogue.queries import VariantView
from retail.training import serving

SARAH = Shopper("Sarah Lewis", "sarah.lewis@shopper.example", "1990-06-02")
NINA = Shopper("Nina Abara", "nina.abara@shopper.example", "1988-10-21")
STORE = "covent-garden"
LOOK_AGAIN_SECONDS = 0.5
PATIENCE = 6


@dataclass(frozen=True)
class Goods:
    """What two circles of regulars like; the second's is Nina's taste."""

    many: Sequence[Article]
    nina: Sequence[Article]


def tell(shop: Service, stop: threading.Event) -> bool:
    """Tell it once a recommender serves, unless stopped or told before; gives whether it was."""
    while not _serves(shop):
        if stop.wait(LOOK_AGAIN_SECONDS):
            return False
    if _knows_sarah(shop):
        return False
    try:
        _live(shop)
    except (Refused, NoMail, LookupError, OSError) as error:
        print(f"  Nina and Sarah did not meet: {error}", flush=True)
        return False
    print(f"  offers and a party wait for {SARAH.email}", flush=True)
    return True


def _live(shop: Service) -> None:
    goods, numbers = _goods(shop), count(1)
    with contextlib.ExitStack() as lines:
        sarah, nina = (_arrive(shop, lines, one) for one in (SARAH, NINA))
        browser = lines.enter_context(contextlib.closing(Browser(shop.origin)))
        till = Till(browser, shop.here.keys[STORE])

        def buy(phone: Phone, articles: Sequence[Article]) -> str:
            sale = Sell(0, seed.STORES.index(STORE), "2", tuple(articles), is_repeated=False)
            slip = till.sell(sale, number=f"story-{next(numbers)}", at=_now(shop))
            return phone.claim(slip.claim_url)

        # She is named and thanked; it is Sarah who is offered things.
        nina.browser.call("DELETE", "/api/v1/me/consents/offers")
        buy(sarah, goods.many)
        # Before she has a friend who could be why.
        _await_offer(sarah)
        look = buy(nina, goods.nina)
        nina.lay_out(look, background="rain", caption="Late train, warm coat")
        nina.publish(look, is_in_league=True)
        sarah.say_yes(nina.invite())
        sarah.like(look)
        buy(sarah, goods.nina[:1])
    _go_out(shop)


def _arrive(shop: Service, lines: contextlib.ExitStack, shopper: Shopper) -> Phone:
    """Somebody joins, however long the mail takes while everybody else joins too."""
    browser = lines.enter_context(contextlib.closing(Browser(shop.origin)))
    phone = Phone(browser, shopper, seed.BRAND_SLUG)
    phone.ask_for_code()
    for _ in range(PATIENCE):
        with contextlib.suppress(NoMail):
            phone.join()
            return phone
    raise NoMail(shopper.email)


def _await_offer(phone: Phone) -> None:
    """Look at the offers until there is one, or nothing seems right for what was bought."""
    for _ in range(PATIENCE * 10):
        if 'class="ad"' in phone.browser.open("/me/offers").text:
            return
        time.sleep(LOOK_AGAIN_SECONDS)


def _goods(shop: Service) -> Goods:
    """What comes first of each kind; of Nina's only kinds in which Sarah's sizes are known then."""
    with later.beside(shop) as (session, _):
        brand = brands.get_brand_by_slug(session, seed.BRAND_SLUG)
        circles = regulars.circles_of(session, brand.id)
    many, nina = ({one.role: one for one in reversed(_sold(circle))} for circle in circles[:2])
    return Goods(list(many.values()), [nina[kind] for kind in sorted(many.keys() & nina.keys())])


def _sold(circle: Sequence[Sequence[VariantView]]) -> list[Article]:
    """A variant of each style in a middling size."""
    middling = (variants[len(variants) // 2] for variants in circle)
    return [
        Article(one.gtin, one.style_name, one.price_minor, one.category_code, one.size)
        for one in middling
        if one.gtin
    ]


def _go_out(shop: Service) -> None:
    with later.beside(shop) as (session, _):
        sarah = _sarah(session)
        assert sarah is not None
        occasion_stage.go_out(session, sarah.id, now=_now(shop))


def _serves(shop: Service) -> bool:
    with later.beside(shop) as (session, _):
        brand = brands.get_brand_by_slug(session, seed.BRAND_SLUG)
    return serving.current_name(brand.id, shop.here.folder.absolute()) is not None


def _knows_sarah(shop: Service) -> bool:
    with later.beside(shop) as (session, _):
        return _sarah(session) is not None


def _sarah(session: Session) -> accounts.MemberView | None:
    brand = brands.get_brand_by_slug(session, seed.BRAND_SLUG)
    return accounts.find_member_by_email(session, brand.id, SARAH.email)


def _now(shop: Service) -> datetime:
    return datetime.now(UTC) + shop.here.clock_offset
