"""EPC: what a chip in a label says, as GTIN and serial number, read and written. Pure.

SGTIN-96 and SGTIN-198 in hexadecimal, and tag and pure identity URIs, as the GS1 EPC Tag Data
Standard has them (sections 6, 12 and 14). https://ref.gs1.org/standards/tds/
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

# By partition: bits and digits of the company prefix, bits and digits of the item reference.
_PARTITIONS = (
    (40, 12, 4, 1),
    (37, 11, 7, 2),
    (34, 10, 10, 3),
    (30, 9, 14, 4),
    (27, 8, 17, 5),
    (24, 7, 20, 6),
    (20, 6, 24, 7),
)
_HEADER_96, _HEADER_198 = 0x30, 0x36
_HEX_DIGITS = {_HEADER_96: (24,), _HEADER_198: (50, 52)}
_SERIAL_BITS = 38
_SERIAL_CHARACTERS = 20
_HEX = re.compile(r"[0-9A-F]{8,128}")
_URI = re.compile(r"urn:epc:(id|tag|raw|class|idpat|pat):([a-z0-9-]+):(.+)", re.IGNORECASE)
_PARTS = re.compile(r"([0-9]{6,12})\.([0-9]{1,7})\.(.{1,60})")
# What a serial number of SGTIN-198 may consist of: the GS1 AI encodable character set 82.
_SERIAL = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")
_UNESCAPED = "!'()*+,-.:;=_"


@dataclass(frozen=True)
class Sgtin:
    """One single piece: GTIN-14 and serial number; `prefix_digits` its company prefix has."""

    gtin: str
    serial: str
    prefix_digits: int

    @property
    def uri(self) -> str:
        """Its pure identity, which is the same however its label is encoded."""
        company, item = self._halves()
        return f"urn:epc:id:sgtin:{company}.{item}.{quote(self.serial, safe=_UNESCAPED)}"

    def hex_96(self, *, kind: int = 1) -> str:
        """As SGTIN-96, 24 digits; `kind` is the filter value. Raises ValueError for its serial."""
        number = int(self.serial) if re.fullmatch(r"0|[1-9][0-9]*", self.serial) else -1
        if not 0 <= number < 1 << _SERIAL_BITS:
            raise ValueError("SGTIN-96 takes serial numbers below 274877906944, without zeros")
        return f"{self._head(_HEADER_96, kind) << _SERIAL_BITS | number:024X}"

    def hex_198(self, *, kind: int = 1) -> str:
        """As SGTIN-198, filled up to 52 digits."""
        bits = 0
        for character in self.serial.ljust(_SERIAL_CHARACTERS, "\0"):
            bits = bits << 7 | ord(character)
        return f"{(self._head(_HEADER_198, kind) << 140 | bits) << 10:052X}"

    def _halves(self) -> tuple[str, str]:
        digits = self.gtin[1 : self.prefix_digits + 1]
        return digits, self.gtin[0] + self.gtin[self.prefix_digits + 1 : 13]

    def _head(self, header: int, kind: int) -> int:
        partition = 12 - self.prefix_digits
        prefix_bits, _, item_bits, _ = _PARTITIONS[partition]
        company, item = self._halves()
        head = (header << 3 | kind) << 3 | partition
        return (head << prefix_bits | int(company)) << item_bits | int(item)


def read_epc(text: str) -> Sgtin | None:
    """The single piece that an EPC names; None for schemes that are not about trade items.

    Raises ValueError for what is no EPC, or a broken one.
    """
    tidy = text.strip()
    uri = _URI.fullmatch(tidy)
    if uri is not None:
        kind, scheme, parts = uri[1].lower(), uri[2].lower(), uri[3]
        is_ours = scheme in ({"sgtin"} if kind == "id" else {"sgtin-96", "sgtin-198"})
        if kind not in ("id", "tag") or not is_ours:
            return None
        return _from_parts(parts if kind == "id" else _unfiltered(parts))
    digits = tidy.upper()
    if not _HEX.fullmatch(digits):
        raise ValueError("an EPC is hexadecimal, or begins with urn:epc:")
    header = int(digits[:2], 16)
    if header not in _HEX_DIGITS:
        return None
    if len(digits) not in _HEX_DIGITS[header]:
        raise ValueError(f"this kind of EPC has {_HEX_DIGITS[header][-1]} hexadecimal digits")
    return _from_bits(header, int(digits, 16), len(digits) * 4)


def made_of(gtin: str, serial: str, *, prefix_digits: int = 7) -> Sgtin:
    """The single piece of a GTIN-14. Raises ValueError for what cannot be one."""
    if not re.fullmatch(r"[0-9]{14}", gtin) or _check_digit(gtin[:13]) != gtin[13]:
        raise ValueError("a GTIN has 14 digits, the last of which checks the others")
    if not 6 <= prefix_digits <= 12 or not _SERIAL.fullmatch(serial):
        raise ValueError("no such company prefix or serial number")
    return Sgtin(gtin, serial, prefix_digits)


def _unfiltered(parts: str) -> str:
    kind, _, rest = parts.partition(".")
    if not re.fullmatch(r"[0-7]", kind):
        raise ValueError("a tag URI has a filter value from 0 to 7")
    return rest


def _from_parts(parts: str) -> Sgtin:
    found = _PARTS.fullmatch(parts)
    if found is None or len(found[1]) + len(found[2]) != 13:
        raise ValueError("company prefix and item reference have 13 digits together")
    return _made(found[1], found[2], unquote(found[3]))


def _from_bits(header: int, bits: int, length: int) -> Sgtin:
    def take(start: int, width: int) -> int:
        return bits >> (length - start - width) & ((1 << width) - 1)

    partition = take(11, 3)
    if partition >= len(_PARTITIONS):
        raise ValueError("an EPC has a partition from 0 to 6")
    prefix_bits, prefix_digits, item_bits, item_digits = _PARTITIONS[partition]
    company, item = take(14, prefix_bits), take(14 + prefix_bits, item_bits)
    if company >= 10**prefix_digits or item >= 10**item_digits:
        raise ValueError("a part of this EPC has too many digits")
    if header == _HEADER_96:
        serial = str(take(58, _SERIAL_BITS))
    else:
        characters = [chr(take(58 + 7 * at, 7)) for at in range(_SERIAL_CHARACTERS)]
        serial = "".join(characters).rstrip("\0")
    return _made(f"{company:0{prefix_digits}}", f"{item:0{item_digits}}", serial)


def _made(company: str, item: str, serial: str) -> Sgtin:
    payload = item[0] + company + item[1:]
    return made_of(payload + _check_digit(payload), serial, prefix_digits=len(company))


def _check_digit(payload: str) -> str:
    weighted = (int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(payload)))
    return str(-sum(weighted) % 10)
