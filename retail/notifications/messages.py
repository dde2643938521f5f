"""The words of our mails, plain and as simple HTML. Pure."""

from dataclasses import dataclass, field
from html import escape


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


def _page(title: str, code: str, paragraphs: tuple[str, ...], sender: str) -> str:
    # Mail programs drop style sheets, so the styles stand on the elements.
    words = "".join(
        f'<p style="margin:0 0 16px;line-height:1.5">{escape(words)}</p>' for words in paragraphs
    )
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>"
        '<body style="margin:0;padding:24px;background:#E8EEEA;color:#0A1B15;'
        'font:17px/1.5 -apple-system,Segoe UI,Helvetica,Arial,sans-serif">'
        '<div style="max-width:440px;margin:0 auto;padding:32px;background:#ffffff;'
        'border-radius:18px">'
        f'<h1 style="margin:0 0 16px;font-size:20px">{escape(title)}</h1>'
        '<p style="margin:0 0 20px;padding:16px;border-radius:10px;background:#FDF6D8;'
        'text-align:center;font:700 34px/1.2 Menlo,Consolas,monospace;letter-spacing:4px">'
        f"{escape(code)}</p>{words}"
        f'<p style="margin:24px 0 0;font-weight:700">{escape(sender)}</p>'
        "</div></body></html>\n"
    )
