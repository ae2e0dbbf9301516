"""What is generated from the record: its JSON Schema and the page ``docs/schema.md``."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel

from benchwright.schemas import parts, tables
from benchwright.schemas._values import VALUE_CODES
from benchwright.schemas.item import SCHEMA_VERSION, Item
from benchwright.schemas.rows import dtype_of
from benchwright.schemas.rules import RULES

__all__ = ["item_json_schema", "schema_page"]

_TABLES: Final[tuple[tuple[type[BaseModel], str], ...]] = (
    (Item, "items.parquet"),
    (tables.Reject, "rejects.parquet"),
    (tables.Score, "scores.parquet"),
    (tables.Finding, "findings.parquet"),
    (tables.LedgerEntry, "ledger.parquet"),
    (tables.Verdict, "verdicts.parquet"),
    (tables.Decision, "decisions.parquet"),
    (tables.Patch, "patches/*.jsonl"),
    (tables.Prediction, "predictions.parquet"),
    (tables.Link, "links.parquet"),
    (tables.Duplicate, "duplicates.parquet"),
    (tables.Exposure, "hits.parquet"),
)
_HEAD: Final = f"""# The record

This page is generated from the types in `benchwright/schemas`; a test fails when it is not current.
Schema version {SCHEMA_VERSION}. A table or record of another version is refused.

Types are those of polars. A field whose type ends in `or null` may be null; no other field may. One question in one
language is one row of `items.parquet`; a [JSON Schema](../benchwright/schemas/item.schema.json) describes the same
record as JSON.
"""


def item_json_schema() -> str:
    """Return the JSON Schema of an item, as the text of the checked-in file."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Benchwright item, schema version {SCHEMA_VERSION}",
        **{name: value for name, value in Item.model_json_schema().items() if name != "title"},
    }
    schema["properties"]["schema_version"] = {"const": SCHEMA_VERSION, "default": SCHEMA_VERSION, "type": "integer"}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def schema_page() -> str:
    """Return the text of ``docs/schema.md``."""
    records = [getattr(parts, name) for name in sorted(parts.__all__)]
    nested = [one for one in records if isinstance(one, type) and issubclass(one, BaseModel)]
    sections = [_HEAD]
    sections += [_section(f"`{file}`: {record.__name__}", record) for record, file in _TABLES]
    sections += ["## Parts\n", *(_section(record.__name__, record, level="###") for record in nested)]
    sections += [_section(one.__name__, one, level="###") for one in (tables.FindingSpan, tables.ErrorSpan)]
    sections += [_rules(), _reasons()]
    return "\n".join(sections)


def _section(title: str, record: type[BaseModel], *, level: str = "##") -> str:
    lines = [f"{level} {title}\n", inspect.cleandoc(record.__doc__ or ""), ""]
    lines += ["| field | type | default | meaning |", "|---|---|---|---|"]
    remarks = _remarks(record)
    for name, field in record.model_fields.items():
        default = "required" if field.is_required() else _default(field.default)
        lines.append(f"| `{name}` | {_type(field.annotation)} | {default} | {_meaning(field, remarks.get(name, ''))} |")
    return "\n".join([*lines, ""])


def _remarks(record: type[BaseModel]) -> dict[str, str]:
    """Return the strings below the fields of a record: what a field means, where its name does not say it."""
    source = inspect.getsource(record)
    found = re.findall(r'^    (\w+):[^\n]*\n    """(.*?)"""', source, flags=re.MULTILINE | re.DOTALL)
    return {name: " ".join(text.replace("|", "\\|").split()) for name, text in found}


def _meaning(field: Any, remark: str) -> str:
    words = [text for text in get_args(field.annotation) if isinstance(text, str)]
    for argument in get_args(field.annotation):
        words += [text for text in get_args(argument) if get_origin(argument) is Literal and isinstance(text, str)]
    bounds = [f"at least {one.ge}" for one in field.metadata if hasattr(one, "ge")]
    bounds += [f"at most {one.le}" for one in field.metadata if hasattr(one, "le")]
    said = [
        ", ".join(f"`{word}`" for word in words),
        ", ".join(bounds),
        re.sub(r":(?:data|class):`([^`]+)`", r"`\1`", remark),
    ]
    return "; ".join(text for text in said if text)


def _default(value: Any) -> str:
    if isinstance(value, parts.Hashes):
        return "computed"
    if isinstance(value, BaseModel):
        return f"`{type(value).__name__}()`"
    return "null" if value is None else "empty" if value == () else f"`{value!r}`".replace("'", '"')


def _type(annotation: Any) -> str:
    nullable = type(None) in get_args(annotation)
    return " ".join(_words(annotation)) + (" or null" if nullable else "")


def _words(annotation: Any) -> Iterator[str]:
    arguments = [one for one in get_args(annotation) if one is not type(None) and one is not Ellipsis]
    if get_origin(annotation) is tuple:
        yield "list of"
        yield from _words(arguments[0])
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    elif len(arguments) == 1 and get_origin(annotation) is not Literal:
        yield from _words(arguments[0])
    else:
        yield str(dtype_of(annotation))


def _rules() -> str:
    lines = ["## Rules\n", "A row that breaks one of these is not a record: tables and records are refused alike.\n"]
    lines += ["| code | field | expected |", "|---|---|---|"]
    lines += [f"| `{rule.code}` | `{rule.field}` | {rule.expected} |" for rule in RULES]
    lines += [f"| `{code}` | any | {expected} |" for code, expected in VALUE_CODES.items()]
    return "\n".join([*lines, ""])


def _reasons() -> str:
    lines = ["## Reasons for which something did not become an item\n", "| reason | meaning |", "|---|---|"]
    lines += [f"| `{reason}` | {meaning} |" for reason, meaning in tables.REJECT_REASONS.items()]
    return "\n".join([*lines, ""])
