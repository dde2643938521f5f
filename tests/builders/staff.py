"""API keys, ready made."""

from sqlalchemy.orm import Session

from core import clock
from retail.staff import service
from retail.staff.queries import KeyView
from tests.conftest import KEY


def new_till_key(
    session: Session, brand_id: str, store_id: str, *, name: str = "Till 1", key: bytes = KEY
) -> tuple[KeyView, str]:
    """A till's key and its text."""
    return service.create_key(
        session,
        brand_id=brand_id,
        store_id=store_id,
        kind="till",
        name=name,
        now=clock.now(),
        key=key,
    )


def new_integrator_key(
    session: Session, brand_id: str, *, name: str = "Head office", key: bytes = KEY
) -> tuple[KeyView, str]:
    """An integrator's key for the whole brand, and its text."""
    return service.create_key(
        session, brand_id=brand_id, kind="integrator", name=name, now=clock.now(), key=key
    )
