"""The brand's own Page keeps in step with what may hang there, whatever goes wrong on the way."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock as core_clock
from core.clock import FixedClock
from core.config import Settings
from core.outbox import Job
from core.transaction import Database
from jobs.schedule import new_worker
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent import service as consent
from retail.consent.rules import BRAND_PAGE
from retail.journeys.league.opt_in import join_league
from retail.journeys.looks.publish import publish, withdraw_public_looks
from retail.outfits import service as outfits
from retail.page_posts import queries, service
from retail.page_posts.models import PagePost
from tests.builders.accounts import give_consent
from tests.builders.brands import new_brand, new_store
from tests.builders.graph import PAGE_ID, TOKEN, Graph, Planned, error, graph_api
from tests.builders.outfits import new_draft, new_stylist
from tests.conftest import both_databases


@pytest.fixture
def graph() -> Iterator[Graph]:
    with graph_api() as served:
        yield served


@pytest.fixture
def app_settings(app_settings: Settings, graph: Graph) -> Settings:
    return replace(
        app_settings,
        facebook_page_id=PAGE_ID,
        facebook_page_token=TOKEN,
        facebook_page_brand="alder",
        facebook_graph_url=graph.url,
    )


class House:
    """A brand with a Page, a stylist who agreed to be on it, and her look."""

    def __init__(self, app: Flask, db: Database) -> None:
        self.app, self.db = app, db
        with db.write() as session:
            brand = new_brand(session, slug="alder", name="Alder & Finch")
            self.store: StoreView = new_store(session, brand=brand)
            self.nina: MemberView = new_stylist(session, brand.id)
            give_consent(session, self.nina, BRAND_PAGE)
            self.look = new_draft(session, self.store, self.nina)
        self.work()

    def show(self, audience: str = "everyone") -> None:
        with self.db.write() as session:
            publish(session, self.look, member=self.nina, audience=audience, now=core_clock.now())

    def put_away(self) -> None:
        with self.db.write() as session:
            outfits.put_away(session, self.look, member_id=self.nina.id, now=core_clock.now())

    def work(self) -> None:
        with self.app.app_context():
            new_worker(self.db).run_all()

    def call(self, *words: str) -> str:
        ran = self.app.test_cli_runner().invoke(args=["facebook", *words])
        assert ran.exit_code == 0, ran.output
        return ran.output


@pytest.fixture
def house(app: Flask, db: Database) -> House:
    return House(app, db)


@both_databases
def test_a_look_shown_to_everyone_hangs_there_once_and_comes_down_again(
    house: House, graph: Graph
) -> None:
    for _ in range(2):
        house.show()
        house.work()
    ((post_id, post),) = graph.posts.items()
    assert post["message"] == "Nina O. at Alder & Finch"
    share = post["link"].rsplit("/s/", 1)[1]
    with house.app.test_client() as client:
        seen = client.get(f"/s/{share}", headers={"User-Agent": "facebookexternalhit/1.1"})
    assert f'property="og:url" content="{post["link"]}"' in seen.text
    house.put_away()
    house.work()
    assert graph.posts == {}
    assert graph.asked[-1] == ("DELETE", post_id)
    with house.db.read() as session:
        assert session.scalars(select(PagePost.outfit_id)).all() == []


def test_an_ad_is_called_one(house: House, graph: Graph) -> None:
    with house.db.write() as session:
        join_league(session, member=house.nina, now=core_clock.now())
    house.show()
    house.work()
    (post,) = graph.posts.values()
    assert post["message"].startswith("Ad · ")


@pytest.mark.parametrize("purpose", ["public looks", "the page", "only me", "erasure"])
def test_what_is_withdrawn_comes_down(house: House, graph: Graph, purpose: str) -> None:
    house.show()
    house.work()
    assert len(graph.posts) == 1
    nina, now = house.nina, core_clock.now()
    with house.db.write() as session:
        if purpose == "public looks":
            withdraw_public_looks(session, member=nina, now=now)
        elif purpose == "the page":
            consent.withdraw(
                session, member_id=nina.id, brand_id=nina.brand_id, purpose=BRAND_PAGE, now=now
            )
        elif purpose == "erasure":
            service.erase(session, nina.id, now=now)
            assert nina.id not in repr(session.execute(select(*PagePost.__table__.columns)).all())
    if purpose == "only me":
        house.show("only_me")
    house.work()
    assert graph.posts == {}


def test_nothing_hangs_there_without_the_consent_or_without_a_page(
    house: House, graph: Graph
) -> None:
    with house.db.write() as session:
        consent.withdraw(
            session,
            member_id=house.nina.id,
            brand_id=house.nina.brand_id,
            purpose=BRAND_PAGE,
            now=core_clock.now(),
        )
    house.show()
    house.work()
    give_and_show(house)
    house.app.config["SETTINGS"] = replace(house.app.config["SETTINGS"], facebook_page_brand="b")
    house.work()
    assert graph.asked == []


def give_and_show(house: House) -> None:
    with house.db.write() as session:
        give_consent(session, house.nina, BRAND_PAGE)
    house.show()


def test_an_expired_token_stops_everything_until_an_operator_acts(
    house: House, graph: Graph, logs: Callable[[], str]
) -> None:
    graph.planned.append(error(190, subcode=463, status=401))
    house.show()
    house.work()
    calls = len(graph.asked)
    house.put_away()
    house.show()
    house.work()
    assert len(graph.asked) == calls, "a stopped Page is not called again"
    said = house.call("status")
    assert "stopped since" in said
    assert "190/463" in said
    assert "1 waiting" in said
    assert "1 will be tried again" in house.call("resume")
    house.work()
    assert len(graph.posts) == 1
    assert "1 posted, 0 waiting, 0 refused" in house.call("status")
    assert "facebook.stopped" in logs()
    assert TOKEN not in logs()


def test_a_limit_is_waited_for(house: House, graph: Graph, clock: FixedClock) -> None:
    graph.planned.append(error(32))
    house.show()
    house.work()
    clock.advance(minutes=14)
    house.work()
    assert graph.posts == {}
    assert "no calls before" in house.call("status")
    clock.advance(minutes=2)
    house.work()
    assert len(graph.posts) == 1


@pytest.mark.parametrize("plan", [error(2, status=503), Planned(None), Planned(500)])
def test_a_passing_trouble_is_tried_again(
    house: House, graph: Graph, clock: FixedClock, plan: Planned
) -> None:
    graph.planned.append(plan)
    house.show()
    house.work()
    with house.db.read() as session:
        waiting = session.scalars(select(Job).where(Job.done_at.is_(None))).one()
        assert (waiting.attempts, waiting.error) == (1, "Unreachable")
    clock.advance(minutes=5)
    house.work()
    assert len(graph.posts) == 1


def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(
    house: House, graph: Graph, clock: FixedClock
) -> None:
    graph.planned.append(Planned(None, is_done=True))
    house.show()
    house.work()
    clock.advance(minutes=5)
    house.work()
    assert [method for method, _ in graph.asked] == ["POST", "GET"]
    assert len(graph.posts) == 1
    house.put_away()
    house.work()
    assert graph.posts == {}


def test_a_look_withdrawn_while_its_post_s_answer_was_lost_is_found_and_removed(
    house: House, graph: Graph, clock: FixedClock
) -> None:
    graph.planned.append(Planned(None, is_done=True))
    house.show()
    house.work()
    house.put_away()
    clock.advance(minutes=5)
    house.work()
    assert graph.posts == {}


def test_what_the_page_refuses_is_left_alone_and_counted(house: House, graph: Graph) -> None:
    graph.planned.append(error(100))
    house.show()
    house.work()
    house.work()
    assert len(graph.asked) == 1
    with house.db.read() as session:
        assert queries.state_of(session, house.store.brand_id).refused == 1


def test_what_the_page_has_already_is_adopted(house: House, graph: Graph) -> None:
    graph.planned.append(replace(error(506), is_done=True))
    house.show()
    house.work()
    assert "1 posted, 0 waiting, 0 refused" in house.call("status")


def test_two_workers_never_post_one_look_twice(house: House) -> None:
    house.show()
    with house.db.write() as session:
        service.want(
            session,
            house.look,
            brand_id=house.store.brand_id,
            owner_id=house.nina.id,
            share_id="S" * 26,
            now=core_clock.now(),
        )
        assert service.begin(session, house.look, now=core_clock.now()) is not None
        assert service.begin(session, house.look, now=core_clock.now()) is None


def test_one_s_posts_are_in_the_export(house: House, graph: Graph) -> None:
    house.show()
    house.work()
    with house.db.read() as session:
        (mine,) = queries.export(session, house.nina.id)
    assert (mine["outfit_id"], mine["post_id"]) == (house.look, next(iter(graph.posts)))
