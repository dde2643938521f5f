"""A provider that lies, breaks or dawdles: a clear page, nothing changed, told or lost."""

from collections.abc import Callable

import pytest
from flask import Flask

from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts.models import Identity, Member, MemberSession
from retail.accounts.queries import MemberView
from retail.brands.queries import BrandView
from tests.builders.accounts import new_member
from tests.builders.lies import (
    LETS_DOWN,
    LIES,
    WITHOUT_ADDRESS,
    Lie,
    another_key,
    answers,
    signs,
)
from tests.builders.provider import Answer, OwnProvider
from tests.builders.visitor import Visitor
from tests.web.elsewhere import (
    EMAIL,
    Visit,
    brand,
    count,
    provider,
    sign_in,
    trust,
    try_to_sign_in,
)

__all__ = ["brand", "provider"]

PATIENCE = 0.5


@pytest.fixture
def nina(brand: BrandView, db: Database) -> MemberView:
    """The member whose account is what the lies are after."""
    with db.write() as session:
        return new_member(session, brand.id, email=EMAIL)


def check_nothing_happened(
    visitor: Visitor, provider: OwnProvider, nina: MemberView, db: Database, logged: str
) -> None:
    """The sign-in page with its other way in; no row, no cookie, no word of what was said."""
    assert visitor.form("/join/alder")["next"] == "/me/privacy"
    assert visitor.client.get_cookie("member") is None
    assert (count(db, Member), count(db, Identity), count(db, MemberSession)) == (1, 0, 0)
    with db.read() as session:
        assert accounts.profile(session, nina.id).email == EMAIL
    told = [*provider.secrets, provider.person["sub"], EMAIL]
    assert [word for word in told if word in visitor.text] == []
    assert [word for word in told if word in logged] == []


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_lie_lets_nobody_in(
    app: Flask,
    visit: Visit,
    provider: OwnProvider,
    nina: MemberView,
    db: Database,
    logs: Callable[[], str],
    lie: Lie,
) -> None:
    lie(provider)
    visitor = try_to_sign_in(visit())
    assert visitor.status == 403
    assert "What Larch told us doesn’t add up" in visitor.text
    check_nothing_happened(visitor, provider, nina, db, logs())
    assert '"kind": "Lied"' in logs()


@pytest.mark.parametrize("lie", LETS_DOWN.values(), ids=LETS_DOWN.keys())
def test_a_provider_that_fails_is_said_to_and_the_code_works_meanwhile(
    app: Flask,
    visit: Visit,
    provider: OwnProvider,
    nina: MemberView,
    db: Database,
    logs: Callable[[], str],
    lie: Lie,
) -> None:
    trust(app, provider, seconds=PATIENCE)
    lie(provider)
    visitor = try_to_sign_in(visit())
    assert visitor.status == 503
    assert visitor.page is not None
    assert visitor.page.headers["Retry-After"] == "60"
    assert "Larch isn’t answering just now" in visitor.text
    check_nothing_happened(visitor, provider, nina, db, logs())
    visitor.send("/join/alder", email=EMAIL)
    assert visitor.path == "/join/alder/code"


def test_a_provider_that_is_not_there_is_one_that_fails(
    app: Flask, visit: Visit, provider: OwnProvider, nina: MemberView
) -> None:
    provider.close()
    assert try_to_sign_in(visit()).status == 503


@pytest.mark.parametrize(("lie", "says"), WITHOUT_ADDRESS.values(), ids=WITHOUT_ADDRESS.keys())
def test_without_an_address_that_was_verified_nobody_is_found_or_joined(
    visit: Visit,
    provider: OwnProvider,
    nina: MemberView,
    db: Database,
    logs: Callable[[], str],
    lie: Lie,
    says: str,
) -> None:
    lie(provider)
    visitor = try_to_sign_in(visit())
    assert visitor.status in (403, 422)
    assert says in visitor.text
    check_nothing_happened(visitor, provider, nina, db, logs())


def test_userinfo_of_somebody_else_is_a_lie(
    visit: Visit, provider: OwnProvider, nina: MemberView, db: Database, logs: Callable[[], str]
) -> None:
    provider.metadata = {"userinfo_endpoint": f"{provider.issuer}/userinfo"}
    provider.userinfo = {"sub": "another", "email": EMAIL, "email_verified": True}
    provider.claims = {"email": None, "email_verified": None}
    visitor = try_to_sign_in(visit())
    assert "doesn’t add up" in visitor.text
    check_nothing_happened(visitor, provider, nina, db, logs())


def test_an_honest_answer_after_a_lie_is_believed(
    app: Flask, visit: Visit, provider: OwnProvider, nina: MemberView, db: Database
) -> None:
    visitor = visit()
    for lie in (signs(another_key), answers("/token", Answer(500))):
        lie(provider)
        assert try_to_sign_in(visitor).status in (403, 503)
        provider.answers.clear()
        provider.signs = provider.sign
    assert sign_in(visitor).path == "/me/privacy"
    assert count(db, MemberSession) == 1
