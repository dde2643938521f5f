"""Moulds: cast once for each shape, filled with values that nothing was asked about."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from jinja2 import DictLoader
from markupsafe import Markup

from web.language import NotCast
from web.pages.mould import AskedTooSoon, Mould, puts_off

# Its templates are replaced.
pytestmark = pytest.mark.own_app

TEMPLATES = {
    "plain.html": "<b title='{{ who.name }}'>{{ who.name }}</b>{% if is_new %} new{% endif %}",
    "list.html": "{% for one in many %}[{{ one.name }}]{% else %}none{% endfor %}",
    "asks.html": "{% if who.name %}{{ who.name }}{% endif %}",
    "compares.html": "{{ 'x' if who.name == 'Ada' }}",
    "adds.html": "Dear {{ who.name }}, {{ _('%(name)s’s look', name=who.name) }}",
    "loud.html": "{{ who.name|loudly }}",
    "message.html": "{% for each in get_flashed_messages() %}{{ each }}{% endfor %}",
    "macro.html": "{% macro greet(who) %}Hello {{ who.name }}{% endmacro %}",
}


@dataclass(frozen=True)
class Person:
    name: str


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    """Within a request, with templates of the test's own."""
    app.jinja_env.loader = DictLoader(TEMPLATES)
    app.jinja_env.filters["loudly"] = puts_off(str.upper)
    with app.test_request_context("/"):
        yield


@pytest.mark.usefixtures("page")
def test_a_cast_is_filled_with_each_one_s_own_values_and_escapes_them() -> None:
    mould = Mould("plain.html")
    assert mould.fill({"is_new": False}, who=Person("Ada")) == "<b title='Ada'>Ada</b>"
    hostile = mould.fill({"is_new": False}, who=Person("'><script>"))
    assert hostile == "<b title='&#39;&gt;&lt;script&gt;'>&#39;&gt;&lt;script&gt;</b>"
    assert isinstance(hostile, Markup)


@pytest.mark.usefixtures("page")
def test_another_shape_is_another_cast() -> None:
    mould = Mould("plain.html")
    texts = [mould.fill({"is_new": new}, who=Person("Ada")) for new in (False, True, False)]
    assert [text.endswith(" new") for text in texts] == [False, True, False]


@pytest.mark.usefixtures("page")
def test_the_length_of_a_list_is_part_of_the_shape() -> None:
    mould = Mould("list.html")
    for names in ((), ("Ada",), ("Ada", "Bo"), ("Cy",)):
        many = tuple(map(Person, names))
        assert mould.fill({}, many=many) == ("".join(f"[{name}]" for name in names) or "none")


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("template", ["asks.html", "compares.html"])
def test_a_question_to_a_value_is_refused_when_the_page_is_cast(template: str) -> None:
    with pytest.raises(AskedTooSoon):
        Mould(template).fill({}, who=Person("Ada"))


@pytest.mark.usefixtures("page")
def test_what_is_one_reader_s_own_is_refused_too() -> None:
    with pytest.raises(AskedTooSoon):
        Mould("message.html").fill({})


@pytest.mark.usefixtures("page")
def test_values_may_stand_in_sentences_and_pass_filters_that_wait_for_them() -> None:
    joined = Mould("adds.html")
    for name in ("Ada", "Bo"):
        assert joined.fill({}, who=Person(name)) == f"Dear {name}, {name}’s look"
    assert Mould("loud.html").fill({}, who=Person("ada")) == "ADA"


@pytest.mark.usefixtures("page")
def test_a_macro_can_be_a_mould() -> None:
    assert Mould("macro.html", "greet").fill({}, who=Person("<Bo>")) == "Hello &lt;Bo&gt;"


def test_outside_of_flask_only_what_was_cast_before_can_be_filled(app: Flask) -> None:
    app.jinja_env.loader = DictLoader(TEMPLATES)
    mould = Mould("plain.html")
    with pytest.raises(NotCast):
        mould.fill({"is_new": False}, who=Person("Ada"))
    with app.test_request_context("/"):
        mould.fill({"is_new": False}, who=Person("Ada"))
    assert "Bo" in mould.fill({"is_new": False}, who=Person("Bo"))
