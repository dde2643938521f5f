"""Somebody of whom every table knows something, for tests of what leaves with them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import outbox, replay
from core.clock import FixedClock
from retail.access_log import service as access_log
from retail.accounts import queries as accounts
from retail.accounts.identities import Vouched, sign_in_vouched
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import SAME_OCCASION, SAME_OUTFIT, SHARING
from retail.engagement.rules import ENGAGED_WITHIN
from retail.friends import service as friends
from retail.greetings.rules import SHOWABLE
from retail.guests import service as guests
from retail.journeys.league.season_close import close_season
from retail.journeys.looks.remove_poll import remove_poll
from retail.journeys.occasions.tell_of_occasions import tell_of_clashes
from retail.journeys.points.earn_points import earn_points
from retail.journeys.vouchers.fill_phone_basket import put_in
from retail.notifications import service as notifications
from retail.notifications.rules import CHANNELS, FRIENDS_NEWS, LIKES_NEWS
from retail.occasions import service as occasions
from retail.offers import service as offers
from retail.opinions import reports
from retail.outfits.models import Outfit
from retail.own_data import service as own_data
from retail.page_posts import service as page_posts
from retail.polls import service as polls
from retail.product_likes import service as product_likes
from retail.same_outfit import service as same_outfit
from retail.same_outfit.rules import SHELF, piece_of
from retail.saves import reminders
from retail.saves import service as saves
from retail.saves.pay_day import SAME_DAY
from retail.sent_pieces import service as sent_pieces
from retail.sharing import service as sharing
from retail.social import service as social
from retail.visits import service as visits
from retail.visits.rules import KEPT_FOR
from retail.wall import service as wall
from tests.builders.accounts import give_consent, new_member, sign_in
from tests.builders.campaigns import use_campaign
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.experiments import may_treat, new_experiment
from tests.builders.fair_play import leave_fair_play, lose_a_point
from tests.builders.floor import linked
from tests.builders.friends import befriend, new_invitation
from tests.builders.greetings import comes_in, wishes
from tests.builders.holds import new_hold
from tests.builders.influence import spoken_of
from tests.builders.kiosks import at_a_kiosk
from tests.builders.league import fold, like_times, ranked_outfit, running_season
from tests.builders.notes import hears_of, tell
from tests.builders.occasions import new_occasion, plan
from tests.builders.offers import offer_anything
from tests.builders.opinions import new_opinion, say
from tests.builders.outfits import bought, new_outfit, new_stylist
from tests.builders.points import earn
from tests.builders.polls import new_poll, votes_of
from tests.builders.receipts import new_receipt
from tests.builders.rewards import exchange, new_reward
from tests.builders.terms import give_terms
from tests.builders.tiers import new_tiers, review
from tests.builders.vouchers import basket, new_code, redeem_now
from tests.conftest import KEY


@dataclass(frozen=True)
class Known:
    """The member, their session, and words that nobody else has."""

    member: MemberView
    token: str
    outfit_id: str
    words: tuple[str, ...]


def whole_member(
    session: Session, store: StoreView, clock: FixedClock, *, name: str, caption: str
) -> Known:
    """A member who did all there is to do at a store whose league runs. A season closes on it."""
    email = f"{caption.split()[0].lower()}@canary.example"
    member, outfit_id = ranked_outfit(session, store, display_name=name, email=email)
    session.execute(update(Outfit).where(Outfit.id == outfit_id).values(caption=caption))
    others = [new_outfit(session, store) for _ in range(2)]
    for other in others:
        social.like(session, other, member=member, now=clock.now())
    like_times(session, outfit_id, store.brand_id, 3)
    fold(session)
    season = running_season(session, store)
    clock.instant = season.ends_at
    close_season(session, season.id, now=clock.now(), key=KEY)
    lose_a_point(session, member, season, now=clock.now())
    social.unlike(session, others[0], member=member)
    fans = like_times(session, outfit_id, store.brand_id, 2)
    fold(session)
    _come_by(session, store, member, fans, clock.now())
    earn(session, member.id, 40, programme_id=store.brand_id)
    _use_a_voucher(session, member)
    exchange(session, new_reward(session, store.brand_id, price=1).id, member)
    _be_drawn(session, member, others[0], clock.now())
    new_tiers(session, programme_id=store.brand_id)
    review(session, member.id, programme_id=store.brand_id)
    give_terms(session, store.brand_id)
    earn_points(session, new_receipt(session, store=store, member=member), now=clock.now())
    use_campaign(session, store.brand_id, member.id)
    leave_fair_play(session, member, running_season(session, store), now=clock.now())
    _offer_things(session, member, store, clock.now())
    _meet_people(session, member, clock)
    _pass_looks_on(session, member, mine=outfit_id, other=others[1], now=clock.now())
    _hear_of_things(session, member, store, clock.now())
    _ask_and_answer(session, member, store, clock.now())
    _go_out(session, member, store, clock.now())
    _leave_traces(session, member, clock)
    at_a_kiosk(session, store, member)
    return Known(member, sign_in(session, member), outfit_id, (name, email, caption))


def _be_drawn(session: Session, member: MemberView, other: str, now: datetime) -> None:
    new_experiment(session, programme_id=member.brand_id)
    for whom, friend in ((member.id, "nobody"), (other, member.id)):
        may_treat(session, whom, with_ids=[friend], programme_id=member.brand_id, now=now)


def _use_a_voucher(session: Session, member: MemberView) -> None:
    code = new_code(session, member.id, programme_id=member.brand_id)
    mine = basket(2000, owner_id=member.id)
    redeem_now(session, code, programme_id=member.brand_id, basket=mine)


def _offer_things(session: Session, member: MemberView, store: StoreView, now: datetime) -> None:
    """An offer to the member, one thanks to them that was used, and refusals either way."""
    friend = new_member(session, member.brand_id, display_name="Fay")
    for buyer, teller in ((member, friend), (friend, member)):
        offer_id = offer_anything(session, store, buyer, teller)
        offers.redeem(session, offer_id, now=now)
        offers.credit(session, offer_id, now=now)
        who = {"member_id": buyer.id, "brand_id": buyer.brand_id, "now": now}
        offers.refuse(session, **who, friend_id=teller.id)
        spoken_of(session, store, buyer, teller)
    piece = new_variant(session, brand_id=store.brand_id)
    who = {"member_id": member.id, "brand_id": member.brand_id, "now": now}
    offers.refuse(session, **who, style_id=piece.style_id)
    new_stock(session, brand_id=store.brand_id, store_id=store.id, variant_id=piece.id)
    new_hold(session, store, piece, member.id, now=now)


def _come_by(
    session: Session, store: StoreView, member: MemberView, fans: list[MemberView], now: datetime
) -> None:
    """Visits, some of them long enough ago to be forgotten, and a piece from a shelf."""
    for visitor in (member, *fans):
        visits.check_in(session, store, member=visitor, now=now)
    visits.forget_old(session, after_likes=ENGAGED_WITHIN, now=now + KEPT_FOR)
    # Late enough to be kept when another such member comes by.
    visits.check_in(session, store, member=member, now=now + 2 * KEPT_FOR)
    wishes(session, member, *SHOWABLE, "sizes.tops")
    comes_in(session, store, member)
    piece = new_variant(session, brand_id=store.brand_id)
    saves.save_piece(session, piece.gtin or "", member=member, now=now)
    until = (now + timedelta(days=3)).date()
    about = {"member": member, "on": until, "repeats": SAME_DAY, "now": now}
    reminders.remind(session, piece.id, **about)
    product_likes.like(session, piece.gtin or "", member=member, now=now)
    here = {"member": member, "store_slug": store.slug, "now": now}
    put_in(session, piece.sku, 2, **here)
    linked(session, store, member)


def _meet_people(session: Session, member: MemberView, clock: FixedClock) -> None:
    friend, shunned, shunning = (
        new_member(session, member.brand_id, display_name=name) for name in ("Fay", "Rex", "Ivo")
    )
    befriend(session, member, friend)
    new_invitation(session, member)
    _send_things(session, member, friend, clock.now())
    friends.block(session, shunned.id, member=member, now=clock.now())
    friends.block(session, member.id, member=shunning, now=clock.now())


def _send_things(session: Session, member: MemberView, friend: MemberView, now: datetime) -> None:
    """A piece and a question each way, and two who mute each other."""
    for asker, asked in ((member, friend), (friend, member)):
        question = new_opinion(session, asker, asked, words=f"Asked by {asker.display_name}")
        say(session, question, asked, "yes", f"Said by {asked.display_name}")
        unkind = new_opinion(session, asker, asked)
        reports.report(session, unkind, reason="unkind", member=asked, now=now)
    piece = new_variant(session, brand_id=member.brand_id)
    for sender, receiver in ((member, friend), (friend, member)):
        said = {"line": f"From {sender.display_name}", "member": sender, "now": now}
        sent_pieces.send(session, piece.gtin or "", receiver.id, **said)
        sent_pieces.mute(session, receiver.id, member=sender, now=now)


def _pass_looks_on(
    session: Session, member: MemberView, *, mine: str, other: str, now: datetime
) -> None:
    fan = new_member(session, member.brand_id, display_name="Ada Fan")
    give_consent(session, member, SHARING)
    (found, *_) = sharing.make_links(session, other, sharer=None, now=now)
    sharing.make_links(session, other, sharer=member, now=now)
    sharing.credit(session, found.share_id, other, kind="like", member_id=member.id, now=now)
    (led, *_) = sharing.make_links(session, mine, sharer=None, now=now)
    sharing.follow(session, led.share_id, address="192.0.2.7", agent="phone", now=now, key=KEY)
    sharing.credit(session, led.share_id, mine, kind="save", member_id=fan.id, now=now)
    saves.save(session, other, member=member, now=now)
    saves.save(session, mine, member=fan, now=now)
    waits = {"guest": member.id, "share_id": led.share_id}
    guests.keep_like(session, mine, **waits, now=now, key=KEY)
    whose = {"brand_id": member.brand_id, "owner_id": member.id}
    page_posts.want(session, mine, **whose, share_id=led.share_id, now=now)
    wall.report(session, other, member_id=member.id, owner_id="", now=now)
    wall.report(session, mine, member_id=fan.id, owner_id=member.id, now=now)


def _ask_and_answer(session: Session, member: MemberView, store: StoreView, now: datetime) -> None:
    mine, gone = new_poll(session, store, member), new_poll(session, store, member)
    votes_of(session, mine, member.brand_id, ["first"])
    remove_poll(session, gone, member=member, now=now)
    (led, *_) = sharing.make_poll_links(session, mine, sharer=None, now=now)
    sharing.follow(session, led.share_id, address="192.0.2.7", agent="phone", now=now, key=KEY)
    asked = new_poll(session, store, new_stylist(session, member.brand_id))
    polls.vote(session, asked, member=member, choice="second", now=now)
    sharing.make_poll_links(session, asked, sharer=member, now=now)


def _hear_of_things(session: Session, member: MemberView, store: StoreView, now: datetime) -> None:
    who = {"member_id": member.id, "brand_id": member.brand_id}
    friend = new_member(session, member.brand_id, display_name="Fay")
    for reader, about in ((member, friend), (friend, member)):
        hears_of(session, reader, FRIENDS_NEWS, LIKES_NEWS, channels=CHANNELS)
        tell(session, reader, FRIENDS_NEWS, about.id)
    night = {"quiet_from": 22 * 60, "quiet_until": 8 * 60, "locale": "en"}
    notifications.set_quiet(session, **who, store_id=store.id, **night)
    notifications.set_ranges(session, **who, codes={"coats"}, now=now)
    browser = {"endpoint": f"https://push.example/{member.id}", "p256dh": "p", "auth": "a"}
    notifications.subscribe(session, **who, **browser, now=now)
    notifications.note_mail(session, **who, is_taken=False, now=now)


def _go_out(session: Session, member: MemberView, store: StoreView, now: datetime) -> None:
    """The same dress as a friend: asked about, kept quiet, planned for occasions, worn as twins."""
    friend, dress = (
        new_stylist(session, member.brand_id),
        new_variant(session, brand_id=store.brand_id),
    )
    befriend(session, member, friend)
    pair = (member, friend)
    for one in pair:
        bought(session, store, one, [dress])
        give_consent(session, one, SAME_OUTFIT, SAME_OCCASION)
    for one, other in (pair, pair[::-1]):
        where = {"store_id": store.id, "place": SHELF, "now": now}
        same_outfit.ask(session, dress, member=one, **where)
        occasion = new_occasion(session, one, other, title=f"Of {one.display_name}")
        for wearer in pair:
            plan(session, occasion, wearer, dress)
        for wearer, twin in (pair, pair[::-1]):
            about = {"member": wearer, "now": now}
            occasions.wish_to_twin(session, occasion, twin.id, piece_of(dress), **about)
        tell_of_clashes(session, one.id, now=now)
    piece = piece_of(new_variant(session, brand_id=store.brand_id))
    same_outfit.keep_quiet(session, piece, member=member, now=now)


def _leave_traces(session: Session, member: MemberView, clock: FixedClock) -> None:
    who, now = {"member_id": member.id, "brand_id": member.brand_id}, clock.now()
    email = accounts.profile(session, member.id, now=now).email
    vouched = Vouched("https://provider.example", f"subject-of-{member.id}", email, True)
    sign_in_vouched(session, vouched, brand_id=member.brand_id, now=now, key=KEY)
    access_log.record(
        session,
        **who,
        viewer_kind="self",
        viewer_id=member.id,
        purpose="own_copy",
        what="everything",
        now=now,
    )
    own_data.ask(session, **who, parts=9, now=now)
    replay.begin(session, scope=member.id, key="k", fingerprint="f", now=now, owner_id=member.id)
    replay.finish(session, scope=member.id, key="k", status=200, body=member.display_name)
    outbox.enqueue(session, "remind", {"member_id": member.id}, due_at=now, key="remind")
