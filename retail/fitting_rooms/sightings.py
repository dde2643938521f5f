"""A batch's tags as a whole: looked at, noted by the second, told apart into what stays and moves.

One statement reads for a batch and one writes, not one for a tag: most reads say that everything
is where it was.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, literal_column, null, select, text, union_all, update
from sqlalchemy.orm import Session

from core.glance import Glance, instant, within
from core.sql import among, dialect, execute, lay_together
from retail.catalogue.queries import GOODS
from retail.fitting_rooms.models import RoomGarment, SoldTag, TagSighting
from retail.fitting_rooms.presence import Presence, Sighting, news_of
from retail.fitting_rooms.rules import Spot

_GARMENT = cast("Table", RoomGarment.__table__).c
_goods = GOODS.subquery("goods")
_FLOOR = Glance(
    union_all(
        select(
            literal_column("'noted'").label("what"),
            TagSighting.tag,
            TagSighting.zone_id,
            TagSighting.first_at,
            TagSighting.last_at,
            TagSighting.signal,
        ).where(
            TagSighting.store_id == bindparam("store_id"),
            among(TagSighting.tag, bindparam("tags")),
            TagSighting.second > bindparam("since"),
        ),
        select(
            literal_column("'held'"),
            RoomGarment.tag,
            RoomGarment.zone_id,
            RoomGarment.entered_at,
            RoomGarment.last_seen_at,
            null(),
        ).where(
            RoomGarment.store_id == bindparam("store_id"),
            among(RoomGarment.tag, bindparam("tags")),
        ),
        select(literal_column("'sold'"), SoldTag.tag, null(), null(), null(), null()).where(
            SoldTag.brand_id == bindparam("brand_id"), among(SoldTag.tag, bindparam("hashes"))
        ),
        select(literal_column("'known'"), _goods.c.gtin, _goods.c.id, null(), null(), null()).where(
            _goods.c.brand_id == bindparam("brand_id"), among(_goods.c.gtin, bindparam("gtins"))
        ),
    )
)
_HEARD = (
    update(cast("Table", RoomGarment.__table__))
    .where(_GARMENT.store_id == bindparam("store"), _GARMENT.tag == bindparam("which"))
    .values(last_seen_at=bindparam("last"))
)
# Both writes of a batch at once. Each row of a list is written once: nothing in it is there twice.
_NOTED_AND_HEARD = text("""
    WITH heard AS (
        UPDATE room_garment AS garment SET last_seen_at = new.last
        FROM json_to_recordset(CAST(:heard AS json)) AS new (which varchar, last timestamptz)
        WHERE garment.store_id = :store_id AND garment.tag = new.which
    )
    INSERT INTO tag_sighting AS old
        (store_id, brand_id, tag, second, zone_id, first_at, last_at, signal)
    SELECT :store_id, :brand_id, tag, second, zone_id, first_at, last_at, signal
    FROM json_to_recordset(CAST(:noted AS json)) AS new (
        tag varchar, second timestamptz, zone_id varchar,
        first_at timestamptz, last_at timestamptz, signal integer
    )
    ON CONFLICT (store_id, tag, second, zone_id) DO UPDATE SET
        first_at = least(old.first_at, excluded.first_at),
        last_at = greatest(old.last_at, excluded.last_at),
        signal = greatest(old.signal, excluded.signal)
""")


@dataclass(frozen=True)
class Floor:
    """What a store knows of the tags of a batch, as of before it.

    `noted` has the seconds in which they were read and `held` where each is, since when, and when
    it was heard of last; `sold` has hashes of those that left, `known` variants by GTIN.
    """

    noted: Mapping[str, list[Sighting]]
    held: Mapping[str, Presence]
    sold: Set[str]
    known: Mapping[str, str]


def look(
    session: Session,
    spot: Spot,
    *,
    tags: Iterable[str],
    hashes: Iterable[str],
    gtins: Iterable[str],
    since: datetime,
) -> Floor:
    """What is known of these tags, in one statement; `hashes` are all names they may be sold by."""
    lists = {"tags": tags, "hashes": hashes, "gtins": gtins}
    told = {name: json.dumps(sorted(one)) for name, one in lists.items()}
    places = {"store_id": spot.store_id, "brand_id": spot.brand_id}
    noted: dict[str, list[Sighting]] = defaultdict(list)
    held: dict[str, Presence] = {}
    sold, known = set[str](), dict[str, str]()
    for what, code, other, first_at, last_at, signal in within(session)(
        _FLOOR, since=instant(since), **told, **places
    ):
        if what == "noted":
            noted[code].append(Sighting(other, first_at, last_at, signal))
        elif what == "held":
            held[code] = Presence(other, first_at, last_at)
        elif what == "sold":
            sold.add(code)
        else:
            known[code] = other
    return Floor(noted, held, sold, known)


def held_until(held: Presence | None, since: datetime) -> Presence | None:
    """Where a tag was at `since`, before which no seconds are kept: where it is, if it came there
    earlier; None for one that came later, of which the seconds tell, and for one that was nowhere.
    """
    if held is None or held.entered_at > since:
        return None
    return replace(held, last_seen_at=min(held.last_seen_at, since))


def staying(
    before: Mapping[str, Presence], found: Mapping[str, Presence], *, quiet: timedelta
) -> dict[str, datetime]:
    """Which tags are where they were, with the last instant at which they were heard of."""
    stays = {}
    for tag, where in found.items():
        held = before.get(tag)
        if held is None or held.zone_id != where.zone_id:
            continue
        if where.entered_at - held.last_seen_at < quiet:
            stays[tag] = max(held.last_seen_at, where.last_seen_at)
    return stays


def write_down(
    session: Session,
    spot: Spot,
    floor: Floor,
    seen: Mapping[str, Iterable[Sighting]],
    heard: Mapping[str, datetime],
) -> None:
    """Lay seconds of tags together with those noted before, and keep when tags that stay were
    heard of last. What is known already is not written again.
    """
    noted = [
        {
            "tag": tag,
            "second": one.second,
            "zone_id": one.zone_id,
            "first_at": one.first_at,
            "last_at": one.last_at,
            "signal": one.signal,
        }
        for tag, seconds in seen.items()
        for one in news_of(seconds, floor.noted.get(tag, ()))
    ]
    before = {tag: one.last_seen_at for tag, one in floor.held.items()}
    kept = [{"which": tag, "last": last} for tag, last in heard.items() if before[tag] != last]
    places = {"store_id": spot.store_id, "brand_id": spot.brand_id}
    if not noted and not kept:
        return
    if dialect(session) == "postgresql":
        lists = {
            name: json.dumps(rows, default=instant)
            for name, rows in (("noted", noted), ("heard", kept))
        }
        execute(session, _NOTED_AND_HEARD, {**lists, **places})
        return
    chosen: dict[str, tuple[str, ...]] = {"least": ("first_at",), "most": ("last_at", "signal")}
    lay_together(session, TagSighting, [{**one, **places} for one in noted], **chosen)
    if kept:
        execute(session, _HEARD, [{**one, "store": spot.store_id} for one in kept])
