"""The grocer set up for a year at its tills: stores, goods, members, terms, tiers, vouchers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.config import Settings
from core.days import day_start
from core.transaction import Database
from demo.groceries import programme
from demo.groceries.table import ZONE, Campaign, Line, Receipt, Year
from loyalty.earning import service as earning
from loyalty.tiers import service as tiers
from loyalty.vouchers import codes, windows
from loyalty.vouchers import service as vouchers
from retail.accounts import service as accounts
from retail.brands import service as brands
from retail.brands.queries import StoreView
from retail.catalogue import queries as goods
from retail.catalogue import service as catalogue
from retail.staff.queries import KeyView

# Before the first campaign of the data began.
OPENED = date(2016, 11, 1)
# Ids of terms by campaign and coupon.
Agreed = dict[tuple[int, int], str]


@dataclass
class Shop:
    """Where the year happens; `receipts` are the ids under which receipts were recorded."""

    database: Database
    clock: FixedClock
    settings: Settings
    brand_id: str = ""
    stores: dict[int, StoreView] = field(default_factory=dict)
    keys: dict[int, KeyView] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    vouchers: dict[int, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    receipts: dict[int, str] = field(default_factory=dict)

    @property
    def households(self) -> dict[str, int]:
        """Whose a member's id is."""
        return {member_id: household for household, member_id in self.members.items()}


def open_shop(shop: Shop, year: Year, *, slug: str, name: str) -> None:
    """Set everything up before the first campaign of the data began."""
    shop.clock.instant = now = day_start(OPENED, ZONE)
    where = {"zone": programme.ZONE_NAME, "locale": "en-US", "currency": "USD", "now": now}
    sold = [*year.receipts, *(use.receipt for use in year.uses)]
    with shop.database.write() as session:
        shop.brand_id = brands.create_brand(session, slug=slug, name=name, **where).id
        for number in sorted({receipt.store for receipt in sold}):
            store = brands.create_store(
                session,
                brand_id=shop.brand_id,
                slug=f"store-{number}",
                name=f"Store {number}",
                **where,
            )
            shop.stores[number] = store
            shop.keys[number] = KeyView(store.id, shop.brand_id, store.id, "till", "Till")
        _fill_shelves(session, shop, sold)
        for household in year.households:
            # A pseudonym: the data knows no address, and this one belongs to nobody.
            address = f"household-{household}@households.example"
            shop.members[household], _ = accounts.join(session, shop.brand_id, address, now=now)
        earning.set_terms(session, shop.brand_id, programme.terms(programme.ROLLING), now=now)
        tiers.publish(session, programme_id=shop.brand_id, ladder=programme.LADDER, now=now)
        _issue(session, shop, year, _agree(session, shop, year.campaigns))


def _fill_shelves(session: Session, shop: Shop, sold: Iterable[Receipt]) -> None:
    lines = {line.product: line for receipt in sold for line in receipt.lines if line.department}
    departments = sorted({line.department for line in lines.values()})
    kinds = [{"code": code_of(one), "name": one.capitalize()} for one in departments]
    catalogue.save_categories(session, shop.brand_id, kinds)
    styles = [_style(product, line) for product, line in lines.items()]
    catalogue.save_styles(session, shop.brand_id, styles, now=shop.clock.now())
    ids = goods.ids_by_code(session, shop.brand_id, "styles")
    variants = [
        {
            "style_id": ids[str(product)],
            "sku": str(product),
            "price_minor": line.cents // max(line.quantity, 1),
            "currency": "USD",
        }
        for product, line in lines.items()
    ]
    catalogue.save_variants(session, shop.brand_id, variants)


def code_of(department: str) -> str:
    """A department as the code of a category."""
    return re.sub(r"[^a-z0-9]+", "-", department.lower()).strip("-")


def _style(product: int, line: Line) -> dict[str, str]:
    return {
        "code": str(product),
        "name": f"Product {product}",
        "category_code": code_of(line.department),
    }


def _agree(session: Session, shop: Shop, campaigns: Mapping[int, Campaign]) -> Agreed:
    """Terms for each coupon of each campaign, and what each campaign may give away."""
    where = {"programme_id": shop.brand_id}
    coupons = [(one.number, coupon) for one in campaigns.values() for coupon in one.goods]
    order, agreed = programme.priorities(coupons), {}
    for number, coupon in sorted(coupons):
        terms = programme.coupon_terms(
            coupon, number, campaigns[number].goods[coupon], order[number, coupon]
        )
        source = f"campaign-{number}:{coupon}"
        agreed[number, coupon] = vouchers.agree(
            session, **where, source=source, terms=terms, now=shop.clock.now()
        )
    for number in campaigns:
        vouchers.set_budget(
            session,
            **where,
            campaign_id=f"campaign-{number}",
            currency="USD",
            limit_minor=programme.CAMPAIGN_BUDGET_CENTS,
        )
    return agreed


def _issue(session: Session, shop: Shop, year: Year, agreed: Agreed) -> None:
    """A voucher for each redemption, bound to its household, for the days of its campaign."""
    for place, one in enumerate(year.redemptions):
        campaign = year.campaigns[one.campaign]
        window = windows.days(programme.ZONE_NAME, campaign.first_day, campaign.last_day)
        issued = vouchers.issue(
            session,
            programme_id=shop.brand_id,
            terms_id=agreed[one.campaign, one.coupon],
            owner_id=shop.members[one.household],
            source=f"redemption:{place}",
            **window._asdict(),
            now=shop.clock.now(),
            key=shop.settings.key,
        )
        shop.vouchers[place] = issued.voucher_id
        shop.codes[place] = codes.code_of(issued.voucher_id, shop.settings.key)
