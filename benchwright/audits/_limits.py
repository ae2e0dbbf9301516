"""Kit: thresholds that hold for one language alone, written ``CODE@language``."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

__all__ = ["parted_thresholds", "within_limits"]


def parted_thresholds(thresholds: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Return thresholds for all languages, by code, and those for one, by ``CODE@language``."""
    plain = {name: limit for name, limit in thresholds.items() if "@" not in name}
    return plain, {name: limit for name, limit in thresholds.items() if "@" in name}


def within_limits(findings: pl.DataFrame, items: pl.LazyFrame, limits: Mapping[str, float]) -> pl.DataFrame:
    """Return the findings without those whose value is below the limit of their code in the item's language.

    Values of findings grade upwards: a higher one is worse. A finding without a value, and one about more than an
    item, stays. The language is the item's whole tag, or its primary subtag.
    """
    if not limits:
        return findings
    table = pl.DataFrame({"name": list(limits), "limit": list(limits.values())})
    languages = items.select(pl.col("id").alias("item_id"), "language").unique("item_id", keep="any").collect()
    primary = pl.col("language").str.split("-").list.first()
    named = findings.join(languages, on="item_id", how="left", maintain_order="left")
    for column, tag in (("whole", pl.col("language")), ("part", primary)):
        named = (
            named.with_columns((pl.col("code") + "@" + tag).alias("name"))
            .join(table, on="name", how="left", maintain_order="left")
            .rename({"limit": column})
            .drop("name")
        )
    limit = pl.coalesce("whole", "part")
    kept = named.filter(limit.is_null() | pl.col("value").is_null() | (pl.col("value") >= limit))
    return kept.with_columns(
        pl.when(limit.is_not_null() & pl.col("value").is_not_null())
        .then(limit)
        .otherwise("threshold")
        .alias("threshold")
    ).select(findings.columns)
