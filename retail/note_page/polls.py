"""What notes say of polls, as these stand at this moment."""

from sqlalchemy.orm import Session

from core import clock
from retail.accounts import queries as accounts
from retail.brands.queries import BrandView
from retail.consent.rules import POLLS_NEWS, RESULTS_NEWS
from retail.notifications.queries import NoteView
from retail.notifications.speech import NoteFacts
from retail.polls import news
from retail.polls import queries as polls
from retail.polls.rules import Tally


def of_new(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """What friends asked within the note's window, while it takes votes and its reader may see."""
    until = note.window_ends_at or note.news_at
    window = {"since": note.window_at, "until": until}
    asked = news.new_for_friends(session, note.member_id, **window, now=clock.now())
    open_to_them = [poll for poll in asked if poll.my_choice is None]
    if not open_to_them:
        return None
    first = open_to_them[0]
    return NoteFacts(
        purpose=POLLS_NEWS,
        brand_name=brand.name,
        address=f"/polls/{first.id}" if len(open_to_them) == 1 else "/me/polls",
        title=first.question,
        name=first.first.stylist_name,
        count=len(open_to_them),
    )


def of_result(session: Session, note: NoteView, brand: BrandView) -> NoteFacts | None:
    """How a poll of the reader's ended; nothing where one of its looks is not shown any more."""
    now = clock.now()
    reader = accounts.get_member(session, note.member_id, now=now)
    poll = polls.get_poll(session, note.subject, viewer=reader, now=now)
    if poll.tally is None or poll.is_open or not poll.is_own:
        return None
    return NoteFacts(
        purpose=RESULTS_NEWS,
        brand_name=brand.name,
        address=f"/polls/{poll.id}",
        title=poll.question,
        count=poll.tally.votes,
        state=_ended(poll.tally),
    )


def _ended(tally: Tally) -> str:
    if tally.first is None or tally.second is None:
        return "untold"
    if tally.first == tally.second:
        return "level"
    return "first" if tally.first > tally.second else "second"
