"""Everything that reads what strangers send, under input spoilt at random: read or refused."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from connectors.readers import batch, llrp
from core.errors import Invalid
from loyalty.vouchers import codes as voucher_codes
from retail.accounts import rules as accounts
from retail.catalogue import cells, epc, scanned, sheets
from retail.league import cursor
from retail.receipts import card_numbers, history
from tests.builders import llrp_reader
from tests.conftest import NOON

INPUTS = 5_000
SHEET = 'a,b\n1,two\n\'=3,"four\n4"\n'
HISTORY = f"{','.join(history.COLUMNS)}\nsoho,1,7,2026-11-22T12:00:00Z,GBP,s,,Coat,1.5,900,0\n"
OURS = '{"reads": [{"epc": "3074257BF7194E4000001A85", "rssi": -52.5, "antenna": 1}]}'
_EVENT = (
    '{"timestamp": "2026-11-22T12:00:00.5Z", "eventType": "tagInventory", "tagInventoryEvent": '
)
IMPINJ = f'{_EVENT}{{"epc": "MHQle/cZTkAAABqF", "antennaPort": 2, "peakRssiCdbm": -5250}}}}\n' * 2
_DATA = '{"idHex": "3074257bf7194e4000001a85", "antenna": 2, "peakRssi": -52.5, "eventNum": 7}'
ZEBRA = f'[{{"data": {_DATA}, "timestamp": "2026-11-22T13:00:00.500+0100", "type": "SIMPLE"}}]'
NOISE = "0123456789+-=,;|'\"\\\n\r\t \x00\x1e\x1f\u00a0\u0663\u00e9\ud800\U0001f9e5ILOilo"


def spoilt(text: str, chance: random.Random) -> str:
    """The text with some of it cut, doubled, moved or overwritten by what programs trip over."""
    for _ in range(chance.randrange(4)):
        first, last = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        part = chance.choice(["", text[first:last] * 2, text[::-1], chance.choice(NOISE)])
        text = text[:first] + part + text[last if chance.random() < 0.5 else first :]
    return text


def check_gtin(text: str) -> None:
    found = cells.read_gtin(text)
    assert found is None or (len(found) == 14 and found.isdigit() and cells.read_gtin(found))


def check_sheet(text: str) -> None:
    rows, _ = sheets.read(text, ("a", "b"), file="ab")
    found = [row.cells for row in rows]
    written = sheets.write(("a", "b"), [[cells["a"], cells["b"]] for cells in found])
    again, problems = sheets.read(written, ("a", "b"), file="ab")
    assert ([row.cells for row in again], problems) == (found, [])


def check_history(text: str) -> None:
    rows = list(history.read_rows(text))
    assert all(len(row) == len(history.COLUMNS) for _, row in rows)
    receipts, problems = history.read_receipts(rows, {}, now=NOON)
    # No store is known, so that no receipt comes in and somebody is told why.
    assert (receipts, bool(problems)) == ([], bool(rows))


def check_voucher_code(text: str) -> None:
    code = voucher_codes.read(text)
    assert code is None or voucher_codes.read(voucher_codes.shown(code)) == code


def check_cursor(text: str) -> None:
    seen = cursor.read_standing(text)
    assert seen is None or cursor.read_standing(cursor.of_standing(seen)) == seen


def check_place(text: str) -> None:
    assert cursor.read_place(text) >= 0


def check_cards(text: str) -> None:
    assert card_numbers.has_card_number(f"{text} 4111 1111 1111 1111")
    card_numbers.has_card_number(text)


def check_epc(text: str) -> None:
    found = epc.read_epc(text)
    assert found is None or epc.read_epc(found.uri) == epc.read_epc(found.hex_198()) == found


def check_label(text: str) -> None:
    gtin = scanned.find_gtin(text)
    if gtin is None:
        raise ValueError("no label of a trade item")
    assert cells.read_gtin(gtin) == gtin


def check_batch(text: str) -> None:
    found = batch.parse_batch(text.encode(errors="surrogatepass"))
    assert found.unreadable >= 0
    assert all(8 <= len(one.epc) <= 200 for one in found.reads)
    assert all(one.signal is None or -20_000 <= one.signal <= 0 for one in found.reads)


def check_llrp(text: str) -> None:
    message, rest = llrp.decoded(text.encode("latin-1", errors="replace"))
    told = list(llrp.reads_of(message.body)) if message else []
    assert len(rest) < len(text) or not told
    assert all(len(one.epc) >= 8 for one in told)


PARSERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "gtin": (check_gtin, "05012345678900"),
    "catalogue CSV": (check_sheet, SHEET),
    "receipts CSV": (check_history, HISTORY),
    "voucher code": (check_voucher_code, voucher_codes.shown(voucher_codes.code_of("1", b"k"))),
    "EPC": (check_epc, "urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb"),
    "EPC in digits": (check_epc, "3074257BF7194E4000001A85"),
    "label": (check_label, "https://id.example/01/05012345678900/21/7?17=271231"),
    "element strings": (check_label, "]d2010501234567890017271231\x1d21ABC"),
    "reads, ours": (check_batch, OURS),
    "reads, Impinj’s": (check_batch, IMPINJ),
    "reads, Zebra’s": (check_batch, ZEBRA),
    "LLRP": (check_llrp, llrp_reader.report(llrp_reader.tag(at=1)).decode("latin-1")),
    "cursor": (check_cursor, cursor.of_standing((7, NOON, "nina"))),
    "place": (check_place, cursor.of_place(51)),
    "card number": (check_cards, "Thanks! 4111-1111-1111-1112 and 5012345678900"),
    "e-mail": (accounts.normalise_email, "Nina.Okafor@Shopper.example"),
    "sign-in code": (accounts.normalise_code, "123 456"),
    "display name": (accounts.check_display_name, "Nina Okafor"),
}


@pytest.mark.proof(rounds=2_000)
@pytest.mark.parametrize("parser", PARSERS)
def test_whatever_is_sent_is_read_or_refused(parser: str, proof_round: int) -> None:
    chance = random.Random(f"{parser} {proof_round}")
    check, good = PARSERS[parser]
    check(good)
    refused = 0
    for _ in range(INPUTS):
        text = spoilt(good, chance)
        try:
            check(text)
        except Exception as error:
            # A sentence for whoever sent it; a UnicodeError is none.
            if isinstance(error, UnicodeError) or not isinstance(error, Invalid | ValueError):
                raise AssertionError(ascii(text)) from error
            refused += 1
    assert refused < INPUTS
