"""What is fitted once and serves until the next: made, written, read, put on a shelf."""

from recommender.bundle.fitting import fit
from recommender.bundle.model import FORMAT, Bundle, Manifest
from recommender.bundle.shelf import Entry, NothingBefore, Shelf
from recommender.bundle.storage import Unreadable, load, save

__all__ = [
    "FORMAT",
    "Bundle",
    "Entry",
    "Manifest",
    "NothingBefore",
    "Shelf",
    "Unreadable",
    "fit",
    "load",
    "save",
]
