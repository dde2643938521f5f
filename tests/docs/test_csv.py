"""The page on CSV: its examples come in as they stand, and it names every column there is."""

import re
from pathlib import Path

from sqlalchemy.orm import Session

from retail.catalogue.cells import DRAWINGS
from retail.catalogue.exporter import export_csv
from retail.catalogue.formats import FORMATS
from retail.catalogue.importer import import_files
from tests.builders.brands import new_brand
from tests.conftest import NOON

PAGE = (Path(__file__).parents[2] / "docs" / "csv.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"### (\w+)\.csv\n\n```csv\n(.*?)```", re.DOTALL)


def test_the_examples_come_in_together(session: Session) -> None:
    examples = dict(EXAMPLE.findall(PAGE))
    assert list(examples) == list(FORMATS)
    brand = new_brand(session)
    done = import_files(session, brand.id, examples, now=NOON)
    for kind, text in examples.items():
        rows = text.count("\n") - 1
        assert done.summary()[kind]["add"] == rows
        assert export_csv(session, brand.id, kind).count("\r\n") == rows + 1


def test_every_column_and_drawing_is_explained() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    for format_ in FORMATS.values():
        assert set(format_.names) <= named
    assert named >= DRAWINGS
