"""Which likes score, and what is looked at more closely. Pure; each set of rules has a version."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from core.errors import Invalid
from retail.social.rules import Verdict


@dataclass(frozen=True)
class FairPlay:
    """What a brand lets score. Version 0 are the rules of a brand that set none.

    A like scores unless its giver joined less than `account_age_hours` before, has no claimed
    purchase where one is needed, works here, is a minor, or has used up the likes of the day, in
    all or for one stylist. `burst_*` and `group_*` say when likes are held back for review,
    `release_above_*` which prizes two people release.
    """

    version: int = 0
    account_age_hours: int = 24
    needs_purchase: bool = False
    likes_per_day: int = 40
    likes_per_stylist_per_day: int = 10
    young_days: int = 7
    few_likes: int = 3
    burst_likes: int = 12
    burst_minutes: int = 10
    group_members: int = 8
    group_looks: int = 3
    group_density_percent: int = 40
    review_days: int = 3
    release_above_minor: int = 10_000
    release_above_points: int = 5_000


@dataclass(frozen=True)
class Liker:
    """What the rules ask about whoever gave a like; `is_adult` is None where the age is unknown."""

    joined_at: datetime
    is_adult: bool | None
    has_purchase: bool
    is_staff: bool


@dataclass(frozen=True)
class Suspicion:
    """Likes, pairs of outfit and member, that look arranged, and numbers that say why."""

    kind: Literal["burst", "group"]
    likes: tuple[tuple[str, str], ...]
    evidence: dict[str, Any]


REASON_LENGTH, APPEAL_LENGTH = 300, 500
_LEAST = {
    "burst_likes": 2,
    "burst_minutes": 1,
    "group_members": 3,
    "group_looks": 2,
    "group_density_percent": 10,
    "likes_per_day": 1,
    "likes_per_stylist_per_day": 1,
    "review_days": 1,
}
_MOST = {"group_density_percent": 100, "account_age_hours": 24 * 365, "review_days": 30}


def verdict_of(
    play: FairPlay, liked_at: datetime, liker: Liker, *, today: int, today_for_stylist: int
) -> Verdict:
    """Whether a like scores, or the first rule that it does not meet.

    `today` and `today_for_stylist` are the likes that fill the caps of its day already. Likes of
    one's own looks never come so far.
    """
    if liker.is_staff:
        return "staff"
    if liker.is_adult is False:
        return "minor"
    if liked_at - liker.joined_at < timedelta(hours=play.account_age_hours):
        return "young"
    if play.needs_purchase and not liker.has_purchase:
        return "no_purchase"
    if today >= play.likes_per_day:
        return "day_cap"
    if today_for_stylist >= play.likes_per_stylist_per_day:
        return "pair_cap"
    return "counts"


def needs_two(play: FairPlay, kind: str, value: int) -> bool:
    """Whether two people have to release a prize of this worth before it is given."""
    return value > (play.release_above_points if kind == "points" else play.release_above_minor)


def changed(play: FairPlay, changes: dict[str, int | bool]) -> FairPlay:
    """The rules with these changes, as the next version. Raises Invalid for what makes no sense."""
    known = {field.name for field in fields(FairPlay)} - {"version"}
    problems: dict[str, list[str]] = {}
    for name, value in changes.items():
        if name not in known:
            problems[name] = [f"There is no such rule; there are {', '.join(sorted(known))}."]
        elif not _LEAST.get(name, 0) <= int(value) <= _MOST.get(name, 10**9):
            problems[name] = [f"Use a number from {_LEAST.get(name, 0)}."]
    if problems:
        raise Invalid("rules_unclear", "Some rules need another look.", fields=problems)
    given = dict(changes)
    if "needs_purchase" in given:
        given["needs_purchase"] = bool(given["needs_purchase"])
    return FairPlay(**asdict(play) | given | {"version": play.version + 1})


def from_json(rows: dict[str, Any], version: int) -> FairPlay:
    """Stored rules; what they do not say is as by default."""
    return FairPlay(**rows | {"version": version})


def to_json(play: FairPlay) -> dict[str, Any]:
    """Rules as they are stored."""
    return {name: value for name, value in asdict(play).items() if name != "version"}


def clean_words(typed: str, field: str, longest: int) -> str:
    """What somebody wrote, with tidy spaces. Raises Invalid for nothing and for too much."""
    tidy = " ".join(typed.split())
    if 1 <= len(tidy) <= longest:
        return tidy
    sentence = f"Say it in up to {longest} characters." if tidy else "Say why, in a few words."
    raise Invalid(f"{field}_missing", sentence, fields={field: [sentence]})
