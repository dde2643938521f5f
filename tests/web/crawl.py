"""A walk over every address that can be read, by everybody who can read, looking for words.

A new route needs no line here as long as `examples` knows the names of its arguments; where it
needs more, it gets an entry in `QUERIES` or, if nobody is ever shown anything there, in `NO_PAGE`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.builders.clothing import read_of
from tests.builders.visitor import Visitor

_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
# What stands behind the address, where the bare one shows nothing or not everything.
QUERIES: Mapping[str, tuple[str, ...]] = {
    "league.show": ("", "?cadence=month"),
    "occasion_pages.mine": ("", "?past=1"),
    "occasions.list_occasions": ("", "?past=true"),
    "kiosk.show": ("", "?cadence=month"),
    "like_feed.show_likes": ("?brand={brand_slug}",),
    "like_feed.list_likes": ("?brand={brand_slug}&gtin={gtin}",),
    "piece.show": ("", "?at={store_slug}", "?linkType=linkset"),
    "fragments.league_rows": ("", "?cadence=month"),
    "fragments.piece_stock": ("", "?at={store_slug}"),
    "printing.show": ("?key={print_key}",),
    "boards.list_boards": ("?brand={brand_slug}",),
    "live.stream": ("?topic=brand:{brand_id}&topic=store:{store_id}&topic=consent:{brand_id}",),
    "join.start": ("", "?next=/me"),
    "walls.show": ("?brand={brand_slug}", "?brand={brand_slug}&store={store_slug}"),
    "staff_wall.show": ("", "?show=waiting", "?show=hidden", "?show=reported"),
    "staff_wall_live.queue": ("", "?show=waiting", "?show=hidden", "?show=reported"),
}
# Routes that answer nobody with a page of their own, and why.
NO_PAGE: Mapping[str, str] = {
    "room_screen.opinion_picture": "a picture, which names nobody, where no phone is linked",
    "liking.back": "leads back to the look",
    "polling.back": "leads back to the poll",
    "saving.back": "leads back to the look",
    "my_basket.back": "leads back to the basket",
    "my_fragments.my_hold": "says only whether what is held is held still",
    "my_fragments.asked_opinion": "says only whether a friend asks this still",
    "staff_requests_live.step": "says only whether a request is as its page shows it",
    "phone_baskets.show_held": "there is no hold here, and none says whose it was",
    "piece.qualified": "leads on to the piece",
    "stand_ins.become": "leads on to what a demo’s device opens; no demo left any here",
    "keeping.back": "leads back to the piece",
    "same_outfit_pages.back": "leads back to the piece",
    "checking_in.back": "leads back to the store’s door",
    "passing_on.back": "leads back to the look",
    "accepting.accept_again": "leads back to the invitation",
    "claiming.claim_again": "leads back to the receipt",
    "receipt_imports.show_import": "there is no import here",
    "voucher_batches.show_batch": "there is no batch here, and none names anybody",
    "voucher_batches.export_codes": "there is no batch here, and none names anybody",
    "staff_vouchers.look": "there is no batch here, and none names anybody",
    "staff_vouchers.download": "there is no batch here, and none names anybody",
    "staff_vouchers_live.progress": "there is no batch here, and none names anybody",
    "staff_greetings.choose": "leads on to the only store",
    "staff_till.sold": "there is no redemption here, and none says whose it was",
    "staff_sales.sold": "there is no sale by hand here, and its page names nobody",
    "vouchers.show": "there is no redemption here, and none says whose it was",
    "join.code": "leads back to the address, until a code was asked for",
    "elsewhere.leave": "there is no provider here; where there is one, it leads there",
    "elsewhere.back": "there is no provider here; where there is one, it leads on from there",
    "staff_door.code": "leads back to the address, until a code was asked for",
}
# Where a name may stand although nobody agreed to anything, and why.
OWN_PAPER: Mapping[str, str] = {
    "printing.show": "who identified themselves at the till get a slip that greets them by name",
    "receipts.show_escpos": "the same slip, for the printer of the till that sold to them",
}
# Where whoever agrees is seen: the walk has to find these filled.
SHOWN_TO_ALL = [
    "boards.show_standings",
    "brand.show",
    "following.follow",
    "fragments.kiosk_part",
    "fragments.league_rows",
    "fragments.wall_looks",
    "kiosk.show",
    "league.show",
    "outfit.show",
    "outfits.show",
    "open_polls.show",
    "passing_on.panel",
    "passing_polls_on.panel",
    "poll.show",
    "wall.show",
    "walls.show",
]
SHOWN_TO_FRIENDS = [
    "fragments.friends_who_like",
    "friend_invitations.look",
    "friends.list_friends",
    "invitation.show",
    "my_fragments.my_friends",
    "my_fragments.my_opinion",
    "my_fragments.my_opinions",
    "my_friends.looks",
    "my_friends.show",
    "occasion_pages.mine",
    "occasion_pages.show",
    "occasions.list_occasions",
    "occasions.show",
    "my_friends.show_friend",
    "opinions.mine",
    "opinions.new",
    "opinions.show",
    "polling.mine",
    "polls.list_friends",
    "saves.list_saved",
    "saving.mine",
]
SHOWN_TO_STAFF = [
    "staff_greetings.show",
    "staff_greetings_live.card",
    "staff_greetings_live.names",
    "staff_influencers.show",
    "staff_influencers.show_one",
    "staff_members.show",
    "staff_wall.look",
    "staff_wall.show",
    "staff_wall_live.queue",
]
# Where friends who agreed stand on screens that others read along.
SHOWN_ON_ROOMS = ["room.show", "room_screen.now"]
SHOWN_ON_KIOSKS = ["kiosk.show_own", "kiosk_screen.now"]
# Arguments that name nothing of anybody's.
PLAIN = {
    "import_id": ("none",),
    "batch_id": ("none",),
    "redemption_id": ("none",),
    "hold_id": ("none",),
    "mark": ("none",),
    "place": ("1",),
    "kind": ("styles",),
    "qualifiers": ("22/A/10/B/21/C",),
    "part": ("league", "wall", "looks", "store"),
    "state": ("open", "closed"),
    "drawing": ("trench",),
    "a": ("aabbcc",),
    "t": ("aabbcc",),
    "l": ("aabbcc",),
    "version": ("1",),
    "first": ("1",),
    "second": ("1",),
    "size": ("192",),
    "filename": ("css/tokens.css",),
}
ENDLESS = {"live.stream"}


@dataclass(frozen=True)
class Role:
    """Somebody who reads: how they say who they are, and the words that are their own to read.

    `cookies` are their browser's; `sends` are forms that they fill in before they look around. What
    one who `reads` is shown is kept.
    """

    name: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    bearer: str | None = None
    agent: str = "Mozilla/5.0"
    sends: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    reads: bool = False

    def client(self, app: Flask) -> FlaskClient:
        """A browser or a program of theirs."""
        client = app.test_client()
        for name, token in self.cookies.items():
            client.set_cookie(name, token)
        for address, values in self.sends.items():
            Visitor(client).open(address).send(address, **values)
        return client

    @property
    def headers(self) -> dict[str, str]:
        """What their requests carry."""
        says = {"Authorization": f"Bearer {self.bearer}"} if self.bearer else {}
        return says | {"User-Agent": self.agent}


@dataclass
class Walk:
    """What was found where, who was answered with a page, and what people read of it."""

    leaks: list[tuple[str, str, str]] = field(default_factory=list)
    shown: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    texts: dict[str, str] = field(default_factory=dict)
    broken: list[tuple[str, int]] = field(default_factory=list)
    lines: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def unvisited(self, app: Flask) -> set[str]:
        """Routes that showed nobody anything, without a reason."""
        return {rule.endpoint for rule in _rules(app)} - set(self.shown) - set(NO_PAGE)


def walk(
    app: Flask,
    roles: list[Role],
    examples: Mapping[str, tuple[str, ...]],
    words: tuple[str, ...],
) -> Walk:
    """Open every address as everybody. Raises LookupError for an argument without an example."""
    done = Walk()
    for role in roles:
        client = role.client(app)
        for rule, address in addresses(app, examples):
            answer = client.get(address, headers=role.headers)
            if rule.endpoint in ENDLESS:
                text = next(iter(answer.iter_encoded())).decode()
            else:
                text = answer.get_data().decode(errors="replace")
            answer.close()
            if role.reads and not answer.location:
                done.lines[rule.endpoint].update(read_of(text, answer.content_type or ""))
            text += str(answer.headers)
            if answer.status_code == 200:
                done.shown[rule.endpoint].add(role.name)
                done.texts[rule.endpoint] = done.texts.get(rule.endpoint, "") + text
            if answer.status_code >= 500:
                done.broken.append((address, answer.status_code))
            strange = set() if rule.endpoint in OWN_PAPER else set(words) - set(role.own)
            done.leaks += [(role.name, address, word) for word in strange if word in text]
    return done


def addresses(app: Flask, examples: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Rule, str]]:
    """Every address of every route that can be read, with each example of each argument."""
    for rule in _rules(app):
        names = _ARGUMENT.findall(rule.rule)
        unknown = [name for name in names if name not in examples]
        if unknown:
            raise LookupError(f"{rule.rule} needs an example for {', '.join(unknown)}")
        for values in product(*(examples[name] for name in names)):
            filled = dict(zip(names, values, strict=True))
            path = _ARGUMENT.sub(lambda found, given=filled: given[found[1]], rule.rule)  # type: ignore[misc]
            for query in QUERIES.get(rule.endpoint, ("",)):
                first = {name: several[0] for name, several in examples.items()}
                yield rule, path + query.format(**(first | filled))


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
