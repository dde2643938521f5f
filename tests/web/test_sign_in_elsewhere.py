"""Signing in with an account elsewhere, at a provider of our own over real HTTP."""

from collections.abc import Callable

import urllib3
from flask import Flask
from sqlalchemy import select

from core import clock
from core.outbox import Event, Job
from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts.models import Identity, Member, MemberSession
from retail.brands.queries import BrandView
from retail.journeys.members.erase_member import erase_member
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.provider import OwnProvider
from tests.conftest import KEY, both_databases
from tests.web.elsewhere import EMAIL, Visit, brand, count, leave, provider, sign_in, trust
from web.elsewhere import Elsewhere

__all__ = ["brand", "provider"]


@both_databases
def test_a_stranger_joins_with_their_account_and_says_a_name(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    nina = visit().open("/join/alder?next=/me/privacy")
    assert "Continue with Larch" in nina.text
    assert "/join/alder/with?next=/me/privacy" in nina.text
    sign_in(nina)
    assert nina.path == "/me/profile"
    nina.send("/me/profile", display_name="Nina Okafor", birth_on="1990-05-01")
    assert nina.path == "/me/privacy"
    with db.read() as session:
        member = accounts.find_member_by_email(session, brand.id, EMAIL)
    assert member is not None
    assert member.public_name == "Nina O."


def test_who_has_joined_by_code_is_found_by_the_verified_address(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    with db.write() as session:
        new_member(session, brand.id, email=EMAIL)
    assert sign_in(visit()).path == "/me/privacy"
    assert (count(db, Member), count(db, Identity)) == (1, 1)


def test_the_account_is_known_by_its_subject_when_its_address_has_changed(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    with db.write() as session:
        new_member(session, brand.id, email=EMAIL)
        new_member(session, brand.id, email="rex@shopper.example", display_name="Rex")
    sign_in(visit())
    provider.person |= {"email": "rex@shopper.example"}
    again = sign_in(visit()).open("/me/profile")
    assert EMAIL in again.text
    provider.person |= {"email": "elsewhere@shopper.example", "email_verified": False}
    assert EMAIL in sign_in(visit()).open("/me/profile").text
    assert (count(db, Member), count(db, Identity)) == (2, 1)


def test_what_goes_to_the_provider_is_a_code_flow_with_pkce(
    brand: BrandView, visit: Visit, provider: OwnProvider
) -> None:
    address = urllib3.util.parse_url(leave(visit()))
    wish = dict(pair.split("=", 1) for pair in (address.query or "").split("&"))
    assert wish["response_type"] == "code"
    assert wish["scope"] == "openid%20email"
    assert wish["code_challenge_method"] == "S256"
    assert wish["redirect_uri"] == "http%3A%2F%2Flocalhost%2Fjoin%2Falder%2Fcallback"
    assert len({wish["state"], wish["nonce"], wish["code_challenge"]}) == 3
    assert min(len(wish[name]) for name in ("state", "nonce", "code_challenge")) >= 43


def test_a_public_client_needs_no_secret(
    app: Flask, brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    provider.secret = None
    trust(app, provider, secret=None)
    sign_in(visit())
    assert count(db, MemberSession) == 1


def test_new_keys_of_either_kind_are_fetched_when_first_seen(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    sign_in(visit())
    sign_in(visit())
    assert provider.count("/keys") == 1
    provider.new_key("ES256")
    sign_in(visit())
    assert provider.count("/keys") == 2
    assert provider.count("/.well-known/openid-configuration") == 1
    assert count(db, MemberSession) == 3


def test_an_address_that_stands_only_at_userinfo_is_asked_for(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    provider.metadata = {"userinfo_endpoint": f"{provider.issuer}/userinfo"}
    provider.userinfo = dict(provider.person)
    provider.claims = {"email": None, "email_verified": None}
    sign_in(visit())
    with db.read() as session:
        assert accounts.find_member_by_email(session, brand.id, EMAIL) is not None


def test_without_a_provider_there_is_no_button_and_no_way(brand: BrandView, visit: Visit) -> None:
    assert "Continue with" not in visit().open("/join/alder").text
    for address in ("/join/alder/with", "/join/alder/callback"):
        assert visit().open(address).status == 404


def test_a_provider_of_one_brand_is_not_offered_by_another(
    app: Flask, brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    with db.write() as session:
        new_brand(session, slug="birch", name="Birch")
    trusted = app.extensions["elsewhere"].provider
    app.extensions["elsewhere"] = Elsewhere("Larch", trusted, "birch")
    assert "Continue with" not in visit().open("/join/alder").text
    assert "Continue with Larch" in visit().open("/join/birch").text
    assert visit().open("/join/alder/with").status == 404


@both_databases
def test_what_the_provider_says_is_in_no_log_event_job_or_cookie(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database, logs: Callable[[], str]
) -> None:
    nina = visit()
    sign_in(nina)
    told = {*provider.secrets, provider.person["sub"], EMAIL}
    assert len(told) > 8
    with db.read() as session:
        kept = repr([session.execute(select(*t.__table__.columns)).all() for t in (Event, Job)])
    cookies = repr(list(nina.client._cookies.values()))
    assert "MemberJoined" in kept
    assert "request.answered" in logs()
    for text in (logs(), kept, cookies, nina.text):
        assert [word for word in told if word in text] == []


def test_who_was_erased_and_comes_back_is_somebody_new(
    brand: BrandView, visit: Visit, provider: OwnProvider, db: Database
) -> None:
    sign_in(visit())
    with db.write() as session:
        gone = accounts.find_member_by_email(session, brand.id, EMAIL)
        assert gone is not None
        erase_member(session, member=gone, now=clock.now(), key=KEY)
    assert count(db, Identity) == 0
    assert sign_in(visit()).path == "/me/profile"
    with db.read() as session:
        back = accounts.find_member_by_email(session, brand.id, EMAIL)
    assert back is not None
    assert back.id != gone.id
