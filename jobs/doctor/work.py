"""What is done in time: workers, jobs, events."""

from datetime import timedelta

from core import clock, installation, outbox
from jobs import queue
from jobs.doctor.finding import Finding, Patient, broken, in_words, look, well
from retail.brands import queries as brands
from retail.training import queries as training
from retail.training import rules as training_rules
from retail.training import serving
from retail.webhooks import queries as webhooks

BEAT_LOOK, BEAT_BROKEN = timedelta(minutes=1), timedelta(minutes=5)
JOB_LOOK, JOB_BROKEN = timedelta(minutes=1), timedelta(minutes=15)
EVENT_GRACE = timedelta(hours=1)
AHEAD = timedelta(seconds=5)
_START = "Start `flask worker`, or `flask serve`, which runs one and starts it again."


def worker(patient: Patient) -> Finding:
    """Whether a worker noted lately that it is alive."""
    with patient.database.read() as session:
        seen_at = installation.noted_at(session, installation.WORKER)
    if seen_at is None:
        return broken("No worker has ever run here.", _START)
    age = clock.now() - seen_at
    says = f"last heard of {in_words(age)} ago"
    if age > BEAT_BROKEN:
        return broken(says, _START)
    return (
        look(says, "It may be at a long job; look again in a minute.")
        if age > BEAT_LOOK
        else (well(says))
    )


def waiting(patient: Patient) -> Finding:
    """How long the oldest job has been due."""
    now = clock.now()
    with patient.database.read() as session:
        oldest = queue.oldest_due(session, now)
    if oldest is None:
        return well("nothing is due")
    kind, due_at = oldest
    age = now - due_at
    says = f"the oldest, {kind}, is due for {in_words(age)}"
    todo = "See that workers run and are of this version; start more of them if they keep up badly."
    if age > JOB_BROKEN:
        return broken(says, todo)
    return look(says, todo) if age > JOB_LOOK else well(says)


def dead(patient: Patient) -> Finding:
    """Jobs given up after their last try."""
    with patient.database.read() as session:
        found = queue.failed(session)
    if not found:
        return well("none was given up")
    kinds = ", ".join(sorted({job.kind for job in found}))
    return look(
        f"{len(found)} were given up: {kinds}.",
        "`flask jobs failed` lists them; mend the cause, then `flask jobs retry`.",
    )


def systems(patient: Patient) -> Finding:
    """Whether every system of a brand that is to be told takes what it is sent."""
    with patient.database.read() as session:
        failing, disabled = webhooks.troubled(session)
    if not failing + disabled:
        return well("all take what they are sent")
    return look(
        f"{failing} take nothing just now, {disabled} were disabled for it.",
        "See /staff/webhooks; mend the system, enable it, and send its dead letters again.",
    )


def events(patient: Patient) -> Finding:
    """Whether events are dropped when they are old, and none comes from the future."""
    now = clock.now()
    with patient.database.read() as session:
        span = outbox.span_of_events(session)
    if span is None:
        return well("no events are kept")
    oldest, newest = span
    if newest > now + AHEAD:
        return look(
            f"The newest is {in_words(newest - now)} ahead of this machine’s clock.",
            "Keep the clocks of all machines right, by NTP: seasons close by them.",
        )
    age = now - oldest
    if age > timedelta(hours=queue.KEEP_EVENTS_HOURS) + EVENT_GRACE:
        return look(
            f"The oldest is {in_words(age)} old and should be gone.",
            "A worker drops them every ten minutes; see that one runs, and what it logs.",
        )
    return well(f"the oldest is {in_words(age)} old")


def recommenders(patient: Patient) -> Finding:
    """Whether every brand's newest model can be read, and its last run came to a result."""
    unread, ended = [], []
    with patient.database.read() as session:
        for brand in brands.list_brands(session):
            if serving.problems(brand.id, patient.settings.data_dir):
                unread.append(brand.slug)
            done = [run for run in training.history(session, brand.id, limit=2) if not run.is_open]
            if done and done[0].state == training_rules.ENDED:
                ended.append(brand.slug)
    if unread:
        return broken(
            f"The newest model of {', '.join(unread)} cannot be read and is passed over.",
            "`flask recommender train --brand …` makes a new one; look at the disk.",
        )
    if ended:
        return look(
            f"The last run of {', '.join(ended)} ended before it came to a result.",
            "The worker's log says why; `flask recommender train --brand …` tries again.",
        )
    return well("every model can be read, no run ended early")
