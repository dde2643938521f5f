"""Reads of what stylists led others to, from the rows of other rooms as they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from core.sql import execute
from retail.catalogue.queries import GOODS
from retail.influence.models import InfluenceAudience, InfluenceWindow
from retail.influence.periods import Windows
from retail.influence.rules import Came, Led, Line, Month, Sale, Step, credited
from retail.offers.queries import USED_WITH_FRIENDS
from retail.outfits.queries import PIECES_SHOWN
from retail.receipts.sold import PAID_LINES
from retail.sharing.queries import LED, LINKS

_line = PAID_LINES.subquery("line")
_goods = GOODS.with_only_columns(*list(GOODS.selected_columns)[:2]).subquery("goods")
_led = LED.subquery("led")
_piece = PIECES_SHOWN.subquery("piece")
_shown = GOODS.with_only_columns(*list(GOODS.selected_columns)[:2]).subquery("shown")
_offer = USED_WITH_FRIENDS.subquery("offer_used")
_link, _source = LINKS.subquery("link"), LINKS.subquery("source")
_LINE = (_line.c.id, _line.c.member_id, _line.c.store_id, _line.c.sold_at, _line.c.paid_minor)
_SOLD = select(*_LINE).join(_goods, _goods.c.id == _line.c.variant_id)
# Lines of sales, each with every link by which its buyer came to a look that shows the style.
_BY_LINKS: Select[*tuple[Any, ...]] = (
    _SOLD.add_columns(_led.c.id, _led.c.stylist_id, _led.c.share_id, _led.c.touched_at)
    .join(_led, (_led.c.member_id == _line.c.member_id) & (_led.c.touched_at <= _line.c.sold_at))
    .join(_piece, _piece.c.outfit_id == _led.c.outfit_id)
    .join(_shown, (_shown.c.id == _piece.c.variant_id) & (_shown.c.style_id == _goods.c.style_id))
)
# The same with every offer of the style in a friend's name that the buyer used.
_BY_OFFERS: Select[*tuple[Any, ...]] = _SOLD.add_columns(
    _offer.c.id, _offer.c.friend_id, _offer.c.id, _offer.c.offered_at
).join(
    _offer,
    (_offer.c.member_id == _line.c.member_id)
    & (_offer.c.style_id == _goods.c.style_id)
    & (_offer.c.offered_at <= _line.c.sold_at),
)


@dataclass(frozen=True)
class Spoken:
    """A stylist was, or for the holdout would have been, spoken of to a member of a circle."""

    stylist_id: str
    member_id: str
    cluster_id: str
    arm: str
    first_at: datetime


def sales_of(
    session: Session, brand_id: str, month: Month, *, currency: str, within: timedelta
) -> list[Sale]:
    """What was bought in a month and is credited to a stylist of the brand, net of returns."""
    where = (
        _line.c.brand_id == brand_id,
        _line.c.currency == currency,
        _line.c.sold_at >= month.starts_at,
        _line.c.sold_at < month.ends_at,
    )
    lately = month.starts_at - within
    candidates = [
        (Line(*row[:5]), Led(*row[5:9]))
        for row in session.execute(_BY_LINKS.where(*where, _led.c.touched_at >= lately))
    ]
    candidates += [
        (Line(*row[:5]), Led(row[5], row[6], None, row[8]))
        for row in session.execute(_BY_OFFERS.where(*where, _offer.c.offered_at >= lately))
    ]
    return credited(candidates, within=within)


def windows_of(session: Session, brand_id: str, *, usual_days: int) -> Windows:
    """The windows that a brand chose, and the usual one for the months before."""
    rows = session.execute(
        select(InfluenceWindow.month_on, InfluenceWindow.days).where(
            InfluenceWindow.brand_id == brand_id
        )
    )
    return Windows(usual_days, {row.month_on: row.days for row in rows})


def steps_of(session: Session, stylist_ids: Collection[str]) -> dict[str, list[Step]]:
    """Where somebody who came by a link passed a look of these stylists on, by stylist."""
    found: dict[str, list[Step]] = {stylist_id: [] for stylist_id in stylist_ids}
    rows: Sequence[Any] = execute(
        session,
        select(
            *(_link.c.stylist_id, _link.c.id, _link.c.created_at),
            *(_source.c.id, _source.c.created_at, _led.c.touched_at),
        )
        .join(
            _led,
            (_led.c.member_id == _link.c.sharer_id)
            & (_led.c.outfit_id == _link.c.outfit_id)
            & (_led.c.touched_at <= _link.c.created_at),
        )
        .join(_source, _source.c.id == _led.c.share_id)
        .where(
            _link.c.stylist_id.in_(stylist_ids),
            _source.c.stylist_id == _link.c.stylist_id,
            _link.c.sharer_id != _link.c.stylist_id,
        ),
        {},
    ).all()
    for row in rows:
        found[row[0]].append(Step(*row[1:]))
    return found


def came_of(
    session: Session, stylist_ids: Collection[str], *, since: datetime, until: datetime
) -> dict[str, list[Came]]:
    """Who came by links to the looks of these stylists in [since, until), by stylist."""
    found: dict[str, list[Came]] = {stylist_id: [] for stylist_id in stylist_ids}
    has_own = exists().where(
        _link.c.outfit_id == _led.c.outfit_id, _link.c.sharer_id == _led.c.member_id
    )
    rows: Sequence[Any] = execute(
        session,
        select(_led.c.stylist_id, _led.c.share_id, _led.c.member_id, has_own).where(
            _led.c.stylist_id.in_(stylist_ids),
            _led.c.touched_at >= since,
            _led.c.touched_at < until,
        ),
        {},
    ).all()
    for stylist_id, share_id, member_id, passed_on in rows:
        found[stylist_id].append(Came(share_id, member_id, passed_on))
    return found


def spoken_of(session: Session, brand_id: str, month: Month) -> list[Spoken]:
    """For whom it was decided in a month whether stylists may be spoken of, the first time first.

    Of several experiments in the month the one counts that was asked first.
    """
    rows = session.execute(
        select(
            InfluenceAudience.stylist_id,
            InfluenceAudience.member_id,
            InfluenceAudience.cluster_id,
            InfluenceAudience.arm,
            InfluenceAudience.first_at,
            InfluenceAudience.experiment_id,
        )
        .where(InfluenceAudience.brand_id == brand_id, InfluenceAudience.month_on == month.on)
        .order_by(
            InfluenceAudience.first_at,
            InfluenceAudience.member_id,
            InfluenceAudience.stylist_id,
        )
    ).all()
    first = rows[0].experiment_id if rows else None
    return [Spoken(*row[:5]) for row in rows if row.experiment_id == first]


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """When it was decided whether friends may be spoken of to a member; friends stay unnamed."""
    rows = session.execute(
        select(InfluenceAudience.month_on, InfluenceAudience.arm, InfluenceAudience.first_at)
        .where(
            or_(
                InfluenceAudience.member_id == member_id,
                InfluenceAudience.stylist_id == member_id,
            )
        )
        .order_by(InfluenceAudience.first_at, InfluenceAudience.stylist_id)
    )
    return [dict(row._mapping) for row in rows]
