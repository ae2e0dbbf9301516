"""Batches turned into parts on disk, in several processes, in the order in which they were read."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.schemas.tables import Reject
from benchwright.sources._layouts.batches import Batch

__all__ = ["Part", "Taken", "convert_batches", "usual_workers"]

_WORTH_IT: Final = 2
"""Batches from which on other processes are worth their start."""
_SLICE: Final = 8192
"""Rows that can be read from a part without the rest of it."""
_WORKER: Final = {"POLARS_MAX_THREADS": "1"}
"""Each process works on a batch of its own: further threads would only wait for each other."""
_AHEAD: Final = 2
"""Batches per process that wait or are worked on: what bounds the memory."""


@dataclass(frozen=True)
class Taken:
    """The items and rejects of one batch; ``records`` counts what was read, a reject of a key is no record."""

    items: pl.DataFrame
    rejects: list[Reject]
    records: int


@dataclass(frozen=True)
class Part:
    """The items of one batch in a file, sorted by id; the counts of :class:`Taken` beside it."""

    path: Path
    items: int
    keyed: int
    rejects: list[Reject]
    records: int


def usual_workers() -> int:
    """Return how many processes are used where nothing is said: one for each core, four at most."""
    return min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def convert_batches(
    batches: Iterable[Batch], work: Callable[[Batch], Taken], names: Iterable[Path], workers: int | None = None
) -> Iterator[Part]:
    """Yield the part of each batch, in the order of the batches, whatever the number of processes.

    Args:
        batches: read in this process.
        work: what makes items of a batch; it must survive the way to another process.
        names: a file for each part, as many as are needed.
        workers: number of processes; null is one for each core. One, or a single batch, is done in this process.
    """
    source, paths = iter(batches), iter(names)
    count = usual_workers() if workers is None else workers
    first = list(islice(source, _WORTH_IT)) if count > 1 else []
    if len(first) < _WORTH_IT:
        for batch in (*first, *source):
            yield _made(batch, work, next(paths))
        return
    yield from _in_processes(_chained(first, source), work, paths, count)


def _chained(first: list[Batch], rest: Iterator[Batch]) -> Iterator[Batch]:
    while first:
        yield first.pop(0)
    yield from rest


def _in_processes(
    batches: Iterator[Batch], work: Callable[[Batch], Taken], paths: Iterator[Path], count: int
) -> Iterator[Part]:
    # A fork would copy the locks of polars' threads as they stand, and could wait for ever.
    pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"))
    waiting: deque[Future[Part]] = deque()
    try:
        with _settings(_WORKER):
            waiting.extend(pool.submit(_made, batch, work, next(paths)) for batch in islice(batches, count))
        for batch in batches:
            waiting.append(pool.submit(_made, batch, work, next(paths)))
            if len(waiting) >= count * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _settings(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables for the processes that begin meanwhile; what the user has set stays."""
    added = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _made(batch: Batch, work: Callable[[Batch], Taken], path: Path) -> Part:
    taken = work(batch)
    taken.items.sort("id", maintain_order=True).write_ipc(path, record_batch_size=_SLICE)
    keyed = int((taken.items["key"].struct.field("status") != "unknown").sum())
    return Part(path, taken.items.height, keyed, taken.rejects, taken.records)
