"""See tags: what a reader sent becomes who is in which room with what."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.errors import Invalid
from retail.catalogue.epc import Sgtin, read_epc
from retail.devices.queries import DeviceView
from retail.fitting_rooms import service, sightings
from retail.fitting_rooms.arrivals import Piece, place_pieces
from retail.fitting_rooms.presence import UNTOLD, Presence, Sighting, presences, sightings_of
from retail.fitting_rooms.rules import KEPT_FOR, MOST_READS, Spot, TagRead, is_in_time
from retail.fitting_rooms.sightings import Floor

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


@dataclass(frozen=True)
class Arrival:
    """A piece came into a zone. `epc` is its pure identity URI, not to be written down anywhere."""

    epc: str
    store_id: str
    zone_id: str
    at: datetime


@dataclass(frozen=True)
class Seen:
    """What came of a batch: its counts, and the pieces that were not where they are now."""

    counts: SeenTags
    arrivals: tuple[Arrival, ...]


def see_tags(
    session: Session,
    device: DeviceView,
    reads: Sequence[TagRead],
    *,
    now: datetime,
    quiet: timedelta,
    key: bytes,
    unreadable: int = 0,
) -> Seen:
    """Have rooms hold what a reader's tags say; the same reads again change nothing.

    Raises Invalid for more reads than one batch may have. No EPC is kept.
    """
    if len(reads) > MOST_READS:
        raise Invalid("too_many_reads", f"Send at most {MOST_READS} reads at once.")
    counts = Counter({"unreadable": unreadable})
    heard = _sorted_out(device, reads, now, counts)
    service.enter_floor(session, device.store_id)
    spot = Spot(device.brand_id, device.store_id, device.zone_id)
    floor = _look(session, spot, heard, now=now, key=key)
    pieces, seen = _pieces(floor, heard, key, counts)
    came = _place(session, spot, floor, pieces, seen, quiet=quiet, now=now)
    by_tag = {service.tag_of(one.uri, key=key): one.uri for one in heard} if came else {}
    arrivals = tuple(
        Arrival(by_tag[tag], spot.store_id, where.zone_id, where.entered_at)
        for tag, where in came.items()
    )
    return Seen(SeenTags(**{outcome: counts[outcome] for outcome in OUTCOMES}), arrivals)


def _look(
    session: Session, spot: Spot, heard: Collection[Sgtin], *, now: datetime, key: bytes
) -> Floor:
    """What is known of pieces that a batch tells of."""
    uris = [one.uri for one in heard]
    return sightings.look(
        session,
        spot,
        tags=[service.tag_of(uri, key=key) for uri in uris],
        hashes=[one for uri in uris for one in service.names_of(uri, key=key)],
        gtins={one.gtin for one in heard},
        since=now - KEPT_FOR,
    )


def _pieces(
    floor: Floor,
    heard: Mapping[Sgtin, list[tuple[str, datetime, int]]],
    key: bytes,
    counts: Counter[str],
) -> tuple[dict[str, Piece], dict[str, list[Sighting]]]:
    """What is looked at, in one order for every batch, and when it was read, both by tag."""
    pieces, seen = {}, {}
    for epc, reads in sorted(heard.items(), key=lambda item: item[0].uri):
        if not floor.sold.isdisjoint(service.names_of(epc.uri, key=key)):
            counts["sold"] += len(reads)
            continue
        variant_id = floor.known.get(epc.gtin)
        piece = Piece(service.tag_of(epc.uri, key=key), variant_id)
        pieces[piece.tag], seen[piece.tag] = piece, sightings_of(reads)
        counts.update({"seen": len(reads), "unknown": 0 if variant_id else len(reads)})
    return pieces, seen


def _place(
    session: Session,
    spot: Spot,
    floor: Floor,
    pieces: Mapping[str, Piece],
    seen: Mapping[str, list[Sighting]],
    *,
    quiet: timedelta,
    now: datetime,
) -> dict[str, Presence]:
    """Have each piece be where its seconds of the last minutes say; which are not as they were."""
    found, before, since = {}, floor.held, now - KEPT_FOR
    for tag in pieces:
        kept = [one for one in seen[tag] if one.second > since]
        was = sightings.held_until(before.get(tag), since)
        for where in presences([*floor.noted.get(tag, ()), *kept], quiet=quiet, before=was)[-1:]:
            found[tag] = where
    stays = sightings.staying(before, found, quiet=quiet)
    sightings.write_down(session, spot, floor, seen, stays)
    came = {tag: where for tag, where in found.items() if tag not in stays}
    placed = [(pieces[tag], where) for tag, where in came.items()]
    changed = place_pieces(session, spot, placed, before, quiet=quiet, now=now)
    service.tell_of(session, spot.store_id, changed)
    return {tag: where for tag, where in came.items() if now - where.last_seen_at < quiet}


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
