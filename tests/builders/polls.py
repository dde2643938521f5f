"""Polls for tests: two looks and a question in one call."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.polls import service
from tests.builders.accounts import new_member
from tests.builders.outfits import new_outfit


def new_poll(
    session: Session,
    store: StoreView,
    member: MemberView,
    *,
    audience: str = "everyone",
    closing: str = "day",
    question: str = "",
    looks: tuple[str, str] | None = None,
) -> str:
    """The id of an open poll of the member, about two new looks unless some are given."""
    two = looks or (
        new_outfit(session, store, member=member, audience=audience),
        new_outfit(session, store, member=member, audience=audience),
    )
    return service.ask(
        session,
        two,
        member=member,
        audience=audience,
        closing=closing,
        question=question,
        now=clock.now(),
    )


def votes_of(session: Session, poll_id: str, brand_id: str, choices: Sequence[str]) -> None:
    """New members vote, one for each choice."""
    for choice in choices:
        voter = new_member(session, brand_id)
        service.vote(session, poll_id, member=voter, choice=choice, now=clock.now())


def polls_of_all_kinds(
    session: Session, store: StoreView, *asked: tuple[MemberView, str]
) -> tuple[str, ...]:
    """A poll for everyone and one for friends of each of the members, in these words."""
    return tuple(
        new_poll(session, store, member, audience=audience, question=words)
        for member, words in asked
        for audience in ("everyone", "friends")
    )
