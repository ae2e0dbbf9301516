"""Labels: values that look like a slip of a frequent one, and cells of the set that are too thin to report on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._texts import by_item
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

SLIP: Final = AuditCode("C121", "label spelt unlike a frequent one", "minor", "dataset")
THIN: Final = AuditCode("C131", "cell with few items", "info", "dataset")

_MOST_VALUES: Final = 300
"""A taxonomy of more values is free text, and nothing is a slip in it."""
_USES: Final = 3
"""A taxonomy has labels when a value is used so many times on average."""
_TIMES: Final = 5
"""The frequent spelling is used so many times as often as the slip, at least."""
_LEAST_LENGTH: Final = 6
_LONG: Final = 10
CELL: Final = 30
"""C131 speaks of cells of fewer items, where the largest has at least so many."""
_SHOWN: Final = 12
_AXES: Final = ("subject", "department", "specialty", "category", "discipline", "topic")


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    return [_slips(items), _cells(items, context.thresholds.get(THIN.code, CELL))]


def _slips(items: pl.LazyFrame) -> pl.LazyFrame:
    """Compare the distinct values of each taxonomy: a few hundred strings, whatever the number of items."""
    exam = pl.col("exam").struct
    labels = (
        items.select(pl.col("id"), "labels")
        .explode("labels", empty_as_null=False, keep_nulls=False)
        .select("id", pl.col("labels").struct.field("taxonomy"), pl.col("labels").struct.field("value"))
    )
    fields = [
        items.select("id", pl.lit(f"exam.{name}").alias("taxonomy"), exam.field(name).alias("value"))
        for name in ("profession", "specialty", "body", "country")
    ]
    counted = (
        pl.concat([labels, *fields])
        .filter(pl.col("value").is_not_null())
        .group_by("taxonomy", "value")
        .agg(pl.col("id").n_unique().alias("n"), pl.col("id").min().alias("example"))
        .sort("taxonomy", "n", "value", descending=[False, True, False])
        .collect()
    )
    found = [row for table in counted.partition_by("taxonomy", maintain_order=True) for row in _slips_of(table)]
    schema = {"field": pl.String, "message": pl.String, "evidence": pl.String, "n": pl.Int64}
    rows = pl.LazyFrame(found, schema=schema).with_columns(
        pl.lit("dataset").alias("subject"), pl.lit(None, dtype=pl.String).alias("text_hash")
    )
    return finding(rows, SLIP, pl.col("message"), field=pl.col("field"), evidence=pl.col("evidence"), value=pl.col("n"))


def _slips_of(table: pl.DataFrame) -> Iterator[dict[str, Any]]:
    if table.height > _MOST_VALUES or table["n"].sum() < _USES * table.height:
        return
    rows = table.rows(named=True)
    if any("://" in row["value"] for row in rows):
        return
    for place, row in enumerate(rows):
        better = next((other for other in rows[:place] if _is_slip(row, other)), None)
        if better:
            message = (
                f"{row['taxonomy']}: “{row['value']}” ({row['n']} items) looks like “{better['value']}” "
                f"({better['n']} items); see {row['example']}"
            )
            evidence = f"{row['value']} | {better['value']}"
            yield {
                "field": f"{row['taxonomy']}={row['value']}",
                "message": message,
                "evidence": evidence,
                "n": row["n"],
            }


def _is_slip(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Same but for case, spaces and signs; or one letter, in long words two, with the same digits and beginning."""
    from rapidfuzz.distance import OSA

    left, right = _folded(row["value"]), _folded(other["value"])
    if left == right:
        return True
    digits = [[sign for sign in text if sign.isnumeric()] for text in (left, right)]
    few = row["n"] * _TIMES <= other["n"]
    if not few or digits[0] != digits[1] or min(len(left), len(right)) < _LEAST_LENGTH or left[:1] != right[:1]:
        return False
    return OSA.distance(left, right) <= (2 if min(len(left), len(right)) >= _LONG else 1)


def _folded(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _cells(items: pl.LazyFrame, least: float) -> pl.LazyFrame:
    """Language x subject x modality x contributor, each where the set has more than one value of it."""
    label = pl.element().struct
    subject = (
        pl.col("labels")
        .list.eval(pl.element().filter(label.field("taxonomy").is_in(_AXES)).struct.field("value"))
        .list.first()
    )
    cells = (
        by_item(items)
        .select(
            "language",
            pl.coalesce(pl.col("exam").struct.field("specialty"), subject, pl.lit("no subject")).alias("topic"),
            pl.when(pl.col("media").list.len().fill_null(0) > 0)
            .then(pl.lit("picture"))
            .otherwise(pl.lit("text"))
            .alias("modality"),
            pl.col("contributor").fill_null("no contributor"),
        )
        .group_by("language", "topic", "modality", "contributor")
        .agg(pl.len().alias("n"))
        .sort("n", "language", "topic", "modality", "contributor")
        .collect()
    )
    thin = cells.filter(pl.col("n") < least)
    if thin.is_empty() or cells["n"].max() is None or cells["n"].max() < least:  # type: ignore[operator]
        thin = thin.clear()
    told = [name for name in ("language", "topic", "modality", "contributor") if cells[name].n_unique() > 1]
    named = [
        "; ".join(
            [" / ".join(row[name] for name in told) + f": {row['n']}" for row in thin.head(_SHOWN).rows(named=True)]
        )
    ]
    message = f"{thin.height} of {cells.height} cells have fewer than {least:g} items: {named[0]}"
    row = {"subject": "dataset", "text_hash": None, "message": message, "evidence": named[0], "n": thin.height}
    schema = {"subject": pl.String, "text_hash": pl.String, "message": pl.String, "evidence": pl.String, "n": pl.Int64}
    rows = pl.LazyFrame([row] if thin.height else [], schema=schema)
    return finding(
        rows, THIN, pl.col("message"), field="cells", evidence=pl.col("evidence"), value=pl.col("n"), threshold=least
    )


AUDIT: Final = TableAudit("labels", (SLIP, THIN), _find, {"cell": CELL})
