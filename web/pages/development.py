"""The local mailbox of a development, where mails are read that nobody sends."""

import re

from flask import Blueprint, render_template, request

from connectors.mail import mailbox
from web.auth import guarded, settings

_CODE = re.compile(r"^\s*(\d{3}) (\d{3})\s*$", re.MULTILINE)

development = guarded(Blueprint("development", __name__), by="development")


@development.get("/dev/mailbox")
def letters() -> str:
    """The newest mails, those to one address where `to` names it."""
    recipient = request.args.get("to") or None
    found = mailbox.letters(settings().data_dir / "mailbox", recipient=recipient)
    return render_template(
        "development/mailbox.html", letters=[(x, _code(x.text)) for x in found], recipient=recipient
    )


def _code(text: str) -> str | None:
    match = _CODE.search(text)
    return "".join(match.groups()) if match else None
