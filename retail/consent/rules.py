"""The purposes that we ask consent for, each with its audience, channel and words. Pure."""

from dataclasses import dataclass

from core.errors import NotFound

LEAGUE = "league"
PUBLIC_OUTFITS = "public_outfits"
NAMED_LIKES = "named_likes"
LIKES_NEWS, LEAGUE_NEWS, PRIZES_NEWS = "likes_news", "league_news", "prizes_news"
FRIENDS_NEWS, RANGES_NEWS = "friends_news", "ranges_news"


@dataclass(frozen=True)
class Purpose:
    """One thing to agree to, by itself. A change of `sentence` needs a new `notice_version`."""

    code: str
    title: str
    sentence: str
    audience: str
    channel: str
    notice_version: str


PURPOSES: dict[str, Purpose] = {
    purpose.code: purpose
    for purpose in (
        Purpose(
            LEAGUE,
            "Stylist league",
            "Your first name, initial and score may stand on store screens and league pages.",
            "store screens and league pages",
            "screen",
            "2026-11",
        ),
        Purpose(
            PUBLIC_OUTFITS,
            "Looks for everyone",
            "Looks you set to everyone show your first name and initial, in stores and online.",
            "everyone",
            "screen",
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
        Purpose(
            LIKES_NEWS,
            "News of likes",
            "We may tell you when others like a look of yours.",
            "me",
            "inapp",
            "2026-11",
        ),
        Purpose(
            LEAGUE_NEWS,
            "League news",
            "We may tell you how a season of your league ended.",
            "me",
            "inapp",
            "2026-11",
        ),
        Purpose(
            PRIZES_NEWS,
            "News of prizes",
            "We may write to you when you win something, and before it runs out.",
            "me",
            "inapp",
            "2026-11",
        ),
        Purpose(
            FRIENDS_NEWS,
            "News of friends",
            "We may tell you when somebody accepts your invitation.",
            "me",
            "inapp",
            "2026-11",
        ),
        Purpose(
            RANGES_NEWS,
            "New ranges",
            "We may tell you when something new arrives in the categories you picked.",
            "me",
            "inapp",
            "2026-11",
        ),
    )
}


def get_purpose(code: str) -> Purpose:
    """The purpose with this code. Raises NotFound."""
    if code not in PURPOSES:
        raise NotFound("purpose_not_found", "There is no such purpose to agree to.")
    return PURPOSES[code]
