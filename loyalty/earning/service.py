"""Setting terms, and awarding what sources earn under them: once for each source, for ever."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.days import day_start
from core.errors import Conflict
from core.ids import new_id
from core.sql import insert_ignore, insert_many
from loyalty.baskets.rules import Basket
from loyalty.earning import queries, stored
from loyalty.earning.models import EarningAward, EarningAwardPart, EarningOwner, EarningTerms
from loyalty.earning.queries import Award
from loyalty.earning.rules import Facts, Part, Terms, award_action, award_basket
from loyalty.earning.terms import read_terms, write_terms


def set_terms(
    session: Session,
    programme_id: str,
    document: Any,
    *,
    now: datetime,
    made_by: str | None = None,
) -> Terms:
    """Have new terms hold from now on, as the next version; the same terms again are no new one.

    Raises Invalid naming every wrong field, Conflict where somebody else set some just now.
    """
    asked, held = read_terms(document), queries.current_terms(session, programme_id)
    if held is not None and write_terms(held) == write_terms(asked):
        return held
    version = held.version + 1 if held else 1
    is_new = insert_ignore(
        session,
        EarningTerms,
        programme_id=programme_id,
        version=version,
        body=write_terms(asked),
        made_at=now,
        made_by=made_by,
    )
    if not is_new:
        raise Conflict("terms_changed", "Somebody set other terms just now. Look at them first.")
    return queries.get_terms(session, programme_id, version)


def award_purchase(
    session: Session, terms: Terms, *, programme_id: str, source: str, owner_id: str, basket: Basket
) -> tuple[Award, bool]:
    """What a basket earns its owner, and whether that is new.

    The same source again gives what was awarded, under the terms of then. Raises Conflict where
    it was somebody else's or another basket.
    """
    document = stored.write_basket(basket)
    _lock(session, programme_id, owner_id)
    known = _known(session, programme_id, source, owner_id, "basket", document)
    if known is not None:
        return known, False
    facts = facts_now(session, terms, programme_id, owner_id, at=basket.at, zone=basket.zone)
    return keep(session, terms, programme_id, source, owner_id, basket, facts), True


def award_deed(
    session: Session,
    terms: Terms,
    *,
    programme_id: str,
    source: str,
    owner_id: str,
    action: str,
    zone: str,
    at: datetime,
) -> tuple[Award, bool]:
    """What a deed earns its owner, and whether that is new; as `award_purchase`."""
    document = {"action": action}
    _lock(session, programme_id, owner_id)
    known = _known(session, programme_id, source, owner_id, "action", document)
    if known is not None:
        return known, False
    facts = facts_now(session, terms, programme_id, owner_id, at=at, zone=zone)
    parts = award_action(terms, action, facts)
    _keep(session, terms, programme_id, source, owner_id, "action", document, facts, at, parts)
    award = queries.find_award(session, programme_id, source)
    assert award is not None, "it was just kept"
    return award, True


def _lock(session: Session, programme_id: str, owner_id: str) -> None:
    """Whoever earns takes turns with themselves, so that each award sees the ones before."""
    insert_ignore(session, EarningOwner, programme_id=programme_id, owner_id=owner_id)
    session.execute(
        select(EarningOwner.owner_id)
        .where(EarningOwner.programme_id == programme_id, EarningOwner.owner_id == owner_id)
        .with_for_update()
    )


def _known(
    session: Session,
    programme_id: str,
    source: str,
    owner_id: str,
    kind: str,
    document: dict[str, Any],
) -> Award | None:
    kept = session.execute(
        select(EarningAward.owner_id, EarningAward.kind, EarningAward.basket).where(
            EarningAward.programme_id == programme_id, EarningAward.source == source
        )
    ).one_or_none()
    if kept is None:
        return None
    if tuple(kept) != (owner_id, kind, document):
        raise Conflict("source_differs", "This source already earned something else.")
    return queries.find_award(session, programme_id, source)


def keep(
    session: Session,
    terms: Terms,
    programme_id: str,
    source: str,
    owner_id: str,
    basket: Basket,
    facts: Facts,
) -> Award:
    """Keep what a basket earns, given the facts, for a source that was not awarded yet."""
    parts, document = award_basket(terms, basket, facts), stored.write_basket(basket)
    _keep(
        session, terms, programme_id, source, owner_id, "basket", document, facts, basket.at, parts
    )
    award = queries.find_award(session, programme_id, source)
    assert award is not None, "it was just kept"
    return award


def facts_now(
    session: Session, terms: Terms, programme_id: str, owner_id: str, *, at: datetime, zone: str
) -> Facts:
    """What rules want to know of an owner; exact only while the owner takes turns."""
    where = ZoneInfo(zone)
    today = at.astimezone(where).date()
    begins, ends = day_start(today, where), day_start(today + timedelta(days=1), where)
    daily = [rule for rule in terms.rules if rule.caps.per_day is not None]
    periodic = [rule for rule in terms.rules if rule.caps.per_period is not None]
    given = (
        queries.given_by_rule(session, programme_id, owner_id, since=begins, until=ends)
        if daily
        else {}
    )
    in_period = {}
    for rule in periodic:
        since = day_start(today - timedelta(days=rule.caps.period_days - 1), where)
        within = queries.given_by_rule(session, programme_id, owner_id, since=since, until=ends)
        in_period[rule.id] = within.get(rule.id, 0)
    first = select(func.count()).where(
        EarningAward.programme_id == programme_id,
        EarningAward.owner_id == owner_id,
        EarningAward.kind == "basket",
    )
    return Facts(
        is_first=session.scalar(first) == 0,
        today={rule.id: given.get(rule.id, 0) for rule in daily},
        in_period=in_period,
    )


def _keep(
    session: Session,
    terms: Terms,
    programme_id: str,
    source: str,
    owner_id: str,
    kind: str,
    document: dict[str, Any],
    facts: Facts,
    at: datetime,
    parts: tuple[Part, ...],
) -> None:
    award_id = new_id()
    is_new = insert_ignore(
        session,
        EarningAward,
        id=award_id,
        programme_id=programme_id,
        source=source,
        owner_id=owner_id,
        kind=kind,
        version=terms.version,
        basket=document,
        facts=stored.write_facts(facts),
        happened_at=at,
    )
    if not is_new:
        # Its owner takes turns with themselves, so somebody else was first.
        raise Conflict("source_differs", "This source already earned something else.")
    rows = [
        {
            "award_id": award_id,
            "rule_id": part.rule_id,
            "line_id": part.line_id,
            "wallet": part.wallet,
            "points": part.points,
        }
        for part in parts
    ]
    insert_many(session, EarningAwardPart, rows)
