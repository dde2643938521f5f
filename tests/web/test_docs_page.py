"""The API's documentation: complete, readable, and free of foreign requests."""

import re

from flask import Flask

from web.openapi import PREFIX
from web.reference import chapters


def page(app: Flask) -> str:
    return app.test_client().get(f"{PREFIX}/docs").get_data(as_text=True)


def test_every_operation_is_on_the_page(app: Flask) -> None:
    text = page(app)
    document = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    operations = [
        operation["operationId"]
        for item in document["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    assert operations
    for name in operations:
        assert f'id="{name}"' in text, name


def test_the_page_asks_nobody_else_and_runs_nothing(app: Flask) -> None:
    text = page(app)
    addresses = re.findall(r'(?:href|src)="([^"]*)"', text)
    assert addresses
    assert all(re.match(r"[/#](?!/)", address) for address in addresses)
    assert "<script" not in text
    assert not re.search(r"\sstyle=|\son\w+=", text)


def test_a_body_is_told_field_by_field_with_an_example(app: Flask) -> None:
    document = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    operations = {o.id: o for chapter in chapters(document) for o in chapter.operations}
    record = operations["receipts_record_receipt"]
    assert record.callers == ("A till's or an integrator's API key",)
    assert record.body is not None
    fields = {field.name: field for field in record.body.fields}
    assert fields["till"].is_required
    assert fields["lines"].kind == "list of object"
    assert "lines[].gtin" in fields
    assert record.body.example is not None
    assert '"total_minor": 18900' in record.body.example
    assert {reply.status for reply in record.replies} >= {"200", "201", "4xx, 5xx"}


def test_every_answer_with_a_body_has_fields_or_is_a_file(app: Flask) -> None:
    document = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    for chapter in chapters(document):
        for operation in chapter.operations:
            for reply in operation.replies:
                if reply.body and "json" in reply.body.content_type:
                    assert reply.body.fields, (operation.id, reply.status)
