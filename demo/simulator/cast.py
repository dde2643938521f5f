"""Who shops at Alder & Finch. Invented people; their mail stays in the development mailbox."""

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shopper:
    """A customer. `sizes` are what fits her, whichever way a garment counts."""

    name: str
    email: str
    birth_on: str
    sizes: frozenset[str] = frozenset()


def read(folder: Path) -> list[Shopper]:
    """The people of `people.csv`, in its order."""
    with (folder / "people.csv").open(newline="") as file:
        return [
            Shopper(
                name=row["name"],
                email=row["email"],
                birth_on=row["birth_on"],
                sizes=frozenset((row["size"], row["letter_size"], row["shoe_size"])),
            )
            for row in csv.DictReader(file)
        ]


def read_captions(folder: Path) -> list[str]:
    """What people say under their looks."""
    return (folder / "captions.txt").read_text().splitlines()
