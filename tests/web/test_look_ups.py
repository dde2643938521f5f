"""A member opens twenty invitations a day, whichever way; a crowd of strangers is not counted."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from core.config import Settings
from core.transaction import Database
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand
from tests.builders.friends import new_invitation
from tests.builders.visitor import Visitor

LOOK_UPS = 20


@pytest.fixture
def app_settings(app_settings: Settings) -> Settings:
    """With rate limits, as in production."""
    return replace(app_settings, rate_limits=True)


def test_the_twenty_first_invitation_of_a_day_waits(
    app: Flask, db: Database, visit: Callable[[], Visitor]
) -> None:
    with db.write() as session:
        nina = new_member(session, new_brand(session).id)
        tom = new_member(session, nina.brand_id)
        token = new_invitation(session, nina)
        curious = visit().sign_in(sign_in(session, tom))
    for number in range(LOOK_UPS):
        asked = f"/f/{number:026}" if number % 2 else f"/api/v1/friend-invitations/{number:026}"
        assert curious.client.get(asked).status_code == 404
    for asked in (f"/f/{token}", f"/api/v1/friend-invitations/{token}"):
        refused = curious.client.get(asked)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 80_000
    assert "Enough for today" in curious.open(f"/f/{token}").text
    strangers = visit()
    for _ in range(LOOK_UPS + 2):
        assert strangers.open(f"/f/{token}").status == 200
