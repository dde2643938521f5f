"""Rewards, as integrators offer them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from loyalty.ledger.rules import POINTS, WALLETS
from loyalty.rewards.rules import (
    MOST_DAYS,
    MOST_MINUTES,
    MOST_PER_OWNER,
    MOST_POINTS,
    MOST_STOCK,
    REFERENCE_LENGTH,
    TITLE_LENGTH,
)
from loyalty.tiers.rules import CODE_LENGTH
from retail.fairness.rules import REASON_LENGTH
from retail.journeys.points.offer_reward import WantedReward
from web.schemas.text import PRINTABLE
from web.schemas.voucher_batches import VoucherTerms
from web.schemas.vouchers import CODE_LENGTH as VOUCHER_CODE_LENGTH


def _whole(least: int, most: int) -> dict[str, Any]:
    return {"strict": True, "validate": validate.Range(least, most)}


class Reward(Schema):
    """What points bring. `reference` names the reward, once for each brand, and never another."""

    reference = fields.String(
        required=True, validate=[validate.Length(1, REFERENCE_LENGTH), PRINTABLE]
    )
    title = fields.String(
        required=True,
        validate=[validate.Length(1, TITLE_LENGTH), PRINTABLE],
        error_messages={"required": "Say what members read."},
    )
    price = fields.Integer(
        required=True,
        **_whole(1, MOST_POINTS),
        error_messages={"required": "Say how many points it takes."},
    )
    wallet = fields.String(load_default=POINTS, validate=validate.OneOf(WALLETS))
    terms = fields.Nested(
        VoucherTerms,
        required=True,
        metadata={"description": "Of the voucher that it brings; `uses` has a limit"},
    )
    valid_days = fields.Integer(
        load_default=90,
        **_whole(1, MOST_DAYS),
        metadata={"description": "How many days after that of the exchange the voucher is valid"},
    )
    first_day = fields.Date(allow_none=True, metadata={"description": "At once, if left out"})
    last_day = fields.Date(allow_none=True, metadata={"description": "No end, if left out"})
    stock = fields.Integer(
        allow_none=True, **_whole(1, MOST_STOCK), metadata={"description": "How many there are"}
    )
    per_owner = fields.Integer(
        allow_none=True,
        **_whole(1, MOST_PER_OWNER),
        metadata={"description": "How many each member can have"},
    )
    tier = fields.String(
        allow_none=True,
        validate=[validate.Length(1, CODE_LENGTH), PRINTABLE],
        metadata={"description": "The code of the lowest tier that can have it"},
    )
    undo_minutes = fields.Integer(
        load_default=60,
        **_whole(0, MOST_MINUTES),
        metadata={"description": "For how long a member may give it back unused"},
    )

    @post_load
    def as_input(self, given: dict[str, Any], **_: Any) -> WantedReward:
        """The reward as the shop knows it."""
        return WantedReward(**given)


class ExchangeCode(Schema):
    """The code of a voucher that points were paid for, and why its reward is taken back."""

    code = fields.String(
        required=True,
        validate=[validate.Length(1, VOUCHER_CODE_LENGTH), PRINTABLE],
        error_messages={"required": "Type the code of the voucher."},
    )
    reason = fields.String(
        load_default=None,
        validate=[validate.Length(1, REASON_LENGTH), PRINTABLE],
        metadata={"description": "Its member reads it"},
    )


class ReasonedCode(ExchangeCode):
    """The same from a colleague, who says why."""

    reason = fields.String(
        required=True,
        validate=[validate.Length(1, REASON_LENGTH), PRINTABLE],
        error_messages={"required": "Say why, in a few words."},
    )
