"""The subjects of staff pages, in the order of their navigation."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from retail.staff import roles


@dataclass(frozen=True)
class Section:
    """A place in the navigation, for those whose role has any of the permissions.

    One that `is_brand_wide` is not for who works in one store only.
    """

    name: str
    address: str
    symbol: str
    word: Any
    text: Any
    permissions: frozenset[str]
    is_brand_wide: bool = False


# In the order of the navigation. A new subject of staff pages takes its place here.
SECTIONS: tuple[Section, ...] = (
    Section(
        "wall",
        "/staff/wall",
        "coat-hanger-bold",
        _("Wall"),
        _("Looks that were reported, wait or are hidden"),
        frozenset({roles.MODERATE_WALL}),
    ),
    Section(
        "wall_rules",
        "/staff/wall/rules",
        "eye-slash-bold",
        _("Wall rules"),
        _("Banned words, and when looks are checked"),
        frozenset({roles.SET_WALL}),
    ),
    Section(
        "reviews",
        "/staff/reviews",
        "heart-fill",
        _("Reviews"),
        _("Likes held back, and appeals"),
        frozenset({roles.REVIEW_LIKES}),
    ),
    Section(
        "engagement",
        "/staff/engagement",
        "share-network-bold",
        _("Engagement"),
        _("Saved, shared or bought after a like"),
        frozenset({roles.SEE_ENGAGEMENT}),
    ),
    Section(
        "influencers",
        "/staff/influencers",
        "tree-structure",
        _("Influencers"),
        _("Who moves people, and what that adds"),
        frozenset({roles.SEE_ENGAGEMENT}),
    ),
    Section(
        "campaigns",
        "/staff/campaigns",
        "megaphone-bold",
        _("Campaigns"),
        _("What baskets are given, and what that costs"),
        frozenset({roles.PLAN_CAMPAIGNS}),
    ),
    Section(
        "experiments",
        "/staff/experiments",
        "flask-bold",
        _("Experiments"),
        _("What campaigns really change"),
        frozenset({roles.PLAN_CAMPAIGNS}),
    ),
    Section(
        "recommender",
        "/staff/recommender",
        "sparkle-fill",
        _("Recommender"),
        _("What offers are chosen by, and how well"),
        frozenset({roles.TRAIN}),
        is_brand_wide=True,
    ),
    Section(
        "budgets",
        "/staff/budgets",
        "wallet-bold",
        _("Budgets"),
        _("What is left of each, and until when"),
        frozenset({roles.PLAN_CAMPAIGNS}),
    ),
    Section(
        "vouchers",
        "/staff/vouchers",
        "ticket-bold",
        _("Vouchers"),
        _("Make batches, take their codes away"),
        frozenset({roles.MAKE_VOUCHERS}),
        is_brand_wide=True,
    ),
    Section(
        "rewards",
        "/staff/rewards",
        "gift-bold",
        _("Rewards"),
        _("What points bring, and how many went"),
        frozenset({roles.MAKE_VOUCHERS}),
        is_brand_wide=True,
    ),
    Section(
        "liability",
        "/staff/liability",
        "hand-coins-bold",
        _("Outstanding"),
        _("What is owed in points and vouchers"),
        frozenset({roles.SEE_LIABILITY}),
        is_brand_wide=True,
    ),
    Section(
        "offers",
        "/staff/offers",
        "receipt-bold",
        _("Offers"),
        _("What they give, and how often"),
        frozenset({roles.SET_OFFERS}),
        is_brand_wide=True,
    ),
    Section(
        "points",
        "/staff/points",
        "coins-bold",
        _("Points"),
        _("What earns them, and how much"),
        frozenset({roles.SET_POINTS}),
        is_brand_wide=True,
    ),
    Section(
        "tiers",
        "/staff/tiers",
        "arrow-up-bold",
        _("Tiers"),
        _("Who stands where, and how one rises"),
        frozenset({roles.SET_POINTS}),
        is_brand_wide=True,
    ),
    Section(
        "prizes",
        "/staff/prizes",
        "trophy-bold",
        _("Prizes"),
        _("What people decide on"),
        frozenset({roles.RELEASE_PRIZES}),
    ),
    Section(
        "gifts",
        "/staff/gifts",
        "gift-bold",
        _("Gifts"),
        _("Hand one over to its winner"),
        frozenset({roles.HAND_OVER_GIFTS}),
    ),
    Section(
        "till",
        "/staff/till",
        "receipt-bold",
        _("Till"),
        _("Take a voucher off a basket"),
        frozenset({roles.REDEEM_VOUCHERS}),
    ),
    Section(
        "greetings",
        "/staff/greetings",
        "storefront-bold",
        _("Greetings"),
        _("Who checked in and wishes to be greeted"),
        frozenset({roles.GREET}),
    ),
    Section(
        "holds",
        "/staff/holds",
        "bookmark-simple-bold",
        _("Holds"),
        _("What is kept back, and until when"),
        frozenset({roles.SEE_HOLDS}),
    ),
    Section(
        "requests",
        "/staff/requests",
        "t-shirt-bold",
        _("Requests"),
        _("What fitting rooms ask for"),
        frozenset({roles.BRING_PIECES}),
    ),
    Section(
        "request_times",
        "/staff/request-times",
        "arrow-clockwise-bold",
        _("Waiting times"),
        _("How long fitting rooms waited, by day"),
        frozenset({roles.SEE_REQUEST_TIMES}),
    ),
    Section(
        "members",
        "/staff/members",
        "user-bold",
        _("Members"),
        _("Open one, with a purpose that they can read"),
        frozenset({roles.OPEN_MEMBER}),
    ),
    Section(
        "team",
        "/staff/team",
        "users-three-bold",
        _("Team"),
        _("Who works here, and as what"),
        frozenset({roles.MANAGE_STAFF}),
    ),
    Section(
        "devices",
        "/staff/devices",
        "monitor-bold",
        _("Devices"),
        _("Screens, readers, kiosks and tablets, and where they stand"),
        frozenset({roles.MANAGE_DEVICES}),
    ),
    Section(
        "webhooks",
        "/staff/webhooks",
        "webhooks-logo-bold",
        _("Webhooks"),
        _("Which systems are told what happens"),
        frozenset({roles.MANAGE_WEBHOOKS}),
        is_brand_wide=True,
    ),
)
