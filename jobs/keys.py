"""What still hangs on a secret that does not sign any more, and moving it to the newest.

What can be made anew is, in small transactions, so that an interrupted run is just run again.
"""

from datetime import datetime
from functools import partial

from core import erasures, installation
from core.config import Settings
from core.keys import key_id
from core.transaction import Database
from loyalty.prizes import queries as prizes
from loyalty.prizes import service as prizes_service
from loyalty.vouchers import queries as vouchers
from loyalty.vouchers import service as vouchers_service
from retail.accounts import queries as accounts
from retail.friends import invitations
from retail.journeys.members.erase_member import mark_of, marks_of
from retail.receipts import keyed as receipts
from retail.staff import queries as staff
from retail.webhooks import queries as webhooks
from retail.webhooks import service as webhooks_service

BATCH = 200


def leftovers(database: Database, settings: Settings, now: datetime) -> dict[str, int]:
    """How much of each kind would be void if only SECRET_KEY were listed; zero is left out."""
    key, newest = settings.key, key_id(settings.key)
    with database.read() as session:
        since = installation.key_notes(session).get(newest, now)
        api_keys, tablets = staff.under_other_keys(session, newest, since=since)
        counts = {
            "member sessions": accounts.sessions_under_other_keys(session, newest, now=now),
            "API keys": api_keys,
            "staff sessions": tablets,
            "receipts that can be claimed": receipts.under_other_keys(session, now=now, key=key),
            "open invitations": invitations.under_other_keys(session, now=now, key=key),
            "vouchers": vouchers.under_other_keys(session, now=now, key=key),
            "webhook secrets": webhooks.under_other_keys(session, newest),
            "gifts": prizes.under_other_keys(session, key=key),
            "erasures": len(_unmarked(accounts.ids_of_gone(session), settings)),
        }
    return {what: count for what, count in counts.items() if count}


def mark_anew(database: Database, settings: Settings, now: datetime) -> int:
    """Note every erasure under the newest secret as well; tells how many were new.

    Whom no listed secret has a mark of is left out: that list is not complete, and the doctor
    says so.
    """
    with database.read() as session:
        gone = accounts.ids_of_gone(session)
    marks = erasures.marks(settings.data_dir)
    known = [one for one in _unmarked(gone, settings) if marks & set(marks_of(one, settings.key))]
    erasures.add(settings.data_dir, {mark_of(one, settings.key) for one in known}, now)
    return len(known)


def seal_anew(database: Database, settings: Settings) -> int:
    """Seal the secrets that others hold too under the newest key; tells how many were not."""
    with database.write() as session:
        return webhooks_service.seal_anew(session, key=settings.key)


def code_anew(database: Database, settings: Settings, now: datetime) -> int:
    """Give vouchers and gifts that can be used codes of the newest secret; tells how many.

    Phones show the new code at once; one that was copied before opens nothing any more.
    """
    count = 0
    for anew in (partial(vouchers_service.code_anew, now=now), prizes_service.code_anew):
        after: str | None = ""
        while after is not None:
            with database.write() as session:
                done, after = anew(session, key=settings.key, after=after, most=BATCH)
            count += done
    return count


def _unmarked(gone: list[str], settings: Settings) -> list[str]:
    marks = erasures.marks(settings.data_dir)
    return [one for one in gone if mark_of(one, settings.key) not in marks]
