"""The demo retailer's files: they import cleanly, and are as rich as the demo says."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from retail.catalogue.cells import DRAWINGS
from retail.catalogue.exporter import export_csv
from retail.catalogue.importer import import_files
from tests.builders.brands import new_brand
from tests.conftest import NOON

DATA = Path(__file__).parent.parent.parent / "demo" / "data"
KINDS = ("stores", "categories", "styles", "variants", "stock", "places")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_files_come_in_and_go_out_as_they_are(session: Session) -> None:
    brand = new_brand(session, slug="alder-and-finch")
    files = {kind: (DATA / f"{kind}.csv").read_text(encoding="utf-8") for kind in KINDS}
    done = import_files(session, brand.id, files, now=NOON)
    assert done.summary()["styles"]["add"] >= 64
    for kind in KINDS:
        exported = export_csv(session, brand.id, kind).splitlines()
        assert sorted(exported) == sorted(files[kind].splitlines())


def test_every_drawn_garment_is_sold_in_colours_and_sizes() -> None:
    styles = {row["style"]: row for row in rows("styles")}
    drawings = Counter(row["drawing"] for row in styles.values() if row["drawing"])
    assert set(drawings) == DRAWINGS - {"bottle", "jar", "tube", "box"}
    assert min(drawings.values()) >= 3
    offered: dict[str, set[str]] = {}
    for row in rows("variants"):
        offered.setdefault(row["style"], set()).add(row["colour"])
        assert row["gtin"].startswith("0952"), "GS1 keeps prefix 952 for demonstrations"
    assert set(offered) == set(styles)
    assert min(len(colours) for colours in offered.values()) >= 2


def test_every_style_has_a_story_and_underwear_is_never_shared() -> None:
    for row in rows("styles"):
        assert row["story"], row["style"]
        assert row["designer"], row["style"]
        assert row["origin"], row["style"]
    never = {row["category"] for row in rows("categories") if row["never_shareable"] == "yes"}
    assert never == {"underwear"}
    assert any(row["category"] in never for row in rows("styles"))


def test_people_are_adults_and_captions_fit() -> None:
    people = rows("people")
    assert len({row["email"] for row in people}) == len(people) >= 60
    youngest = NOON.date() - timedelta(days=18 * 366)
    assert all(date.fromisoformat(row["birth_on"]) <= youngest for row in people)
    captions = (DATA / "captions.txt").read_text(encoding="utf-8").splitlines()
    assert len(set(captions)) == len(captions) >= 80
    assert all(0 < len(caption) <= 80 for caption in captions)
