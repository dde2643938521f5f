"""Somebody who keeps pieces and comes in, to be greeted as she wishes."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from core import clock
from demo import seed
from demo.later import beside
from demo.rewards import SAVER
from demo.service import Service
from demo.simulator.browser import Browser, Refused
from loyalty.vouchers import queries, service
from loyalty.vouchers.terms import Terms
from retail.accounts import queries as accounts
from retail.brands import queries as brands

# Two trenches and a jumper, as their labels have them in the demo's catalogue.
_SAVED = ("09520010000216", "09520010000636", "09520010009455")
_SHOWS = ("last_visit", "tier", "bought", "saved", "vouchers")


def come_in(origin: str, cookies: Mapping[str, str]) -> None:
    """Have her say how she is greeted and what she shows, and check in at the door."""
    with contextlib.closing(Browser(origin, dict(cookies))) as phone:
        # What she bought and saved is spoken of only where she is known to be of age.
        mine = phone.open("/me/profile").form("/me/profile")
        phone.send(mine.fill(birth_on=SAVER.birth_on))
        for gtin in _SAVED:
            label = f"/01/{gtin}"
            phone.send(phone.open(f"{label}?b={seed.BRAND_SLUG}").form(f"{label}/save"))
        wish = phone.open("/me/greeting").form("/me/greeting").fill(form="title", title="Mrs")
        ticked = tuple(("shows", one) for one in _SHOWS)
        phone.send(replace(wish, fields=wish.fields + ticked))
        door = f"/in/{seed.BRAND_SLUG}/covent-garden"
        phone.send(phone.open(door).form(f"{door}/check-in"))


def use_a_voucher(shop: Service) -> None:
    """Have her pay with a voucher of hers at the store's second till. Raises Refused."""
    code, member_id = _given(shop)
    sale = {
        "till": "2",
        "reference": "greeted",
        "currency": "GBP",
        "member_id": member_id,
        "lines": [{"total_minor": 4_500}],
        "vouchers": [code],
    }
    key = shop.here.keys["covent-garden"]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    path = "/api/v1/voucher-redemptions"
    with contextlib.closing(Browser(shop.origin)) as till:
        status, _, text = till.request("POST", path, json.dumps(sale), headers)
    if status != 201:
        raise Refused("POST", path, status, text)


def _given(shop: Service) -> tuple[str, str]:
    """The code of a voucher that she is given, and her id."""
    with beside(shop) as (session, key):
        now, brand = clock.now(), brands.get_brand_by_slug(session, seed.BRAND_SLUG)
        member = accounts.find_member_by_email(session, brand.id, SAVER.email)
        assert member is not None
        what = {"programme_id": brand.id, "source": "demo:greeted", "now": now}
        terms_id = service.agree(session, **what, terms=Terms("amount", 1_000, "GBP"))
        for_a_day = {"valid_from": now, "valid_until": now + timedelta(days=1)}
        service.issue(session, **what, **for_a_day, terms_id=terms_id, owner_id=member.id, key=key)
        given = queries.find_by_source(session, brand.id, "demo:greeted", now=now, key=key)
        assert given is not None
        return given.code, member.id
