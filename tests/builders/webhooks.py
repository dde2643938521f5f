"""Webhook endpoints, ready made."""

from sqlalchemy.orm import Session

from core import clock
from retail.webhooks import service
from retail.webhooks.queries import EndpointView
from tests.conftest import KEY


def new_endpoint(
    session: Session,
    brand_id: str,
    url: str = "https://erp.example/hooks",
    *,
    types: tuple[str, ...] = (),
    key: bytes = KEY,
) -> tuple[EndpointView, str]:
    """An endpoint and its secret."""
    view, secret = service.create(
        session,
        brand_id=brand_id,
        url=url,
        name="Warehouse",
        types=types,
        allows_local=True,
        now=clock.now(),
        key=key,
    )
    assert secret is not None
    return view, secret
