"""The hashes of a whole table of items at once, equal to those that a single item computes for itself."""

from __future__ import annotations

import hashlib
import itertools
from typing import Final

import polars as pl
from polars._typing import PolarsDataType

from benchwright.schemas.item import NOT_PUBLISHED, compute_hashes
from benchwright.schemas.lists import in_lists

__all__ = ["with_hashes"]

_HASHES: Final = ("text_hash", "key_hash", "hash")
_TINY: Final = 1e-4
"""Python spells numbers below this as 1e-05 where canonical JSON by column expressions has 1e-5 or 0.00001."""
_FEW: Final = 0.1
_HALF: Final = 0.5
_SAMPLE: Final = 512
"""Texts that tell whether it is worth while to look for equal ones: most of the hashed texts differ."""


def with_hashes(items: pl.DataFrame) -> pl.DataFrame:
    """Return a table of items with the column ``hashes`` computed anew.

    The canonical JSON of :func:`benchwright.schemas.item.compute_hashes` is written by column expressions; only
    SHA-256 itself runs row by row, in C.
    """
    if items.is_empty():
        return items.with_columns(pl.lit(None, dtype=pl.Struct(dict.fromkeys(_HASHES, pl.String))).alias("hashes"))
    texts = items.select(
        _json(_text_of(items)).alias("text_hash"), _json(_key_of(items)).alias("key_hash"), _published(items)
    )
    digests = texts.select(_sha256(texts[name]) for name in _HASHES)
    tiny = _with_tiny_numbers(items)
    if not tiny.is_empty():
        again = pl.DataFrame([compute_hashes(row).model_dump() for row in items[tiny].iter_rows(named=True)])
        digests = digests.with_columns(digests[name].scatter(tiny, again[name]) for name in _HASHES)
    hashes = digests.select(pl.struct(*_HASHES).alias("hashes"))["hashes"]
    return items.with_columns(hashes)


def _with_tiny_numbers(items: pl.DataFrame) -> pl.Series:
    """Return the places of the rows with a number that Python spells otherwise."""
    found = [
        _any_tiny(pl.col(name), dtype)
        for name, dtype in items.schema.items()
        if name not in NOT_PUBLISHED and _has_floats(dtype) and items[name].null_count() < items.height
    ]
    if not found:
        return pl.Series(dtype=pl.UInt32)
    return items.select(pl.any_horizontal(found).fill_null(value=False)).to_series().arg_true()


def _has_floats(dtype: PolarsDataType) -> bool:
    if isinstance(dtype, pl.Struct):
        return any(_has_floats(one.dtype) for one in dtype.fields)
    return _has_floats(dtype.inner) if isinstance(dtype, pl.List) else dtype.is_float()


def _any_tiny(column: pl.Expr, dtype: PolarsDataType) -> pl.Expr:
    if isinstance(dtype, pl.Struct):
        inner = [_any_tiny(column.struct.field(one.name), one.dtype) for one in dtype.fields if _has_floats(one.dtype)]
        return pl.any_horizontal(inner)
    if isinstance(dtype, pl.List):
        return column.list.eval(_any_tiny(pl.element(), dtype.inner)).list.any()
    return (column != 0) & (column.abs() < _TINY)


def _sha256(texts: pl.Series) -> pl.Series:
    sha256 = hashlib.sha256
    some = texts.head(_SAMPLE)
    different = texts.unique() if some.n_unique() < _HALF * len(some) else texts
    if len(different) < _FEW * len(texts):
        once = [sha256(text).hexdigest() for text in different.cast(pl.Binary).to_list()]
        return texts.replace_strict(different, once, return_dtype=pl.String)
    # Bytes come out of a column faster than texts, and are what is hashed.
    return pl.Series(texts.name, [sha256(text).hexdigest() for text in texts.cast(pl.Binary).to_list()], pl.String)


def _json(fields: dict[str, pl.Expr]) -> pl.Expr:
    named = [fields[name].alias(name) for name in sorted(fields)]
    return pl.struct(*named).struct.json_encode()


def _published(items: pl.DataFrame) -> pl.Series:
    """Return the canonical JSON of all that is published.

    Columns with one value in all rows are spelled once for the whole table; most columns of most tables are.
    """
    names = sorted(name for name in items.columns if name not in NOT_PUBLISHED)
    pieces: list[pl.Expr] = [pl.lit("{")]
    for constant, run in itertools.groupby(names, key=lambda name: _is_constant(items[name])):
        together = {name: _sorted(pl.col(name), items.schema[name]) for name in run}
        comma = "" if len(pieces) == 1 else ","
        if constant:
            pieces.append(pl.lit(comma + items[:1].select(_json(together)).item()[1:-1]))
        else:
            # Without its braces, by place: that copies nothing.
            pieces += [pl.lit(comma), _json(together).str.slice(1).str.head(-1)]
    return items.select(pl.concat_str(*pieces, pl.lit("}")).alias("hash"))["hash"]


def _is_constant(column: pl.Series) -> bool:
    """Tell whether a column certainly has the same value in all rows: some that do are not seen."""
    missing = column.null_count()
    if missing:
        return missing == len(column)
    if isinstance(column.dtype, pl.List):
        return column.list.len().max() == 0
    if isinstance(column.dtype, pl.Struct):
        return all(_is_constant(column.struct.field(one.name)) for one in column.dtype.fields)
    return column.n_unique() == 1


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


def _pairs(column: pl.Series, first: str, second: str) -> pl.Series:
    """Return lists of two-value lists out of lists of records."""
    counts = column.list.len().fill_null(0).cast(pl.Int64)
    if not counts.max():
        return column
    inner = column.explode(empty_as_null=False, keep_nulls=False).struct
    ones, others = inner.field(first), inner.field(second)
    places = pl.int_range(len(ones), eager=True)
    order = pl.concat([places * 2, places * 2 + 1]).arg_sort()
    return in_lists(pl.concat([ones, others]).gather(order).reshape((-1, 2)).arr.to_list(), counts)


def _text_of(items: pl.DataFrame) -> dict[str, pl.Expr]:
    context = pl.col("context").struct
    return {
        "context": pl.when(pl.col("context").is_not_null()).then(
            pl.struct(context.field("id").alias("id"), context.field("text").alias("text"))
        ),
        "stem": pl.col("stem"),
        "options": pl.lit(_pairs(items["options"], "id", "text")),
        "media": pl.lit(_pairs(items["media"], "sha256", "attached_to")),
        "rationales": pl.col("rationales").list.eval(pl.element().struct.field("text")),
        "turns": pl.lit(_pairs(items["turns"], "role", "text")),
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
