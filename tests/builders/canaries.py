"""Looking for planted words in whole databases and files."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.model import Base


def found_in_rows(session: Session, *words: str) -> list[tuple[str, str]]:
    """Each table that holds a word in any column, with the word."""
    found = []
    for table in Base.metadata.sorted_tables:
        rows = session.execute(text(f'SELECT * FROM "{table.name}"')).all()
        held = "\n".join(repr(tuple(row)) for row in rows).lower()
        found += [(table.name, word) for word in words if word.lower() in held]
    return found


def found_in_files(directory: Path, *words: str) -> list[tuple[str, str]]:
    """Each file below the directory whose bytes hold a word, with the word."""
    return [
        (path.name, word)
        for path in sorted(directory.rglob("*"))
        if path.is_file()
        for word in words
        if word.lower().encode() in path.read_bytes().lower()
    ]
