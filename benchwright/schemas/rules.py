"""The rules of the record, written once as column expressions.

A rule says when a row is *not a record*. Defects that real benchmarks have and that an audit must be able to
report (a key outside the options, two equal options, an empty stem) are not rules: they are findings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import polars as pl
from pydantic import ValidationError

from benchwright.schemas._values import VALUE_CODES, codes_of, value_expressions
from benchwright.schemas.errors import Problem, SchemaError
from benchwright.schemas.ids import GROUP_PATTERN, ID_PATTERN

if TYPE_CHECKING:
    from benchwright.schemas.item import Item

__all__ = ["RULES", "Rule", "check_item", "problems_of_record", "problems_of_rows", "violations"]

_REMEDIES: Final = {
    "version": "run `benchwright migrate` on an older table, or install the Benchwright that wrote a newer one",
}


@dataclass(frozen=True)
class Rule:
    """One rule: ``broken`` is true for a row that is not a record."""

    code: str
    field: str
    expected: str
    broken: pl.Expr


_OPTION_IDS = pl.col("options").list.eval(pl.element().struct.field("id"))
_KEY = pl.col("key").struct
_STATUS = _KEY.field("status")
_ANSWERS = _KEY.field("answers")
_STEM_MARK_END = pl.col("marks").list.eval(
    pl.when(pl.element().struct.field("field") == "stem").then(pl.element().struct.field("end"))
)
_CONTEXT_MARK_END = pl.col("marks").list.eval(
    pl.when(pl.element().struct.field("field") == "context").then(pl.element().struct.field("end"))
)
_MARK_BACKWARDS = pl.col("marks").list.eval(pl.element().struct.field("end") < pl.element().struct.field("start"))
_DERIVED = ("machine_translation", "post_edited", "perturbed")

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "version",
        "schema_version",
        "schema version 1; run `benchwright migrate` for an older one, a newer Benchwright for a newer one",
        pl.col("schema_version") != 1,
    ),
    Rule(
        "group-form",
        "group",
        "segments of ASCII parted by /, e.g. exam/2024/1/042, other letters percent-encoded",
        ~pl.col("group").str.contains(f"^{GROUP_PATTERN}$"),
    ),
    Rule(
        "id-form",
        "id",
        "<group>@<language>, with #<variant> where one language has several versions",
        ~pl.col("id").str.contains(f"^{ID_PATTERN}$")
        | (pl.col("id").str.replace(r"(@[^@]*)$", "") != pl.col("group"))
        | (pl.col("id").str.extract(r"@([^@#]*)(?:#[^@#]*)?$") != pl.col("language")),
    ),
    Rule("option-id-empty", "options", "option ids that are not empty", _OPTION_IDS.list.contains("")),
    Rule(
        "option-id-repeated",
        "options",
        "option ids that are unique in the item",
        _OPTION_IDS.list.n_unique() != _OPTION_IDS.list.len(),
    ),
    Rule(
        "answers-without-key",
        "key",
        "no answers while the key is annulled or unknown",
        _STATUS.is_in(["annulled", "unknown"]) & (_ANSWERS.list.len() > 0),
    ),
    Rule(
        "answer-empty",
        "key",
        "complete correct responses, each a list of at least one option id; only a true/false series may have none",
        _ANSWERS.list.eval(pl.element().list.len() == 0).list.any() & (pl.col("kind") != "true_false"),
    ),
    Rule(
        "derived-from-missing",
        "derived_from",
        "the id and text hash of the source, for an item that is derived from another",
        pl.col("origin").is_in(_DERIVED) & pl.col("derived_from").struct.field("id").is_null(),
    ),
    Rule("mark-backwards", "marks", "marks whose end is not before their start", _MARK_BACKWARDS.list.any()),
    Rule(
        "mark-outside",
        "marks",
        "marks inside the text of the stem or context",
        (_STEM_MARK_END.list.max() > pl.col("stem").str.len_chars()).fill_null(value=False)
        | (_CONTEXT_MARK_END.list.max() > pl.col("context").struct.field("text").str.len_chars().fill_null(0)),
    ),
)


@lru_cache(maxsize=1)
def _value_rules() -> tuple[Rule, ...]:
    from benchwright.schemas.item import Item

    return tuple(Rule(code, name, VALUE_CODES[code], broken) for code, name, broken in value_expressions(Item))


def violations(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are not records: columns ``row`` (0-based), ``id``, ``code``, ``field``, ``expected``.

    The codes are those of :data:`RULES` and those that follow from the types of the record: ``value-missing``,
    ``value-range`` and ``value-unknown``.
    """
    return _violations(frame, (*RULES, *_value_rules()))


def _violations(frame: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    numbered = [rule.broken.alias(f"{number}") for number, rule in enumerate(rules)]
    flagged = frame.select(pl.int_range(pl.len()).alias("row"), "id", *numbered)
    long = flagged.unpivot(index=["row", "id"], variable_name="rule", value_name="broken").filter(pl.col("broken"))
    about = pl.DataFrame(
        {
            "rule": [f"{number}" for number in range(len(rules))],
            "code": [rule.code for rule in rules],
            "field": [rule.field for rule in rules],
            "expected": [rule.expected for rule in rules],
        }
    )
    return long.drop("broken").join(about, on="rule", how="left").drop("rule").sort("row", "code", "field")


def check_item(item: Item) -> None:
    """Apply the rules to one item whose values pydantic has already checked.

    Raises:
        SchemaError: ``schema-version`` for a version we do not know, else ``schema-invalid`` with every rule broken.
    """
    from benchwright.schemas.item import Item
    from benchwright.schemas.rows import to_frame

    broken = _violations(to_frame([item], Item), RULES)
    if broken.height:
        raise SchemaError(problems_of_rows(broken, lambda row: repr(getattr(item, row["field"]))[:200]))


def problems_of_rows(broken: pl.DataFrame, found: Callable[[dict[str, Any]], str]) -> list[Problem]:
    """Return one problem for each line of :func:`violations`."""
    return [
        Problem(
            code="schema-version" if row["code"] == "version" else "schema-invalid",
            message=f"item {row['id']!r} breaks the rule {row['code']}",
            place=f"row {row['row'] + 1}, field {row['field']}",
            found=found(row),
            expected=row["expected"],
            remedy=_REMEDIES.get(row["code"], "correct the value where it was written"),
        )
        for row in broken.iter_rows(named=True)
    ]


def problems_of_record(error: ValidationError, data: Any) -> list[Problem]:
    """Return everything that is wrong with one item that pydantic refused, the rules of the table included."""
    from benchwright.schemas.item import Item
    from benchwright.schemas.rows import table_schema

    name = repr(data.get("id", data.get("group"))) if isinstance(data, dict) else repr(type(data).__name__)
    problems = [
        Problem(
            code="schema-invalid",
            message=f"item {name} breaks the rule {code}: {message}",
            place=f"field {place}",
            expected=VALUE_CODES[code],
            remedy="correct the value where it was written",
        )
        for code, place, message in codes_of(error)
    ]
    try:
        frame = pl.DataFrame([data], schema=table_schema(Item))
    except (TypeError, ValueError, OverflowError, AttributeError, pl.exceptions.PolarsError):
        return problems  # a record so broken that it has no row: what pydantic said is all there is to say
    return problems + problems_of_rows(_violations(frame, RULES), lambda row: repr(data.get(row["field"]))[:200])
