"""A bundle as a folder: arrays without pickle, and a manifest with a checksum of each."""

import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.bundle.model import FORMAT, Bundle, Manifest
from recommender.settings import Settings
from recommender.together import Together

MANIFEST = "manifest.json"
Arrays = dict[str, NDArray[Any]]


class Unreadable(Exception):
    """This folder holds no bundle of ours; the text says why."""


def save(bundle: Bundle, folder: Path) -> None:
    """Write a bundle into a new folder, the manifest last, everything down to the disk."""
    folder.mkdir(parents=True)
    checksums = {}
    for name, array in _arrays(bundle).items():
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        checksums[name] = hashlib.sha256(buffer.getbuffer()).hexdigest()
        _write(folder / f"{name}.npy", buffer.getvalue())
    manifest = bundle.manifest
    plain = {
        "format": manifest.format,
        "fitted_at": manifest.fitted_at,
        "counts": dict(manifest.counts),
        "figures": dict(manifest.figures),
        "settings": manifest.settings.as_json(),
        "sha256": checksums,
    }
    _write(folder / MANIFEST, json.dumps(plain, indent=2, sort_keys=True).encode())
    sync_folder(folder)


def load(folder: Path) -> Bundle:
    """Read a bundle; `Unreadable` on anything that is not exactly what was saved."""
    try:
        plain = json.loads((folder / MANIFEST).read_bytes())
        if plain["format"] != FORMAT:
            raise Unreadable(f"its format is {plain['format']}, this program reads {FORMAT}")
        arrays = {name: _read(folder, name, digest) for name, digest in plain["sha256"].items()}
        bundle = _bundle(plain, arrays)
    except OSError as error:
        raise Unreadable(f"{Path(error.filename or folder).name} cannot be read") from error
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{MANIFEST} or what it names makes no sense: {error}") from error
    if problem := _misfit(bundle):
        raise Unreadable(problem)
    return bundle


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _arrays(bundle: Bundle) -> Arrays:
    encoded = [item.encode() for item in bundle.items]
    lengths = np.array([len(item) for item in encoded], np.int64)
    return {
        "item_bytes": np.frombuffer(b"".join(encoded), np.uint8),
        "item_ends": np.cumsum(lengths),
        "item_factors": bundle.item_factors,
        "popularity": bundle.popularity,
        "together_indptr": bundle.together.indptr,
        "together_others": bundle.together.others,
        "together_confidence": bundle.together.confidence,
        "together_shoppers": bundle.together.shoppers,
    }


def _read(folder: Path, name: str, digest: str) -> NDArray[Any]:
    if Path(name).name != name:
        raise Unreadable(f"{name} is not the name of an array")
    content = (folder / f"{name}.npy").read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise Unreadable(f"{name}.npy is not what was saved")
    array: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    return array


def _bundle(plain: dict[str, Any], arrays: Arrays) -> Bundle:
    content = arrays["item_bytes"].tobytes()
    ends = arrays["item_ends"].tolist()
    starts = [0, *ends[:-1]] if ends else []
    return Bundle(
        items=tuple(content[a:b].decode() for a, b in zip(starts, ends, strict=True)),
        item_factors=arrays["item_factors"],
        popularity=arrays["popularity"],
        together=Together(
            arrays["together_indptr"],
            arrays["together_others"],
            arrays["together_confidence"],
            arrays["together_shoppers"],
        ),
        manifest=Manifest(
            fitted_at=float(plain["fitted_at"]),
            settings=Settings.from_json(plain["settings"]),
            counts=plain["counts"],
            figures=plain["figures"],
        ),
    )


def _misfit(bundle: Bundle) -> str | None:
    """What does not go together although each file is whole."""
    items, lists = len(bundle.items), bundle.together
    pairs = int(lists.indptr[-1]) if len(lists.indptr) else 0
    if bundle.item_factors.shape != (items, bundle.settings.taste.factors):
        return "the factors do not belong to the items"
    if bundle.popularity.shape != (items,) or lists.indptr.shape != (items + 1,):
        return "the lists do not belong to the items"
    if not len(lists.others) == len(lists.confidence) == len(lists.shoppers) == pairs:
        return "the lists of what goes together are not of one length"
    if not np.isfinite(bundle.item_factors).all():
        return "a factor is not a number"
    return None
