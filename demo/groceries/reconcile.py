"""The engine's figures beside those worked out anew; every difference is told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from demo.groceries.figures import BOOK_NAMES, Books, CouponOutcome, Figures, Snapshot

MOST_TOLD = 10


def reconcile(ours: Figures, theirs: Figures) -> int:
    """Print both sides; gives the number of differences, which should be none."""
    differences = 0
    for mine, wanted in zip(ours.snapshots, theirs.snapshots, strict=True):
        differences += _books(mine, wanted) + _tiers(mine, wanted)
    return differences + _coupons(ours, theirs)


def _books(mine: Snapshot, wanted: Snapshot) -> int:
    print(f"\n{mine.day}  {'in Swingtag':>22}{'worked out anew':>18}")
    differences = 0
    for wallet in ("points", "credits"):
        ours, theirs = _of(mine, wallet), _of(wanted, wallet)
        for name in BOOK_NAMES:
            sums = [sum(getattr(one, name) for one in each.values()) for each in (ours, theirs)]
            differences += _line(f"{wallet}, {name}".replace("_", " "), *sums)
        unequal = [one for one in ours.keys() | theirs.keys() if ours.get(one) != theirs.get(one)]
        off = [one for one, books in ours.items() if books.unaccounted]
        for one in sorted(unequal)[:MOST_TOLD]:
            print(f"  household {one}: {ours.get(one)} instead of {theirs.get(one)}")
        equal = len(theirs.keys() | ours.keys()) - len(unequal)
        print(f"  {equal:,} of {len(theirs):,} households equal in all six", end="; ")
        print(f"{len(off)} whose {wallet} do not add up")
        differences += len(unequal) + len(off)
    return differences


def _of(snapshot: Snapshot, wallet: str) -> dict[int, Books]:
    return {house: books for (house, name), books in snapshot.books.items() if name == wallet}


def _tiers(mine: Snapshot, wanted: Snapshot) -> int:
    ours, theirs = Counter(mine.tiers.values()), Counter(wanted.tiers.values())
    differences = sum(_line(f"tier {name}", ours[name], theirs[name]) for name in sorted(theirs))
    everybody = mine.tiers.keys() | wanted.tiers.keys()
    unequal = [one for one in everybody if mine.tiers.get(one) != wanted.tiers.get(one)]
    for one in sorted(unequal)[:MOST_TOLD]:
        told = f"{mine.tiers.get(one)} instead of {wanted.tiers.get(one)}"
        print(f"  household {one}: {told}")
    print(f"  {len(everybody) - len(unequal):,} of {len(everybody):,} households on the same tier")
    return differences + len(unequal)


def _coupons(ours: Figures, theirs: Figures) -> int:
    print(f"\n{'coupons':10}  {'in Swingtag':>22}{'worked out anew':>18}")
    sides = (ours.coupons, theirs.coupons)
    reasons = [Counter(one.reason or "applied" for one in side) for side in sides]
    differences = sum(
        _line(name.replace("_", " "), *(each[name] for each in reasons))
        for name in sorted(reasons[0].keys() | reasons[1].keys())
    )
    sums = [_by_campaign(side) for side in sides]
    for campaign in sorted(sums[0].keys() | sums[1].keys()):
        discounts = [each.get(campaign, 0) for each in sums]
        differences += _line(f"campaign {campaign}, cents", *discounts)
    differences += _line("all, cents", *(sum(each.values()) for each in sums))
    differences += sum((Counter(ours.coupons) - Counter(theirs.coupons)).values())
    differences += sum((Counter(theirs.coupons) - Counter(ours.coupons)).values())
    differences += _budgets(ours.budgets, sums[0])
    return differences


def _by_campaign(outcomes: Iterable[CouponOutcome]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for one in outcomes:
        found[one.campaign] += one.cents
    return {campaign: cents for campaign, cents in found.items() if cents}


def _budgets(spent: Mapping[int, int], given: Mapping[int, int]) -> int:
    off = [one for one in spent.keys() | given.keys() if spent.get(one, 0) != given.get(one, 0)]
    told = f"differ for {sorted(off)}" if off else "are what their coupons took off"
    print(f"  budgets of {len(given)} campaigns {told}")
    return len(off)


def _line(name: str, mine: int, wanted: int) -> int:
    difference = mine - wanted
    print(f"{name:22}{mine:12,}{wanted:18,}  difference {difference:,}")
    return int(difference != 0)
