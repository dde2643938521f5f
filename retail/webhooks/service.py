"""Writes of endpoints: made, given new secrets, disabled, tested, made to hear again."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session
from ulid import ULID

from core.errors import Conflict, Invalid
from core.ids import new_id
from core.keys import key_id
from core.seal import seal, unseal
from core.sql import close_gate, insert_ignore
from retail.webhooks import outgoing, queries, rules
from retail.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from retail.webhooks.queries import SEALED_FOR, EndpointView


def create(
    session: Session,
    *,
    brand_id: str,
    url: str,
    name: str,
    types: Iterable[str] = (),
    allows_local: bool = False,
    now: datetime,
    key: bytes,
) -> tuple[EndpointView, str | None]:
    """A new endpoint and its signing secret, which nobody is shown again.

    An address has one endpoint: said again, it is that one, unchanged, without the secret.
    Raises Invalid, and Conflict where the brand has its most.
    """
    checked = rules.check_url(url, allows_local=allows_local)
    values = {"name": rules.check_name(name), "types": rules.check_types(types)}
    endpoint_id, secret = new_id(), rules.new_secret()
    is_new = insert_ignore(
        session,
        WebhookEndpoint,
        id=endpoint_id,
        brand_id=brand_id,
        url=checked,
        secret=seal(key, SEALED_FOR, secret),
        secret_version=1,
        seal_key=key_id(key),
        last_message=str(ULID.from_int(0)),
        created_at=now,
        **values,
    )
    of_brand = WebhookEndpoint.brand_id == brand_id
    if not is_new:
        known = select(WebhookEndpoint.id).where(of_brand, WebhookEndpoint.url == checked)
        found = session.execute(known).scalar_one()
        return queries.get_endpoint(session, found, brand_id=brand_id), None
    if (session.scalar(select(func.count()).where(of_brand)) or 0) > rules.MOST_ENDPOINTS:
        raise Conflict("too_many_webhooks", f"At most {rules.MOST_ENDPOINTS} endpoints a brand.")
    return queries.get_endpoint(session, endpoint_id, brand_id=brand_id), secret


def rotate(
    session: Session, endpoint_id: str, *, brand_id: str, version: int, now: datetime, key: bytes
) -> tuple[EndpointView, str | None]:
    """Give an endpoint the secret of the next version, shown once; the one before signs as well
    until the overlap is over.

    A version that is current already changes nothing. Raises NotFound, and Conflict for others.
    """
    if not 1 <= version <= rules.MOST_VERSIONS:
        raise Conflict("webhook_secret_version", "Ask for the next version of this secret.")
    secret = rules.new_secret()
    turned = session.execute(
        update(WebhookEndpoint)
        .where(
            WebhookEndpoint.id == endpoint_id,
            WebhookEndpoint.brand_id == brand_id,
            WebhookEndpoint.secret_version == version - 1,
        )
        .values(
            older_secret=WebhookEndpoint.secret,
            older_until=now + rules.OVERLAP,
            secret=seal(key, SEALED_FOR, secret),
            secret_version=version,
        )
    )
    assert isinstance(turned, CursorResult)
    view = queries.get_endpoint(session, endpoint_id, brand_id=brand_id)
    if view.secret_version != version:
        sentence = f"The next version of this secret is {view.secret_version + 1}."
        raise Conflict("webhook_secret_version", sentence)
    return view, secret if turned.rowcount else None


def disable(session: Session, endpoint_id: str, *, brand_id: str, now: datetime) -> EndpointView:
    """Call an endpoint no more; what waits and what happens meanwhile lies with its dead letters.

    Raises NotFound.
    """
    queries.get_endpoint(session, endpoint_id, brand_id=brand_id)
    outgoing.stop(session, endpoint_id, why="by_hand", now=now)
    return queries.get_endpoint(session, endpoint_id, brand_id=brand_id)


def enable(session: Session, endpoint_id: str, *, brand_id: str, now: datetime) -> EndpointView:
    """Call an endpoint again, for all that happens from now on. Raises NotFound."""
    queries.get_endpoint(session, endpoint_id, brand_id=brand_id)
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id)
        .values(disabled_at=None, disabled_why=None, failing_since=None)
    )
    outgoing.wake(session, endpoint_id, at=now)
    return queries.get_endpoint(session, endpoint_id, brand_id=brand_id)


def remove(session: Session, endpoint_id: str, *, brand_id: str) -> None:
    """Forget an endpoint with all that waits for it and its log. Raises NotFound."""
    queries.get_endpoint(session, endpoint_id, brand_id=brand_id)
    # Nobody writes out news to it meanwhile, nor notes what came of a try.
    close_gate(session, outgoing.GATE)
    outgoing.hold(session, endpoint_id)
    messages = select(WebhookMessage.id).where(WebhookMessage.endpoint_id == endpoint_id)
    session.execute(delete(WebhookAttempt).where(WebhookAttempt.message_id.in_(messages)))
    session.execute(delete(WebhookMessage).where(WebhookMessage.endpoint_id == endpoint_id))
    session.execute(delete(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id))


def send_test(session: Session, endpoint_id: str, *, brand_id: str, now: datetime) -> str:
    """Have a message of type `endpoint.test` sent, in its turn; gives its id.

    Raises NotFound, and Conflict where the endpoint is disabled.
    """
    _check_enabled(queries.get_endpoint(session, endpoint_id, brand_id=brand_id))
    close_gate(session, outgoing.GATE)
    data = {"endpoint_id": endpoint_id}
    return outgoing.write_to(session, endpoint_id, rules.TEST_TYPE, data, at=now, now=now)


def replay(
    session: Session,
    endpoint_id: str,
    *,
    brand_id: str,
    message_id: str | None = None,
    since: datetime | None = None,
    dead_only: bool = False,
    now: datetime,
) -> int:
    """Have one message, or all that happened since, sent again under their ids; tells how many.

    What waits anyway is not counted. Raises NotFound, Invalid for neither or both, and Conflict
    where the endpoint is disabled.
    """
    queries.get_endpoint(session, endpoint_id, brand_id=brand_id)
    # Held, as it must not be disabled before what is sent again waits.
    _check_enabled(outgoing.hold(session, endpoint_id))
    if (message_id is None) == (since is None):
        sentence = "Name one message, or an instant since when."
        raise Invalid("webhook_replay", sentence, fields={"since": [sentence]})
    which = (
        WebhookMessage.id == message_id if since is None else WebhookMessage.happened_at >= since
    )
    states = [rules.DEAD] if dead_only else [rules.DEAD, rules.DELIVERED]
    again = session.execute(
        update(WebhookMessage)
        .where(which, WebhookMessage.endpoint_id == endpoint_id, WebhookMessage.state.in_(states))
        .values(
            state=rules.WAITING,
            attempts=0,
            next_at=now,
            give_up_at=now + rules.GIVE_UP_AFTER,
            settled_at=None,
        )
    )
    assert isinstance(again, CursorResult)
    outgoing.wake(session, endpoint_id, at=now)
    return again.rowcount


def seal_anew(session: Session, *, key: bytes) -> int:
    """Seal every secret under the newest key; tells how many. What no listed key opens stays."""
    newest, count = key_id(key), 0
    for endpoint in session.scalars(
        select(WebhookEndpoint).where(WebhookEndpoint.seal_key != newest).with_for_update()
    ):
        secret = unseal(key, SEALED_FOR, endpoint.secret)
        if secret is None:
            continue
        older = unseal(key, SEALED_FOR, endpoint.older_secret or "")
        endpoint.secret = seal(key, SEALED_FOR, secret)
        endpoint.older_secret = seal(key, SEALED_FOR, older) if older else None
        endpoint.seal_key = newest
        count += 1
    return count


def _check_enabled(view: EndpointView | WebhookEndpoint) -> None:
    if view.disabled_at is not None:
        raise Conflict("webhook_disabled", "This endpoint is disabled; enable it first.")
