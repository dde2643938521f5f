"""The league of three stylists whose looks also go back to the shop, beside its dictionary."""

from collections import Counter, defaultdict

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from loyalty.leaderboards import corrections
from loyalty.leaderboards.rules import Final, ranked
from loyalty.prizes import queries as prizes
from retail.brands import queries as brands
from tests.builders.back import send_back
from tests.retail.social.likes import STYLISTS, Likes, key, looks


class LikesAndReturns(Likes):
    """What went back scores no more; a closed season keeps it, and what it lost is beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[int] = set()
        self.lost: dict[str, Counter[str]] = defaultdict(Counter)
        self.doubted: set[str] = set()

    # Not often: a look that went back takes part in nothing any more.
    @rule(look=looks, luck=st.integers(0, 5))
    def go_back(self, look: int, luck: int) -> None:
        if luck or look in self.gone:
            return
        outfit_id, stylist, store_id = self.looks[look]
        for season_id in self.finals:
            standing = {owner_id for owner_id, *_ in self.finals[season_id]}
            still = self.kept[season_id] & self.likes.keys()
            number = sum(one == look for _, one in still)
            if number and stylist.id in standing:
                self.lost[season_id][stylist.id] += number
        store = brands.get_store(self.session, store_id)
        had_any = any(one == look for _, one in self.likes)
        send_back(self.session, store, outfit_id, now=self.now)
        self.gone.add(look)
        if had_any:
            self.see_doubts(stylist.id)

    def see_doubts(self, stylist_id: str) -> None:
        for award in prizes.awards_of(self.session, self.brand_id, stylist_id):
            if award.worth.kind != "points":
                continue
            places = {one.owner_id: one.place for one in self.corrected(award.contest_id)}
            if places.get(stylist_id, STYLISTS + 1) > award.place:
                self.doubted.add(award.id)
            assert award.is_doubted == (award.id in self.doubted)

    def corrected(self, season_id: str) -> list[Final]:
        lost, frozen = self.lost[season_id], self.finals[season_id]
        return list(ranked((one, score - lost[one], at) for one, score, at in frozen))

    def like(self, taps: list[tuple[int, int]]) -> None:
        super().like([(fan, look) for fan, look in taps if look not in self.gone])

    def unlike(self, fan: int, look: int) -> None:
        if look not in self.gone or (fan, look) in self.likes:
            super().unlike(fan, look)

    def hold(self, taps: list[tuple[int, int]]) -> None:
        super().hold([(fan, look) for fan, look in taps if look not in self.gone])

    def scores(self, like: tuple[int, int]) -> bool:
        return like[1] not in self.gone and super().scores(like)

    @invariant()
    def what_closed_seasons_lost_stands_beside_them(self) -> None:
        for season_id in list(self.finals)[-3:] if hasattr(self, "finals") else []:
            found = corrections.corrected(self.session, season_id)
            assert [key(one) for one in found] == [key(one) for one in self.corrected(season_id)]
