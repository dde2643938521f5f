"""Three members and a shop, for tests of polls."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.polls import queries, service
from retail.polls.queries import PollView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.outfits import new_outfit, new_stylist
from tests.builders.polls import new_poll


@dataclass
class Round:
    """Nina, who asks; Tom, her friend; Ruth, who is nobody's; all at one shop."""

    session: Session
    clock: FixedClock
    store: StoreView
    nina: MemberView
    tom: MemberView
    ruth: MemberView

    def ask(self, audience: str = "everyone", **wish: str) -> str:
        return new_poll(self.session, self.store, self.nina, audience=audience, **wish)

    def look(self, audience: str = "everyone") -> str:
        return new_outfit(self.session, self.store, member=self.nina, audience=audience)

    def vote(self, poll_id: str, who: MemberView, choice: str = "first") -> PollView:
        now = self.clock.now()
        return service.vote(self.session, poll_id, member=who, choice=choice, now=now)

    def see(self, poll_id: str, who: MemberView | None) -> PollView:
        return queries.get_poll(self.session, poll_id, viewer=who, now=self.clock.now())


@pytest.fixture
def friends(session: Session, clock: FixedClock) -> Round:
    store = new_store(session)
    nina = new_stylist(session, store.brand_id, display_name="Nina Okafor")
    tom, ruth = (new_member(session, store.brand_id) for _ in range(2))
    befriend(session, nina, tom)
    return Round(session, clock, store, nina, tom, ruth)
