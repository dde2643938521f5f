"""Friends at a shelf, and products that many like."""

from datetime import timedelta

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.catalogue.queries import VariantView
from retail.product_likes import service
from retail.product_likes.rules import JOINS_WITHIN
from tests.builders.accounts import new_member
from tests.builders.friends import befriend


def like_long_ago(session: Session, piece: VariantView, *members: MemberView) -> None:
    """Let members like a product long enough ago that every like has joined its count."""
    for member in members:
        service.like(
            session,
            piece.gtin or "",
            member=member,
            now=clock.now() - JOINS_WITHIN - timedelta(seconds=1),
        )


def liked_by_many(
    session: Session, piece: VariantView, brand_id: str, people: int
) -> list[MemberView]:
    """So many new members who like a product."""
    fans = [new_member(session, brand_id) for _ in range(people)]
    like_long_ago(session, piece, *fans)
    return fans


def two_friends(session: Session, brand_id: str) -> tuple[MemberView, MemberView]:
    """Nina and Sarah, who are friends."""
    nina = new_member(session, brand_id, display_name="Nina Okafor")
    sarah = new_member(session, brand_id, display_name="Sarah Lewis")
    befriend(session, nina, sarah)
    return nina, sarah
