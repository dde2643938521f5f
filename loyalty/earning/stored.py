"""Baskets and facts as JSON, kept with what they earned. Pure."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from loyalty.baskets.rules import Basket, Line
from loyalty.earning.rules import Facts


def write_basket(basket: Basket) -> dict[str, Any]:
    """The document of which `read_basket` makes the same basket, without whose it is."""
    return {
        "currency": basket.currency,
        "zone": basket.zone,
        "at": basket.at.isoformat(),
        "labels": sorted(basket.labels),
        "lines": [
            {
                "id": line.id,
                "labels": sorted(line.labels),
                "quantity": str(line.quantity),
                "total_minor": line.total_minor,
            }
            for line in basket.lines
        ],
    }


def read_basket(document: dict[str, Any]) -> Basket:
    """The basket in a document."""
    return Basket(
        currency=document["currency"],
        zone=document["zone"],
        at=datetime.fromisoformat(document["at"]),
        labels=frozenset(document["labels"]),
        lines=tuple(
            Line(
                line["id"],
                frozenset(line["labels"]),
                Decimal(line["quantity"]),
                line["total_minor"],
            )
            for line in document["lines"]
        ),
    )


def write_facts(facts: Facts) -> dict[str, Any]:
    """The document of which `read_facts` makes the same facts."""
    return {
        "is_first": facts.is_first,
        "today": dict(facts.today),
        "in_period": dict(facts.in_period),
    }


def read_facts(document: dict[str, Any]) -> Facts:
    """The facts in a document."""
    return Facts(document["is_first"], document["today"], document["in_period"])
