"""How banned words are told from others, whatever they are dressed up as. Pure."""

import re
import unicodedata
from collections.abc import Collection

from core.errors import Invalid
from core.unseen import is_unseen

REPORTS_FOR_REVIEW = 3
MOST_REPORTS = 100
WORD_LENGTH = 40

# Each sign beside the letter it is taken for, in the spirit of UTS #39 but short: digits and signs,
# then Cyrillic, then Greek. https://www.unicode.org/reports/tr39/
_PAIRS = (
    "0o 1l 3e 4a 5s 7t 8b @a $s |l il \u0131l \u20ace "
    "\u0430a \u0432b \u0435e \u043ak \u043cm \u043dh \u043eo \u0440p \u0441c \u0442t \u0443y "
    "\u0445x \u0455s \u0456l \u0458j \u0501d "
    "\u03b1a \u03b2b \u03b5e \u03b7n \u03b9l \u03bak \u03bdv \u03bfo \u03c1p \u03c4t \u03c5u "
    "\u03c7x"
)
_LOOKALIKES = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
_DRESSING = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_INNER_MARK = re.compile(r"(?<=\w)!(?=\w)")
# Scripts that write no spaces between words: there a banned word counts wherever it stands.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
# What words are made of. Vowel signs of Indic and South-East Asian scripts are letters to their
# readers, but not to Python.
_LETTER = "(?:[^\\W_]|[\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])"
_WORD = re.compile(f"{_LETTER}+")
_SPELT_OUT = re.compile(rf"(?<!\w)(?:{_LETTER}[\W_]+){{2,}}{_LETTER}(?!\w)")


def fold(text: str) -> str:
    """The text as its reader takes it: without case, accents, marks and simple look-alikes."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(c for c in plain if not _is_decoration(c))
    return _INNER_MARK.sub("l", unicodedata.normalize("NFC", kept).translate(_LOOKALIKES))


def fold_word(typed: str) -> str:
    """A word to be banned, folded. Raises Invalid where nothing is left, or it is too long."""
    tidy = " ".join(typed.split())
    folded = "".join(_WORD.findall(fold(tidy)))
    if not folded or len(tidy) > WORD_LENGTH:
        sentence = f"Type a word of up to {WORD_LENGTH} letters."
        raise Invalid("word_invalid", sentence, fields={"word": [sentence]})
    return folded


def has_banned(caption: str, banned: Collection[str]) -> bool:
    """Whether a folded word of the list stands in the caption, or is spelt out in it."""
    if not banned:
        return False
    folded = fold(caption)
    words = {*_WORD.findall(folded)}
    words |= {"".join(_WORD.findall(spelt)) for spelt in _SPELT_OUT.findall(folded)}
    return any(
        word in words or (_UNSPACED.search(word) is not None and word in folded) for word in banned
    )


def _is_decoration(c: str) -> bool:
    if unicodedata.category(c) == "Cf" or is_unseen(c):
        return True
    # Accents of Latin, Greek and Cyrillic, rings and boxes around any letter; the points of Hebrew
    # and Arabic. The marks of other scripts are vowels, without which words would run into each
    # other.
    return (
        _DRESSING.fullmatch(c) is not None
        or "\u0591" <= c <= "\u05c7"
        or "\u064b" <= c <= "\u065f"
        or c in "\u0640\u0670"
    )
