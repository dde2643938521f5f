"""Somebody of whom every table knows something, for tests of what leaves with them."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import outbox, replay
from core.clock import FixedClock
from retail.access_log import service as access_log
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.season_close import close_season
from retail.outfits.models import Outfit
from retail.own_data import service as own_data
from retail.social import service as social
from tests.builders.accounts import sign_in
from tests.builders.fair_play import leave_fair_play
from tests.builders.league import fold, like_times, ranked_outfit, running_season
from tests.builders.outfits import new_outfit
from tests.builders.points import earn
from tests.conftest import KEY


@dataclass(frozen=True)
class Known:
    """The member, their session, and words that nobody else has."""

    member: MemberView
    token: str
    outfit_id: str
    words: tuple[str, ...]


def whole_member(
    session: Session, store: StoreView, clock: FixedClock, *, name: str, caption: str
) -> Known:
    """A member who did all there is to do at a store whose league runs. A season closes on it."""
    email = f"{caption.split()[0].lower()}@canary.example"
    member, outfit_id = ranked_outfit(session, store, display_name=name, email=email)
    session.execute(update(Outfit).where(Outfit.id == outfit_id).values(caption=caption))
    others = [new_outfit(session, store) for _ in range(2)]
    for other in others:
        social.like(session, other, member=member, now=clock.now())
    like_times(session, outfit_id, store.brand_id, 3)
    fold(session)
    season = running_season(session, store)
    clock.instant = season.ends_at
    close_season(session, season.id, now=clock.now(), key=KEY)
    social.unlike(session, others[0], member=member)
    like_times(session, outfit_id, store.brand_id, 2)
    fold(session)
    earn(session, member.id, 40, programme_id=store.brand_id)
    leave_fair_play(session, member, running_season(session, store), now=clock.now())
    _leave_traces(session, member, clock)
    return Known(member, sign_in(session, member), outfit_id, (name, email, caption))


def _leave_traces(session: Session, member: MemberView, clock: FixedClock) -> None:
    who, now = {"member_id": member.id, "brand_id": member.brand_id}, clock.now()
    access_log.record(
        session,
        **who,
        viewer_kind="self",
        viewer_id=member.id,
        purpose="own_copy",
        what="everything",
        now=now,
    )
    own_data.ask(session, **who, parts=9, now=now)
    replay.begin(session, scope=member.id, key="k", fingerprint="f", now=now, owner_id=member.id)
    replay.finish(session, scope=member.id, key="k", status=200, body=member.display_name)
    outbox.enqueue(session, "remind", {"member_id": member.id}, due_at=now, key="remind")
