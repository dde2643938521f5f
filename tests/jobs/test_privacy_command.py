"""The record of processing is made from the schema, and the document holds today's."""

from flask import Flask

from core.model import Base
from jobs.privacy_record import BEGIN, END
from retail.own_data.claims import CLAIMS, STAFF
from tests.conftest import ROOT


def test_the_document_holds_what_the_command_prints(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["privacy", "record"])
    assert printed.exit_code == 0
    document = (ROOT / "docs" / "privacy.md").read_text()
    kept = document[document.index(BEGIN) : document.index(END) + len(END)] + "\n"
    assert kept == printed.stdout, "run `flask privacy record` and put it into docs/privacy.md"


def test_the_record_names_each_column_beside_a_person(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["privacy", "record"]).stdout
    for name in CLAIMS:
        for column in Base.metadata.tables[name.split(".")[0]].c:
            assert f"`{column.name}`" in printed
    for name in STAFF:
        assert "`{}` | `{}`".format(*name.split(".")) in printed
