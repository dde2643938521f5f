"""Reads of endpoints, of what waits for them, and of what came of it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import cursor
from core.errors import NotFound
from core.seal import unseal
from retail.webhooks import rules
from retail.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage

SEALED_FOR = "webhook-secret"


@dataclass(frozen=True)
class EndpointView:
    """Where a brand is told, of which types (none: all), and how that goes.

    `older_until`: until when the secret before this version signs as well.
    """

    id: str
    url: str
    name: str
    types: list[str]
    secret_version: int
    older_until: datetime | None
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_why: str | None
    created_at: datetime


@dataclass(frozen=True)
class Counts:
    """How many messages of an endpoint wait, and how many were given up."""

    waiting: int = 0
    dead: int = 0


@dataclass(frozen=True)
class AttemptView:
    """One try: what the endpoint answered, or `error` where nobody did."""

    at: datetime
    status: int | None
    milliseconds: int
    error: str | None
    answer: str


@dataclass(frozen=True)
class DeliveryView:
    """A message to an endpoint, `waiting`, `delivered` or `dead`, with its newest tries first."""

    id: str
    type: str
    state: str
    happened_at: datetime
    next_at: datetime | None
    settled_at: datetime | None
    attempts: list[AttemptView] = field(default_factory=list)


@dataclass(frozen=True)
class DeliveryPage:
    """Deliveries, the newest first; `next_after` begins the next page, null on the last."""

    deliveries: list[DeliveryView]
    next_after: str | None


_SHOWN_ATTEMPTS = 20
_VIEW = (
    WebhookEndpoint.id,
    WebhookEndpoint.url,
    WebhookEndpoint.name,
    WebhookEndpoint.types,
    WebhookEndpoint.secret_version,
    WebhookEndpoint.older_until,
    WebhookEndpoint.failing_since,
    WebhookEndpoint.disabled_at,
    WebhookEndpoint.disabled_why,
    WebhookEndpoint.created_at,
)


def list_endpoints(session: Session, brand_id: str) -> list[EndpointView]:
    """A brand's endpoints, oldest first."""
    rows = session.execute(
        select(*_VIEW).where(WebhookEndpoint.brand_id == brand_id).order_by(WebhookEndpoint.id)
    )
    return [EndpointView(**row._mapping) for row in rows]


def get_endpoint(session: Session, endpoint_id: str, *, brand_id: str) -> EndpointView:
    """One endpoint. Raises NotFound for absent and another brand's alike."""
    row = session.execute(
        select(*_VIEW).where(
            WebhookEndpoint.id == endpoint_id, WebhookEndpoint.brand_id == brand_id
        )
    ).one_or_none()
    if row is None:
        raise endpoint_not_found()
    return EndpointView(**row._mapping)


def counts_of(session: Session, brand_id: str) -> dict[str, Counts]:
    """What waits and what is dead, by the ids of the brand's endpoints that have any."""
    state = WebhookMessage.state
    rows = session.execute(
        select(
            WebhookMessage.endpoint_id,
            func.count().filter(state == rules.WAITING),
            func.count().filter(state == rules.DEAD),
        )
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookMessage.endpoint_id)
        .where(WebhookEndpoint.brand_id == brand_id, state.in_([rules.WAITING, rules.DEAD]))
        .group_by(WebhookMessage.endpoint_id)
    )
    return {endpoint_id: Counts(waiting, dead) for endpoint_id, waiting, dead in rows}


def list_deliveries(
    session: Session,
    endpoint_id: str,
    *,
    brand_id: str,
    state: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> DeliveryPage:
    """What was or is to be handed over, the newest first. Raises NotFound, Invalid for `after`."""
    get_endpoint(session, endpoint_id, brand_id=brand_id)
    statement = select(WebhookMessage).where(WebhookMessage.endpoint_id == endpoint_id)
    if state is not None:
        statement = statement.where(WebhookMessage.state == state)
    if after is not None:
        statement = statement.where(WebhookMessage.id < cursor.unpack(after))
    found = list(session.scalars(statement.order_by(WebhookMessage.id.desc()).limit(limit + 1)))
    page = found[:limit]
    tries = _attempts(session, [message.id for message in page])
    views = [_delivery(message, tries.get(message.id, [])) for message in page]
    return DeliveryPage(views, cursor.pack(page[-1].id) if len(found) > limit else None)


def secrets_of(session: Session, endpoint_id: str, *, now: datetime, key: bytes) -> tuple[str, ...]:
    """The secrets that sign just now, the newest first; none where no listed key opens them."""
    row = session.execute(
        select(
            WebhookEndpoint.secret, WebhookEndpoint.older_secret, WebhookEndpoint.older_until
        ).where(WebhookEndpoint.id == endpoint_id)
    ).one_or_none()
    if row is None:
        return ()
    older = row.older_secret if row.older_until and row.older_until > now else None
    found = (unseal(key, SEALED_FOR, one) for one in (row.secret, older) if one)
    return tuple(secret for secret in found if secret)


def under_other_keys(session: Session, newest: str) -> int:
    """How many endpoints' secrets another key than this one seals."""
    statement = select(func.count()).where(WebhookEndpoint.seal_key != newest)
    return session.scalar(statement) or 0


def troubled(session: Session) -> tuple[int, int]:
    """How many endpoints take nothing just now, and how many were disabled for that."""
    is_open = WebhookEndpoint.disabled_at.is_(None)
    counts = session.execute(
        select(
            func.count().filter(is_open & WebhookEndpoint.failing_since.is_not(None)),
            func.count().filter(WebhookEndpoint.disabled_why.in_(["gone", "failing"])),
        )
    ).one()
    return counts[0], counts[1]


def endpoint_not_found() -> NotFound:
    """The one answer for every endpoint that one may not see."""
    return NotFound("webhook_not_found", "There is no webhook endpoint by this id.")


def _attempts(session: Session, message_ids: list[str]) -> dict[str, list[AttemptView]]:
    rows = session.execute(
        select(
            WebhookAttempt.message_id,
            WebhookAttempt.at,
            WebhookAttempt.status,
            WebhookAttempt.milliseconds,
            WebhookAttempt.error,
            WebhookAttempt.answer,
        )
        .where(WebhookAttempt.message_id.in_(message_ids))
        .order_by(WebhookAttempt.at.desc(), WebhookAttempt.id.desc())
    )
    found: dict[str, list[AttemptView]] = {}
    for row in rows:
        tries = found.setdefault(row.message_id, [])
        if len(tries) < _SHOWN_ATTEMPTS:
            tries.append(AttemptView(row.at, row.status, row.milliseconds, row.error, row.answer))
    return found


def _delivery(message: WebhookMessage, tries: list[AttemptView]) -> DeliveryView:
    next_at = message.next_at if message.state == rules.WAITING else None
    return DeliveryView(
        message.id,
        message.type,
        message.state,
        message.happened_at,
        next_at,
        message.settled_at,
        tries,
    )
