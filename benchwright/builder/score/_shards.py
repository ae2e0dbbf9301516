"""Numbers of a metric for many rows: equal rows once, in shards that lie on disk, so that a killed run goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.builder.score._metric import Metric, Texts, Value
from benchwright.builder.store import write_table
from benchwright.schemas.text import sha256_text

__all__ = ["MEASURED", "SHARD_ROWS", "measured"]

SHARD_ROWS: Final = 1024
MEASURED: Final = pl.Schema({"key": pl.String, "value": pl.Float64, "reason": pl.String, "spans": pl.String})
_DIGITS: Final = 6
Tick = Callable[[int, int], None]


def measured(
    rows: pl.DataFrame,
    metric: Metric,
    language: str,
    folder: Path,
    *,
    shard_rows: int = SHARD_ROWS,
    tick: Tick | None = None,
) -> pl.DataFrame:
    """Return the rows with ``value``, ``reason`` and ``spans`` (JSON).

    Rows of one source text are in one shard, which is computed as a whole or not at all: numbers do not depend on where
    a run was stopped. A row whose texts are those of an earlier run keeps its number.

    Args:
        rows: texts in the columns of the metric; none is null.
        metric: what is measured.
        language: of the texts that are compared.
        folder: where shards are kept; each signature has its own below it.
        shard_rows: rows of a shard, on the average.
        tick: called with the different rows that are done, and all of them.
    """
    columns = list(metric.info.columns)
    own = folder / sha256_text(metric.signature(language))[:16]
    unique = rows.select(columns).unique(maintain_order=False).sort(columns)
    # Hashes are no column expression: one call for each different row.
    keys = [_key(row) for row in unique.iter_rows()]
    anchor = "source" if "source" in columns else columns[0]
    homes = [_key((text,)) for text in unique[anchor]]
    total = max(1, -(-unique.height // shard_rows))
    places = [int(home[:12], 16) % total for home in homes]
    keyed = unique.with_columns(pl.Series("key", keys, dtype=pl.String), pl.Series("_home", places, dtype=pl.Int64))
    parts = keyed.partition_by("_home", as_dict=True, maintain_order=True)
    names = {home: own / f"{home:05d}-of-{total:05d}.parquet" for (home,) in parts}
    done = 0
    found: list[pl.DataFrame] = [pl.DataFrame(schema=MEASURED)]
    known = _known(own)
    jobs = [(part.drop("_home"), names[home], known) for (home,), part in sorted(parts.items())]
    with ThreadPoolExecutor(max_workers=max(1, metric.jobs)) as pool:
        for made in pool.map(lambda job: _shard(metric, language, *job), jobs):
            found.append(made)
            done += made.height
            if tick:
                tick(done, unique.height)
    told = keyed.select(*columns, "key").join(pl.concat(found), on="key", how="left").drop("key")
    return rows.join(told, on=columns, how="left")


def _known(folder: Path) -> pl.DataFrame:
    """Return every number that was measured under a signature, in shards of whatever number of rows."""
    found = [pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))]
    return pl.concat([pl.DataFrame(schema=MEASURED), *found]).unique("key", keep="first", maintain_order=True)


def _shard(metric: Metric, language: str, part: pl.DataFrame, path: Path, before: pl.DataFrame) -> pl.DataFrame:
    """Return key, value, reason and spans of one shard; what is known already is not made again."""
    known = before.join(part.select("key"), on="key", how="semi")
    new = part.join(known, on="key", how="anti")
    if new.is_empty() and path.is_file():
        return known
    texts: list[Texts] = list(new.select(metric.info.columns).iter_rows())
    values = metric.values(language, texts) if texts else []
    made = pl.DataFrame(list(_rows(new["key"].to_list(), values)), schema=MEASURED, orient="row")
    whole = pl.concat([known, made]).sort("key")
    write_table(path, whole)
    return whole


def _rows(keys: Sequence[str], values: Sequence[Value]) -> Iterator[tuple[str, float | None, str | None, str | None]]:
    for key, one in zip(keys, values, strict=True):
        number = None if one.value is None else round(one.value, _DIGITS)
        marked = json.dumps(list(one.spans), ensure_ascii=False, sort_keys=True) if one.spans else None
        yield key, number, one.reason, marked


def _key(texts: Texts) -> str:
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:32]
