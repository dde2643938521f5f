"""What past baskets would earn: as they would have, one after another, caps and all."""

from datetime import timedelta

from sqlalchemy.orm import Session

from loyalty.earning import queries, service
from loyalty.earning.foresee import foresee
from loyalty.earning.rules import points_in
from loyalty.earning.terms import read_terms
from tests.builders.campaigns import facts, line
from tests.builders.points import PROGRAMME
from tests.builders.terms import POUNDS, terms_document
from tests.conftest import NOON

CAPPED = POUNDS | {"id": "day", "caps": {"per_day": 12}}
PERIODIC = POUNDS | {"id": "two-days", "caps": {"per_period": 25, "period_days": 2}}
WELCOME = {"id": "welcome", "kind": "first_purchase", "points": 50}


def test_it_comes_to_what_awarding_them_one_by_one_does(session: Session) -> None:
    document = terms_document(CAPPED, PERIODIC, WELCOME, POUNDS | {"wallet": "credits"})
    terms = service.set_terms(session, PROGRAMME, document, now=NOON)
    bought = []
    for number in range(12):
        at = NOON + timedelta(hours=11 * number)
        owner = ("nina", "sam", None)[number % 3]
        bought.append(facts(line("1", 700 + 150 * number), owner_id=owner, at=at).basket)
    for number, basket in enumerate(bought):
        if basket.owner_id is not None:
            who = {"programme_id": PROGRAMME, "owner_id": basket.owner_id}
            service.award_purchase(session, terms, source=f"r:{number}", basket=basket, **who)
    parts = [part for award in queries.all_awards(session, PROGRAMME) for part in award.parts]
    seen: set[str | None] = set()
    told = []
    for basket in bought:
        told.append((basket, basket.owner_id not in seen))
        seen.add(basket.owner_id)
    would = foresee(terms, told)
    assert (would.baskets, would.owners) == (8, 2)
    for wallet in ("points", "credits"):
        assert would.points_in(terms, wallet) == points_in(parts, wallet) > 0
    assert would.by_rule["welcome"] == 100
    free = foresee(read_terms(terms_document(POUNDS)), told)
    assert free.by_rule["pounds"] > would.by_rule["day"], "the caps did hold"
