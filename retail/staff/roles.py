"""Who may do what: the one table of roles, printed into the operator's guide. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import Forbidden

MODERATE_WALL = "moderate_wall"
SET_WALL = "set_wall"
REVIEW_LIKES = "review_likes"
RELEASE_PRIZES = "release_prizes"
HAND_OVER_GIFTS = "hand_over_gifts"
REDEEM_VOUCHERS = "redeem_vouchers"
SEE_HOLDS = "see_holds"
OPEN_MEMBER = "open_member"
SEE_ENGAGEMENT = "see_engagement"
PLAN_CAMPAIGNS = "plan_campaigns"
MAKE_VOUCHERS = "make_vouchers"
SEE_LIABILITY = "see_liability"
TRAIN = "train"
SET_POINTS = "set_points"
SET_OFFERS = "set_offers"
BRING_PIECES = "bring_pieces"
SEE_REQUEST_TIMES = "see_request_times"
GREET = "greet"
MANAGE_DEVICES = "manage_devices"
MANAGE_STAFF = "manage_staff"
MANAGE_WEBHOOKS = "manage_webhooks"

# Each permission with what it allows, in the words of the guide.
PERMISSIONS: Mapping[str, str] = {
    MODERATE_WALL: "Decide on looks that were reported, wait or are hidden",
    SET_WALL: "Set banned words, and whether looks hang before or after a check",
    REVIEW_LIKES: "See likes held back, with the evidence, and decide on them",
    RELEASE_PRIZES: "Release larger prizes, two people for each; say whether a doubted one stands",
    HAND_OVER_GIFTS: "Confirm that a gift was collected in the store",
    REDEEM_VOUCHERS: "Redeem vouchers at the staff till, with members’ cards, and undo that",
    SEE_HOLDS: "See what is held for members, note that it was collected, put it back",
    BRING_PIECES: "See what fitting rooms ask for, take that on, and bring it",
    SEE_REQUEST_TIMES: "See how long fitting rooms waited, by store and day",
    GREET: "See who checked in at the store and lets themselves be greeted, for 15 minutes",
    SEE_ENGAGEMENT: "See how many likes went further, by stylist and by look, and download that",
    PLAN_CAMPAIGNS: "Plan campaigns, see what they would have cost, start and stop them",
    MAKE_VOUCHERS: "Make batches of vouchers, download codes, void them; offer and stop rewards",
    SEE_LIABILITY: "See what points and vouchers are outstanding, and download that",
    TRAIN: "See how the recommender learns, have it learn anew, go back to the one before",
    SET_POINTS: "See what earns points and tiers, what other terms would do, and change them",
    SET_OFFERS: "See what offers give, how often and of what, what other terms do, and change them",
    OPEN_MEMBER: "Open a member with a stated purpose, which is logged and shown to them",
    MANAGE_DEVICES: "Let screens, readers, kiosks and tablets in, rename them, revoke them",
    MANAGE_STAFF: "Add and disable staff accounts",
    MANAGE_WEBHOOKS: "Say which systems are told what happens, see their log, send again",
}


@dataclass(frozen=True)
class Role:
    """A kind of work, and all that it allows."""

    code: str
    title: str
    permissions: frozenset[str]


ROLES: Mapping[str, Role] = {
    role.code: role
    for role in (
        Role(
            "assistant",
            "Assistant",
            frozenset({HAND_OVER_GIFTS, REDEEM_VOUCHERS, SEE_HOLDS, BRING_PIECES, GREET}),
        ),
        Role("manager", "Manager", frozenset(PERMISSIONS)),
        Role(
            "marketer",
            "Marketer",
            frozenset(
                {
                    *(MODERATE_WALL, SET_WALL, REVIEW_LIKES),
                    *(RELEASE_PRIZES, SEE_ENGAGEMENT, PLAN_CAMPAIGNS),
                    *(MAKE_VOUCHERS, SEE_LIABILITY, SET_POINTS, SET_OFFERS, TRAIN),
                }
            ),
        ),
        Role(
            "operator",
            "Operator",
            frozenset(
                {MANAGE_DEVICES, MANAGE_STAFF, MANAGE_WEBHOOKS, SEE_LIABILITY, SET_POINTS, TRAIN}
            ),
        ),
    )
}


def may(role: str, permission: str) -> bool:
    """Whether the role allows it. A permission that is not in the table is a mistake of ours."""
    assert permission in PERMISSIONS, permission
    return permission in ROLES[role].permissions


def check_may(role: str, permission: str) -> None:
    """Raise Forbidden where the role does not allow it."""
    if not may(role, permission):
        raise Forbidden("role_too_narrow", f"Your role, {ROLES[role].title}, doesn’t include this.")


def table() -> str:
    """The table in Markdown, as it stands in the operator's guide."""
    head = ["Permission", *(role.title for role in ROLES.values()), "Allows"]
    rows = [
        [
            f"`{permission}`",
            *("yes" if may(role, permission) else "" for role in ROLES),
            meaning,
        ]
        for permission, meaning in PERMISSIONS.items()
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
