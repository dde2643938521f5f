"""A shopper's phone: goes through the pages' own forms, and likes as a script would."""

import re
import time
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from demo.simulator.browser import Browser, Page
from demo.simulator.cast import Shopper

MAIL_SECONDS = 15
# So that the demo has offers, thanks to friends too; nobody is asked for it while joining.
AGREES_TO = ("offers", "friend_offers", "like_offers")
# What those who work in a store may see of who comes in.
LETS_SEE = ("last_visit", "bought", "saved", "vouchers")
_CODE = re.compile(r'value="(\d{6})"')


class NoMail(Exception):
    """The sign-in mail did not come in time."""


@dataclass
class Phone:
    """A phone in somebody's hand; it stays signed in. `door` is where its page asks for codes.

    For so many seconds it looks for a mail, and once at least.
    """

    browser: Browser
    shopper: Shopper
    brand: str
    door: str = "join"
    mail_seconds: float = MAIL_SECONDS
    _asked: Page | None = None
    _earlier_code: str | None = None

    def is_signed_in(self) -> bool:
        """Whether a session from an earlier day still opens her page."""
        return bool(self.browser.cookies) and urlsplit(self.browser.open("/me").url).path == "/me"

    def ask_for_code(self) -> None:
        """Have the sign-in mail sent."""
        path = f"/{self.door}/{self.brand}"
        form = self.browser.open(path).form(path)
        self._earlier_code = self._newest_code()
        self._asked = self.browser.send(form.fill(email=self.shopper.email))

    def sign_in(self) -> Page:
        """Type the mailed code where the phone asks for it."""
        path = f"/{self.door}/{self.brand}/code"
        page = self._asked or self.browser.open(path)
        return self.browser.send(page.form(path).fill(code=self._code()))

    def join(self) -> None:
        """Sign in; a newcomer says her name and birthday."""
        page = self.sign_in()
        if "/me/profile" in page.url:
            form = page.form("/me/profile")
            self.browser.send(
                form.fill(display_name=self.shopper.name, birth_on=self.shopper.birth_on)
            )
            for purpose in AGREES_TO:
                self.browser.call("PUT", f"/api/v1/me/consents/{purpose}")

    def come_in(self, store: str) -> None:
        """Check in at a store's door, having said how to be greeted there."""
        wish = self.browser.open("/me/greeting").form("/me/greeting")
        shows = tuple(("shows", one) for one in LETS_SEE)
        filled = wish.fill(form="first", shows=None)
        self.browser.send(replace(filled, fields=filled.fields + shows))
        door = f"/in/{self.brand}/{store}"
        page = self.browser.open(door)
        # Who was here today already has nothing to tap but to leave.
        if any(form.action == f"{door}/check-in" for form in page.forms):
            self.browser.send(page.form(f"{door}/check-in"))

    def claim(self, address: str) -> str:
        """Open a receipt's QR address and claim it; gives the id of the look to lay out."""
        path = urlsplit(address).path
        page = self.browser.send(self.browser.open(path).form(f"{path}/claim"))
        found = re.search(r"/me/outfits/([0-9A-Z]{26})/lay-out", page.url + page.text)
        if found is None:
            raise LookupError(f"no look to lay out on {page.url}")
        return found[1]

    def lay_out(self, outfit_id: str, *, background: str, caption: str) -> None:
        """Keep the pieces where they fell, choose a background, say something."""
        path = f"/me/outfits/{outfit_id}/lay-out"
        form = self.browser.open(path).form(path)
        self.browser.send(form.fill(background=background, caption=caption, then="next"))

    def publish(self, outfit_id: str, *, is_in_league: bool, audience: str = "everyone") -> None:
        """Show the look to everyone, or to the audience given."""
        path = f"/me/outfits/{outfit_id}/audience"
        form = self.browser.open(path).form(path)
        league = "yes" if is_in_league else None
        self.browser.send(form.fill(audience=audience, league=league, choice="share"))

    def invite(self) -> str:
        """Make an invitation for one; gives the path that its QR opens."""
        self.browser.call("PUT", "/api/v1/me/consents/likes_to_friends")
        form = self.browser.open("/me/friends").form("/me/friends/invitations")
        page = self.browser.send(form.fill(places="1"))
        found = re.search(r'value="([^"]*/f/[0-9A-Z]{26})"', page.text)
        if found is None:
            raise LookupError(f"no invitation on {page.url}")
        return urlsplit(found[1]).path

    def say_yes(self, invitation: str) -> None:
        """Accept an invitation; to a friend's there is nothing left to say."""
        self.browser.call("PUT", "/api/v1/me/consents/likes_to_friends")
        page = self.browser.open(invitation)
        if any("/accept" in form.action for form in page.forms):
            self.browser.send(page.form(f"{invitation}/accept"))

    def block_newest_friend(self) -> None:
        """Think better of the newest friendship."""
        found = re.search(r"/me/friends/with/[0-9A-Z]{26}", self.browser.open("/me/friends").text)
        if found is None:
            raise LookupError("no friend to block")
        self.browser.send(self.browser.open(found[0]).form(f"{found[0]}/block"))

    def like(self, outfit_id: str) -> None:
        """Like a look, as the heart on any page would."""
        self.browser.call("PUT", f"/api/v1/outfits/{outfit_id}/like")

    def unlike(self, outfit_id: str) -> None:
        """Take the like back."""
        self.browser.call("DELETE", f"/api/v1/outfits/{outfit_id}/like")

    def ask(self, looks: list[str], audience: str, closing: str, question: str) -> str:
        """Ask which of two looks; gives the poll's id."""
        path = "/me/polls/new"
        form = self.browser.open(path).form(path)
        wish = {"audience": audience, "closing": closing, "question": question}
        filled, two = form.fill(**wish), tuple(("looks", look) for look in looks)
        page = self.browser.send(replace(filled, fields=filled.fields + two))
        return urlsplit(page.url).path.rsplit("/", 1)[1]

    def vote(self, poll_id: str, choice: str) -> None:
        """Say which of the two."""
        form = self.browser.open(f"/polls/{poll_id}").form("/vote")
        self.browser.send(form.fill(choice=choice))

    def close_poll(self, poll_id: str) -> None:
        """Take no more votes."""
        self.browser.send(self.browser.open(f"/polls/{poll_id}").form("/close"))

    def report(self, outfit_id: str) -> None:
        """Ask the shop to look at a look."""
        self.browser.call("PUT", f"/api/v1/outfits/{outfit_id}/report")

    def _code(self) -> str:
        deadline = time.monotonic() + self.mail_seconds
        # Whoever signed in with this address before left a mail, which is there at once.
        while (code := self._newest_code()) in (None, self._earlier_code):
            if time.monotonic() >= deadline:
                raise NoMail(self.shopper.email)
            time.sleep(0.1)
        return str(code)

    def _newest_code(self) -> str | None:
        address = f"/dev/mailbox?{urlencode({'to': self.shopper.email})}"
        code = _CODE.search(self.browser.open(address).text)
        return code[1] if code else None
