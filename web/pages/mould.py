"""Pages cast from their templates once, and from then on only filled in.

Jinja puts a page together anew each time, though two looks differ in a few words. A mould is its
template rendered with stand-ins: each knows where its value will be found, and can be written and
nothing else. What a template asks about (is there one, how many, which) belongs to the shape. A
question to a stand-in raises when the page is cast, so nobody's page is cast from another's answer.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from operator import attrgetter
from typing import Any, NamedTuple

from flask import current_app, has_request_context
from markupsafe import Markup, escape

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
        lengths = tuple([len(value) for value in given.values() if isinstance(value, tuple)])
        key = (language(), lengths, *shape.items())
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
        self._worded: list[tuple[int, Callable[[Given], Any]]] = []
        for place, number in enumerate(self._parts):
            if place % 2:
                hole = holes[int(number)]
                if hole.path and hole.words is None:
                    plain.setdefault(hole.source, {}).setdefault(hole.path, []).append(place)
                else:
                    self._worded.append((place, hole.finder()))
        self._plain = [_Attributes.of(source, paths) for source, paths in plain.items()]

    def filled(self, given: Given) -> Markup:
        parts = self._parts.copy()
        for place, find in self._worded:
            parts[place] = _written(find(given))
        for source, get, places in self._plain:
            for value, wanted in zip(get(source(given)), places, strict=True):
                text = _written(value)
                for place in wanted:
                    parts[place] = text
        return Markup("".join(parts))  # noqa: S704 (a template's own text, and values escaped)


class _Attributes(NamedTuple):
    """Attributes of one source, read in one go, and the places of each."""

    source: _Source
    get: Callable[[Any], tuple[Any, ...]]
    places: list[list[int]]

    @classmethod
    def of(cls, source: _Source, paths: Mapping[str, list[int]]) -> "_Attributes":
        read = attrgetter(*paths)
        get = read if len(paths) > 1 else lambda value: (read(value),)
        return cls(source, get, list(paths.values()))


def _written(value: Any) -> str:
    """A value as a page shows it, escaped unless there is nothing to escape."""
    kind = type(value)
    if kind is str:
        return escape(value) if _needs_escaping(value) else value
    if kind is Markup:
        return value
    return str(value) if kind is int or kind is float else escape(value)


def _stand_in(holes: list[_Hole], name: str, value: Any) -> Any:
    if not isinstance(value, tuple):
        return StandIn(holes, _Hole(_Source(name)))
    return tuple(StandIn(holes, _Hole(_Source(name, place))) for place in range(len(value)))


def _personal(*_: Any, **__: Any) -> None:
    raise AskedTooSoon("Forms and messages are one reader's own: give them as values.")
