"""The token in a receipt's QR and the code beside it. Pure.

Both are derived from the receipt's id with the installation's key, so a repeated request shows
them again although only keyed hashes are stored.
"""

import hmac

from core.ids import crockford, derive, group, keyed_hash, normalise_code
from core.keys import every, maker

TOKEN_BITS = 128
TOKEN_LENGTH = 26
CODE_BITS = 50
CODE_LENGTH = 10
CODE_GROUP = 5


def token(key: bytes, receipt_id: str) -> str:
    """What the QR carries: 128 bits that only the holder of the key can tell."""
    return crockford(derive(key, "receipt-token", receipt_id, TOKEN_BITS), TOKEN_LENGTH)


def token_hash(key: bytes, text: str) -> str:
    """Under what a token is stored and found; what cannot be a token is found nowhere."""
    return keyed_hash(key, "receipt-token", normalise_code(text) or "")


def maker_of(key: bytes, receipt_id: str, stored_hash: str | None) -> bytes:
    """The secret from which the codes of a receipt were derived, by the stored hash of its token.

    What is shown again must be what was printed, also after a change of keys.
    """
    return maker(key, lambda one: token_hash(one, token(one, receipt_id)) == stored_hash)


def shown_token(key: bytes, receipt_id: str, stored_hash: str | None) -> str:
    """The token that stands in a receipt's QR."""
    return token(maker_of(key, receipt_id, stored_hash), receipt_id)


def code(key: bytes, receipt_id: str) -> str:
    """What a shopper types: ten Crockford characters, good in one store only."""
    return crockford(derive(key, "receipt-code", receipt_id, CODE_BITS), CODE_LENGTH)


def code_hash(key: bytes, store_id: str, text: str) -> str:
    """Under what a typed code of a store is stored and found."""
    return keyed_hash(key, "receipt-code", f"{store_id}\x00{normalise_code(text) or ''}")


def printed(text: str) -> str:
    """The code in groups, as it stands on paper."""
    return group(text, CODE_GROUP)


def claim_url(public_url: str, text: str) -> str:
    """The address that a token opens."""
    return f"{public_url.rstrip('/')}/r/{text}"


def print_key(key: bytes, receipt_id: str) -> str:
    """What a link to the printable receipt carries, so that knowing an id opens nothing."""
    return crockford(derive(key, "receipt-print", receipt_id, TOKEN_BITS), TOKEN_LENGTH)


def opens_print(key: bytes, receipt_id: str, given: str) -> bool:
    """Whether this is the print key of this receipt."""
    return any(
        hmac.compare_digest(print_key(one, receipt_id).encode(), given.encode())
        for one in every(key)
    )


def print_url(public_url: str, key: bytes, receipt_id: str) -> str:
    """The address of the printable receipt, 80 mm wide."""
    return f"{public_url.rstrip('/')}/print/receipts/{receipt_id}?key={print_key(key, receipt_id)}"
