"""The purposes that we ask consent for, each with its audience, channel and words. Pure."""

from dataclasses import dataclass

from core.errors import NotFound

LEAGUE = "league"
PUBLIC_OUTFITS = "public_outfits"
SHARING = "sharing"
BRAND_PAGE = "brand_page"


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
            SHARING,
            "Credit for what you share",
            "Links you make remember that you shared them, so what they lead to counts for you.",
            "the brand",
            "link",
            "2026-11",
        ),
        Purpose(
            BRAND_PAGE,
            "On the brand’s own page",
            "Looks you set to everyone may be posted on the brand’s Facebook Page, with your first "
            "name and initial. Turning this off takes them down.",
            "everyone on Facebook",
            "facebook",
            "2026-11",
        ),
    )
}


def get_purpose(code: str) -> Purpose:
    """The purpose with this code. Raises NotFound."""
    if code not in PURPOSES:
        raise NotFound("purpose_not_found", "There is no such purpose to agree to.")
    return PURPOSES[code]
