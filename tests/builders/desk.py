"""Colleagues at a desk, and the buttons of the forms that they fill in there."""

from collections.abc import Callable

from core.transaction import Database
from retail.brands.queries import StoreView
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor


def at_desk(
    db: Database, store: StoreView, visit: Callable[[], Visitor], **who: str | None
) -> Visitor:
    """A colleague who is signed in, of marketing unless told otherwise."""
    with db.write() as session:
        staff = new_staff(session, store.brand_id, **{"role": "marketer"} | who)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def press(page: Visitor, form: str, address: str = "", **values: str) -> Visitor:
    """Send a form as one of its buttons does, its own by default, with these values typed."""
    data = page.form(form) | values
    page.page = page.api("POST", address or form, data=data, follow_redirects=True)
    return page
