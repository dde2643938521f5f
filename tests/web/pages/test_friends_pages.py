"""Friends on the phone: invite, say yes, show looks to friends, block and be strangers again."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.transaction import database
from retail.accounts.queries import MemberView
from retail.consent.rules import LIKES_TO_FRIENDS
from tests.builders.accounts import give_consent, new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.friends import befriend, new_invitation
from tests.builders.outfits import new_outfit, new_stylist
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import settings_key


@dataclass(frozen=True)
class Pair:
    """Nina, who has a look for friends and one for everyone; Tom and Ruth; and anybody else."""

    nina: MemberView
    tom: MemberView
    ruth: MemberView
    look: str
    public: str
    phone: Callable[[MemberView], Visitor]
    stranger: Callable[[], Visitor]


@pytest.fixture
def pair(app: Flask, visit: Callable[[], Visitor]) -> Pair:
    """Three members of a brand, nobody's friends yet."""
    with app.app_context(), database().write() as session:
        store = new_store(session)
        nina = new_stylist(session, store.brand_id, display_name="Nina Okafor")
        tom, ruth = (
            new_member(session, store.brand_id, display_name=name)
            for name in ("Tom Weller", "Ruth Bell")
        )
        look = new_outfit(session, store, member=nina, audience="friends")
        public = new_outfit(session, store, member=nina)

    def phone(member: MemberView) -> Visitor:
        with app.app_context(), database().write() as session:
            return visit().sign_in(sign_in(session, member, key=settings_key(app)))

    return Pair(nina, tom, ruth, look, public, phone, visit)


def make_friends(app: Flask, pair: Pair, *others: MemberView) -> None:
    with app.app_context(), database().write() as session:
        befriend(session, pair.nina, *others)


def routes_of(look: str) -> tuple[str, ...]:
    """Every address that shows something of a look."""
    return (
        f"/o/{look}",
        f"/api/v1/outfits/{look}",
        f"/fragments/outfits/{look}/likes",
        f"/fragments/outfits/{look}/friends",
        f"/o/{look}/preview-1.png",
    )


def bare(answer: TestResponse) -> str:
    """An answer without what differs each time."""
    page = answer.get_data().decode(errors="replace")
    return re.sub(r'nonce="[^"]*"|value="[^"]{60,}"|request:\w+', "", page)


def test_an_invitation_goes_from_phone_to_phone(pair: Pair) -> None:
    nina, tom = pair.phone(pair.nina), pair.phone(pair.tom)
    nina.open("/me/friends")
    assert "Invite someone you’d take shopping." in nina.text
    nina.send("/me/friends/invitations", places="1")
    assert nina.status == 200
    (path,) = set(re.findall(r'value="http://localhost(/f/[0-9A-Z]{26})"', nina.text))
    card = nina.path
    stranger = pair.stranger().open(path)
    assert "Nina O. would take you shopping" in stranger.text
    assert "Join or sign in to say yes" in stranger.text
    tom.open(path).send(f"{path}/accept")
    assert (tom.path, "You and Nina O. are friends now." in tom.text) == ("/me/friends", True)
    assert "Tom W. said yes" in nina.open(card).text
    assert "Tom W." in nina.open("/me/friends").text
    assert "friends" in tom.open(path).text
    for other in (pair.stranger(), pair.phone(pair.ruth)):
        assert other.open(path).status == 404
        assert "This invitation isn’t here." in other.text


def test_who_has_to_sign_in_on_the_way_comes_back(pair: Pair, app: Flask) -> None:
    with app.app_context(), database().write() as session:
        token = new_invitation(session, pair.nina)
    stranger = pair.stranger().open(f"/f/{token}/accept")
    assert f"next=/f/{token}/accept" in stranger.page.request.url or "/join" in stranger.path  # type: ignore[union-attr]
    assert f'value="/f/{token}' in stranger.text
    assert pair.phone(pair.tom).open(f"/f/{token}/accept").path == f"/f/{token}"


def test_ones_own_and_taken_back_invitations_say_so(pair: Pair) -> None:
    nina = pair.phone(pair.nina)
    nina.open("/me/friends").send("/me/friends/invitations", places="5")
    card = nina.path
    (path,) = set(re.findall(r'value="http://localhost(/f/[0-9A-Z]{26})"', nina.text))
    assert "This invitation is yours" in nina.open(path).text
    nina.open(card).send(f"{card}/revoke")
    assert "The link opens nothing any more" in nina.text
    assert nina.open(path).status == 404
    assert pair.phone(pair.tom).open(card).status == 404


