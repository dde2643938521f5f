"""What a label's address leads to, for programs: a linkset, as GS1's resolvers have it.

RFC 9264 for the form, the GS1-Conformant Resolver Standard 1.2 for the relations. One page stands
for default link and product information page; where several shops sell a product, each has one.
"""

from typing import Any

from flask import Response, jsonify, request

from core.errors import NotFound
from retail.brands.queries import BrandView
from retail.catalogue.queries import VariantView
from web.auth import settings

LINKSET = "application/linkset+json"
_VOCABULARY = "https://ref.gs1.org/voc/"
_CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"
_SHORT = "gs1:"
# The older home of the vocabulary, which links in print may still name.
_NAMES = (_SHORT, _VOCABULARY, "https://gs1.org/voc/", "http://gs1.org/voc/")
_PAGE, _ALL = ("defaultLink", "pip"), ("linkset", "all")
_KEPT_SECONDS = 300


def is_asked() -> bool:
    """Whether this request wants the linkset. Raises NotFound for a link that nobody has."""
    kind = request.args.get("linkType")
    if kind is None:
        offered = request.accept_mimetypes.best_match(["text/html", LINKSET, "application/json"])
        return offered not in (None, "text/html")
    if kind in _ALL:
        return True
    if kind not in [name + page for name in _NAMES for page in _PAGE]:
        raise NotFound("link_type_not_found", "There is no such link for this product.")
    return False


def answer(gtin: str, sold_by: dict[BrandView, VariantView]) -> Response:
    """The linkset of a product, for any origin, kept for minutes by whoever asks again."""
    links = [_link(gtin, brand, piece) for brand, piece in sold_by.items()]
    default = links[0] if len(links) == 1 else {"href": _anchor(gtin), "type": "text/html"}
    found: dict[str, Any] = {"anchor": _anchor(gtin)}
    found |= {_VOCABULARY + "defaultLink": [default], _VOCABULARY + "pip": links}
    response = jsonify({"linkset": [found]})
    response.headers["Content-Type"] = LINKSET
    response.headers["Link"] = f'<{_CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"'
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    return response.make_conditional(request)


def pointer(gtin: str) -> dict[str, str]:
    """The headers by which a page says where its linkset is."""
    where = f'<{_anchor(gtin)}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
    return {"Link": where, "Vary": "Accept, Cookie"}


def description() -> dict[str, Any]:
    """What this resolver knows, as `/.well-known/gs1resolver` says it."""
    return {
        "name": "Swingtag",
        "resolverRoot": _root(),
        "supportedPrimaryKeys": ["01"],
        "supportedLinkType": [{"namespace": _VOCABULARY, "prefix": _SHORT}],
        "linkTypeDefaultCanBeLinkset": False,
    }


def _link(gtin: str, brand: BrandView, piece: VariantView) -> dict[str, Any]:
    details = ", ".join(one for one in (piece.style_name, piece.colour_name, piece.size) if one)
    address = f"{_anchor(gtin)}?b={brand.slug}"
    return {"href": address, "title": f"{details} · {brand.name}", "type": "text/html"}


def _anchor(gtin: str) -> str:
    return f"{_root()}/01/{gtin}"


def _root() -> str:
    return settings().public_url.rstrip("/")
