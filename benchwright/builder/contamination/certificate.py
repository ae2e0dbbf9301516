"""For each item: clean, exposed, or not searched, with the corpora that this was said of."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.contamination.index import FEWEST_WORDS, Index
from benchwright.builder.store import write_bytes, write_table

__all__ = ["CERTIFICATE", "certificate_of", "summary_of", "written"]

CERTIFICATE: Final = pl.Schema(
    {
        "item_id": pl.String(),
        "state": pl.String(),
        "hits": pl.Int64(),
        "kinds": pl.List(pl.String()),
        "stem_share": pl.Float64(),
        "key_share": pl.Float64(),
        "where": pl.List(pl.String()),
        "reason": pl.String(),
        "files": pl.Int64(),
        "documents": pl.Int64(),
        "bytes": pl.Int64(),
        "released": pl.List(pl.Struct({"model": pl.String(), "released": pl.String()})),
    }
)
_PLACES: Final = 5
_ITSELF: Final = 0.9


def certificate_of(
    items: pl.DataFrame, hits: pl.DataFrame, index: Index, files: pl.DataFrame, times: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per item: ``clean``, ``exposed`` or ``not_searched``, and the size of what was searched.

    An item with too few words is never called clean, but may be exposed. Nor is one clean of more than was read where a
    file of the corpus could not be read to its end: its reason says so. ``released`` says for each model whether the
    item was published before or after its cut-off.
    """
    broken = files.filter(~pl.col("complete"))["file"].to_list()
    real = hits.filter(~pl.col("common"))
    place = pl.format("{}:{}", "file", pl.coalesce("name", pl.col("document").cast(pl.String)))
    found = real.group_by("item_id").agg(
        pl.len().cast(pl.Int64).alias("hits"),
        pl.col("kind").unique().sort().alias("kinds"),
        pl.col("stem_share").max(),
        pl.col("key_share").max(),
        place.unique().sort().head(_PLACES).alias("where"),
    )
    short = pl.col("item_id").is_in(sorted(index.too_short | index.unsure))
    phrases = pl.col("item_id").is_in(hits.filter("common")["item_id"].unique().to_list())
    sizes = {
        "files": files.height,
        "documents": int(files["documents"].sum()),
        "bytes": int(files["bytes"].sum()),
    }
    models = times.group_by("item_id", maintain_order=True).agg(pl.struct("model", "released").alias("released"))
    made = (
        items.select(pl.col("id").alias("item_id"))
        .unique()
        .join(found, on="item_id", how="left")
        .join(models, on="item_id", how="left")
        .with_columns(
            pl.when(pl.col("hits") > 0)
            .then(pl.lit("exposed"))
            .when(short)
            .then(pl.lit("not_searched"))
            .otherwise(pl.lit("clean"))
            .alias("state"),
            pl.when(short)
            .then(
                pl.lit(f"too short to search: neither {FEWEST_WORDS} words of stem nor {2 * FEWEST_WORDS} of options")
            )
            .when(phrases)
            .then(pl.lit("its stem alone is a common phrase of this corpus"))
            .when(pl.lit(bool(broken)))
            .then(pl.lit(f"not read to their end: {', '.join(broken[:5])}"))
            .alias("reason"),
            pl.col("hits").fill_null(0),
            pl.col("kinds").fill_null([]),
            pl.col("where").fill_null([]),
            pl.col("released").fill_null([]),
            *(pl.lit(size, dtype=pl.Int64).alias(name) for name, size in sizes.items()),
        )
    )
    return made.select(list(CERTIFICATE)).cast(dict(CERTIFICATE)).sort("item_id")  # type: ignore[arg-type]


def summary_of(certificate: pl.DataFrame, files: pl.DataFrame, hits: pl.DataFrame, canary: str = "") -> dict[str, Any]:
    """Return the counts for a card.

    Items by state; what was searched; what could not be read; files that hold the benchmark itself; documents with the
    canary; for each model items released before, after or at an unknown time beside its cut-off, by state.
    """
    states = dict(certificate["state"].value_counts().iter_rows())
    return {
        "items": certificate.height,
        **{state: int(states.get(state, 0)) for state in ("clean", "exposed", "not_searched")},
        "files": files.height,
        "documents": int(files["documents"].sum()),
        "bytes": int(files["bytes"].sum()),
        "benchmark_inside": benchmark_inside(certificate, hits),
        "canary": {"guid": canary or None, "documents": int(files["canary_documents"].sum())},
        "released": _by_model(certificate),
        "not_read": files.filter(~pl.col("complete")).select("file", "problem").to_dicts(),
    }


def benchmark_inside(certificate: pl.DataFrame, hits: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the files in which more than nine of ten searched items stand word for word: the benchmark itself."""
    searched = certificate.filter(pl.col("state") != "not_searched").height
    whole = hits.filter((pl.col("stem_share") == 1) & (pl.col("option_share").fill_null(1) == 1))
    counts = whole.group_by("file").agg(pl.col("item_id").n_unique().alias("items")).sort("file")
    found = counts.filter(pl.col("items") > _ITSELF * searched)
    return [{"file": file, "items": items, "of": searched} for file, items in found.iter_rows()]


def _by_model(certificate: pl.DataFrame) -> dict[str, Any]:
    long = certificate.explode("released").filter(pl.col("released").is_not_null()).unnest("released")
    counts = long.group_by("model", "released", "state").len().sort("model", "released", "state")
    told: dict[str, Any] = {}
    for model, when, state, count in counts.iter_rows():
        told.setdefault(model, {}).setdefault(when, {})[state] = count
    return told


def written(
    out: Path, hits: pl.DataFrame, certificate: pl.DataFrame, files: pl.DataFrame, summary: dict[str, Any]
) -> list[Path]:
    """Write hits, certificate, files and the summary beside each other; return their paths."""
    import json

    paths = [out, *(out.with_name(f"{out.stem}.{name}") for name in ("certificate.parquet", "files.parquet", "json"))]
    for path, table in zip(paths, (hits, certificate, files), strict=False):
        write_table(path, table)
    write_bytes(paths[3], (json.dumps(summary, ensure_ascii=False, indent=2) + "\n").encode())
    return paths
