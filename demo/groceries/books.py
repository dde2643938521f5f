"""The engine's figures, read from its tables by plain SQL."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from demo.groceries.figures import Books, Snapshot

# What moves between the two accounts of an owner sums to nothing here.
_MOVED = text(
    "SELECT a.owner_id, a.wallet, t.reason, sum(l.amount) FROM ledger_leg l"
    " JOIN ledger_transaction t ON t.id = l.transaction_id"
    " JOIN ledger_account a ON a.id = l.account_id"
    " WHERE a.programme_id = :brand_id AND a.kind IN ('member', 'pending')"
    " GROUP BY a.owner_id, a.wallet, t.reason"
)
_HELD = text(
    "SELECT owner_id, wallet, kind, balance FROM ledger_account"
    " WHERE programme_id = :brand_id AND kind IN ('member', 'pending')"
)
_STAND = text("SELECT owner_id, tier FROM tier_standing WHERE programme_id = :brand_id")
_SPENT = text("SELECT campaign_id, spent_minor FROM voucher_budget WHERE programme_id = :brand_id")
_NAMES = {"purchase": "earned", "goods_back": "taken_back", "spent": "spent", "expired": "expired"}


def snapshot(session: Session, brand_id: str, households: Mapping[str, int], day: date) -> Snapshot:
    """The books and tiers as they stand now, which is the beginning of a day."""
    session.flush()
    given = {"brand_id": brand_id}
    found: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for owner_id, wallet, reason, amount in session.execute(_MOVED, given):
        sign = 1 if reason == "purchase" else -1
        found[households[owner_id], wallet][_NAMES[reason]] = sign * int(amount)
    for owner_id, wallet, kind, balance in session.execute(_HELD, given):
        name = "balance" if kind == "member" else "pending"
        found[households[owner_id], wallet][name] = int(balance)
    tiers = {households[owner_id]: tier for owner_id, tier in session.execute(_STAND, given)}
    return Snapshot(day, {key: Books(**values) for key, values in found.items()}, tiers)


def budgets(session: Session, brand_id: str) -> dict[int, int]:
    """What each campaign gave away, in cents; those that gave nothing are left out."""
    rows = session.execute(_SPENT, {"brand_id": brand_id})
    return {int(name.rpartition("-")[2]): int(spent) for name, spent in rows if spent}
