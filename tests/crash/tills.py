"""Tills that sell with vouchers and for points, whoever dies, and remember what they were told."""

import random
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.transaction import Database
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from loyalty.vouchers import books as voucher_books
from loyalty.vouchers import written
from loyalty.vouchers.models import Redemption
from retail.brands.queries import StoreView
from retail.journeys.points import check_points as awards
from retail.receipts.models import Receipt
from tests.builders.accounts import new_member
from tests.builders.staff import new_till_key
from tests.builders.terms import give_terms
from tests.builders.vouchers import new_code, uses_left
from tests.crash.installation import Client, Progress

TILLS, SALES = 2, 12
# One that all may use, and one that is soon used up.
USES = (500, 4)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Counter:
    """What the tills of a store share: their key, whose baskets they are, and the vouchers."""

    brand_id: str
    key: str
    member_id: str
    codes: tuple[str, ...]


@dataclass
class Told:
    """What a till was told last of a redemption, and what of a receipt with its points."""

    code: str
    redemption: dict[str, Any] | None = None
    is_back: bool = False
    receipt_id: str = ""
    points: int = 0


def new_counter(session: Session, store: StoreView) -> Counter:
    """A till's key, a member, and the vouchers that everybody shows; a point for every pound."""
    give_terms(session, store.brand_id)
    _, key = new_till_key(session, store.brand_id, store.id)
    codes = tuple(new_code(session, uses=n, programme_id=store.brand_id) for n in USES)
    return Counter(store.brand_id, key, new_member(session, store.brand_id).id, codes)


def open_all(
    pool: Executor, counter: Counter, port: int, done: Progress, *, most: int
) -> list[Future[list[Told]]]:
    """Let every till sell for as long as fans tap, of whose taps there are `most`."""

    def sell(number: int) -> list[Told]:
        till, told = _Till(number, counter, Client(port, counter.key)), []
        for sale in range(SALES):
            done.wait_for(sale * most // SALES)
            told.append(till.sell(sale))
        return told

    return [pool.submit(sell, number) for number in range(TILLS)]


class _Till:
    def __init__(self, number: int, counter: Counter, phone: Client) -> None:
        self._name, self._counter, self._phone = f"till-{number}", counter, phone
        self._generator = random.Random(number)
        self._sold_at = (clock.now() - MINUTE).isoformat()

    def sell(self, number: int) -> Told:
        """Show a voucher, record the receipt, and now and then take all of it back."""
        told = Told(self._generator.choice(self._counter.codes))
        reference = f"{number}"
        told.redemption = self._use(told.code, reference)
        redemption = told.redemption
        if redemption and redemption["state"] == "redeemed" and self._generator.random() < 0.5:
            path = f"/api/v1/voucher-redemptions/{redemption['id']}/rollbacks"
            back = self._ask("POST", path, {"reference": f"{self._name}-{reference}"})
            assert back["discount_minor"] == redemption["discount_minor"]
            told.is_back = True
        self._earn(told, reference)
        return told

    def _use(self, code: str, reference: str) -> dict[str, Any] | None:
        """Redeem at once, or hold and then redeem or let go; None where no use is left."""
        sale = {
            "till": self._name,
            "reference": reference,
            "currency": "GBP",
            "lines": [{"total_minor": total} for total in self._generator.sample(range(900), 2)],
            "vouchers": [code],
        }
        is_held = self._generator.random() < 0.6
        path = "/api/v1/voucher-reservations"
        first = path if is_held else "/api/v1/voucher-redemptions"
        answer = self._ask("POST", first, sale, may_be_refused=True)
        if "id" not in answer:
            return None
        if is_held:
            path = f"{path}/{answer['id']}"
            way = self._generator.choice((("POST", f"{path}/redeem"), ("DELETE", path)))
            # By the worker's clock the hold may be over before the till's sale is.
            end = self._ask(*way, None, may_be_refused=True)
            assert end.get("lines", answer["lines"]) == answer["lines"]
            answer |= {"state": end["state"]}
        return answer

    def _earn(self, told: Told, number: str) -> None:
        total = self._generator.randrange(100, 9_000)
        sale = {
            "till": self._name,
            "number": number,
            "sold_at": self._sold_at,
            "currency": "GBP",
            "member_id": self._counter.member_id,
            "lines": [{"description": "Hat", "quantity": "1", "total_minor": total}],
        }
        told.receipt_id = self._ask("POST", "/api/v1/receipts", sale)["id"]
        told.points = total // 100
        if self._generator.random() < 0.3:
            back = {"number": f"{self._name}-{number}", "returned_at": self._sold_at}
            self._ask("POST", f"/api/v1/receipts/{told.receipt_id}/returns", back)
            told.points = 0

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None, *, may_be_refused: bool = False
    ) -> dict[str, Any]:
        """The answer; now and then it is asked for again, as if it had been lost.

        Not what was refused, since a voucher that comes back may be used.
        """
        key = f"{self._name}-{self._generator.getrandbits(64)}"
        asked: dict[str, Any] = {"key": key, "may_be_refused": may_be_refused}
        answer = self._phone.send(method, path, body, **asked)
        if self._generator.random() < 0.3 and "id" in answer:
            again = self._phone.send(method, path, body, **asked)
            assert again.get("id") == answer.get("id")
            assert again.get("discount_minor") == answer.get("discount_minor")
        return answer


def are_held(db: Database) -> bool:
    """Whether anything is still held."""
    held = select(func.count()).select_from(Redemption).where(Redemption.state == "reserved")
    with db.read() as session:
        return bool(session.scalar(held))


def check(db: Database, counter: Counter, sold: list[Told]) -> None:
    """What tills were told is what there is, once each."""
    check_vouchers(db, counter, sold)
    check_points(db, counter, sold)


def check_vouchers(db: Database, counter: Counter, sold: list[Told]) -> None:
    """Each redemption stands as it was answered, none besides, and uses are counted by them."""
    put = [one for one in sold if one.redemption]
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Redemption)) == len(put)
        for one in put:
            _check_redemption(session, counter, one)
        for code, uses in zip(counter.codes, USES, strict=True):
            used = sum(one.code == code and _holds(one) for one in put)
            assert uses_left(session, code) == uses - used
        assert voucher_books.verify(session) == []


def _check_redemption(session: Session, counter: Counter, told: Told) -> None:
    assert told.redemption is not None
    found = written.get_redemption(
        session, told.redemption["id"], programme_id=counter.brand_id, now=clock.now()
    )
    assert found.state == told.redemption["state"]
    lines = [(one.line, one.discount_minor) for one in found.lines]
    assert lines == [(one["line"], one["discount_minor"]) for one in told.redemption["lines"]]
    assert len(found.rollbacks) == told.is_back


def _holds(told: Told) -> bool:
    assert told.redemption is not None
    return told.redemption["state"] == "redeemed" and not told.is_back


def check_points(db: Database, counter: Counter, sold: list[Told]) -> None:
    """Each receipt is there once and earned what it should, less what came back."""
    with db.read() as session:
        ours = select(func.count()).select_from(Receipt).where(Receipt.till.like("till-%"))
        assert session.scalar(ours) == len(sold)
        for one in sold:
            effect = ledger.find_effect(session, counter.brand_id, f"receipt:{one.receipt_id}")
            assert effect is not None
            assert effect.points - effect.reversed_points == one.points
        waiting = ledger.pending(session, counter.brand_id, counter.member_id)
        assert waiting == sum(one.points for one in sold)
        assert books.verify(session) == []
        assert awards.check_points(session, counter.brand_id) == []
