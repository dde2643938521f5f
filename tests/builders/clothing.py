"""Words of clothes, wherever a person would read them; a shop that sells none says none of them."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_CLOTHING = re.compile(
    r"\b(looks?|outfits?|pieces?|wardrobes?|garments?|cloth(?:es|ing)|fashion|wear(?:s|ing|er|ers)?"
    r"|worn|stylists?|styl(?:e|es|ed|ing)|dress(?:es|ed)?|trousers|skirts?|hangers?"
    r"|fitting[ -]?rooms?|t[ -]?shirts?|tr(?:y|ied|ying) (?:it |them )?on)\b",
    re.IGNORECASE,
)
# What eyes do, and how something seems: no clothes.
_EYES = re.compile(
    r"\b(?:(?:an|a|an|one|second|first)\s+)?(?:another\s+|second\s+)?look(?:s|ed|ing)?\s+"
    r"(?:at|again|after|in|into|up|for|like|as if|arranged|round)\b"
    r"|\b(?:another|second|a first) look\b|\bit up\b|\bneeds? a look\b|\bone look\b(?=\.$)"
    r"|\blook them up\b|\blook it up\b|\bwe look\b|\bwho looks\b|\bsomebody looks\b",
    re.IGNORECASE,
)
# What is filled in is the shop's own.
_VALUE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_UNREAD = re.compile(r"(?is)<(script|style|svg|pre)\b.*?</\1>|<!--.*?-->")
_READ_ATTRIBUTE = re.compile(
    r"""(?is)\b(?:alt|title|placeholder|aria-\w+|content|data-(?:announce|copied|denied|done|failed"""
    r"""|loading|queued|slow|un\w+|waiting|words[\w-]*))="([^"]* [^"]*)\""""
)
_SYMBOL = re.compile(r"#i-([a-z-]+)")
_TAG = re.compile(r"(?s)<[^>]*>")
# Of code: begins as one does, and is of several words, or of one with a capital.
_SENTENCE = re.compile(r"[“A-Z][a-z]+$|\s?[“%A-Za-z][^<>|=]* [^<>|=]*$")
_CALL = re.compile(r"\b(?:_|gettext|ngettext)\(")
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")


def clothing_in(text: str) -> set[str]:
    """The words of clothes that a text says, in small letters."""
    return {found[0].lower() for found in _CLOTHING.finditer(_EYES.sub(" ", _VALUE.sub(" ", text)))}


def symbol_in_words(symbol: str) -> str:
    """What a symbol of the sprite shows, as a reader would say it."""
    return f"(a picture: {symbol.replace('-', ' ')})"


def symbols() -> list[str]:
    """Every symbol of both sprites, the one that was taken and ours."""
    folder = ROOT / "kiosk_templates" / "static" / "icons"
    sprites = "".join((folder / name).read_text() for name in ("icons.svg", "own.svg"))
    return re.findall(r'<symbol id="i-([a-z-]+)"', sprites)


def read_of(answer: str, content_type: str) -> set[str]:
    """The lines that somebody reads: a page without its code, the sentences of a document.

    What a symbol shows is read as well.
    """
    if "json" in content_type:
        return {text for text in _texts(json.loads(answer)) if " " in text}
    if "html" not in content_type:
        return set(answer.splitlines()) if content_type.startswith("text/csv") else set()
    shown = _TAG.sub("\n", _UNREAD.sub(" ", answer))
    lines = [*shown.splitlines(), *_READ_ATTRIBUTE.findall(answer)]
    pictures = map(symbol_in_words, _SYMBOL.findall(answer))
    return {*map(unescape, lines), *pictures}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _texts(each))


def is_sentence(text: str) -> bool:
    """Whether a text of the code could be one for people."""
    return _SENTENCE.match(text) is not None


def said_by_code(folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every text in the code of these folders but what documents it, with where it stands."""
    for path in sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py")):
        where = str(path.relative_to(ROOT))
        tree = ast.parse(path.read_text())
        unsaid = _documentation(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in unsaid:
                continue
            if isinstance(node.value, str):
                yield where, node.value


def _documentation(tree: ast.AST) -> set[int]:
    bodies = [getattr(node, "body", None) for node in ast.walk(tree)]
    return {
        id(statement.value)
        for body in bodies
        if isinstance(body, list)
        for statement in body
        if isinstance(statement, ast.Expr)
    }


def said_by_templates() -> Iterator[tuple[str, str]]:
    """Every message of a template, with where it stands."""
    for path in sorted((ROOT / "kiosk_templates").rglob("*.html")):
        text = path.read_text()
        for call in _CALL.finditer(text):
            for string in _strings(text, call.end()):
                yield str(path.relative_to(ROOT)), string


def _strings(text: str, at: int) -> Iterator[str]:
    """The strings at the beginning of a call's arguments."""
    while found := re.compile(r"\s*,?\s*").match(text, at):
        string = _STRING.match(text, found.end())
        if string is None:
            return
        yield re.sub(r"\\(.)", r"\1", string[1] or string[2] or "")
        at = string.end()
