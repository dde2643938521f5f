"""Likes of products: one's own, and a public feed of how many there are, for any display."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from core import clock
from retail.brands import queries as brands
from retail.catalogue.digital_link import gtin_in, piece_not_found
from retail.product_likes import queries, service
from retail.product_likes.queries import ProductLikes
from retail.product_likes.rules import LikedState
from web.auth import current_member, guarded
from web.limits import FEEDS, LIKES, limited
from web.openapi import schema_of
from web.schemas.shelf import LikesQuery, ManyLikesQuery
from web.write import read, write

_KEPT_SECONDS = 300
_FOR_ANY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True)
class ProductLikesPage:
    """How many like each of the products asked for, by GTIN; `unknown` the brand does not sell."""

    products: tuple[ProductLikes, ...]
    unknown: tuple[str, ...]


like_feed = guarded(
    Blueprint("like_feed", __name__, description="How many like a product, for any display"),
    "anyone",
)
product_likes = guarded(
    Blueprint("product_likes", __name__, description="Products that a member likes"), "member"
)


@like_feed.get("/products/<gtin>/likes")
@limited(FEEDS, reads_too=True)
@read
@like_feed.arguments(LikesQuery, location="query")
@like_feed.response(200, schema_of(ProductLikes))
def show_likes(session: Any, query: dict[str, str], gtin: str) -> ProductLikes:
    """At least how many people like a product of a brand; never which, never fewer than ten."""
    found = _likes(session, query["brand"], [gtin_in(gtin)])
    if not found:
        raise piece_not_found()
    return found[0]


@like_feed.get("/products/likes")
@limited(FEEDS, reads_too=True)
@read
@like_feed.arguments(ManyLikesQuery, location="query")
@like_feed.response(200, schema_of(ProductLikesPage))
def list_likes(session: Any, query: dict[str, Any]) -> ProductLikesPage:
    """The same for up to a hundred products at once: `?brand=…&gtin=…&gtin=…`."""
    found = _likes(session, query["brand"], query["gtin"])
    unknown = sorted(set(query["gtin"]) - {one.gtin for one in found})
    return ProductLikesPage(tuple(found), tuple(unknown))


@like_feed.after_request
def keep_for_a_while(response: Response) -> Response:
    """Let displays of any origin read it, and ask again only whether it changed."""
    response.headers.update(_FOR_ANY_ORIGIN)
    if response.status_code != 200 or request.method == "OPTIONS":
        return response
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    response.add_etag()
    return response.make_conditional(request)


@product_likes.put("/me/liked-products/<gtin>")
@limited(LIKES)
@write
@product_likes.response(200, schema_of(LikedState))
def like(session: Any, gtin: str) -> LikedState:
    """Like a product by the number on its label; a repeated tap changes nothing."""
    return service.like(session, gtin, member=current_member(), now=clock.now())


@product_likes.delete("/me/liked-products/<gtin>")
@limited(LIKES)
@write
@product_likes.response(200, schema_of(LikedState))
def unlike(session: Any, gtin: str) -> LikedState:
    """Take a like back."""
    return service.unlike(session, gtin, member=current_member())


@product_likes.get("/me/liked-products")
@read
@product_likes.response(200, schema_of(LikedState)(many=True))
def list_liked(session: Any) -> list[LikedState]:
    """What the member likes, the last liked first: each style once, by one of its GTINs."""
    me = current_member()
    gtins = queries.liked_by(session, me.id, brand_id=me.brand_id)
    return [LikedState(gtin, is_liked=True) for gtin in gtins]


def _likes(session: Any, slug: str, gtins: list[str]) -> list[ProductLikes]:
    brand = brands.get_brand_by_slug(session, slug)
    return queries.likes_of(session, brand.id, gtins, now=clock.now())
