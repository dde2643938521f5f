"""People who work for a brand, ready made: taken on, signed in."""

from itertools import count

from sqlalchemy.orm import Session

from core import clock
from retail.staff import service
from retail.staff.queries import StaffView
from tests.conftest import KEY

COOKIE = "staff"
_numbers = count(1)


def new_staff(
    session: Session,
    brand_id: str,
    *,
    role: str = "manager",
    store_id: str | None = None,
    name: str = "Jo Hartley",
    email: str = "",
) -> StaffView:
    """Somebody with this role, in one store or, without one, in all of them."""
    return service.add_staff(
        session,
        brand_id=brand_id,
        store_id=store_id,
        email=email or f"staff-{next(_numbers)}@brand.example",
        name=name,
        role=role,
        now=clock.now(),
    )


def sign_in_staff(session: Session, staff: StaffView, *, key: bytes = KEY) -> str:
    """A session token, without any mail; for the cookie named `COOKIE`."""
    return service.open_session(session, staff.id, device="A tablet", now=clock.now(), key=key)
