"""Who may look, what for and at what, as codes and as words for the one looked at. Pure."""

from core.errors import Invalid

CODE_LENGTH = 60

# Roles of staff are viewers too, under their own names.
VIEWERS = {
    "self": "You",
    "staff": "Somebody who works here",
    "assistant": "A shop assistant",
    "manager": "A store manager",
    "care": "Customer care",
    "marketer": "Marketing",
    "operator": "The operator of this service",
    "integrator": "A system of the shop",
    "till": "A till",
}
PURPOSES = {
    "own_copy": "your own copy",
    "complaint": "a complaint",
    "prize_review": "a prize review",
    "offer_explained": "explaining an offer",
    "moderation": "looking after the wall",
    "check_in": "helping you in the store",
    "basket": "your basket at the till",
    "reward_back": "taking a reward back",
}
DATA = {
    "everything": "everything we keep about you",
    "profile": "your profile",
    "receipts": "your receipts",
    "outfits": "your looks",
    "league": "your league scores",
    "member": "your page with us",
    "offers": "the offers you had, and why",
    "card": "your card",
    "greeting": "your name, where you checked in",
    "greeting_card": "the card of your check-in",
    "rewards": "a reward that you chose",
}


def check_reason(viewer_kind: str, purpose: str, what: str) -> None:
    """Raises Invalid for a viewer that is none, and for a look without a purpose or a kind."""
    problems: dict[str, list[str]] = {}
    if viewer_kind not in VIEWERS:
        problems["viewer_kind"] = [f"Who looks is one of: {', '.join(VIEWERS)}."]
    for name, text in (("purpose", purpose), ("what", what)):
        if not 1 <= len(text) <= CODE_LENGTH or not text.isprintable():
            problems[name] = [f"Say it in up to {CODE_LENGTH} characters."]
    if problems:
        raise Invalid("look_unexplained", "Say what this is for.", fields=problems)
