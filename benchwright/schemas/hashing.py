"""The hashes of a whole table of items at once, equal to those that a single item computes for itself."""

from __future__ import annotations

import hashlib
from typing import Final

import polars as pl
from polars._typing import PolarsDataType

from benchwright.schemas.item import NOT_PUBLISHED, compute_hashes

__all__ = ["with_hashes"]

_HASHES: Final = ("text_hash", "key_hash", "hash")
_TINY: Final = r"[:\[,]-?(?:0\.0000|\d(?:\.\d+)?e-\d[,\]}])"
"""Where canonical JSON may hold a number that Python spells otherwise: 1e-05 for 1e-5 or 0.00001."""


def with_hashes(items: pl.DataFrame) -> pl.DataFrame:
    """Return a table of items with the column ``hashes`` computed anew.

    The canonical JSON of :func:`benchwright.schemas.item.compute_hashes` is written by column expressions; only
    SHA-256 itself runs row by row, in C.
    """
    published = sorted(name for name in items.columns if name not in NOT_PUBLISHED)
    texts = items.select(
        _json(_text_of()).alias("text_hash"),
        _json(_key_of(items)).alias("key_hash"),
        _json({name: _published(items[name]) for name in published}).alias("hash"),
    )
    digests = texts.select(_sha256(texts[name]) for name in _HASHES)
    tiny = texts.select(pl.any_horizontal(pl.col(_HASHES).str.contains(_TINY)))[:, 0].arg_true()
    if not tiny.is_empty():
        again = pl.DataFrame([compute_hashes(row).model_dump() for row in items[tiny].iter_rows(named=True)])
        digests = digests.with_columns(digests[name].scatter(tiny, again[name]) for name in _HASHES)
    hashes = digests.select(pl.struct(*_HASHES).alias("hashes"))["hashes"]
    return items.with_columns(hashes)


def _sha256(texts: pl.Series) -> pl.Series:
    sha256 = hashlib.sha256
    return pl.Series(texts.name, [sha256(text.encode()).hexdigest() for text in texts], dtype=pl.String)


def _json(fields: dict[str, pl.Expr]) -> pl.Expr:
    named = [fields[name].alias(name) for name in sorted(fields)]
    return pl.struct(*named).struct.json_encode()


def _published(column: pl.Series) -> pl.Expr:
    """Return the column in the order of canonical JSON; a column with nothing in it is left as it is."""
    expression = pl.col(column.name)
    if column.null_count() == len(column) or (isinstance(column.dtype, pl.List) and column.list.len().max() == 0):
        return expression
    return _sorted(expression, column.dtype)


def _sorted(column: pl.Expr, dtype: PolarsDataType) -> pl.Expr:
    """Return a column whose structs have their fields in the order of canonical JSON."""
    if isinstance(dtype, pl.Struct):
        parts = [_sorted(column.struct.field(one.name), one.dtype).alias(one.name) for one in _by_name(dtype)]
        return pl.when(column.is_not_null()).then(pl.struct(*parts))
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct | pl.List):
        return column.list.eval(_sorted(pl.element(), dtype.inner))
    return column


def _by_name(dtype: pl.Struct) -> list[pl.Field]:
    return sorted(dtype.fields, key=lambda field: field.name)


def _pairs(column: str, first: str, second: str) -> pl.Expr:
    element = pl.element().struct
    return pl.col(column).list.eval(pl.concat_list(element.field(first), element.field(second)))


def _text_of() -> dict[str, pl.Expr]:
    context = pl.col("context").struct
    return {
        "context": pl.when(pl.col("context").is_not_null()).then(
            pl.struct(context.field("id").alias("id"), context.field("text").alias("text"))
        ),
        "stem": pl.col("stem"),
        "options": _pairs("options", "id", "text"),
        "media": _pairs("media", "sha256", "attached_to"),
        "rationales": pl.col("rationales").list.eval(pl.element().struct.field("text")),
        "turns": _pairs("turns", "role", "text"),
    }


def _key_of(items: pl.DataFrame) -> dict[str, pl.Expr]:
    key = pl.col("key").struct
    return {
        "status": key.field("status"),
        "answers": pl.lit(_ordered_answers(items["key"].struct.field("answers"))),
        "accepted": key.field("accepted").list.sort(),
        "numeric": _sorted(pl.col("numeric"), items.schema["numeric"]),
    }


def _ordered_answers(answers: pl.Series) -> pl.Series:
    """Return the answers with their ids and themselves in order; polars sorts no list of lists, so few rows do."""
    longest = answers.explode().list.len().max()
    each = answers.list.eval(pl.element().list.sort()) if isinstance(longest, int) and longest > 1 else answers
    several = (each.list.len() > 1).fill_null(value=False).arg_true()
    if several.is_empty():
        return each
    frame = pl.DataFrame({"answers": each}).with_row_index()
    few = pl.Series("ordered", [sorted(one) for one in each.gather(several).to_list()], dtype=each.dtype)
    ordered = pl.DataFrame({"index": several.cast(pl.UInt32), "ordered": few})
    joined = frame.join(ordered, on="index", how="left", maintain_order="left")
    return joined.select(pl.coalesce("ordered", "answers").alias("answers"))["answers"]
