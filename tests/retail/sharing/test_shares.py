"""Share links: one for each sharer and channel, credited by consent, visited without a trace."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import Invalid, NotFound
from core.ids import new_link_id
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import SHARING
from retail.journeys.looks.like import like
from retail.journeys.members.agree import take_back
from retail.outfits import service as outfits
from retail.sharing import queries, rules, service
from retail.sharing.models import SeenVisitor, Share, Touch
from retail.social import service as likes
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.outfits import new_outfit, new_stylist
from tests.conftest import KEY, both_databases

IPHONE = "Mozilla/5.0 (iPhone)"


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@pytest.fixture
def look(session: Session, store: StoreView) -> str:
    return new_outfit(session, store)


def sharer(session: Session, store: StoreView) -> MemberView:
    """A member who agreed to be credited."""
    member = new_member(session, store.brand_id)
    give_consent(session, member, SHARING)
    return member


def links(session: Session, look: str, by: MemberView | None = None) -> dict[str, str]:
    made = service.make_links(session, look, sharer=by, now=clock.now())
    return {link.channel: link.share_id for link in made}


def visit(session: Session, share_id: str, address: str = "192.0.2.7", agent: str = IPHONE) -> None:
    service.follow(session, share_id, address=address, agent=agent, now=clock.now(), key=KEY)


def visits(session: Session, look: str) -> int:
    return queries.reach_of(session, [look])[look].visits


@both_databases
def test_each_channel_has_a_link_of_its_own_and_keeps_it(session: Session) -> None:
    look = new_outfit(session, new_store(session))
    first = links(session, look)
    assert set(first) == set(rules.PANEL)
    assert len(set(first.values())) == len(rules.PANEL)
    assert links(session, look) == first


@both_databases
def test_links_are_credited_to_whom_agreed_and_to_nobody_else(session: Session) -> None:
    store = new_store(session)
    look = new_outfit(session, store)
    nina, femi = sharer(session, store), sharer(session, store)
    silent, foreign = (
        new_member(session, store.brand_id),
        new_member(session, new_brand(session).id),
    )
    give_consent(session, foreign, SHARING)
    assert links(session, look, nina) != links(session, look, femi)
    assert links(session, look, silent) == links(session, look, foreign) == links(session, look)
    found = set(session.scalars(select(Share.sharer_id)))
    assert found == {nina.id, femi.id, None}


def test_who_takes_it_back_is_cut_off_from_links_that_still_lead(
    session: Session, store: StoreView, look: str
) -> None:
    nina = sharer(session, store)
    links(session, look)
    old = links(session, look, nina)
    assert take_back(session, SHARING, member=nina, now=clock.now())
    assert set(session.scalars(select(Share.sharer_id))) == {None}
    assert links(session, look, nina) == links(session, look) != old
    assert queries.get_share(session, old["copy"]).outfit_id == look


def test_a_link_tells_nothing_of_receipt_time_or_maker(session: Session, store: StoreView) -> None:
    ids = [new_link_id() for _ in range(200)]
    assert all(rules.share_id_in(one) for one in ids)
    assert len({one[:4] for one in ids}) > 190
    look = new_outfit(session, store)
    made = links(session, look, sharer(session, store))
    # Row ids begin with their time; what is made in the same instant would share its beginning.
    assert not any(one.startswith(look[:6]) for one in made.values())
    assert "receipt" not in repr(Share.__table__.columns.keys())


@pytest.mark.parametrize(
    "text", ["", None, "x" * 26, "0" * 25, "0" * 27, "../../evil", "0" * 25 + "U"]
)
def test_what_cannot_be_a_share_is_none(text: str | None) -> None:
    assert rules.share_id_in(text) is None


def test_only_channels_of_the_panel_can_be_asked_for() -> None:
    for channel in ("wall", "sms"):
        with pytest.raises(Invalid):
            rules.check_channel(channel)


@both_databases
def test_a_visit_counts_once_a_day_for_each_browser(session: Session, clock: FixedClock) -> None:
    look = new_outfit(session, new_store(session))
    share = links(session, look)["copy"]
    for _ in range(3):
        visit(session, share)
    assert visits(session, look) == 1
    visit(session, share, address="192.0.2.8")
    visit(session, share, agent="Mozilla/5.0 (Android)")
    visit(session, links(session, look)["qr"])
    assert visits(session, look) == 4
    clock.advance(days=1)
    visit(session, share)
    assert visits(session, look) == 5


def test_a_visitor_leaves_nothing_that_can_be_followed(
    session: Session, look: str, clock: FixedClock
) -> None:
    made = links(session, look)
    for day in range(2):
        for share in (made["copy"], made["qr"]):
            visit(session, share)
        clock.advance(days=day + 1)
    marks = session.scalars(select(SeenVisitor.mark)).all()
    assert len(set(marks)) == 4, "the same mark on another day or link could be followed"
    kept = repr([tuple(row) for row in session.execute(select(*Touch.__table__.columns))])
    assert "192.0.2.7" not in kept + repr(marks)
    assert "iPhone" not in kept + repr(marks)
    assert set(session.scalars(select(Touch.member_id))) == {None}
    service.forget_visitors(session, now=clock.now())
    assert session.scalars(select(SeenVisitor.mark)).all() == []
    assert visits(session, look) == 4


def test_no_link_leads_to_what_not_everyone_may_see(session: Session, store: StoreView) -> None:
    stylist = new_stylist(session, store.brand_id)
    look = new_outfit(session, store, member=stylist)
    share = links(session, look)["copy"]
    outfits.put_away(session, look, member_id=stylist.id, now=clock.now())
    for gone in (share, new_link_id()):
        with pytest.raises(NotFound) as refusal:
            visit(session, gone)
        assert refusal.value.code == "outfit_not_found"
    with pytest.raises(NotFound):
        links(session, look)
    assert visits(session, look) == 0


@both_databases
def test_a_like_is_credited_to_the_share_it_came_by_while_it_stands(session: Session) -> None:
    store = new_store(session)
    look = new_outfit(session, store)
    fan = new_member(session, store.brand_id)
    made = links(session, look)

    def tap(share: str | None) -> None:
        like(session, look, member=fan, share_id=share, now=clock.now())

    tap(made["copy"])
    tap(made["qr"])
    assert session.scalars(select(Touch.share_id)).all() == [made["copy"]], "no new like, no credit"
    assert queries.reach_of(session, [look])[look].likes == 1
    likes.unlike(session, look, member=fan)
    assert queries.reach_of(session, [look])[look].likes == 0
    tap(made["qr"])
    assert session.scalars(select(Touch.share_id)).all() == [made["qr"]], "the last share counts"


def test_no_credit_for_other_looks_unknown_shares_and_one_s_own(
    session: Session, store: StoreView, look: str
) -> None:
    fan = sharer(session, store)
    other = new_outfit(session, store)
    for share in (links(session, other)["copy"], new_link_id(), links(session, look, fan)["copy"]):
        like(session, look, member=fan, share_id=share, now=clock.now())
        likes.unlike(session, look, member=fan)
    assert session.scalars(select(Touch.id)).all() == []


def test_a_purchase_goes_to_the_last_share_within_a_week() -> None:
    at = clock.now()
    led = [
        rules.Led("OLD", "L", at - timedelta(days=8)),
        rules.Led("FIRST", "L", at - timedelta(days=6)),
        rules.Led("LAST", "L", at - timedelta(hours=1)),
        rules.Led("LATER", "L", at + timedelta(seconds=1)),
    ]
    found = rules.last_within_window(led, at)
    assert found is not None
    assert found.share_id == "LAST"
    assert rules.last_within_window(led[:1], at) is None


def test_the_export_has_one_s_own_links_and_nobody_else_s(
    session: Session, store: StoreView, look: str
) -> None:
    nina, femi = sharer(session, store), sharer(session, store)
    made = links(session, look, nina)
    like(session, look, member=femi, share_id=made["copy"], now=clock.now())
    mine, theirs = queries.export(session, nina.id), queries.export(session, femi.id)
    assert {one["id"] for one in mine["shares"]} == set(made.values())
    assert mine["came_by_shares"] == theirs["shares"] == []
    assert [one["kind"] for one in theirs["came_by_shares"]] == ["like"]


@both_databases
def test_erasing_leaves_no_name_and_no_link_to_what_is_gone(session: Session) -> None:
    store = new_store(session)
    stylist, fan = new_stylist(session, store.brand_id), sharer(session, store)
    look = new_outfit(session, store, member=stylist)
    made = links(session, look, fan)
    visit(session, made["copy"])
    other = new_member(session, store.brand_id)
    like(session, look, member=other, share_id=made["copy"], now=clock.now())
    service.erase(session, fan.id, now=clock.now())
    service.erase(session, other.id, now=clock.now())
    rows = repr(session.execute(select(*Share.__table__.columns)).all())
    rows += repr(session.execute(select(*Touch.__table__.columns)).all())
    assert fan.id not in rows
    assert other.id not in rows
    assert queries.get_share(session, made["copy"]).sharer_id is None
    service.erase(session, stylist.id, now=clock.now())
    for table in (Share, Touch, SeenVisitor):
        assert session.execute(select(table)).all() == []
