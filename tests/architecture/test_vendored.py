"""What was taken from elsewhere is what its list says: file for file, byte for byte."""

import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "kiosk_templates" / "static"
ROW = re.compile(
    r"^\| `([^`]+)` \|.*`([^`]*(?:LICENCE|OFL)[^`]*)`.*\| `([0-9a-f]{64})` \|$", re.MULTILINE
)
# Files of these folders are nobody's here.
FOREIGN = ("fonts", "zxing")
PAPERS = (".txt", ".md")


def listed() -> dict[str, tuple[str, str]]:
    """Licence and SHA-256 of each file on the list."""
    rows = ROW.findall((STATIC / "VENDORED.md").read_text())
    return {file: (licence, digest) for file, licence, digest in rows}


def test_every_file_is_the_one_that_was_taken() -> None:
    found = {file: hashlib.sha256((STATIC / file).read_bytes()).hexdigest() for file in listed()}
    assert found == {file: digest for file, (_, digest) in listed().items()}


def test_nothing_foreign_is_missing_from_the_list() -> None:
    there = {
        str(file.relative_to(STATIC))
        for folder in FOREIGN
        for file in (STATIC / folder).rglob("*")
        if file.is_file() and file.suffix not in PAPERS
    }
    assert there
    assert there <= set(listed())


def test_every_licence_lies_beside() -> None:
    assert all((STATIC / licence).is_file() for licence, _ in listed().values())
