"""The text of API keys and what their names may be. Pure."""

from datetime import datetime, timedelta

from core.errors import Invalid

TILL = "till"
INTEGRATOR = "integrator"
KINDS = (TILL, INTEGRATOR)
PREFIX = "st_"
NAME_LENGTH = 60
USE_NOTED_EVERY = timedelta(hours=1)


def key_text(key_id: str, secret: str) -> str:
    """A key as its holder keeps it. The id is public, the secret is not."""
    return f"{PREFIX}{key_id}_{secret}"


def split_key_text(text: str) -> tuple[str, str] | None:
    """Id and secret of a key text, or None where it is none."""
    if not text.startswith(PREFIX):
        return None
    key_id, _, secret = text.removeprefix(PREFIX).partition("_")
    return (key_id, secret) if key_id and secret else None


def check_key(kind: str, store_id: str | None, name: str) -> str:
    """The tidy name of a key to be. Raises Invalid: a till key needs its store, all need names."""
    problems: dict[str, list[str]] = {}
    tidy = " ".join(name.split())
    if kind not in KINDS:
        problems["kind"] = [f"A key is for one of: {', '.join(KINDS)}."]
    if kind == TILL and store_id is None:
        problems["store"] = ["A till key belongs to a store."]
    if not 1 <= len(tidy) <= NAME_LENGTH or not tidy.isprintable():
        problems["name"] = [f"Give the key a name of up to {NAME_LENGTH} characters."]
    if problems:
        raise Invalid("key_invalid", "This key can’t be made as asked.", fields=problems)
    return tidy


def is_use_news(used_at: datetime | None, now: datetime) -> bool:
    """Whether a use is worth noting: the first one, and then one an hour."""
    return used_at is None or now - used_at >= USE_NOTED_EVERY
