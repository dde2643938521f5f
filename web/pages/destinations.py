"""Where a page leads on to: paths of this site and nothing else."""

from urllib.parse import urlsplit

from flask import request

MAX_LENGTH = 500


def local_path(text: str | None) -> str | None:
    """The path, where it is one on this site.

    Browsers read a backslash as a slash and drop tabs and line breaks, so that `/\\t/elsewhere`
    would lead elsewhere; such paths are none.
    """
    if not text or len(text) > MAX_LENGTH or not text.isprintable() or "\\" in text:
        return None
    if not text.startswith("/") or text.startswith("//"):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else text


def asked_for() -> str | None:
    """The `next` of this request, from its form or its address."""
    return local_path(request.form.get("next") or request.args.get("next"))
