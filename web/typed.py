"""What was typed into a form that nobody was signed in for: given back in the answer, once.

It stands in that page and nowhere else: no storage, cookie or address of ours ever holds it.
"""

from dataclasses import dataclass

from flask import current_app, request

from core import clock
from web.auth import find_member, find_staff, is_same_origin
from web.pages.destinations import local_path

BEHIND_A_SIGN_IN = ("member_page", "staff_page")
# What boxes hide while it is typed; a page must not spell it out.
SECRETS = frozenset({"pin"})
_MOST = 50_000


@dataclass(frozen=True)
class Typed:
    """A form to press again: where it goes, its fields, and which of these read as words.

    One that `had_a_file`, which no page can give back, is there to be read and not to be sent.
    `name` is who would send it now, None for nobody; `door` is where to sign in.
    """

    action: str
    fields: tuple[tuple[str, str], ...]
    had_a_file: bool
    name: str | None
    door: str

    @property
    def words(self) -> tuple[str, ...]:
        """What somebody wrote, as against what they chose or the page brought along."""
        return tuple(value for _, value in self.fields if len(value.split()) > 1)


def typed() -> Typed | None:
    """The form of this request, where a page of ours behind a sign-in sent it without a secret."""
    if request.method != "POST" or not _is_behind_a_sign_in() or not is_same_origin():
        return None
    action, fields = local_path(request.full_path.rstrip("?")), _fields()
    if action is None or not fields or not _may_be_shown(fields):
        return None
    had_a_file = any(file.filename for file in request.files.values())
    return Typed(action, fields, had_a_file, *_who())


def _is_behind_a_sign_in() -> bool:
    blueprint = current_app.blueprints.get(request.blueprint or "")
    return getattr(blueprint, "guarded_by", "") in BEHIND_A_SIGN_IN


def _may_be_shown(fields: tuple[tuple[str, str], ...]) -> bool:
    is_secret = any(name in SECRETS for name, _ in fields)
    return not is_secret and sum(len(value) for _, value in fields) <= _MOST


def _fields() -> tuple[tuple[str, str], ...]:
    sent = request.form.items(multi=True)
    return tuple((name, value) for name, value in sent if name != "csrf_token")


def _who() -> tuple[str | None, str]:
    if not request.path.startswith("/staff"):
        member = find_member()
        return ((member.display_name or "") if member else None), "/join"
    found = find_staff()
    if found is None:
        return None, "/staff/sign-in"
    return (None, "/staff/locked") if found.locks_at <= clock.now() else (found.name, "/staff")