def test_a_look_for_friends_is_absent_for_everybody_else(pair: Pair, app: Flask) -> None:
    make_friends(app, pair, pair.tom)
    tom = pair.phone(pair.tom)
    assert "For friends only" in tom.open(f"/o/{pair.look}").text
    assert pair.look in tom.open("/me/friends/looks").text
    absent = "0" * 26
    for visitor in (pair.stranger(), pair.phone(pair.ruth)):
        for hidden, nothing in zip(routes_of(pair.look), routes_of(absent), strict=True):
            answers = [visitor.client.get(address) for address in (hidden, nothing)]
            assert [answer.status_code for answer in answers] == [404, 404], hidden
            shown = [bare(a).replace(pair.look, absent) for a in answers]
            assert shown[0] == shown[1]
        assert pair.look not in visitor.open("/me/friends/looks").text


def test_friends_like_by_name_only_where_they_agreed(pair: Pair, app: Flask) -> None:
    make_friends(app, pair, pair.tom, pair.ruth)
    with app.app_context(), database().write() as session:
        give_consent(session, pair.tom, LIKES_TO_FRIENDS)
    nina, tom = pair.phone(pair.nina), pair.phone(pair.tom)
    for friend in (tom, pair.phone(pair.ruth)):
        friend.open(f"/o/{pair.look}").send(f"/o/{pair.look}/like")
    page = nina.open(f"/o/{pair.look}").text
    assert "Tom likes this" in page
    assert '<span class="n">2</span>' in page
    assert "Ruth" not in page
    assert "Tom likes this" in nina.open(f"/fragments/outfits/{pair.look}/friends").text
    # Ruth is Nina's friend and not Tom's: neither hears of the other.
    assert "likes this" not in pair.phone(pair.ruth).open(f"/o/{pair.look}").text
    assert "likes this" not in tom.open(f"/o/{pair.look}").text


def test_friends_on_a_public_look_are_named_to_their_friends_alone(pair: Pair, app: Flask) -> None:
    make_friends(app, pair, pair.tom)
    with app.app_context(), database().write() as session:
        give_consent(session, pair.tom, LIKES_TO_FRIENDS)
    pair.phone(pair.tom).open(f"/o/{pair.public}").send(f"/o/{pair.public}/like")
    assert "Tom likes this" in pair.phone(pair.nina).open(f"/o/{pair.public}").text
    for visitor in (pair.stranger(), pair.phone(pair.ruth)):
        assert "Tom" not in visitor.open(f"/o/{pair.public}").text
        assert visitor.open(f"/fragments/outfits/{pair.public}/friends").text.strip() == ""


@pytest.mark.parametrize("blocks", ["the owner", "the friend"])
def test_who_is_blocked_sees_what_a_stranger_sees(pair: Pair, app: Flask, blocks: str) -> None:
    make_friends(app, pair, pair.tom)
    nina, tom = pair.phone(pair.nina), pair.phone(pair.tom)
    for look in (pair.look, pair.public):
        tom.open(f"/o/{look}").send(f"/o/{look}/like")
    one, other = (nina, pair.tom) if blocks == "the owner" else (tom, pair.nina)
    with_other = f"/me/friends/with/{other.id}"
    one.open(with_other).send(f"{with_other}/block")
    assert "Blocked." in one.text
    for address in routes_of(pair.look):
        assert tom.client.get(address).status_code == 404, address
    stranger = pair.stranger()
    for address in routes_of(pair.public):
        answers = [visitor.client.get(address) for visitor in (stranger, tom)]
        assert bare(answers[0]) == bare(answers[1]), address
    for method in ("PUT", "DELETE"):
        refused = tom.api(method, f"/api/v1/outfits/{pair.public}/like")
        absent = tom.api(method, f"/api/v1/outfits/{'0' * 26}/like")
        assert (refused.status_code, bare(refused)) == (404, bare(absent))
    assert "Be the first to like this" in nina.open(f"/o/{pair.public}").text
    for phone in (nina, tom):
        assert "Nobody here yet" in phone.open("/me/friends").text


