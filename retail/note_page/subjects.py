"""What notes are about, as the subjects by which each is told once. Pure; ids and instants only."""

from datetime import UTC, date, datetime

CASE, APPEAL, POST, POINTS = "case", "appeal", "wall", "points"
OVER, SOON, AGAIN, TWINS = "over", "soon", "again", "twins"
USED, BACK, THANKED, UNTHANKED = "used", "back", "thanked", "unthanked"


def of_case(case_id: str) -> str:
    """A decision on likes that were held back."""
    return f"{CASE}.{case_id}"


def of_appeal(case_id: str) -> str:
    """The answer to a stylist's appeal against a case."""
    return f"{APPEAL}.{case_id}"


def of_post(outfit_id: str, changed_at: datetime) -> str:
    """One change of where a look stands on the wall."""
    return f"{POST}.{outfit_id}.{changed_at.timestamp() * 1000:.0f}"


def of_lost_prize(award_id: str) -> str:
    """A prize that is its winner's no more."""
    return f"{award_id}.{OVER}"


def of_doubted_prize(award_id: str) -> str:
    """A prize that somebody looks at again, and what they said."""
    return f"{award_id}.{AGAIN}"


def of_ending_prize(award_id: str) -> str:
    """A prize that runs out soon, and was neither claimed nor used."""
    return f"{award_id}.{SOON}"


def of_offer(offer_id: str, what: str) -> str:
    """An offer that was used, or whose piece came back; for whoever hears of it."""
    return f"offer.{offer_id}.{what}"


def of_hold(hold_id: str) -> str:
    """A piece that was held and is not there."""
    return f"hold.{hold_id}"


def of_friend(friend_id: str, invitation_id: str) -> str:
    """A friend who accepted; begins with their id, so that erasing them finds it."""
    return f"{friend_id}.{invitation_id}"


def of_sent(sender_id: str, variant_id: str) -> str:
    """What a friend sent; begins with their id, so that erasing them finds it."""
    return f"{sender_id}.{variant_id}"


def of_opinion(asker_id: str, request_id: str) -> str:
    """A friend who asks what one thinks; begins with their id, so that erasing them finds it."""
    return f"{asker_id}.{request_id}"


def of_saved(on: date) -> str:
    """All that a member keeps until a day."""
    return f"saved.{on.isoformat()}"


def day_of_saved(subject: str) -> date:
    """The day until which it was kept."""
    return date.fromisoformat(subject.partition(".")[2])


def of_points(ends_at: datetime) -> str:
    """The points of a member that run out at an instant."""
    return f"{POINTS}.{ends_at.timestamp():.0f}"


def instant_of_points(subject: str) -> datetime | None:
    """When the points run out that the subject is about; None where it is about others."""
    kind, _, seconds = subject.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) if kind == POINTS else None


def of_tier(change_id: str) -> str:
    """A rise or a fall of a member."""
    return f"tier.{change_id}"


def of_occasion(host_id: str, occasion_id: str) -> str:
    """A friend who asks; begins with their id, so that erasing them finds it."""
    return f"{host_id}.{occasion_id}"


def of_clash(friend_id: str, occasion_id: str, what: str) -> str:
    """A friend who plans the same, by a digest of the piece, or who is a twin; as `of_occasion`."""
    return f"{friend_id}.{occasion_id}.{what}"


def read(subject: str) -> tuple[str, str]:
    """What kind of thing a decision is about, and its id."""
    kind, about, *_ = subject.split(".")
    return kind, about
