"""A member's looks over HTTP: from the receipt to the wall and back."""

from typing import Any

import pytest
from flask import Flask

from core.transaction import database
from retail.accounts.queries import MemberView
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variants
from tests.builders.outfits import GROWN_UP, bought
from tests.conftest import both_databases
from web.auth import settings

pytestmark = both_databases


class Wardrobe:
    """A grown-up member with a receipt, a minor with one, and somebody else."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        with app.app_context(), database().write() as session:
            store = new_store(session)
            variants = new_variants(session, brand_id=store.brand_id, drawings=("knit", "skirt"))
            self.tokens = {}
            self.receipts = {}
            people: dict[str, Any] = {"maya": GROWN_UP, "kid": GROWN_UP.replace(2012), "eve": None}
            for name, birth_on in people.items():
                member: MemberView = new_member(session, store.brand_id, birth_on=birth_on)
                self.tokens[name] = sign_in(session, member, key=settings().key)
                self.receipts[name] = bought(session, store, member, variants).id

    def call(self, method: str, path: str, by: str | None = "maya", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[by]}"} if by else {}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def laid_out(self, by: str = "maya") -> dict[str, Any]:
        answer = self.call("POST", "/outfits", by, json={"receipt_id": self.receipts[by]})
        assert answer.status_code == 201
        return dict(answer.json)

    def publish(self, outfit_id: str, by: str = "maya", **wish: Any) -> Any:
        return self.call(
            "PUT", f"/outfits/{outfit_id}/publication", by, json={"audience": "everyone"} | wish
        )


@pytest.fixture
def wardrobe(app: Flask) -> Wardrobe:
    return Wardrobe(app)


def test_a_receipt_becomes_one_look(wardrobe: Wardrobe) -> None:
    look = wardrobe.laid_out()
    assert (look["state"], look["audience"], len(look["pieces"])) == ("draft", "only_me", 2)
    assert look["pieces"][0]["size"] == "12"
    assert wardrobe.laid_out()["id"] == look["id"]
    assert [each["id"] for each in wardrobe.call("GET", "/me/outfits").json] == [look["id"]]
    assert wardrobe.call("GET", f"/outfits/{look['id']}").status_code == 404
    theirs = wardrobe.call(
        "POST", "/outfits", "eve", json={"receipt_id": wardrobe.receipts["maya"]}
    )
    assert theirs.status_code == 404


def test_a_board_is_kept_as_sent_within_its_edges(wardrobe: Wardrobe) -> None:
    look = wardrobe.laid_out()
    piece = look["pieces"][0]
    sent = {"piece_id": piece["id"], "x": 4000, "y": 10, "width": 300, "rotation": 370, "depth": 9}
    board = {
        "version": 1,
        "caption": " Rain,\tbut  Saturday",
        "background": "rain",
        "pieces": [sent],
    }
    answer = wardrobe.call("PUT", f"/outfits/{look['id']}/arrangement", json=board)
    assert answer.status_code == 200
    kept = answer.json
    assert (kept["caption"], kept["background"], kept["version"]) == (
        "Rain, but Saturday",
        "rain",
        2,
    )
    moved = next(each for each in kept["pieces"] if each["id"] == piece["id"])
    assert (moved["x"], moved["rotation"], moved["depth"]) == (850, 10, 9)
    stale = wardrobe.call("PUT", f"/outfits/{look['id']}/arrangement", json=board)
    assert (stale.status_code, stale.json["type"].rsplit(":")[-1]) == (409, "outfit_changed")


@pytest.mark.parametrize(
    "board",
    [
        {"caption": "x" * 81},
        {"background": "lava"},
        {"pieces": [{"piece_id": "01FOREIGN", "x": 0, "y": 0, "width": 100}]},
        {"pieces": [{"piece_id": "01FOREIGN", "x": "left", "y": 0, "width": 100}]},
        {"version": 0},
        {"unknown": 1},
    ],
)
def test_a_board_that_makes_no_sense_changes_nothing(
    wardrobe: Wardrobe, board: dict[str, Any]
) -> None:
    look = wardrobe.laid_out()
    path = f"/outfits/{look['id']}/arrangement"
    answer = wardrobe.call("PUT", path, json={"version": 1} | board)
    assert (answer.status_code, bool(answer.json["fields"])) == (422, True)
    assert wardrobe.call("GET", f"/me/outfits/{look['id']}").json == look


def test_a_published_look_is_seen_without_sizes_until_it_is_put_away(wardrobe: Wardrobe) -> None:
    look_id = wardrobe.laid_out()["id"]
    published = wardrobe.publish(look_id, joins_league=True)
    assert (published.json["state"], published.json["has_points_ad"]) == ("published", True)
    seen = wardrobe.call("GET", f"/outfits/{look_id}", None).json
    assert (seen["outfit"]["stylist_name"], seen["likes"]) == ("Nina O.", 0)
    assert {piece["size"] for piece in seen["outfit"]["pieces"]} == {""}
    assert wardrobe.call("DELETE", f"/outfits/{look_id}/publication").json["state"] == "away"
    assert wardrobe.call("GET", f"/outfits/{look_id}", None).status_code == 404
    assert wardrobe.call("POST", f"/outfits/{look_id}/restoration").json["state"] == "draft"
    assert wardrobe.call("POST", f"/outfits/{look_id}/restoration").status_code == 409


@pytest.mark.parametrize(
    ("who", "status", "code"), [("kid", 403, "adults_only"), ("eve", 422, "birth_date_needed")]
)
def test_only_known_adults_go_public(wardrobe: Wardrobe, who: str, status: int, code: str) -> None:
    look_id = wardrobe.laid_out(who)["id"]
    answer = wardrobe.publish(look_id, who)
    assert (answer.status_code, answer.json["type"].rsplit(":")[-1]) == (status, code)
    assert wardrobe.call("GET", f"/outfits/{look_id}", None).status_code == 404
    assert wardrobe.publish(look_id, who, audience="only_me").status_code == 200


def test_nobody_changes_somebody_elses_look(wardrobe: Wardrobe) -> None:
    look_id = wardrobe.laid_out()["id"]
    wardrobe.publish(look_id)
    for method, path, body in (
        ("PUT", "arrangement", {"version": 1}),
        ("PUT", "publication", {"audience": "only_me"}),
        ("DELETE", "publication", None),
        ("POST", "restoration", None),
    ):
        answer = wardrobe.call(method, f"/outfits/{look_id}/{path}", "eve", json=body)
        assert answer.status_code == 404
