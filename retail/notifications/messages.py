"""The words of our mails, plain and as simple HTML. Pure."""

from dataclasses import dataclass, field
from html import escape

from retail.notifications.speech import Gettext, NoteFacts, Wording


@dataclass(frozen=True)
class Message:
    """A mail's words. Bodies may hold a code and never enter a log."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


def sign_in_code(*, brand_name: str, code: str, minutes: int) -> Message:
    """The mail with a sign-in code.

    The subject is without the code, because mail servers log subjects and locked phones show
    them. There is no link, because whoever follows links in mails can be led astray.
    """
    spaced = f"{code[:3]} {code[3:]}"
    paragraphs = (
        f"Type it on the page where you asked for it. It works once, for {minutes} minutes.",
        "Didn’t ask for a code? Then somebody mistyped their address; just forget this mail.",
        "We never ask for your code by phone or message.",
    )
    text = "\n\n".join(
        (f"Your sign-in code for {brand_name} is", f"    {spaced}", *paragraphs, brand_name)
    )
    return Message(
        subject=f"Your sign-in code for {brand_name}",
        text=text + "\n",
        html=_page(f"Your sign-in code for {brand_name}", spaced, paragraphs, brand_name),
    )


def note(wording: Wording, facts: NoteFacts, *, base: str, leave: str, gettext: Gettext) -> Message:
    """The mail of a note. `base` is our own address; `leave` ends such mails."""
    why = gettext("You asked us to write to you about this.")
    stop = gettext("Stop these mails")
    text = "\n\n".join(
        (
            wording.title,
            wording.text,
            f"{wording.action}: {base}{facts.address}",
            facts.brand_name,
            f"{why} {stop}: {leave}",
        )
    )
    button = (
        f'<a href="{escape(base + facts.address)}" style="display:inline-block;padding:14px 22px;'
        "border-radius:14px;background:#194033;color:#ffffff;font-weight:700;"
        f'text-decoration:none">{escape(wording.action)}</a>'
    )
    last = (
        f'<p style="margin:24px 0 0;color:#5F6F66;font-size:14px">{escape(why)} '
        f'<a href="{escape(leave)}" style="color:#37453D">{escape(stop)}</a></p>'
    )
    return Message(
        subject=" ".join(wording.title.split()),
        text=text + "\n",
        html=_letter(wording.title, f"{_paragraph(wording.text)}{button}", facts.brand_name, last),
    )


def _page(title: str, code: str, paragraphs: tuple[str, ...], sender: str) -> str:
    words = "".join(_paragraph(words) for words in paragraphs)
    box = (
        '<p style="margin:0 0 20px;padding:16px;border-radius:10px;background:#FDF6D8;'
        'text-align:center;font:700 34px/1.2 Menlo,Consolas,monospace;letter-spacing:4px">'
        f"{escape(code)}</p>"
    )
    return _letter(title, box + words, sender)


def _paragraph(words: str) -> str:
    return f'<p style="margin:0 0 16px;line-height:1.5">{escape(words)}</p>'


def _letter(title: str, inside: str, sender: str, last: str = "") -> str:
    # Mail programs drop style sheets, so the styles stand on the elements.
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>"
        '<body style="margin:0;padding:24px;background:#E8EEEA;color:#0A1B15;'
        'font:17px/1.5 -apple-system,Segoe UI,Helvetica,Arial,sans-serif">'
        '<div style="max-width:440px;margin:0 auto;padding:32px;background:#ffffff;'
        'border-radius:18px">'
        f'<h1 style="margin:0 0 16px;font-size:20px">{escape(title)}</h1>'
        f"{inside}"
        f'<p style="margin:24px 0 0;font-weight:700">{escape(sender)}</p>{last}'
        "</div></body></html>\n"
    )
