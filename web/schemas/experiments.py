"""Holdouts as staff ask for them."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from loyalty.campaigns.definition import MOST_HOLDOUT
from retail.journeys.campaigns.measure_experiment import ExperimentRow


class HoldoutOfAll(Schema):
    """How many of a thousand members are kept back from every campaign."""

    holdout = fields.Integer(required=True, validate=validate.Range(1, MOST_HOLDOUT))


@dataclass(frozen=True)
class ExperimentList:
    """Every experiment of the brand, the newest first."""

    experiments: tuple[ExperimentRow, ...]
