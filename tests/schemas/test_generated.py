"""The files that are generated from the record are current. `BENCHWRIGHT_REGENERATE=1` writes them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from benchwright.schemas import Item
from benchwright.schemas._docs import item_json_schema, schema_page
from tests.schemas.strategies import items, plain_item

GENERATED: dict[str, Callable[[], str]] = {
    "benchwright/schemas/item.schema.json": item_json_schema,
    "docs/schema.md": schema_page,
}


@pytest.mark.parametrize("name", sorted(GENERATED))
def test_a_generated_file_is_current(name: str, root: Path) -> None:
    path = root / name
    if os.environ.get("BENCHWRIGHT_REGENERATE") == "1" and not os.environ.get("CI"):
        path.write_text(GENERATED[name](), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == GENERATED[name](), "run again with BENCHWRIGHT_REGENERATE=1"


@given(items())
@settings(max_examples=30)
def test_the_json_of_an_item_obeys_the_json_schema(item: Item) -> None:
    jsonschema.validate(json.loads(item.model_dump_json()), json.loads(item_json_schema()))


@pytest.mark.parametrize(
    "change", [{"schema_version": 2}, {"kind": "essay"}, {"stem": None}, {"marks": [{"field": "stem"}]}, {"more": 1}]
)
def test_the_json_schema_refuses_what_the_record_refuses(change: dict[str, object]) -> None:
    row = {**json.loads(plain_item().model_dump_json()), **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(row, json.loads(item_json_schema()))


def test_every_field_of_the_record_is_on_the_page() -> None:
    page = schema_page()
    for name in Item.model_fields:
        assert f"| `{name}` |" in page
