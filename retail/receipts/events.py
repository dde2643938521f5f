"""What happens to receipts, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReceiptRecorded:
    """A till sold something."""

    receipt_id: str
    store_id: str


@dataclass(frozen=True)
class UnknownProductSold:
    """A line named a product that the catalogue does not have."""

    line_item_id: str
    store_id: str


@dataclass(frozen=True)
class ReceiptClaimed:
    """A member made a receipt theirs."""

    receipt_id: str


@dataclass(frozen=True)
class GoodsReturned:
    """Something of a receipt came back."""

    receipt_id: str
    return_id: str


@dataclass(frozen=True)
class ReceiptsImported:
    """A file of historic receipts is in, as far as it could be read."""

    import_id: str
