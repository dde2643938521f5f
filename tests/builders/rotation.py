"""Everything that hangs on SECRET_KEY: made with one key, tried with another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import clock
from core.errors import Invalid, NotFound
from core.ids import new_id
from loyalty.prizes import rules as prize_rules
from loyalty.prizes import service as prizes_service
from loyalty.prizes.rules import Worth
from loyalty.vouchers import queries as vouchers
from retail.accounts import cards
from retail.accounts import service as accounts_service
from retail.accounts.card_holders import find_holder
from retail.accounts.queries import find_session
from retail.accounts.rules import sign_in_code
from retail.brands.queries import StoreView
from retail.consent.rules import LIKES_NEWS
from retail.devices import queries as devices
from retail.devices import service as devices_service
from retail.fitting_rooms import queries as rooms
from retail.fitting_rooms import service as rooms_service
from retail.friends import codes as friend_codes
from retail.friends import invitations
from retail.friends import service as friends
from retail.guests import service as guests
from retail.journeys.members.erase_member import mark_of, marks_of
from retail.notifications.rules import EMAIL
from retail.notifications.unsubscribing import read_token, token_for
from retail.receipts import codes as receipt_codes
from retail.receipts import queries as receipts
from retail.sharing import service as sharing
from retail.staff import queries as staff
from retail.staff import service as staff_service
from retail.webhooks import queries as webhooks
from tests.builders.accounts import new_member, sign_in
from tests.builders.floor import a_code, a_renewal, is_renewed_by, new_device, opens_a_room
from tests.builders.kiosks import a_kiosk_code, opens_a_kiosk
from tests.builders.opinions import sees_picture, sent_picture
from tests.builders.receipts import new_receipt
from tests.builders.staff import new_till_key
from tests.builders.staff_accounts import new_staff, sign_in_staff
from tests.builders.vouchers import new_voucher
from tests.builders.wall import new_look
from tests.builders.webhooks import new_endpoint

PIN = "739204"
_TAG = "urn:epc:id:sgtin:0614141.812345.6789"
Make = Callable[[Session, StoreView, bytes], Any]
Works = Callable[[Session, StoreView, bytes, Any], bool]


@dataclass(frozen=True)
class RoundTrip:
    """What somebody holds, as `make` gives it, and whether a key still `works` for it."""

    make: Make
    works: Works


def _tried(session: Session, attempt: Callable[[], object]) -> bool:
    """Whether something succeeds; whatever it changed is taken back."""
    with session.begin_nested() as point:
        try:
            found = bool(attempt())
        except (Invalid, NotFound):
            found = False
        point.rollback()
    session.expire_all()
    return found


def _pin(session: Session, store: StoreView, key: bytes) -> str:
    colleague = new_staff(session, store.brand_id)
    staff_service.set_pin(session, colleague.id, PIN, key=key)
    token = sign_in_staff(session, colleague, key=key)
    found = staff.find_session(session, token, now=clock.now(), key=key)
    assert found is not None
    return found.session_id


def _unlocks(session: Session, _: StoreView, key: bytes, made: str) -> bool:
    now = clock.now()
    return _tried(session, lambda: staff_service.unlock(session, made, PIN, now=now, key=key))


def _mailed_code(session: Session, store: StoreView, key: bytes) -> tuple[str, str]:
    email = f"{new_id().lower()}@shopper.example"
    accounts_service.request_code(
        session, brand_id=store.brand_id, email=email, now=clock.now(), key=key
    )
    newest = text("SELECT id FROM sign_in_code ORDER BY id DESC LIMIT 1")
    return email, sign_in_code(key, session.execute(newest).scalar_one())


def _signs_in(session: Session, store: StoreView, key: bytes, made: tuple[str, str]) -> bool:
    asked = {"brand_id": store.brand_id, "email": made[0], "now": clock.now(), "key": key}
    return _tried(
        session,
        lambda: accounts_service.take_code(session, code=made[1], **asked),  # type: ignore[arg-type]
    )


def _receipt(session: Session, store: StoreView, key: bytes) -> str:
    return new_receipt(session, store=store, key=key, number=new_id()).id


def printed(session: Session, store: StoreView, key: bytes, receipt_id: str) -> tuple[str, str]:
    """The token and the typed code of a receipt, as they are printed with this key."""
    paper = receipts.slip(
        session, receipt_id, brand_id=store.brand_id, key=key, public_url="https://shop.example"
    )
    return str(paper.claim_url).rpartition("/")[2], str(paper.code)


def _print_key(session: Session, store: StoreView, key: bytes) -> tuple[str, str]:
    receipt_id = _receipt(session, store, key)
    return receipt_id, receipt_codes.print_key(key, receipt_id)


def _invitation(session: Session, store: StoreView, key: bytes) -> str:
    member = new_member(session, store.brand_id)
    made = friends.invite(session, member=member, now=clock.now(), key=key)
    return friend_codes.token(key, made)


def _guest(session: Session, store: StoreView, key: bytes) -> str:
    guest, look = new_id(), new_look(session, store)
    guests.keep_like(session, look, guest=guest, share_id=None, now=clock.now(), key=key)
    return guest


def _waits(session: Session, _: StoreView, key: bytes, guest: str) -> bool:
    return _tried(session, lambda: guests.take_likes(session, guest, now=clock.now(), key=key))


def _visit(session: Session, store: StoreView, key: bytes) -> str:
    look, asked = new_look(session, store), {"sharer": None, "channels": ("copy",)}
    (link,) = sharing.make_links(session, look, **asked, now=clock.now())  # type: ignore[arg-type]
    _follow(session, link.share_id, key)
    return link.share_id


def _follow(session: Session, share_id: str, key: bytes) -> None:
    who = {"address": "192.0.2.1", "agent": "A phone"}
    sharing.follow(session, share_id, **who, now=clock.now(), key=key)


def _is_known(session: Session, _: StoreView, key: bytes, share_id: str) -> bool:
    """Whether a second visit of the day is not counted."""
    count = text("SELECT count(*) FROM touch WHERE share_id = :share_id")

    def visit_again() -> bool:
        before = session.execute(count, {"share_id": share_id}).scalar_one()
        _follow(session, share_id, key)
        return bool(session.execute(count, {"share_id": share_id}).scalar_one() == before)

    return _tried(session, visit_again)


def new_gift(session: Session, store: StoreView, key: bytes, owner: str = "nina") -> str:
    """The code of a scarf that waits for its winner."""
    given = prizes_service.award(
        session,
        programme_id=store.brand_id,
        contest_id=new_id(),
        place=1,
        owner_id=owner,
        source=new_id(),
        worth=Worth("gift", title="Scarf"),
        is_held=False,
        zone="Europe/London",
        now=clock.now(),
        key=key,
    )
    assert given is not None
    return prize_rules.shown_code(given, key)


def _collects(session: Session, store: StoreView, key: bytes, code: str) -> bool:
    now, by = clock.now(), {"programme_id": store.brand_id, "by_id": "jo"}
    return _tried(session, lambda: prizes_service.collect(session, code, **by, now=now, key=key))


def _voucher(session: Session, store: StoreView, key: bytes) -> str:
    owner = new_id()
    new_voucher(session, owner, programme_id=store.brand_id, key=key)
    when: dict[str, Any] = {"now": clock.now(), "key": key}
    (view,) = vouchers.vouchers_of(session, store.brand_id, owner, **when)
    return view.code


def _endpoint(session: Session, store: StoreView, key: bytes) -> tuple[str, str]:
    view, secret = new_endpoint(session, store.brand_id, f"https://{new_id()}.example/", key=key)
    return view.id, secret


def _signs(session: Session, _: StoreView, key: bytes, made: tuple[str, str]) -> bool:
    endpoint_id, secret = made
    return webhooks.secrets_of(session, endpoint_id, now=clock.now(), key=key) == (secret,)


def _card(kind: cards.Kind) -> RoundTrip:
    """The code that stands for a member for a while."""
    return RoundTrip(
        lambda s, store, key: cards.code_of(
            kind, new_member(s, store.brand_id), now=clock.now(), key=key
        ),
        lambda s, store, key, code: (
            find_holder(s, code, kind, brand_id=store.brand_id, now=clock.now(), key=key)
            is not None
        ),
    )


# By the purpose for which the key is used; two where one thing needs both.
ROUND_TRIPS: dict[str, RoundTrip] = {
    "member-session": RoundTrip(
        lambda s, store, key: sign_in(s, new_member(s, store.brand_id), key=key),
        lambda s, _, key, token: find_session(s, token, now=clock.now(), key=key) is not None,
    ),
    "staff-session": RoundTrip(
        lambda s, store, key: sign_in_staff(s, new_staff(s, store.brand_id), key=key),
        lambda s, _, key, token: staff.find_session(s, token, now=clock.now(), key=key) is not None,
    ),
    "staff-pin": RoundTrip(_pin, _unlocks),
    "sign-in-email sign-in": RoundTrip(_mailed_code, _signs_in),
    "api-key": RoundTrip(
        lambda s, store, key: new_till_key(s, store.brand_id, store.id, key=key)[1],
        lambda s, _, key, made: staff.find_key(s, made, key=key) is not None,
    ),
    "device-token": RoundTrip(
        lambda s, store, key: new_device(s, store, "screen", key=key),
        lambda s, _, key, token: devices.find_device(s, token, key=key) is not None,
    ),
    "device-token-next": RoundTrip(a_renewal, is_renewed_by),
    "device-code": RoundTrip(
        lambda s, _, key: devices_service.ask(
            s, "screen", public_url="http://localhost", now=clock.now(), key=key
        ),
        lambda s, _, key, code: _tried(
            s,
            lambda: devices.role_waiting(
                s, code.user_code.replace("-", ""), now=clock.now(), key=key
            ),
        ),
    ),
    "rfid-tag": RoundTrip(
        lambda s, store, key: rooms_service.mark_sold(
            s, store.brand_id, [_TAG], now=clock.now(), key=key
        ),
        lambda s, store, key, _: _TAG in rooms.sold_among(s, store.brand_id, {_TAG}, key=key),
    ),
    "room-link": RoundTrip(lambda s, store, key: a_code(s, store, key=key), opens_a_room),
    "kiosk-link": RoundTrip(a_kiosk_code, opens_a_kiosk),
    "receipt-token": RoundTrip(
        lambda s, store, key: printed(s, store, key, _receipt(s, store, key))[0],
        lambda s, _, key, token: receipts.find_by_token(s, token, key=key) is not None,
    ),
    "receipt-code": RoundTrip(
        lambda s, store, key: printed(s, store, key, _receipt(s, store, key))[1],
        lambda s, store, key, code: (
            receipts.find_by_code(s, store.id, code, now=clock.now(), key=key) is not None
        ),
    ),
    "receipt-print": RoundTrip(
        _print_key, lambda _, __, key, made: receipt_codes.opens_print(key, *made)
    ),
    "friend-invitation": RoundTrip(
        _invitation,
        lambda s, _, key, token: invitations.find_by_token(s, token, key=key) is not None,
    ),
    "guest": RoundTrip(_guest, _waits),
    "visit": RoundTrip(_visit, _is_known),
    "unsubscribe": RoundTrip(
        lambda _, __, key: token_for(key, new_id(), LIKES_NEWS, EMAIL),
        lambda s, _, key, token: _tried(s, lambda: read_token(key, token)),
    ),
    "erasure": RoundTrip(
        lambda _, __, key: mark_of("nina", key),
        lambda _, __, key, mark: mark in marks_of("nina", key),
    ),
    "voucher voucher-code": RoundTrip(
        _voucher,
        lambda s, store, key, code: (
            vouchers.find_by_code(s, store.brand_id, code, now=clock.now(), key=key) is not None
        ),
    ),
    "member-card": _card(cards.CARD),
    "held-card": _card(cards.HELD),
    "gift-code": RoundTrip(new_gift, _collects),
    "webhook-secret": RoundTrip(_endpoint, _signs),
    "opinion-picture": RoundTrip(sent_picture, sees_picture),
}
