"""Takes texts out of items whose licence forbids their publication, and leaves salted hashes in their place.

Keys stay: which option is right is a fact. Ids, labels of options, marks, places of pictures and provenance stay
too, so that whoever has the papers can put the texts back and check them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import polars as pl

__all__ = ["WITHHELD_TEXTS", "hidden_texts", "salted_hash", "withhold_findings", "withhold_items", "withhold_rejects"]

WITHHELD_TEXTS: Final = (
    "stem", "context", "options", "key", "rationales", "turns", "rubric", "media", "labels",
)  # fmt: skip
"""Columns that hold text of the source."""
_INNER: Final = {"rationales": "rationale", "turns": "turn", "rubric": "rubric"}


def salted_hash(salt: str, item_id: str, field: str, text: str) -> str:
    """Return the hash that stands for one withheld text, in hex."""
    joined = f"{salt}\0{item_id}\0{field}\0{text}"
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def hidden_texts(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name and text of every field of an item that is withheld."""
    yield "stem", row["stem"]
    if row["context"]:
        yield "context", row["context"]["text"]
    for option in row["options"]:
        yield f"option:{option['id']}", option["text"]
    for number, text in enumerate(row["key"]["accepted"]):
        yield f"accepted:{number}", text
    for column, name in _INNER.items():
        for number, part in enumerate(row[column]):
            yield f"{name}:{number}", part["text"]
    for number, media in enumerate(row["media"]):
        if media["caption"] is not None:
            yield f"caption:{number}", media["caption"]
    for number, label in enumerate(row["labels"]):
        if label["evidence"] is not None:
            yield f"evidence:{number}", label["evidence"]


def withhold_items(items: pl.DataFrame, salt: str) -> pl.DataFrame:
    """Return the items with ``withheld_hashes``, and without texts where ``withheld`` gives a reason."""
    import polars as pl

    from benchwright.builder.release._tables import HASHES

    held = items.filter(pl.col("withheld").is_not_null())
    # A loop over rows: no column expression computes SHA-256, and only withheld items are visited.
    hashes = [
        [{"field": name, "sha256": salted_hash(salt, row["id"], name, text)} for name, text in hidden_texts(row)]
        for row in held.select("id", *WITHHELD_TEXTS).iter_rows(named=True)
    ]
    by_id = pl.DataFrame({"id": held["id"], "withheld_hashes": pl.Series(hashes, dtype=HASHES)})
    joined = items.join(by_id, on="id", how="left", maintain_order="left").with_columns(
        pl.col("withheld_hashes").fill_null(pl.lit([], dtype=HASHES))
    )
    return joined.with_columns(
        pl.when(pl.col("withheld").is_null()).then(pl.col(name)).otherwise(empty).alias(name)
        for name, empty in _emptied(items.schema).items()
    )


def _emptied(schema: pl.Schema) -> dict[str, pl.Expr]:
    """Return what each column with text becomes."""
    import polars as pl

    def without(column: str, field: str) -> pl.Expr:
        nothing = pl.lit(None, pl.String).alias(field)
        return pl.col(column).list.eval(pl.element().struct.with_fields(nothing)).cast(schema[column])

    return {
        "stem": pl.lit(None, pl.String),
        "context": pl.when(pl.col("context").is_not_null()).then(
            pl.col("context").struct.with_fields(pl.lit(None, pl.String).alias("text"))
        ),
        "options": without("options", "text"),
        "key": pl.col("key").struct.with_fields(pl.lit([], pl.List(pl.String)).alias("accepted")),
        "rationales": without("rationales", "text"),
        "turns": without("turns", "text"),
        "rubric": without("rubric", "text"),
        "media": without("media", "caption"),
        "labels": without("labels", "evidence"),
    }


def withhold_findings(findings: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return the findings without words of withheld items; code, place, severity and offsets stay.

    A finding wider than an item loses its words as soon as any item of the dataset is withheld: it may quote it.
    """
    import polars as pl

    held = items.filter(pl.col("withheld").is_not_null())["id"]
    wide = pl.lit(held.len() > 0) & pl.col("item_id").is_null()
    hidden = wide | pl.col("item_id").is_in(held.to_list()).fill_null(value=False)
    nothing = pl.lit(None, pl.String)
    spans = (
        pl.col("spans").list.eval(pl.element().struct.with_fields(nothing.alias("text"))).cast(findings.schema["spans"])
    )
    return findings.with_columns(
        pl.when(hidden).then(nothing).otherwise("message").alias("message"),
        pl.when(hidden).then(nothing).otherwise("evidence").alias("evidence"),
        pl.when(hidden).then(spans).otherwise("spans").alias("spans"),
        hidden.alias("withheld"),
    )


def withhold_rejects(rejects: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return the rejects without the text of files that are not known to be free."""
    import polars as pl

    def files(held: bool) -> set[str]:
        chosen = items.filter(pl.col("withheld").is_not_null() == held)
        return set(chosen["provenance"].explode().drop_nulls().struct.field("file").unique())

    free = sorted(files(held=False) - files(held=True))
    nothing_held = pl.lit(items["withheld"].null_count() == items.height)
    hidden = ~(nothing_held | pl.col("file").is_in(free))
    return rejects.with_columns(
        pl.when(hidden).then(None).otherwise("text").alias("text"),
        pl.when(hidden).then(None).otherwise("detail").alias("detail"),
        hidden.alias("withheld"),
    )
