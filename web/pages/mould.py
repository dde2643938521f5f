"""Pages cast from their templates once, and from then on only filled in.

Jinja puts a page together anew each time, though two looks differ in a few words. A mould is its
template rendered with stand-ins: each knows where its value will be found, and can be written and
nothing else. What a template asks about (is there one, how many, which) belongs to the shape. A
question to a stand-in raises when the page is cast, so nobody's page is cast from another's answer.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import wraps
from typing import Any

from flask import current_app, has_request_context
from markupsafe import Markup, escape

from web.language import NotCast, language

Given = Mapping[str, Any]
Find = Callable[[Given], Any]
_MOST = 512
# No text of a page has it: requests that bring one are refused.
_MARK = "\x00"


class AskedTooSoon(TypeError):
    """A template asked something of a value that belongs to no shape."""


class StandIn:
    """A value that is not known yet; its attributes are stand-ins too."""

    __slots__ = ("_find", "_holes")

    def __init__(self, holes: list[Find], find: Find) -> None:
        self._holes = holes
        self._find = find

    def __getattr__(self, name: str) -> "StandIn":
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(self._holes, lambda given: getattr(self._find(given), name))

    def __html__(self) -> str:
        self._holes.append(self._find)
        return f"{_MARK}{len(self._holes) - 1}{_MARK}"

    def put_off(self, words: Callable[..., Any], *arguments: Any) -> "StandIn":
        """What a filter will say once the value is known."""

        def find(given: Given) -> Any:
            return words(
                self._find(given),
                *(each._find(given) if isinstance(each, StandIn) else each for each in arguments),
            )

        return StandIn(self._holes, find)

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
        holes: list[Find] = []
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
    def __init__(self, text: str, holes: list[Find]) -> None:
        self._parts = text.split(_MARK)
        numbers = enumerate(self._parts[1::2])
        self._holes = [(2 * place + 1, holes[int(number)]) for place, number in numbers]

    def filled(self, given: Given) -> Markup:
        parts = self._parts.copy()
        for place, find in self._holes:
            value = find(given)
            parts[place] = value if type(value) is Markup else escape(value)
        return Markup("".join(parts))  # noqa: S704 (a template's own text, and values escaped)


def _stand_in(holes: list[Find], name: str, value: Any) -> Any:
    if not isinstance(value, tuple):
        return StandIn(holes, lambda given: given[name])
    return tuple(
        StandIn(holes, lambda given, place=place: given[name][place]) for place in range(len(value))
    )


def _personal(*_: Any, **__: Any) -> None:
    raise AskedTooSoon("Forms and messages are one reader's own: give them as values.")
