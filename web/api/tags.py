"""Reads of tags, from readers; and which tags were sold, from tills."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_smorest import Blueprint

from connectors.readers.batch import NotABatch
from core import clock
from core.errors import Invalid
from retail.journeys.floor.see_tags import SeenTags
from retail.journeys.floor.see_tags import mark_tags as mark
from web.auth import current_key, guarded, settings
from web.devices import current_device
from web.epcis import tell_of
from web.limits import TAG_BATCHES, limited
from web.openapi import schema_of
from web.readers import count, hear
from web.schemas.devices import TagsSold
from web.write import write

tag_reads = guarded(Blueprint("tag_reads", __name__, description="Reads of RFID tags"), "reader")
sold_tags = guarded(Blueprint("sold_tags", __name__, description="Tags of sold goods"), "till")


@tag_reads.post("/tag-reads")
@limited(TAG_BATCHES)
@write
@tag_reads.response(200, schema_of(SeenTags))
@tag_reads.doc(requestBody={"required": True, "content": {"application/json": {"schema": {}}}})
def see_tags(session: Any) -> SeenTags:
    """Tell what a reader reads: our batch, Impinj's or Zebra's JSON, or lines of it."""
    try:
        seen = hear(session, current_device(), request.get_data(cache=True), settings())
    except NotABatch as error:
        raise Invalid("batch_unreadable", f"This batch can’t be read: {error}.") from None
    tell_of(seen.arrivals)
    return count(seen.counts)


@sold_tags.post("/tags")
@write
@sold_tags.arguments(TagsSold)
@sold_tags.response(204)
def mark_tags(session: Any, tags: dict[str, Any]) -> None:
    """Say which tags left with their goods, or came back; rooms do not look at the former."""
    epcs: Sequence[str] = tags["epcs"]
    told: dict[str, Any] = {"now": clock.now(), "key": settings().key}
    mark(session, current_key().brand_id, epcs, are_sold=tags["are"] == "sold", **told)
