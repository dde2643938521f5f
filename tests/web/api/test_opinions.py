"""A member's own app asks friends about a look, and theirs answer."""

from flask import Flask

from core.transaction import database
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.outfits import new_outfit
from tests.builders.visitor import Visitor


def test_a_look_is_asked_about_answered_and_taken_back(app: Flask) -> None:
    with app.app_context(), database().write() as session:
        store = new_store(session)
        names = ("Sarah Lewis", "Priya Nair")
        pair = [new_member(session, store.brand_id, display_name=name) for name in names]
        befriend(session, *pair)
        look = new_outfit(session, store, member=pair[0], audience="only_me")
        sarah, priya = (Visitor(app.test_client()).sign_in(sign_in(session, one)) for one in pair)
    asks = {"look": look, "friends": [pair[1].id], "words": "Well?"}
    made = sarah.api("POST", "/api/v1/me/opinions", json=asks)
    assert made.status_code == 201, made.text
    ((asked,)) = priya.api("GET", "/api/v1/me/friends/opinions").json
    assert (asked["asker_name"], asked["words"], asked["choices"]) == (
        "Sarah L.",
        "Well?",
        ["yes", "no"],
    )
    address = f"/api/v1/me/friends/opinions/{asked['id']}"
    wrong = priya.api("PUT", f"{address}/answer", json={"choice": "maybe"})
    assert (wrong.status_code, wrong.json["fields"]) == (
        422,
        {"choice": ["Choose one of the answers."]},
    )
    said = {"choice": "yes", "reply": "So you."}
    assert priya.api("PUT", f"{address}/answer", json=said).status_code == 204
    ((own,)) = sarah.api("GET", "/api/v1/me/opinions").json
    (answer,) = own["answers"]
    assert (answer["name"], answer["choice"], answer["reply"]) == ("Priya N.", "yes", "So you.")
    assert sarah.api("DELETE", f"/api/v1/me/opinions/{own['id']}").status_code == 204
    assert priya.api("GET", "/api/v1/me/friends/opinions").json == []
    late = priya.api("PUT", f"{address}/answer", json=said)
    assert (late.status_code, late.json["detail"]) == (404, "This is over, or was taken back.")
