"""What the tills sell: the retailer's own price file, sorted by an article's part in a look."""

import csv
from decimal import Decimal
from pathlib import Path

from demo.simulator.plan import Article

ROLES = {
    "trench": "outer",
    "chore": "outer",
    "knit": "top",
    "breton": "top",
    "jeans": "bottom",
    "trousers": "bottom",
    "skirt": "bottom",
    "dress": "dress",
    "boots": "shoes",
    "loafers": "shoes",
    "trainers": "shoes",
    "beanie": "extra",
    "scarf": "extra",
    "tote": "extra",
    "umbrella": "extra",
    "shades": "extra",
    "bottle": "bottle",
    "jar": "jar",
    "tube": "tube",
    "box": "box",
}


def read(folder: Path) -> dict[str, list[Article]]:
    """The articles of `styles.csv` and `variants.csv` by role; what nobody draws is private."""
    with (folder / "styles.csv").open(newline="") as file:
        styles = {row["style"]: row for row in csv.DictReader(file)}
    articles: dict[str, list[Article]] = {}
    with (folder / "variants.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            style = styles[row["style"]]
            role = ROLES.get(style["drawing"], "private")
            articles.setdefault(role, []).append(_article(row, style["name"], role))
    return articles


def read_stock(folder: Path) -> dict[str, dict[str, int]]:
    """How many pieces each store has in the morning, by store and GTIN, as `stock.csv` says."""
    with (folder / "variants.csv").open(newline="") as file:
        gtins = {row["sku"]: row["gtin"] for row in csv.DictReader(file)}
    on_hand: dict[str, dict[str, int]] = {}
    with (folder / "stock.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            on_hand.setdefault(row["store"], {})[gtins[row["sku"]]] = int(row["on_hand"])
    return on_hand


def _article(row: dict[str, str], name: str, role: str) -> Article:
    return Article(
        gtin=row["gtin"],
        name=f"{name}, {row['colour']}",
        price_minor=int(Decimal(row["price"]) * 100),
        role=role,
        size=row["size"],
    )
