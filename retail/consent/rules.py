"""The purposes that we ask consent for, each with its cells and its words. Pure."""

import hashlib

from core.errors import NotFound
from retail.consent.at_kiosks import AT_KIOSKS
from retail.consent.cells import Purpose
from retail.consent.in_stores import IN_STORES

LEAGUE, PUBLIC_OUTFITS, NAMED_LIKES = "league", "public_outfits", "named_likes"
LIKES_NEWS, LEAGUE_NEWS, PRIZES_NEWS = "likes_news", "league_news", "prizes_news"
FRIENDS_NEWS, RANGES_NEWS = "friends_news", "ranges_news"
DECISIONS_NEWS, TIERS_NEWS = "decisions_news", "tiers_news"
POLLS_NEWS, RESULTS_NEWS = "polls_news", "results_news"
SHARING, THANKS_TO_FRIENDS = "sharing", "thanks_to_friends"
BRAND_PAGE = "brand_page"
FRIENDS_OUTFITS, LIKES_TO_FRIENDS = "friends_outfits", "likes_to_friends"
PRODUCT_LIKES_TO_FRIENDS, SENT_NEWS, SAVED_NEWS = (
    "product_likes_to_friends",
    "sent_news",
    "saved_news",
)
OFFERS, FRIEND_OFFERS, OFFERS_NEWS = "offers", "friend_offers", "offers_news"
HOLDS_NEWS, LIKE_OFFERS = "holds_news", "like_offers"
LIKES_ON_SCREEN = "likes_on_screen"
ANSWERS_ON_SCREEN, OPINIONS_NEWS = "answers_on_screen", "opinions_news"
SAME_OUTFIT, SAME_OCCASION, OCCASIONS_NEWS = "same_outfit", "same_occasion", "occasions_news"
GREETING = "greeting"


def _news(code: str, title: str, sentence: str) -> Purpose:
    return Purpose(code, title, sentence, "me", "inapp", "2026-11")