def test_an_unblocked_friend_is_asked_anew(pair: Pair, app: Flask) -> None:
    make_friends(app, pair, pair.tom)
    nina = pair.phone(pair.nina)
    with_tom = f"/me/friends/with/{pair.tom.id}"
    nina.open(with_tom).send(f"{with_tom}/block")
    assert "1 person blocked" in nina.text
    nina.open("/me/friends/blocked").send(f"/me/friends/blocked/{pair.tom.id}/unblock")
    assert "You’ve blocked nobody." in nina.text
    assert pair.phone(pair.tom).open(f"/o/{pair.look}").status == 404
    assert pair.phone(pair.tom).open(f"/o/{pair.public}").status == 200


def test_parting_hides_the_looks_for_friends(pair: Pair, app: Flask) -> None:
    make_friends(app, pair, pair.tom)
    tom = pair.phone(pair.tom)
    with_nina = f"/me/friends/with/{pair.nina.id}"
    tom.open(with_nina).send(f"{with_nina}/end")
    assert "Nobody was told" in tom.text
    assert tom.open(f"/o/{pair.look}").status == 404
    assert tom.open(with_nina).status == 404


def test_a_look_goes_to_friends_and_back(pair: Pair, app: Flask) -> None:
    make_friends(app, pair, pair.tom)
    nina, tom = pair.phone(pair.nina), pair.phone(pair.tom)
    audience = f"/me/outfits/{pair.public}/audience"
    assert "1 friend, whom you both chose" in nina.open(audience).text
    nina.send(audience, audience="friends", choice="share")
    assert "Your friends can see it now, and nobody else." in nina.text
    assert pair.stranger().open(f"/o/{pair.public}").status == 404
    assert tom.open(f"/o/{pair.public}").status == 200
    nina.open("/me/privacy").send("/me/privacy/friends_outfits/off")
    assert tom.open(f"/o/{pair.public}").status == 404
    assert tom.open(f"/o/{pair.look}").status == 404


def test_nobody_listens_in_on_another_member(pair: Pair) -> None:
    address = f"/live?topic=member:{pair.nina.id}"
    for visitor in (pair.stranger(), pair.phone(pair.tom)):
        assert visitor.client.get(address).status_code == 422
    mine = pair.phone(pair.nina).client.get(address, buffered=False)
    assert mine.status_code == 200
    mine.close()


def test_the_api_makes_friends_too(pair: Pair) -> None:
    nina, tom = pair.phone(pair.nina), pair.phone(pair.tom)
    made = nina.api("POST", "/api/v1/me/invitations", json={"places": 2})
    assert (made.status_code, set(made.json or {})) == (201, {"id"})
    (open_one,) = nina.api("GET", "/api/v1/me/invitations").json or []
    token = open_one["address"].rsplit("/", 1)[1]
    seen = tom.api("GET", f"/api/v1/friend-invitations/{token}").json or {}
    assert (seen["name"], seen["is_friend"]) == ("Nina O.", False)
    accepted = tom.api("POST", f"/api/v1/friend-invitations/{token}/acceptance")
    assert (accepted.json or {})["id"] == pair.nina.id
    assert tom.api("DELETE", f"/api/v1/me/invitations/{open_one['id']}").status_code == 404
    assert nina.api("DELETE", f"/api/v1/me/invitations/{open_one['id']}").status_code == 204
    assert [f["name"] for f in nina.api("GET", "/api/v1/me/friends").json or []] == ["Tom W."]
    assert nina.api("PUT", f"/api/v1/me/blocks/{pair.tom.id}").status_code == 204
    assert [b["name"] for b in nina.api("GET", "/api/v1/me/blocks").json or []] == ["Tom W."]
    assert nina.api("DELETE", f"/api/v1/me/friends/{pair.tom.id}").status_code == 404
    assert nina.api("DELETE", f"/api/v1/me/blocks/{pair.tom.id}").status_code == 204


def test_another_brands_member_is_a_stranger_without_invitation(pair: Pair, app: Flask) -> None:
    with app.app_context(), database().write() as session:
        token = new_invitation(session, pair.nina)
        other = new_member(session, new_brand(session).id)
    assert pair.phone(other).open(f"/f/{token}").status == 404
