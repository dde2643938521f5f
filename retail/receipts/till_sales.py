"""What a till's sale is called where vouchers are put to it, and which till that was. Pure."""


def sale_source(store_id: str, till: str, reference: str) -> str:
    """One sale of one till of a store, for ever."""
    return f"till:{store_id}:{till.strip()}:{reference.strip()}"


def till_of(source: str, *, store_id: str) -> str | None:
    """The till of a store whose sale a source is.

    None for what was no till's, or another store's, and where colons leave open what is the till.
    """
    begins = f"till:{store_id}:"
    till, _colon, reference = source.removeprefix(begins).partition(":")
    is_sure = source.startswith(begins) and reference and ":" not in reference
    return till or None if is_sure else None
