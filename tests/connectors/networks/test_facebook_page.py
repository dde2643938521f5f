"""A Facebook Page over real HTTP: posting, finding, removing, and what each refusal means."""

import json
from collections.abc import Iterator

import pytest

from connectors.networks import facebook_page
from connectors.networks.facebook_page import Page, PageError
from tests.builders.graph import PAGE_ID, TOKEN, Graph, Planned, error, graph_api

LINK = "https://shop.example/s/0123456789ABCDEFGHJKMNPQRS"


@pytest.fixture(scope="module")
def served() -> Iterator[Graph]:
    with graph_api() as graph:
        yield graph


@pytest.fixture
def graph(served: Graph) -> Graph:
    served.posts.clear()
    served.asked.clear()
    served.planned.clear()
    served.headers.clear()
    return served


@pytest.fixture
def page(graph: Graph) -> Page:
    return Page(graph_url=graph.url, page_id=PAGE_ID, token=TOKEN)


def test_a_post_is_put_there_found_and_taken_down(graph: Graph, page: Page) -> None:
    sent = page.post(message="“Grüße & 雨”, a look by Nina O.", link=LINK)
    assert graph.posts[sent.post_id] == {"message": "“Grüße & 雨”, a look by Nina O.", "link": LINK}
    assert sent.rest_seconds == 0
    assert page.find(LINK) == sent.post_id
    assert page.find("https://shop.example/s/other") is None
    page.remove(sent.post_id)
    assert graph.posts == {}
    page.remove(sent.post_id)
    assert page.name() == "Alder & Finch"


@pytest.mark.parametrize(
    ("plan", "meaning", "code"),
    [
        (error(190, subcode=463, status=401), facebook_page.Stopped, "190/463"),
        (error(102), facebook_page.Stopped, "102"),
        (error(10, status=403), facebook_page.Stopped, "10"),
        (error(200, status=403), facebook_page.Stopped, "200"),
        (error(368), facebook_page.Stopped, "368"),
        (error(4), facebook_page.Resting, "4"),
        (error(17), facebook_page.Resting, "17"),
        (error(32), facebook_page.Resting, "32"),
        (error(613), facebook_page.Resting, "613"),
        (error(80001), facebook_page.Resting, "80001"),
        (error(1, status=500), facebook_page.Unreachable, "1"),
        (error(2, status=503), facebook_page.Unreachable, "2"),
        (error(9999, told={"is_transient": True}), facebook_page.Unreachable, "9999"),
        (error(506), facebook_page.Duplicate, "506"),
        (error(100), facebook_page.Refused, "100"),
        (Planned(502), facebook_page.Unreachable, "http_502"),
        (Planned(200, {}), facebook_page.Unreachable, "answer_without_id"),
        (Planned(None), facebook_page.Unreachable, "ProtocolError"),
    ],
)
def test_each_refusal_says_what_to_do(
    graph: Graph, page: Page, plan: Planned, meaning: type[PageError], code: str
) -> None:
    graph.planned.append(plan)
    with pytest.raises(PageError) as refusal:
        page.post(message="", link=LINK)
    assert type(refusal.value) is meaning
    assert refusal.value.code == code
    assert TOKEN not in repr(refusal.value) + str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("X-App-Usage", {"call_count": 28, "total_time": 25, "total_cputime": 25}, 0),
        ("X-App-Usage", {"call_count": 28, "total_time": 95, "total_cputime": 25}, 900),
        ("X-Page-Usage", {"call_count": 100, "total_time": 2, "total_cputime": 2}, 900),
        (
            "X-Business-Use-Case-Usage",
            {"17": [{"type": "pages", "call_count": 99, "estimated_time_to_regain_access": 44}]},
            2640,
        ),
    ],
)
def test_the_usage_headers_ask_for_a_rest_in_time(
    graph: Graph, page: Page, name: str, value: object, seconds: int
) -> None:
    graph.headers[name] = json.dumps(value)
    assert page.post(message="", link=LINK).rest_seconds == seconds
    graph.planned.append(error(32, headers=dict(graph.headers)))
    with pytest.raises(facebook_page.Resting) as refusal:
        page.post(message="", link=LINK)
    assert refusal.value.seconds == max(seconds, 900)


def test_usage_that_cannot_be_read_asks_for_nothing(graph: Graph, page: Page) -> None:
    graph.headers |= {"X-App-Usage": "[]", "X-Page-Usage": "{", "X-Business-Use-Case-Usage": "7"}
    assert page.post(message="", link=LINK).rest_seconds == 0


def test_nobody_there_is_unreachable() -> None:
    page = Page(graph_url="http://127.0.0.1:9", page_id=PAGE_ID, token=TOKEN)
    with pytest.raises(facebook_page.Unreachable):
        page.name()
