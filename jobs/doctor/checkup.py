"""Every check there is, in the order in which one would look; and looking."""

from collections.abc import Iterator

import structlog

from jobs.doctor import data, place, reach, work
from jobs.doctor.finding import BROKEN, LOOK, Check, Finding, Patient, broken, look

log = structlog.get_logger()

CHECKS: tuple[Check, ...] = (
    Check("settings", place.settings, asks_database=False),
    Check("database", data.answers, asks_database=False),
    Check("migrations", data.migrations),
    Check("durability", data.durability),
    Check("disk", place.disk, asks_database=False),
    Check("permissions", place.permissions, asks_database=False),
    Check("redis", reach.bell, asks_database=False),
    Check("worker", work.worker),
    Check("waiting jobs", work.waiting),
    Check("dead jobs", work.dead),
    Check("events", work.events),
    Check("webhooks", work.systems),
    Check("recommender", work.recommenders),
    Check("clocks", reach.clocks),
    Check("mail", reach.mail, asks_database=False),
    Check("public address", reach.public_address, asks_database=False),
    Check("tls", reach.encryption, asks_database=False),
    Check("push key", place.push_key, asks_database=False),
    Check("backups", data.backups),
    Check("erasures", place.erasures_list),
    Check("seasons", data.seasons),
    Check("books", data.books),
    Check("vouchers", data.vouchers),
    Check("campaigns", data.campaigns),
    Check("rewards", data.rewards),
    Check("prizes", data.prizes),
    Check("counts", data.counts),
    Check("secret key", data.key_age),
)


def look_at(patient: Patient) -> Iterator[tuple[str, Finding]]:
    """What each check finds, one after the other.

    Where the database does not answer, or is not of this version, what has to ask it says so.
    """
    out_of_reach = ""
    for check in CHECKS:
        if out_of_reach and check.asks_database:
            yield check.name, look(f"Not asked, {out_of_reach}.", "Look at that first.")
            continue
        finding = _try(check, patient)
        if check.name in ("database", "migrations") and finding.state == BROKEN:
            out_of_reach = out_of_reach or f"as the check of {check.name} failed"
        yield check.name, finding


def worst(findings: list[Finding]) -> str:
    """The state of the whole."""
    states = {finding.state for finding in findings}
    return next((state for state in (BROKEN, LOOK) if state in states), "ok")


def _try(check: Check, patient: Patient) -> Finding:
    try:
        return check.look(patient)
    except Exception as error:  # one that fails must not keep the others from looking
        log.debug("doctor.check_failed", check=check.name, exc_info=error)
        return broken(f"The check failed: {type(error).__name__}.", "LOG_LEVEL=DEBUG says where.")
