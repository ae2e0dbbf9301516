"""The rules of the record, written once as column expressions.

A rule says when a row is *not a record*. Defects that real benchmarks have and that an audit must be able to
report (a key outside the options, two equal options, an empty stem) are not rules: they are findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from benchwright.schemas.errors import Problem, SchemaError
from benchwright.schemas.ids import GROUP_PATTERN, ID_PATTERN

if TYPE_CHECKING:
    from benchwright.schemas.item import Item

__all__ = ["RULES", "Rule", "check_item", "violations"]


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
        "complete correct responses, each a list of at least one option id",
        _ANSWERS.list.eval(pl.element().list.len() == 0).list.any(),
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
        "marks inside the text of the stem",
        _STEM_MARK_END.list.max() > pl.col("stem").str.len_chars(),
    ),
)


def violations(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are not records: columns ``row`` (0-based), ``id``, ``code``, ``field``, ``expected``."""
    flagged = frame.with_row_index("row").select("row", "id", *(rule.broken.alias(rule.code) for rule in RULES))
    long = flagged.unpivot(index=["row", "id"], variable_name="code", value_name="broken")
    about = pl.DataFrame(
        {
            "code": [rule.code for rule in RULES],
            "field": [rule.field for rule in RULES],
            "expected": [rule.expected for rule in RULES],
        }
    )
    return long.filter(pl.col("broken")).drop("broken").join(about, on="code", how="left").sort("row", "code")


def check_item(item: Item) -> None:
    """Apply the rules to one item.

    Raises:
        SchemaError: ``schema-version`` for a version we do not know, else ``schema-invalid`` with every rule broken.
    """
    from benchwright.schemas.item import Item
    from benchwright.schemas.rows import to_frame

    broken = violations(to_frame([item], Item))
    if broken.height:
        raise SchemaError(
            [
                Problem(
                    code="schema-version" if row["code"] == "version" else "schema-invalid",
                    message=f"item {item.id!r} breaks the rule {row['code']}",
                    place=f"field {row['field']}",
                    found=repr(getattr(item, row["field"]))[:200],
                    expected=row["expected"],
                )
                for row in broken.iter_rows(named=True)
            ]
        )