PURPOSES: dict[str, Purpose] = {
    purpose.code: purpose
    for purpose in (
        Purpose(
            LEAGUE,
            "Stylist league",
            "Your first name, initial and score may stand on store screens and league pages.",
            "everyone",
            ("screen", "web"),
            "2026-11",
            off="Off. You’re on no board from now, and your old places show no name.",
        ),
        Purpose(
            PUBLIC_OUTFITS,
            "Looks for everyone",
            "Looks you set to everyone show your first name and initial, in stores and online.",
            "everyone",
            ("screen", "web"),
            "2026-11",
            off="Off. Nobody else sees your looks from now, and old links lead nowhere.",
        ),
        Purpose(
            FRIENDS_OUTFITS,
            "Looks for friends",
            "Looks you set to friends show to the people you are friends with, and to nobody else.",
            "friends",
            "web",
            "2026-11",
        ),
        Purpose(
            LIKES_TO_FRIENDS,
            "Likes with your name",
            "Your friends see your first name on looks that you both can see and you like.",
            "friends",
            "web",
            "2026-11",
        ),
        Purpose(
            PRODUCT_LIKES_TO_FRIENDS,
            "Things you like, with your name",
            "Your friends see your first name on things in the shop that you like.",
            "friends",
            "web",
            "2026-11",
        ),
        Purpose(
            LIKES_ON_SCREEN,
            "Likes with your name in the shop",
            "A friend whose phone is linked to a fitting room’s screen reads your first name "
            "there, beside pieces of looks that you both can see and you like.",
            "friends",
            "screen",
            "2026-11",
            off="Off. Your name stands on no room’s screen from now.",
        ),
        *AT_KIOSKS,
        *IN_STORES,
        Purpose(
            ANSWERS_ON_SCREEN,
            "Your answers on a room’s screen",
            "When a friend asks you from a room in the shop, your first name, your answer and "
            "your line may stand on that room’s screen, until it is cleared.",
            "friends",
            "screen",
            "2026-11",
            off="Off. Your name and your answers stand on no room’s screen from now.",
        ),
        Purpose(
            SHARING,
            "Credit for what you share",
            "Links you make remember that you shared them, so what they lead to counts for you.",
            "brand",
            "web",
            "2026-11",
        ),
        Purpose(
            THANKS_TO_FRIENDS,
            "Points for who led you there",
            "Whoever passed a look on to you may get points when you buy of it. You aren’t named.",
            "friends",
            "web",
            "2026-11",
        ),
        Purpose(
            OFFERS,
            "Offers that suit you",
            "What you buy, like and save, and what friends have, leads to the offers that you are "
            "shown. A friend named on one hears when it is used, not by whom.",
            "me",
            ("web", "print"),
            "2026-11",
            off="Off. No more offers from now; vouchers you already have stay good.",
        ),
        Purpose(
            FRIEND_OFFERS,
            "Offers with your name on them",
            "Friends may see your first name on an offer for a piece you bought. You may get a "
            "thank-you when they use it.",
            "friends",
            ("web", "print"),
            "2026-11",
            off="Off. Your name is on no offer from now, also on those made before.",
        ),
        Purpose(
            LIKE_OFFERS,
            "Offers with what you like",
            "Your first name may also stand on friends’ offers for a piece on a look you like, and "
            "that you like it. Only where your name may stand on offers at all.",
            "friends",
            ("web", "print"),
            "2026-11",
            off="Off. What you like is on no offer from now, also on those made before.",
        ),
        Purpose(
            SAME_OUTFIT,
            "Same piece as a friend",
            "A friend who agreed too is told your first name when about to buy a piece that you "
            "have, and you theirs. Never sizes, prices, presents, or pieces you keep quiet.",
            "friends",
            "web",
            "2026-11",
        ),
        Purpose(
            SAME_OCCASION,
            "Same piece at an occasion",
            "When a friend who agreed too comes to an occasion in a piece that you plan to wear, "
            "both of you hear it, by first name.",
            "friends",
            ("web", "inapp"),
            "2026-11",
        ),
        Purpose(
            GREETING,
            "Greeted in the store",
            "When you check in at a store, those who work there see what you wish to be called, "
            "and what else you chose, for 15 minutes. You can read who looked.",
            "brand",
            "screen",
            "2026-11",
            off="Off. No tablet shows you from now, also where you are checked in.",
        ),
        Purpose(
            BRAND_PAGE,
            "On the brand’s own page",
            "Looks you set to everyone may be posted on the brand’s Facebook Page, with your first "
            "name and initial. Turning this off takes them down.",
            "everyone",
            "web",
            "2026-11",
        ),
        Purpose(
            NAMED_LIKES,
            "Your name with your likes",
            "A stylist whose look you like may read your first name and initial in our message.",
            "everyone",
            "inapp",
            "2026-11",
        ),
        _news(
            LIKES_NEWS,
            "News of likes",
            "We may tell you when others like a look of yours.",
        ),
        _news(
            LEAGUE_NEWS,
            "League news",
            "We may tell you how a season of your league ended.",
        ),
        _news(
            PRIZES_NEWS,
            "News of prizes",
            "We may write to you when you win something, and before it runs out.",
        ),
        _news(
            TIERS_NEWS,
            "News of your tier",
            "We may tell you when you rise to another tier or fall to one.",
        ),
        _news(
            FRIENDS_NEWS,
            "News of friends",
            "We may tell you when somebody accepts your invitation.",
        ),
        _news(
            DECISIONS_NEWS,
            "Decisions about your looks",
            "We may tell you what we decided about your looks and their likes, and why.",
        ),
        _news(
            SENT_NEWS,
            "What friends send you",
            "We may tell you when a friend sends you something from the shop.",
        ),
        _news(
            OPINIONS_NEWS,
            "Friends who ask you",
            "We may tell you when a friend asks what you think.",
        ),
        _news(
            SAVED_NEWS,
            "Reminders of what you keep",
            "We may remind you of what you keep, on the day that you chose.",
        ),
        _news(
            POLLS_NEWS,
            "Polls of friends",
            "We may tell you when a friend asks you which of two looks.",
        ),
        _news(
            RESULTS_NEWS,
            "Results of your polls",
            "We may tell you how a poll of yours ended.",
        ),
        _news(
            OFFERS_NEWS,
            "News of your offers",
            "We may tell you when an offer with your name on it, or one made to you, is used, and "
            "when that is taken back.",
        ),
        _news(
            HOLDS_NEWS,
            "News of what we hold for you",
            "We may tell you when a piece that we hold for you turns out not to be there any more.",
        ),
        _news(
            OCCASIONS_NEWS,
            "News of occasions",
            "We may tell you when a friend invites you, and when you two plan the same piece.",
        ),
        _news(
            RANGES_NEWS,
            "New ranges",
            "We may tell you when something new arrives in the categories you picked.",
        ),
    )
}


def get_purpose(code: str) -> Purpose:
    """The purpose with this code. Raises NotFound."""
    if code not in PURPOSES:
        raise NotFound("purpose_not_found", "There is no such purpose to agree to.")
    return PURPOSES[code]


def consent_gate(member_id: str) -> int:
    """The gate through which one member's mind is changed by one transaction at a time."""
    digest = hashlib.sha256(f"consent:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
