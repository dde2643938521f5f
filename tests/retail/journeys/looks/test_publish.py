"""Publishing: agreeing, joining the league and the Ad label belong together."""

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.errors import Forbidden, Invalid
from loyalty.leaderboards import queries as leaderboards
from retail.consent import queries as consent
from retail.consent.rules import LEAGUE, PUBLIC_OUTFITS
from retail.journeys.league.opt_in import join_league, leave_league
from retail.journeys.looks.publish import publish, withdraw_public_looks
from retail.outfits import queries
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.outfits import GROWN_UP, new_draft, new_outfit, new_stylist


def test_choosing_everyone_is_agreeing_and_the_league_is_a_choice(session: Session) -> None:
    store = new_store(session)
    member = new_member(session, store.brand_id, birth_on=GROWN_UP)
    outfit_id = new_draft(session, store, member)
    publish(session, outfit_id, member=member, audience="everyone", now=clock.now())
    assert consent.has_consent(session, member.id, PUBLIC_OUTFITS)
    assert not consent.has_consent(session, member.id, LEAGUE)
    assert not queries.get_visible(session, outfit_id).has_points_ad
    publish(
        session, outfit_id, member=member, audience="everyone", joins_league=True, now=clock.now()
    )
    assert leaderboards.enlisted(session, store.brand_id, {member.id}) == {member.id}
    assert queries.get_visible(session, outfit_id).has_points_ad


def test_keeping_a_look_private_asks_for_nothing(session: Session) -> None:
    store = new_store(session)
    member = new_member(session, store.brand_id)
    outfit_id = new_draft(session, store, member)
    publish(session, outfit_id, member=member, audience="only_me", now=clock.now())
    assert queries.get_own(session, outfit_id, member_id=member.id).state == "published"
    assert not consent.has_consent(session, member.id, PUBLIC_OUTFITS)


@pytest.mark.parametrize(
    ("birth_on", "kind"), [(None, Invalid), (GROWN_UP.replace(2010), Forbidden)]
)
def test_minors_and_unknown_ages_enter_neither_league_nor_wall(
    session: Session, birth_on: object, kind: type[Exception]
) -> None:
    store = new_store(session)
    member = new_member(session, store.brand_id, birth_on=birth_on)
    outfit_id = new_draft(session, store, member)
    with pytest.raises(kind):
        publish(session, outfit_id, member=member, audience="everyone", now=clock.now())
    with pytest.raises(kind):
        join_league(session, member=member, now=clock.now())
    assert not consent.has_consent(session, member.id, PUBLIC_OUTFITS)
    assert leaderboards.enlisted(session, store.brand_id, {member.id}) == set()


def test_the_ad_label_follows_the_league_on_every_look(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    looks = [new_outfit(session, store, member=stylist) for _ in range(2)]
    join_league(session, member=stylist, now=clock.now())
    assert all(queries.get_visible(session, look).has_points_ad for look in looks)
    leave_league(session, member=stylist, now=clock.now())
    assert not any(queries.get_visible(session, look).has_points_ad for look in looks)


def test_withdrawing_hides_every_look_and_publishing_again_shows_one(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    looks = [new_outfit(session, store, member=stylist) for _ in range(2)]
    assert withdraw_public_looks(session, member=stylist, now=clock.now())
    assert not withdraw_public_looks(session, member=stylist, now=clock.now())
    assert queries.public_outfits(session, store.brand_id, looks) == []
    publish(session, looks[0], member=stylist, audience="everyone", now=clock.now())
    shown = queries.public_outfits(session, store.brand_id, looks)
    assert [look.id for look in shown] == [looks[0]]
