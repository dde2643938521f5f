"""Codes that say for a short while who somebody is: 75 bits and a check character. Pure.

A code is kept nowhere and found without a table: in it stands when the member's id was made,
hidden under a pad of the tag beside it, and the tag is one that only the holder of the key can
make for this member, this scope and this time (a synthetic initialisation vector, as in RFC 5297).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product

from core import ids
from core.ids import derive
from core.keys import every
from retail.accounts.queries import MemberView

# Milliseconds, as a ULID begins with them, until the year 2109.
_TIME_BITS = 42
_TAG_BITS = 33
_CHARACTERS = 15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """What codes are for; each is good for half of `lifetime` at least, and never longer than it.

    One that is shown again within half of it is the same.
    """

    purpose: str
    lifetime: timedelta

    def step(self, now: datetime) -> int:
        """Which half of a lifetime it is, counted from 1970."""
        return (now - _EPOCH) // (self.lifetime / 2)

    def renews_at(self, now: datetime) -> datetime:
        """When the next code begins."""
        return _EPOCH + (self.step(now) + 1) * (self.lifetime / 2)


# What a member shows, and what stands for it while one basket is on the counter.
CARD = Kind("member-card", timedelta(minutes=2))
HELD = Kind("held-card", timedelta(minutes=15))


def code_of(kind: Kind, member: MemberView, *, scope: str = "", now: datetime, key: bytes) -> str:
    """The 16 characters that stand for a member; another scope has another code."""
    about = _about(member.brand_id, scope, kind.step(now))
    tag = _tag(key, kind, about, member.id)
    hidden = _pad(key, kind, about, tag) ^ ids.value_of(member.id[:10])
    code = ids.crockford(tag << _TIME_BITS | hidden, _CHARACTERS)
    return code + ids.crockford_check(code)


@dataclass(frozen=True)
class Reading:
    """What a code would be if one key made it at one time; at most one reading is right."""

    made_at: str
    tag: int
    about: str
    kind: Kind
    key: bytes = field(repr=False)

    def is_of(self, member_id: str) -> bool:
        """Whether the code stands for this member."""
        return _tag(self.key, self.kind, self.about, member_id) == self.tag


def readings(
    typed: str, kind: Kind, *, brand_id: str, scope: str = "", now: datetime, key: bytes
) -> Iterator[Reading]:
    """What a code may be just now: one for each key and half of a lifetime; none where it can't.

    `made_at` are the 10 characters with which the member's id would begin.
    """
    code = ids.normalise_code(typed)
    if code is None or len(code) != _CHARACTERS + 1:
        return
    if ids.crockford_check(code[:-1]) != code[-1]:
        return
    tag, hidden = divmod(ids.value_of(code[:-1]), 1 << _TIME_BITS)
    newest = kind.step(now)
    for one, step in product(every(key), (newest, newest - 1)):
        about = _about(brand_id, scope, step)
        made_at = ids.crockford(hidden ^ _pad(one, kind, about, tag), 10)
        yield Reading(made_at, tag, about, kind, one)


def _about(brand_id: str, scope: str, step: int) -> str:
    return f"{brand_id}\0{scope}\0{step}"


def _tag(key: bytes, kind: Kind, about: str, member_id: str) -> int:
    return derive(key, kind.purpose, f"tag\0{about}\0{member_id}", _TAG_BITS)


def _pad(key: bytes, kind: Kind, about: str, tag: int) -> int:
    return derive(key, kind.purpose, f"pad\0{about}\0{tag}", _TIME_BITS)
