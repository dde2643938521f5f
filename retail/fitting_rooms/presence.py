"""From reads of a tag to where it was, and when. Pure.

A reader tells of a tag many times a second, of one in the room next door too, twice, late or in
any order. So reads are first laid together into seconds, where of each only the first and last
instant and the strongest signal count: the same reads give the same seconds, however often and in
whatever order they come. What follows depends on those seconds alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)
# So many of the last seconds say which of several antennas is the steadiest and strongest.
WINDOW = 3
# Signals in hundredths of dBm: none is weaker, one such read is enough to be there, and another
# room has to be so much stronger to take a tag over.
FLOOR, STRONG, MARGIN = -10_000, -5_500, 300
# What a reader that tells no strength is taken to have read.
UNTOLD = -6_500


@dataclass(frozen=True)
class Sighting:
    """A second of one tag at one zone: when it was read first and last, and how strongly."""

    zone_id: str
    first_at: datetime
    last_at: datetime
    signal: int = UNTOLD

    @property
    def second(self) -> datetime:
        """The whole second that it lies in."""
        return self.first_at.replace(microsecond=0)

    def joined(self, other: "Sighting") -> "Sighting":
        """Both of them as one: of the same zone and second."""
        return Sighting(
            self.zone_id,
            min(self.first_at, other.first_at),
            max(self.last_at, other.last_at),
            max(self.signal, other.signal),
        )


@dataclass(frozen=True)
class Presence:
    """A tag was at a zone from `entered_at` to `last_seen_at` at least."""

    zone_id: str
    entered_at: datetime
    last_seen_at: datetime


def sightings_of(reads: Iterable[tuple[str, datetime, int]]) -> list[Sighting]:
    """Reads of one tag, zone, instant and signal each, as its seconds, the earliest first."""
    found: dict[tuple[datetime, str], Sighting] = {}
    for zone_id, at, signal in reads:
        one = Sighting(zone_id, at, at, signal)
        before = found.get((one.second, zone_id))
        found[one.second, zone_id] = one if before is None else one.joined(before)
    return [found[key] for key in sorted(found)]


def news_of(seen: Iterable[Sighting], noted: Iterable[Sighting]) -> list[Sighting]:
    """Those seconds of a tag that say more than what was noted of them already."""
    before = {(one.second, one.zone_id): one for one in noted}
    return [
        one
        for one in seen
        if (old := before.get((one.second, one.zone_id))) is None or old.joined(one) != old
    ]


def presences(
    sightings: Iterable[Sighting], *, quiet: timedelta, before: Presence | None = None
) -> list[Presence]:
    """Where one tag was, in order: it enters with a strong read or a second one, and has left
    where its zone heard nothing of it for `quiet`, or another zone hears it better and steadily.

    `before` is where it was when the first of these seconds began.
    """
    by_second: dict[datetime, dict[str, Sighting]] = defaultdict(dict)
    for one in sightings:
        same = by_second[one.second].get(one.zone_id)
        by_second[one.second][one.zone_id] = one if same is None else one.joined(same)
    found: list[Presence] = [before] if before is not None else []
    # Zones where it was read once, and not strongly: the next read counts.
    once: dict[str, datetime] = {}
    for second in sorted(by_second):
        heard = by_second[second]
        here = found[-1] if found and not _has_left(found[-1], heard, quiet) else None
        strengths = _strengths(by_second, second)
        once = {zone: at for zone, at in once.items() if second - at < quiet}
        sure = {zone for zone, one in heard.items() if _is_sure(one) or zone in once}
        once |= dict.fromkeys(heard, second)
        best = max(sorted(sure), key=lambda zone: strengths[zone], default=None)
        if here is None:
            if best is not None:
                found.append(Presence(best, heard[best].first_at, heard[best].last_at))
        elif (
            best is not None
            and best != here.zone_id
            and _is_steady(by_second, second, best)
            and _takes_over(strengths, best, here.zone_id)
        ):
            found.append(Presence(best, heard[best].first_at, heard[best].last_at))
        elif here.zone_id in heard:
            found[-1] = replace(here, last_seen_at=heard[here.zone_id].last_at)
    return found


def _has_left(here: Presence, heard: Mapping[str, Sighting], quiet: timedelta) -> bool:
    """Whether its zone heard nothing of it for so long: what strays into others does not count."""
    own = heard.get(here.zone_id)
    latest = own.first_at if own else max(one.last_at for one in heard.values())
    return latest - here.last_seen_at >= quiet


def _strengths(
    by_second: Mapping[datetime, Mapping[str, Sighting]], second: datetime
) -> dict[str, int]:
    """How well each zone heard it lately: silent seconds count as nothing, so steadiness wins."""
    sums: dict[str, int] = defaultdict(int)
    for back in range(WINDOW):
        for zone, one in by_second.get(second - back * SECOND, {}).items():
            sums[zone] += max(0, one.signal - FLOOR)
    return sums


def _is_steady(
    by_second: Mapping[datetime, Mapping[str, Sighting]], second: datetime, zone: str
) -> bool:
    """Whether a zone lately heard it strongly, or in every second: what strays in does neither."""
    lately = [by_second.get(second - back * SECOND, {}) for back in range(WINDOW)]
    heard = [seconds[zone] for seconds in lately if zone in seconds]
    return len(heard) == WINDOW or any(one.signal >= STRONG for one in heard)


def _is_sure(one: Sighting) -> bool:
    return one.last_at > one.first_at or one.signal >= STRONG


def _takes_over(strengths: Mapping[str, int], best: str, here: str) -> bool:
    return strengths[best] > strengths.get(here, 0) + MARGIN * WINDOW
