"""The numbers as rows of ``scores.parquet``: of each field, and of the item the worst of its fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from benchwright.audits import with_ids
from benchwright.builder.score._metric import Info, Metric
from benchwright.schemas.rows import table_schema
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Finding, Score

__all__ = [
    "DISAGREEMENT",
    "REASONS",
    "SKIPPED",
    "disagreement",
    "disagreement_scores",
    "field_scores",
    "item_scores",
    "skipped_of",
    "span_findings",
]

REASONS: Final[dict[str, str]] = {
    "no-source": "The field has no text in the source.",
    "no-target": "The field has no text in the translation.",
    "no-back": "The field has no text in the back-translation.",
    "no-reference": "The field has no text in the reference.",
    "too-long": "A text is longer than the model reads; the library would cut it in silence.",
}
SKIPPED: Final = pl.Schema(dict.fromkeys(("item_id", "field", "name", "reason", "detail"), pl.String()))
DISAGREEMENT: Final = "disagreement"
_SPAN_CODE: Final = "F201"


def field_scores(rows: pl.DataFrame, metric: Metric, language: str) -> pl.DataFrame:
    """Return a score row for each field; null where there is none, as ``skipped_of`` says why."""
    return rows.select(
        "item_id",
        "field",
        pl.lit(metric.info.name).alias("name"),
        pl.col("value").cast(pl.Float64),
        pl.lit(metric.signature(language)).alias("signature"),
    ).select(list(table_schema(Score)))


def item_scores(scores: pl.DataFrame, infos: Sequence[Info]) -> pl.DataFrame:
    """Return a row without field for each item and metric: the worst of its fields; null where none has a number."""
    lower = [info.name for info in infos if not info.higher]
    made = scores.group_by("item_id", "name").agg(
        pl.col("value").min().alias("least"), pl.col("value").max().alias("most"), pl.col("signature").min()
    )
    return made.select(
        "item_id",
        pl.lit(None, dtype=pl.String).alias("field"),
        "name",
        pl.when(pl.col("name").is_in(lower)).then("most").otherwise("least").alias("value"),
        "signature",
    )


def disagreement(numbers: Mapping[str, pl.DataFrame], languages: pl.Series, infos: Sequence[Info]) -> pl.DataFrame:
    """Return how far the metrics disagree about each item: 0 where all rank it alike, 1 where one ranks it first.

    Each metric ranks the items of one language; the number is the greatest difference of two ranks as shares. It is no
    sign of an error by itself: it says where the number of one metric must not be trusted alone. Items that fewer than
    two metrics have scored have none.

    Args:
        numbers: by the name of the metric ``item_id``, the place of an item, and ``value``, null where it has none.
        languages: of the items in the order of their places.
        infos: of the metrics that count.

    Returns:
        ``item_id``, the place, and ``value``.
    """
    least, most = np.full(len(languages), np.inf), np.full(len(languages), -np.inf)
    counted = np.zeros(len(languages), dtype=np.int64)
    higher = {info.name: info.higher for info in infos}
    for name in sorted(set(higher) & set(numbers)):
        own = numbers[name].drop_nulls("value")
        good = pl.col("value") if higher[name] else -pl.col("value")
        language = languages.gather(own["item_id"]).alias("language")
        ranked = own.with_columns(language).select("item_id", _share(good).over("language").alias("rank"))
        places, ranks = ranked["item_id"].to_numpy(), ranked["rank"].to_numpy()
        least[places] = np.minimum(least[places], ranks)
        most[places] = np.maximum(most[places], ranks)
        counted[places] += 1
    (places,) = np.nonzero(counted > 1)
    apart = pl.Series("value", most[places] - least[places], dtype=pl.Float64).round(6)
    return pl.DataFrame([pl.Series("item_id", places, dtype=pl.UInt32), apart])


def _share(good: pl.Expr) -> pl.Expr:
    """Return the rank of each value as a share from 0 to 1; one alone has the middle."""
    return pl.when(pl.len() > 1).then((good.rank("average") - 1) / (pl.len() - 1)).otherwise(0.5)


def disagreement_scores(ids: pl.DataFrame, infos: Sequence[Info]) -> pl.DataFrame:
    """Return score rows of ``item_id`` and ``value``."""
    names = sorted(info.name for info in infos)
    return ids.select(
        "item_id",
        pl.lit(None, dtype=pl.String).alias("field"),
        pl.lit(DISAGREEMENT).alias("name"),
        "value",
        pl.lit(signature(DISAGREEMENT, metrics=names)).alias("signature"),
    )


def skipped_of(rows: pl.DataFrame, info: Info) -> pl.DataFrame:
    """Return the fields that have no number, each with its reason."""
    lacking = pl.coalesce(
        *(
            pl.when(pl.col(name).is_null()).then(pl.lit(f"no-{name}"))
            for name in sorted(info.columns, key=lambda one: one != "source")
        ),
        pl.col("reason"),
    )
    told = rows.select("item_id", "field", pl.lit(info.name).alias("name"), lacking.alias("reason"))
    parted = pl.col("reason").str.splitn(":", 2).struct
    return told.filter(pl.col("reason").is_not_null()).with_columns(
        parted.field("field_0").alias("reason"), parted.field("field_1").alias("detail")
    )


def span_findings(rows: pl.DataFrame, metric: Metric, language: str) -> pl.DataFrame:
    """Return a finding for each stretch that the model marked as an error, with its place in the field."""
    schema = table_schema(Finding)
    marked = rows.filter(pl.col("spans").is_not_null()).select("item_id", "text_hash", "field", "target", "spans")
    made = [
        _finding(metric, language, row, span)
        for row in marked.iter_rows(named=True)
        for span in json.loads(row["spans"])
    ]
    return with_ids(pl.DataFrame(made, schema=schema)) if made else pl.DataFrame(schema=schema)


def _finding(metric: Metric, language: str, row: dict[str, str], span: dict[str, object]) -> dict[str, object]:
    start, end = int(str(span["start"])), int(str(span["end"]))
    text = row["target"][start:end]
    return {
        "finding_id": "",
        "scope": "item",
        "subject": row["item_id"],
        "item_id": row["item_id"],
        "field": row["field"],
        "code": _SPAN_CODE,
        "severity": span["severity"],
        "value": round(float(str(span["confidence"])), 4),
        "threshold": None,
        "message": f"a model marks {text!r} as a {span['severity']} error",
        "spans": [{"field": row["field"], "start": start, "end": end, "text": text}],
        "evidence": None,
        "signature": metric.signature(language),
        "waived": False,
        "text_hash": row["text_hash"],
    }
