"""What coupons should take off, worked out anew; sums and order are written a second time."""

from collections import defaultdict

from demo.groceries.figures import CouponOutcome
from demo.groceries.oracle import share_out
from demo.groceries.programme import Face, face_of
from demo.groceries.table import Receipt, Redemption, Year

BUDGET_CENTS = 15_000


def outcomes(year: Year) -> tuple[list[CouponOutcome], dict[int, int]]:
    """What became of each redemption that has a receipt, and what each campaign gave away."""
    spent: dict[int, int] = defaultdict(int)
    found: list[CouponOutcome] = []
    for use in year.uses:
        left = [line.cents for line in use.receipt.lines]
        shown = [year.redemptions[place] for place in use.places]
        # The coupon of the earlier campaign, then the lower number, comes first.
        shown.sort(key=lambda each: (each.campaign, each.coupon))
        found += [_use(year, use.receipt, one, left, spent) for one in shown]
    return found, dict(spent)


def _use(
    year: Year, receipt: Receipt, one: Redemption, left: list[int], spent: dict[int, int]
) -> CouponOutcome:
    goods = year.campaigns[one.campaign].goods[one.coupon]
    fitting = [place for place, line in enumerate(receipt.lines) if line.product in goods]
    available = sum(left[place] for place in fitting)
    off = _off(face_of(one.coupon), available)
    reason = ""
    if not fitting:
        reason = "nothing_in_scope"
    elif off == 0:
        reason = "nothing_left"
    elif spent[one.campaign] + off > BUDGET_CENTS:
        reason = "budget_used_up"
    if reason:
        return CouponOutcome(receipt.number, one.campaign, one.coupon, 0, reason)
    spent[one.campaign] += off
    taken = share_out(off, [left[place] for place in fitting])
    for place, part in zip(fitting, taken, strict=True):
        left[place] -= part
    return CouponOutcome(receipt.number, one.campaign, one.coupon, off)


def _off(face: Face, available: int) -> int:
    if face.cents:
        return min(face.cents, available)
    return min((available * face.percent + 50) // 100, face.most_cents, available)
