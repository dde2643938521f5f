"""What a scanner read off a label, or somebody typed: in each of GS1's ways, one GTIN. Pure.

Read are a GTIN alone, a GS1 Digital Link address, element strings as scanners send them (FNC1 as
the group separator, with or without a symbology identifier before them) and as people read them,
`(01)…(21)…`, and the EPC of a chip. Which single piece it is, its batch and its dates choose
nothing here. https://ref.gs1.org/standards/genspecs/
"""

import re
from collections.abc import Callable

from biip import ParseConfig, ParseError
from biip.gs1_messages import GS1Message

from retail.catalogue.cells import read_gtin
from retail.catalogue.epc import read_epc

_IN_ADDRESS = re.compile(r"//[^/]+/(?:[^?#]*/)?01/([0-9]{8,14})(?=[/?#]|$)")
_BRAND_IN_ADDRESS = re.compile(r"//[^?#]*\?(?:[^#]*&)?b=([a-z0-9-]{1,60})(?=[&#]|$)")
# ISO/IEC 15424: which kind of code a scanner saw, such as ]d2 for GS1 DataMatrix.
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
# A label whose dates make no sense is of its piece all the same.
_ANY_DATE = ParseConfig(gs1_element_strings_verify_date=False)


def find_gtin(text: str) -> str | None:
    """The GTIN on a label as fourteen digits; None where there is none, or a wrong one."""
    tidy = text.strip()
    if not tidy.isascii():
        return None
    scanned = _SYMBOLOGY.sub("", tidy, count=1) if tidy.startswith("]") else tidy
    for read in (read_gtin, _of_groups, _of_address, _of_elements, _of_chip):
        try:
            return read(scanned.strip())
        except ValueError:
            continue
    return None


def find_brand(text: str) -> str | None:
    """The brand that a label's address names, as its slug; None where it names none."""
    found = _BRAND_IN_ADDRESS.search(text) if _IN_ADDRESS.search(text) else None
    return found[1] if found else None


def spell_out_upc_e(code: str) -> str:
    """The twelve digits that the eight under a short UPC-E code stand for.

    Anything else is given back as it is. GS1 General Specifications, 5.2.2.4.2.
    """
    if not re.fullmatch(r"[01][0-9]{7}", code):
        return code
    system, body, check = code[0], code[1:7], code[7]
    last = body[5]
    if last in "012":
        long = body[:2] + last + "0000" + body[2:5]
    elif last == "3":
        long = body[:3] + "00000" + body[3:5]
    elif last == "4":
        long = body[:4] + "00000" + body[4]
    else:
        long = body[:5] + "0000" + last
    return system + long + check


def _of_groups(text: str) -> str | None:
    """As digits stand under the bars."""
    return read_gtin(re.sub(r"[ -]", "", text))


def _of_address(text: str) -> str | None:
    link = _IN_ADDRESS.search(text)
    if link is None:
        raise ValueError("this is no address of a label")
    return read_gtin(link[1])


def _of_elements(text: str) -> str | None:
    parse: Callable[..., GS1Message] = (
        GS1Message.parse_hri if text.startswith("(") else GS1Message.parse
    )
    try:
        element = parse(text, config=_ANY_DATE).element_strings.get(ai="01")
    except ParseError as error:
        raise ValueError(str(error)) from None
    if element is None:
        raise ValueError("these element strings name no trade item")
    return read_gtin(element.value)


def _of_chip(text: str) -> str | None:
    epc = read_epc(text)
    return epc.gtin if epc else None
