"""How points must not be exchanged: read, then write what was read. The races must catch this."""

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import update

from core import clock
from core.errors import Conflict
from core.ids import new_id
from core.transaction import Database
from loyalty.ledger import queries as ledger
from loyalty.rewards import queries
from loyalty.rewards.models import RewardExchange, RewardShelf
from retail.accounts.queries import MemberView
from tests.builders.points import spend


def pay_what_was_read(
    db: Database, reward_id: str, member: MemberView, all_have_read: Callable[[], object]
) -> None:
    """Give one where the balance, read beforehand, was enough, whether or not it still is."""
    with db.read() as session:
        balance = ledger.balance(session, member.brand_id, member.id)
        price = queries.get_reward(session, reward_id, programme_id=member.brand_id).price
    all_have_read()
    if balance < price:
        return
    with suppress(Conflict), db.write() as session:
        spend(session, member.id, price, programme_id=member.brand_id)
    with db.write() as session:
        session.execute(update(RewardShelf).values(taken=RewardShelf.taken + 1))
        session.add(_exchange(reward_id, member, price))


def take_what_was_left(
    db: Database, reward_id: str, member: MemberView, all_have_read: Callable[[], object]
) -> None:
    """Take one where some were left when it was looked, and write down how many that makes."""
    with db.read() as session:
        view = queries.get_reward(session, reward_id, programme_id=member.brand_id)
    all_have_read()
    if view.left == 0:
        return
    with db.write() as session:
        spend(session, member.id, view.price, programme_id=member.brand_id)
        session.execute(update(RewardShelf).values(taken=view.taken + 1))
        session.add(_exchange(reward_id, member, view.price))


def _exchange(reward_id: str, member: MemberView, points: int) -> RewardExchange:
    return RewardExchange(
        id=new_id(),
        programme_id=member.brand_id,
        reward_id=reward_id,
        owner_id=member.id,
        source=new_id(),
        points=points,
        taken_at=clock.now(),
        undo_until=clock.now(),
    )
