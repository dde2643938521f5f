"""Who may see an outfit, and who may like it: the conditions that every read builds on."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, or_, select

from retail.consent import queries as consent
from retail.consent.rules import FRIENDS_OUTFITS, PUBLIC_OUTFITS
from retail.friends import queries as friends
from retail.outfits.models import Outfit
from retail.outfits.rules import FRIENDS, PUBLIC
from retail.wall import queries as wall

_IS_PUBLISHED = Outfit.state == "published"
# Their owners show these to everyone, whatever the shop says; staff who decide on it see no others.
IS_OFFERED: ColumnElement[bool] = (
    _IS_PUBLISHED & (Outfit.audience == PUBLIC) & consent.agrees(Outfit.member_id, PUBLIC_OUTFITS)
)
IS_PUBLIC: ColumnElement[bool] = IS_OFFERED & wall.hangs(Outfit.id)
IS_FOR_FRIENDS: ColumnElement[bool] = (
    _IS_PUBLISHED & (Outfit.audience == FRIENDS) & consent.agrees(Outfit.member_id, FRIENDS_OUTFITS)
)
# For `viewer`; an empty one is a stranger, and so is whoever is blocked: no friendship is left.
IS_VISIBLE: ColumnElement[bool] = or_(
    IS_PUBLIC,
    _IS_PUBLISHED & (Outfit.member_id == bindparam("viewer")),
    IS_FOR_FRIENDS & friends.are_friends(Outfit.member_id, bindparam("viewer")),
)

_OUTFIT = select(
    Outfit.id, Outfit.brand_id, Outfit.store_id, Outfit.member_id, Outfit.version
).where(Outfit.id == bindparam("outfit_id"))
# One row for an outfit that everyone may see; for other rooms to build on.
PUBLIC_OUTFIT = _OUTFIT.where(IS_PUBLIC)
OFFERED_OUTFITS = select(Outfit.id).where(IS_OFFERED)
# One row for an outfit that `member_id` may like with everybody, or among the owner's friends.
LIKEABLE_BY_ALL = PUBLIC_OUTFIT.where(~friends.are_apart(Outfit.member_id, bindparam("member_id")))
LIKEABLE_BY_FRIENDS = _OUTFIT.where(
    IS_FOR_FRIENDS, friends.are_friends(Outfit.member_id, bindparam("member_id"))
)


def everyone_sees(outfit_id: Any) -> ColumnElement[bool]:
    """Whether everyone may see an outfit, as a condition on other rooms' columns of outfit ids."""
    return exists().where(Outfit.id == outfit_id, IS_PUBLIC)


def friends_see(outfit_id: Any) -> ColumnElement[bool]:
    """Whether its owner's friends may see an outfit, as `everyone_sees` is a condition."""
    return exists().where(Outfit.id == outfit_id, or_(IS_PUBLIC, IS_FOR_FRIENDS))
