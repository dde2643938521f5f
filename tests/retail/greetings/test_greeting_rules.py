"""What somebody is called, and which wishes are none."""

import pytest

from core.errors import Invalid
from retail.greetings.rules import Wish, called, check_wish


@pytest.mark.parametrize(
    ("form", "title", "name"),
    [("first", "", "Sarah"), ("full", "", "Sarah Jane Lewis"), ("title", "Miss", "Miss Lewis")],
)
def test_everybody_is_called_as_they_wish(form: str, title: str, name: str) -> None:
    assert called("Sarah Jane Lewis", Wish(form, title)) == name


def test_of_one_word_a_title_stands_before_it_and_without_a_name_there_is_nothing() -> None:
    assert called("Cher", Wish("title", "Ms")) == "Ms Cher"
    assert called("", Wish("title", "Ms")) == called("", Wish()) == ""


@pytest.mark.parametrize(
    ("form", "title", "shows", "wrong"),
    [
        ("nickname", "", (), "form"),
        ("title", "  ", (), "title"),
        ("title", "<b>", (), "title"),
        ("title", "M" * 21, (), "title"),
        ("first", "", ("likes",), "shows"),
    ],
)
def test_a_wish_that_is_none_is_refused_where_it_is_wrong(
    form: str, title: str, shows: tuple[str, ...], wrong: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_wish(form, title, shows)
    assert list(refused.value.data["fields"]) == [wrong]


def test_a_title_is_tidied_and_kept_for_its_form_alone() -> None:
    assert check_wish("title", " Prof.  Dr ", ["saved"]) == Wish(
        "title", "Prof. Dr", frozenset({"saved"})
    )
    assert check_wish("first", "Miss", []).title == ""
