"""Ask which of two looks, with the links by which a poll for everyone is passed on."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.outfits.rules import PUBLIC
from retail.polls import service as polls
from retail.sharing import service as sharing


def ask_poll(
    session: Session,
    looks: tuple[str, str],
    *,
    member: MemberView,
    audience: str,
    closing: str,
    question: str = "",
    now: datetime,
) -> str:
    """The id of a new poll; its asker finds the panel for passing it on filled.

    Raises as `polls.service.ask`.
    """
    words = {"audience": audience, "closing": closing, "question": question}
    poll_id = polls.ask(session, looks, member=member, **words, now=now)
    if audience == PUBLIC:
        sharing.make_poll_links(session, poll_id, sharer=member, now=now)
    return poll_id
