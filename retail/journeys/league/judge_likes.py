"""Judge likes: decide for each new one whether it scores, by the brand's rules of fair play."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.fairness import queries as fairness
from retail.fairness.rules import FairPlay, Liker, verdict_of
from retail.outfits import queries as outfits
from retail.receipts import queries as receipts
from retail.social import review
from retail.social.rules import CAPPED, Judged, NewLike, ScoreChange, Verdict
from retail.staff import queries as staff

# A day of any zone, with room for the clocks' changes.
_LONGEST_DAY = timedelta(hours=28)


def judge_likes(session: Session, brand_id: str, *, now: datetime) -> list[ScoreChange]:
    """Judge every new like of a brand; gives what those that score change.

    The caller holds the brand's fold gate. A verdict is given once and stays, whatever happens to
    other likes later.
    """
    new = review.unjudged(session, brand_id)
    if not new:
        return []
    play = fairness.rules_of(session, brand_id)
    likers = _likers(session, brand_id, new, play, now)
    caps = _Caps(session, brands.get_brand(session, brand_id).zone, new)
    # A like that waited while its look went back to the shop saw the look before.
    gone = outfits.emptied(session, {like.outfit_id for like in new})
    judged = [
        Judged(like, "returned") if like.outfit_id in gone else _judge(play, like, likers, caps)
        for like in new
    ]
    return review.record_verdicts(session, judged)


class _Caps:
    """How many likes of each giver fill the caps of a day, in the brand's zone."""

    def __init__(self, session: Session, zone: str, new: Sequence[NewLike]) -> None:
        self._zone = ZoneInfo(zone)
        self._given: Counter[tuple[str, date]] = Counter()
        self._to_stylist: Counter[tuple[str, str, date]] = Counter()
        since = min(like.counted_at for like in new) - _LONGEST_DAY
        for given in review.given_since(session, {like.member_id for like in new}, since):
            self.count(*given)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def count(self, member_id: str, stylist_id: str, at: datetime) -> None:
        day = self._day(at)
        self._given[member_id, day] += 1
        self._to_stylist[member_id, stylist_id, day] += 1

    def filled(self, like: NewLike) -> tuple[int, int]:
        day = self._day(like.counted_at)
        pair = (like.member_id, like.stylist_id, day)
        return self._given[like.member_id, day], self._to_stylist[pair]


def _judge(play: FairPlay, like: NewLike, likers: dict[str, Liker], caps: _Caps) -> Judged:
    today, for_stylist = caps.filled(like)
    verdict: Verdict = like.before or verdict_of(
        play,
        like.counted_at,
        likers[like.member_id],
        today=today,
        today_for_stylist=for_stylist,
    )
    if verdict in CAPPED:
        caps.count(like.member_id, like.stylist_id, like.counted_at)
    return Judged(like, verdict)


def _likers(
    session: Session, brand_id: str, new: Sequence[NewLike], play: FairPlay, now: datetime
) -> dict[str, Liker]:
    ids = {like.member_id for like in new}
    members = accounts.members_by_id(session, ids, now=now)
    buyers = receipts.buyers(session, brand_id, ids) if play.needs_purchase else ids
    # Whoever left meanwhile takes their likes along in the same instant; till then they are young.
    colleagues = [one.email for one in staff.list_staff(session, brand_id) if not one.disabled_at]
    at_work = accounts.ids_by_email(session, brand_id, colleagues)
    gone = Liker(now + timedelta(days=1), None, has_purchase=False, is_staff=False)
    return dict.fromkeys(ids, gone) | {
        member.id: Liker(
            member.joined_at,
            member.is_adult,
            has_purchase=member.id in buyers,
            is_staff=member.id in at_work,
        )
        for member in members.values()
    }
