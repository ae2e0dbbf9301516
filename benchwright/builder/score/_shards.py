"""Numbers of a metric for many rows: equal rows once, a shard at a time, each kept on disk for a run that goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import polars as pl

from benchwright.builder.score._metric import Metric, Texts, Value
from benchwright.builder.score._numbers import MEASURED, Numbers, Row

__all__ = ["SHARD_ROWS", "measured"]

SHARD_ROWS: Final = 1024
_DIGITS: Final = 6
_KEY_BYTES: Final = 16
Tick = Callable[[int, int], None]


def measured(
    rows: pl.DataFrame,
    metric: Metric,
    language: str,
    numbers: Numbers,
    *,
    shard_rows: int = SHARD_ROWS,
    tick: Tick | None = None,
) -> pl.DataFrame:
    """Return the rows with ``value``, ``reason`` and ``spans`` (JSON).

    Rows of one source text are in one shard, which is computed as a whole or not at all: numbers do not depend on where
    a run was stopped. A row whose texts were measured before keeps its number.

    Args:
        rows: texts in the columns of the metric; none is null.
        metric: what is measured.
        language: of the texts that are compared.
        numbers: what was measured before; new numbers are kept there.
        shard_rows: rows of a shard, on the average.
        tick: called with the different rows that are done, and all of them.
    """
    columns = list(metric.info.columns)
    unique = rows.select(columns).unique(maintain_order=False).sort(columns)
    # Hashes are no column expression: one call for each different row.
    keyed = unique.with_columns(pl.Series("key", [_key(row) for row in unique.iter_rows()], dtype=pl.Binary))
    signature = numbers.number_of(metric.signature(language))
    known = numbers.known(signature, keyed["key"].to_list())
    shards = list(_parted(keyed.join(known, on="key", how="anti"), columns, shard_rows))
    done = known.height
    found = [known]
    with ThreadPoolExecutor(max_workers=max(1, metric.jobs)) as pool:
        for made in pool.map(lambda shard: _shard(metric, language, shard), shards):
            numbers.keep(signature, made)
            found.append(pl.DataFrame(made, schema=MEASURED, orient="row"))
            done += len(made)
            if tick:
                tick(done, unique.height)
    told = keyed.join(pl.concat(found), on="key", how="left").drop("key")
    return rows.join(told, on=columns, how="left")


def _parted(new: pl.DataFrame, columns: Sequence[str], shard_rows: int) -> Iterator[pl.DataFrame]:
    """Yield shards of about as many rows; all rows of one source text, or of one first text, are in one."""
    anchor = "source" if "source" in columns else columns[0]
    total = max(1, -(-new.height // shard_rows))
    homes = [int.from_bytes(_key((text,))[:6], "big") % total for text in new[anchor]]
    placed = new.with_columns(pl.Series("_home", homes, dtype=pl.Int64))
    parts = placed.partition_by("_home", as_dict=True, maintain_order=True)
    for _, part in sorted(parts.items()):
        yield part.select(*columns, "key")


def _shard(metric: Metric, language: str, part: pl.DataFrame) -> list[Row]:
    texts: list[Texts] = list(part.select(metric.info.columns).iter_rows())
    return list(_rows(part["key"].to_list(), metric.values(language, texts)))


def _rows(keys: Sequence[bytes], values: Sequence[Value]) -> Iterator[Row]:
    for key, one in zip(keys, values, strict=True):
        number = None if one.value is None else round(one.value, _DIGITS)
        marked = json.dumps(list(one.spans), ensure_ascii=False, sort_keys=True) if one.spans else None
        yield key, number, one.reason, marked


def _key(texts: Texts) -> bytes:
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()[:_KEY_BYTES]
