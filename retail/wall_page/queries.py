"""Reads of walls with the looks on them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.cursor import pack_instant, read_instant
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.outfits.visibility import OFFERED_OUTFITS
from retail.social import queries as social
from retail.staff.queries import StaffView
from retail.wall import queries as wall
from retail.wall.queries import PostView

# Owners take looks back, so some posts show nothing; a page asks at most so many times for more.
_ROUNDS = 5


@dataclass(frozen=True)
class WallLook:
    """A look on a wall, with how many like it."""

    outfit: OutfitView
    likes: int


@dataclass(frozen=True)
class WallPage:
    """A page of a wall, newest first. `next_after` begins the next one, None ends the wall."""

    looks: tuple[WallLook, ...]
    next_after: str | None


@dataclass(frozen=True)
class Judged:
    """A post beside the look that it is about."""

    post: PostView
    look: OutfitView


def get_wall(
    session: Session,
    brand_id: str,
    *,
    store_id: str | None = None,
    after: str | None = None,
    limit: int,
) -> WallPage:
    """A page of the wall of a brand, or of one of its stores. Raises Invalid for a bad cursor."""
    before = read_instant(after)
    found: list[tuple[tuple[datetime, str], OutfitView]] = []
    is_over = False
    for _ in range(_ROUNDS):
        posts = wall.shown_ids(session, brand_id, store_id=store_id, before=before, limit=limit)
        ids = [outfit_id for _, outfit_id in posts]
        looks = {look.id: look for look in outfits.public_outfits(session, brand_id, ids)}
        found += [(place, looks[place[1]]) for place in posts if place[1] in looks]
        before, is_over = posts[-1] if posts else before, len(posts) < limit
        if is_over or len(found) >= limit:
            break
    if len(found) > limit:
        found, is_over = found[:limit], False
        before = found[-1][0]
    likes = social.like_counts(session, [look.id for _, look in found])
    shown = tuple(WallLook(look, likes[look.id]) for _, look in found)
    return WallPage(shown, None if is_over or before is None else pack_instant(*before))


def get_queue(session: Session, which: str, *, seen_by: StaffView) -> list[Judged]:
    """What waits for a decision of this colleague's, each with its look."""
    posts = wall.queue(session, which, among=OFFERED_OUTFITS, seen_by=seen_by)
    return _with_looks(session, posts, seen_by)


def get_queue_lengths(session: Session, *, seen_by: StaffView) -> dict[str, int]:
    """How many looks stand in each queue; those that their owners took back stand in none."""
    return wall.queue_lengths(session, among=OFFERED_OUTFITS, seen_by=seen_by)


def get_judged(session: Session, outfit_id: str, *, seen_by: StaffView) -> Judged:
    """One post with its look. Raises NotFound for what is not theirs, or was taken back."""
    found = _with_looks(session, [wall.get_post(session, outfit_id, seen_by=seen_by)], seen_by)
    if not found:
        raise wall.post_not_found()
    return found[0]


def _with_looks(session: Session, posts: list[PostView], seen_by: StaffView) -> list[Judged]:
    ids = [post.outfit_id for post in posts]
    looks = outfits.outfits_for_staff(session, seen_by.brand_id, ids)
    by_id = {look.id: look for look in looks}
    return [Judged(post, by_id[post.outfit_id]) for post in posts if post.outfit_id in by_id]
