"""Whether a back-translation says the same facts: the checks of quantities, polarity and options run on it."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits import SEVERITY_WEIGHTS, run_audits, with_ids
from benchwright.builder.score._metric import Info
from benchwright.builder.score._rows import back_of
from benchwright.schemas.plugins import AuditContext, AuditResult
from benchwright.schemas.rows import table_schema
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Score

__all__ = ["FACTS", "FACTS_SIGNATURE", "fact_agreement"]

FACTS: Final = Info(
    "facts_back",
    ("source", "back"),
    True,
    0.0,
    1.0,
    "1 where the back-translation keeps quantities, polarity and options, less for each finding by its severity",
)
_CHECKS: Final = ("T1", "T2", "T5")
_CODES: Final = {"T1": "F101", "T2": "F102", "T5": "F103"}
"""Code of the finding by the beginning of the code of the check."""
FACTS_SIGNATURE: Final = signature(
    "facts_back", checks=_CHECKS, weights=[f"{name}={weight:g}" for name, weight in SEVERITY_WEIGHTS.items()]
)


def fact_agreement(
    items: pl.DataFrame, sources: pl.DataFrame, back: pl.DataFrame, rows: pl.DataFrame, source_of: dict[str, str]
) -> AuditResult:
    """Return findings about the items, and the score ``facts_back`` of each field that has both texts.

    The checks see source and back-translation, never the translation: what a reader of another language cannot see.
    A finding of the options as a set has no field of its own and counts for the item.

    Args:
        items: the translations.
        sources: their originals.
        back: the back-translations.
        rows: as of :func:`rows_of`.
        source_of: id of the original by id of the item.
    """
    found = run_audits(_as_items(items, back, source_of).lazy(), AuditContext(sources=sources.lazy()), select=_CHECKS)
    findings = found.findings.filter(pl.col("item_id").is_not_null())
    named = findings.with_columns(
        pl.col("code").str.slice(0, 2).replace_strict(_CODES).alias("code"),
        pl.format("back-translation, {}: {}", "code", "message").alias("message"),
        # Places in the back-translation are none in the item.
        pl.lit([], dtype=findings.schema["spans"]).alias("spans"),
    )
    both = rows.filter(pl.col("source").is_not_null() & pl.col("back").is_not_null()).select("item_id", "field")
    weights = findings.group_by("item_id", "field").agg(
        (1 - pl.col("severity").replace_strict(SEVERITY_WEIGHTS, return_dtype=pl.Float64)).product().alias("value")
    )
    scored = both.join(weights, on=["item_id", "field"], how="left").with_columns(pl.col("value").fill_null(1.0))
    wider = weights.join(both, on=["item_id", "field"], how="anti").join(
        both.select("item_id"), on="item_id", how="semi"
    )
    scores = pl.concat([scored, wider]).select(
        "item_id",
        "field",
        pl.lit(FACTS.name).alias("name"),
        pl.col("value").round(6),
        pl.lit(FACTS_SIGNATURE).alias("signature"),
    )
    return AuditResult(with_ids(_once(named)), scores.select(list(table_schema(Score))))


def _once(findings: pl.DataFrame) -> pl.DataFrame:
    """Join several findings of one kind in one field into one: their ids would be equal."""
    keys = ["item_id", "field", "code"]
    order = pl.col("severity").replace_strict({name: -place for place, name in enumerate(SEVERITY_WEIGHTS)})
    firsts = findings.sort(*keys, order, "message").group_by(keys, maintain_order=True)
    joined = firsts.agg(pl.all().exclude("message", "evidence").first(), "message", "evidence")
    joined = joined.with_columns(
        pl.col("message").list.unique(maintain_order=True).list.join("; "),
        pl.col("evidence").list.drop_nulls().list.unique(maintain_order=True).list.join("; "),
    )
    return joined.select(findings.columns)


def _as_items(items: pl.DataFrame, back: pl.DataFrame, source_of: dict[str, str]) -> pl.DataFrame:
    """Return the back-translations under the ids and text hashes of the items, derived from the originals."""
    own = items.select(
        pl.col("id").alias("item_id"),
        pl.col("hashes").struct.field("text_hash").alias("_hash"),
        pl.col("id").replace_strict(source_of, default=None, return_dtype=pl.String).alias("_source"),
    ).unique("item_id", keep="any")
    joined = back.unique("id", keep="any").join(back_of(items, back), left_on="id", right_on="back_id")
    joined = joined.join(own.drop_nulls("_source"), on="item_id")
    derived = back.schema["derived_from"]
    return joined.with_columns(
        pl.col("item_id").alias("id"),
        pl.lit("machine_translation").alias("origin"),
        pl.struct(
            pl.col("_source").alias("id"),
            *(
                pl.col("derived_from").struct.field(name)
                for name in (one.name for one in getattr(derived, "fields", ()))
                if name != "id"
            ),
        ).alias("derived_from"),
        pl.col("hashes").struct.with_fields(pl.col("_hash").alias("text_hash")),
    ).select(back.columns)
