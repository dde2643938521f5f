"""Pages cast from their templates once, and from then on only filled in.

Jinja puts a page together anew each time, though two looks differ in a few words. A mould is its
template rendered with stand-ins: each knows where its value will be found, and can be written and
nothing else. What a template asks about (is there one, how many, which) belongs to the shape. A
question to a stand-in raises when the page is cast, so nobody's page is cast from another's answer.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from operator import attrgetter
from typing import Any

from flask import current_app, has_request_context
from markupsafe import Markup, escape

from retail.brands.vocabulary import spoken
from web.language import NotCast, language

Given = Mapping[str, Any]
_MOST = 512
# No text of a page has it: requests that bring one are refused.
_MARK = "\x00"
_needs_escaping = re.compile("[&<>'\"]").search


@dataclass(frozen=True)
class _Source:
    """Where values come from: a given one, or the one at a place of a given tuple."""

    name: str
    place: int | None = None

    def __call__(self, given: Given) -> Any:
        value = given[self.name]
        return value if self.place is None else value[self.place]


@dataclass(frozen=True)
class _Hole:
    """An attribute of a source, or the source itself, and the words to put it in."""

    source: _Source
    path: str = ""
    words: Callable[..., Any] | None = None
    arguments: tuple[Any, ...] = ()

    def finder(self) -> Callable[[Given], Any]:
        """What finds its value among those given."""
        plain = _reader(self.source, self.path)
        words = self.words
        if words is None:
            return plain
        more = [
            each._hole.finder() if isinstance(each, StandIn) else _always(each)
            for each in self.arguments
        ]
        return lambda given: words(plain(given), *[find(given) for find in more])


def _reader(source: _Source, path: str) -> Callable[[Given], Any]:
    if not path:
        return source
    get = attrgetter(path)
    return lambda given: get(source(given))


def _always(value: Any) -> Callable[[Given], Any]:
    return lambda _: value


class AskedTooSoon(TypeError):
    """A template asked something of a value that belongs to no shape."""


class StandIn:
    """A value that is not known yet; its attributes are stand-ins too."""

    __slots__ = ("_hole", "_holes")

    def __init__(self, holes: list[_Hole], hole: _Hole) -> None:
        self._holes = holes
        self._hole = hole

    def __getattr__(self, name: str) -> "StandIn":
        if name.startswith("__") or self._hole.words is not None:
            raise AttributeError(name)
        path = f"{self._hole.path}.{name}".lstrip(".")
        return StandIn(self._holes, replace(self._hole, path=path))

    def __html__(self) -> str:
        self._holes.append(self._hole)
        return f"{_MARK}{len(self._holes) - 1}{_MARK}"

    def put_off(self, words: Callable[..., Any], *arguments: Any) -> "StandIn":
        """What a filter will say once the value is known."""
        if self._hole.words is not None:
            self._refuse()
        return StandIn(self._holes, replace(self._hole, words=words, arguments=arguments))

    def _refuse(self, *_: Any) -> Any:
        raise AskedTooSoon("What a template asks about belongs to the shape of its mould.")

    __bool__ = __call__ = __contains__ = __eq__ = __hash__ = __iter__ = __len__ = __str__ = _refuse


def puts_off(words: Callable[..., Any]) -> Callable[..., Any]:
    """Let a template's filter take stand-ins: it is asked again whenever a page is filled in."""

    @wraps(words)
    def wrapper(value: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(value, StandIn):
            return value.put_off(words, *arguments)
        return words(value, *arguments, **options)

    return wrapper


class Mould:
    """A template, or one macro of it, cast for each language and shape that was wanted."""

    def __init__(self, template: str, macro: str | None = None) -> None:
        self._template = template
        self._macro = macro
        self._casts: dict[Hashable, _Cast] = {}

    def fill(self, shape: Mapping[str, Hashable], /, **given: Any) -> Markup:
        """The page for values that fit the shape; the length of a given tuple belongs to it.

        Works outside of Flask too, once it was cast. Raises NotCast there before, and AskedTooSoon
        where the template asks for more than the shape tells.
        """
        lengths = tuple([len(value) for value in given.values() if type(value) is tuple])
        key = (language(), spoken(), lengths, *shape.items())
        cast = self._casts.get(key) or self._keep(key, shape, given)
        return cast.filled(given)

    def _keep(self, key: Hashable, shape: Mapping[str, Hashable], given: Given) -> "_Cast":
        if not has_request_context():
            raise NotCast(self._template)
        if len(self._casts) >= _MOST:
            self._casts.clear()
        holes: list[_Hole] = []
        stand_ins = {name: _stand_in(holes, name, value) for name, value in given.items()}
        cast = _Cast(self._render({**shape, **stand_ins}), holes)
        return self._casts.setdefault(key, cast)

    def _render(self, values: dict[str, Any]) -> str:
        # Without Flask's context: nothing of this request may get into a page for all.
        template = current_app.jinja_env.get_template(self._template)
        if self._macro is None:
            return template.render(values, csrf_token=_personal, get_flashed_messages=_personal)
        return str(getattr(template.module, self._macro)(**values))


class _Cast:
    """The parts of a page, those with odd numbers to be filled; holes of one source together."""

    def __init__(self, text: str, holes: list[_Hole]) -> None:
        self._parts = text.split(_MARK)
        plain: dict[_Source, dict[str, list[int]]] = {}
        worded: list[tuple[int, Callable[[Given], Any]]] = []
        for place, number in enumerate(self._parts):
            if place % 2:
                hole = holes[int(number)]
                if hole.path and hole.words is None:
                    plain.setdefault(hole.source, {}).setdefault(hole.path, []).append(place)
                else:
                    worded.append((place, hole.finder()))
        self._readers = [(source, _reads(paths)) for source, paths in plain.items()]
        self._finders = [find for _, find in worded]
        alike = [places for paths in plain.values() for places in paths.values()]
        self._places = [first for first, *_ in alike] + [place for place, _ in worded]
        self._repeated = [(place, first) for first, *more in alike for place in more]

    def filled(self, given: Given) -> Markup:
        parts = self._parts.copy()
        values: list[Any] = []
        for source, read in self._readers:
            values += read(source(given))
        values += [find(given) for find in self._finders]
        for place, value in zip(self._places, values, strict=True):
            kind = type(value)
            # Most need no escaping, and `escape` is dear.
            if kind is Markup or (kind is str and not _needs_escaping(value)):
                parts[place] = value
            else:
                parts[place] = str(value) if kind is int or kind is float else escape(value)
        for place, first in self._repeated:
            parts[place] = parts[first]
        return Markup("".join(parts))  # noqa: S704 (a template's own text, and values escaped)


def _reads(paths: Iterable[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads attributes of a value in one go."""
    wanted = list(paths)
    read = attrgetter(*wanted)
    return read if len(wanted) > 1 else lambda value: (read(value),)


def _stand_in(holes: list[_Hole], name: str, value: Any) -> Any:
    if type(value) is not tuple:
        return StandIn(holes, _Hole(_Source(name)))
    return tuple(StandIn(holes, _Hole(_Source(name, place))) for place in range(len(value)))


def _personal(*_: Any, **__: Any) -> None:
    raise AskedTooSoon("Forms and messages are one reader’s own: give them as values.")
