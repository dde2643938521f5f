"""See tags: what a reader sent becomes who is in which room with what."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.errors import Invalid
from retail.catalogue import queries as catalogue
from retail.devices.epc import Sgtin, read_epc
from retail.devices.queries import DeviceView
from retail.fitting_rooms import queries, service
from retail.fitting_rooms.presence import UNTOLD, presences, sightings_of
from retail.fitting_rooms.rules import KEPT_FOR, MOST_READS, Spot, TagRead, is_in_time
from retail.fitting_rooms.service import Piece

OUTCOMES = ("seen", "unreadable", "other_scheme", "late", "sold", "unknown")


@dataclass(frozen=True)
class SeenTags:
    """How many reads of a batch were looked at, and how many were not, by reason.

    `unknown` counts those looked at whose goods the catalogue does not have.
    """

    seen: int
    unreadable: int
    other_scheme: int
    late: int
    sold: int
    unknown: int


def see_tags(
    session: Session,
    device: DeviceView,
    reads: Sequence[TagRead],
    *,
    now: datetime,
    quiet: timedelta,
    key: bytes,
    unreadable: int = 0,
) -> SeenTags:
    """Have rooms hold what a reader's tags say; the same reads again change nothing.

    Raises Invalid for more reads than one batch may have. No EPC is kept.
    """
    if len(reads) > MOST_READS:
        raise Invalid("too_many_reads", f"Send at most {MOST_READS} reads at once.")
    counts = Counter({"unreadable": unreadable})
    heard = _sorted_out(device, reads, now, counts)
    service.enter_floor(session, device.store_id)
    known = catalogue.find_variants(session, device.brand_id, {one.gtin for one in heard}, set())
    spot = Spot(device.brand_id, device.store_id, device.zone_id)
    pieces: dict[str, Piece] = {}
    for epc, mine in sorted(heard.items(), key=lambda item: item[0].uri):
        if queries.is_sold(session, device.brand_id, epc.uri, key=key):
            counts["sold"] += len(mine)
            continue
        variant = known.get(("gtin", epc.gtin))
        piece = Piece(service.tag_of(epc.uri, key=key), variant.id if variant else None)
        pieces[piece.tag] = piece
        counts.update({"seen": len(mine), "unknown": 0 if variant else len(mine)})
        service.note_sightings(session, spot, piece.tag, sightings_of(mine))
    noted = queries.sightings_of(session, device.store_id, set(pieces), since=now - KEPT_FOR)
    for tag, piece in pieces.items():
        for where in presences(noted.get(tag, ()), quiet=quiet)[-1:]:
            service.place_piece(session, spot, piece, where, quiet=quiet, now=now)
    return SeenTags(**{outcome: counts[outcome] for outcome in OUTCOMES})


def _sorted_out(
    device: DeviceView, reads: Sequence[TagRead], now: datetime, counts: Counter[str]
) -> dict[Sgtin, list[tuple[str, datetime, int]]]:
    """Zone, instant and signal of each read of a trade item in time; the others are counted."""
    heard: dict[Sgtin, list[tuple[str, datetime, int]]] = defaultdict(list)
    for read in reads:
        at = read.at or now
        try:
            epc = read_epc(read.epc)
        except ValueError:
            counts["unreadable"] += 1
            continue
        if epc is None:
            counts["other_scheme"] += 1
        elif not is_in_time(at, now):
            counts["late"] += 1
        else:
            signal = UNTOLD if read.signal is None else read.signal
            heard[epc].append((device.zone_of(read.antenna), at, signal))
    return heard


def mark_tags(
    session: Session,
    brand_id: str,
    epcs: Sequence[str],
    *,
    are_sold: bool,
    now: datetime,
    key: bytes,
) -> None:
    """Look at tags no more because their goods were sold, or again as they came back.

    Raises Invalid for one that names no single trade item.
    """
    uris = []
    for text in epcs:
        try:
            epc = read_epc(text)
        except ValueError:
            epc = None
        if epc is None:
            raise Invalid("epc_invalid", f"This is no SGTIN: {text[:60]}")
        uris.append(epc.uri)
    if are_sold:
        service.mark_sold(session, brand_id, uris, now=now, key=key)
    else:
        service.mark_back(session, brand_id, uris, key=key)
