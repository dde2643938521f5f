"""The form for a reward: what was typed, as the API would be sent it."""

from collections.abc import Mapping, Sequence

from core.errors import Invalid
from retail.journeys.points.offer_reward import WantedReward
from web.pages.staff import voucher_form
from web.pages.staff.voucher_form import TERMS_PATHS, read_terms_form
from web.schemas.rewards import Reward

_OWN_PATHS = (
    *("reference", "title", "price", "wallet", "valid_days", "first_day", "last_day"),
    *("stock", "per_owner", "tier", "undo_minutes"),
)
# Asked of every batch, and of no use here: a reward is had one by one, each limited by itself.
_LEFT_OUT = ("terms.uses_per_owner", "terms.priority")
PATHS = (*_OWN_PATHS, *(path for path in TERMS_PATHS if path not in _LEFT_OUT))
# What terms and rewards call by one name is said beside the box in which it was typed.
_OF_TERMS = frozenset(path.removeprefix("terms.") for path in TERMS_PATHS) - {"title"}


def read_reward(form: Mapping[str, str], currency: str) -> WantedReward:
    """The reward that was typed. Raises Invalid, with every box that is wrong by its path."""
    wanted: WantedReward = read_terms_form(form, PATHS, Reward(), currency)
    return wanted


def wrong_boxes(error: Invalid) -> dict[str, Sequence[str]]:
    """What is wrong, by the paths of the boxes, also where terms or reward themselves refused."""
    said = voucher_form.wrong_boxes(error)
    beside = {"ends_at": "last_day", "last": "last_day"}
    named = {name: f"terms.{name}" for name in _OF_TERMS} | beside
    return {named.get(name, name): words for name, words in said.items()}
