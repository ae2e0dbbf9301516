"""The steps of a run, each a list of units; a unit is done when its file is there, so tasks may share them freely."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from benchwright._version import __version__
from benchwright.builder.clean import _near
from benchwright.builder.clean._merge import merge_partition, partitions
from benchwright.builder.clean._records import dropped_frame, forum_parts, parts_of
from benchwright.builder.clean._stages import Stages, as_text, clean_records
from benchwright.builder.clean._work import Work
from benchwright.builder.clean.config import CleanConfig
from benchwright.builder.store import read_json, replacing, write_bytes, write_json, write_table
from benchwright.schemas._base import Record

__all__ = ["DROPPED", "ENTRIES", "Job", "Source", "Step", "load_job"]

ENTRIES: Final = "entries.parquet"
DROPPED: Final = "dropped.parquet"
"""Both are folders of parts, which readers of Parquet take as one table."""


class Source(Record):
    """One input file: where it is, what it is called in ids and reports, size and SHA-256."""

    path: str
    label: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Step:
    """One step: its units are known when the steps before it are done."""

    name: str
    units: Callable[[], Sequence[str]]
    is_done: Callable[[str], bool]
    run: Callable[[str], None]

    def open_units(self) -> list[str]:
        """Return the units that are not done."""
        return [unit for unit in self.units() if not self.is_done(unit)]


class Job:
    """A run: output folder, inputs and configuration."""

    def __init__(self, out: Path, sources: Sequence[Source], config: CleanConfig, limit: int | None) -> None:
        self.out = out.absolute()
        self.sources = tuple(sources)
        self.config = config
        self.limit = limit
        self.work = Work(self.out / "stages")

    @cached_property
    def stages(self) -> Stages:
        """The stages, with their filters made once in a process."""
        return Stages.of(self.config)

    @cached_property
    def digest(self) -> str:
        """A hash of all that the output depends on, and of the library whose hashes the unfinished work holds."""
        about = {
            "version": [__version__, pl.__version__, 1],
            "sources": [[one.label, one.size, one.sha256] for one in self.sources],
            "config": self.config.model_dump(mode="json"),
            "limit": self.limit,
            "signatures": self.stages.signatures(),
        }
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode("utf-8")).hexdigest()

    def save(self) -> None:
        """Write what :func:`load_job` reads."""
        write_json(
            self.work.root / "job.json",
            {
                "digest": self.digest,
                "sources": [one.model_dump(mode="json") for one in self.sources],
                "config": self.config.model_dump(mode="json"),
                "limit": self.limit,
            },
        )

    @property
    def merges(self) -> list[str]:
        """The steps that drop rows because of rows in other parts, in their order."""
        config = self.config
        wanted = {"ids": config.unique_ids, "exact": config.exact, "near": config.near is not None}
        return [name for name, is_wanted in wanted.items() if is_wanted]

    @cached_property
    def steps(self) -> list[Step]:
        """All steps in their order."""
        merges = [self._merge(name) for name in self.merges if name != "near"]
        return [self._read(), *merges, *self._near(), self._write(), self._close()]

    def step(self, name: str) -> Step:
        """Return a step by name."""
        return next(one for one in self.steps if one.name == name)

    def _read(self) -> Step:
        return Step(
            "read",
            lambda: [str(at) for at in range(len(self.sources) if self.config.forum is None else 1)],
            lambda unit: self.work.file_done(int(unit)).is_file(),
            lambda unit: self._read_file(int(unit)),
        )

    def _read_file(self, at: int) -> None:
        source, config, before = self.sources[at], self.config, 0
        if config.forum is None:
            parts = parts_of(Path(source.path), source.label, config, self.limit)
        else:
            parts = forum_parts([Path(one.path) for one in self.sources], config, self.limit)
        for number, part in enumerate(parts):
            if self.limit is not None and before >= self.limit:
                break
            known = self.work.records_of(at, number)
            if known is not None:
                before += known
                continue
            records = part(before)
            outcome = clean_records(records, self.stages, source.label)
            count = records.frame.height + records.dropped.height
            self.work.put(
                at, number, outcome, count, exact=config.exact, ids=config.unique_ids, near=config.near is not None
            )
            before += count
        write_bytes(self.work.file_done(at), b"")

    def _ranges(self) -> int:
        return partitions(sum(part.rows for part in self.work.parts), self.config.partition_rows)

    def _merge(self, name: str) -> Step:
        earlier = self.merges[: self.merges.index(name)]
        return Step(
            name,
            lambda: [str(number) for number in range(self._ranges())],
            lambda unit: (self.work.root / name / f"{int(unit):05d}.npy").is_file(),
            lambda unit: merge_partition(self.work, name, int(unit), self._ranges(), earlier),
        )

    def _near(self) -> list[Step]:
        near = self.config.near
        if near is None:
            return []
        root, earlier = self.work.root, self.merges[:-1]

        def names() -> list[str]:
            return [part.name for part in self.work.parts]

        def places() -> list[str]:
            return [f"{band:03d}-{number:05d}" for band in range(near.bands) for number in range(self._ranges())]

        def propose(unit: str) -> None:
            band, number = unit.split("-")
            _near.propose(self.work, int(band), int(number), self._ranges(), earlier)

        return [
            Step("near-sign", names, lambda unit: (root / "near-sign" / f"{unit}.npy").is_file(), self._sign),
            Step("near-pairs", places, lambda unit: (root / "near-pairs" / f"{unit}.npy").is_file(), propose),
            Step(
                "near-verify",
                names,
                lambda unit: (root / "near-verify" / f"{unit}.arrow").is_file(),
                lambda unit: _near.verify(self.work, self._place(unit), near),
            ),
            Step(
                "near",
                lambda: ["0"],
                lambda _: (root / "near" / "00000.npy").is_file(),
                lambda _: _near.decide(self.work),
            ),
        ]

    @cached_property
    def schema(self) -> pl.Schema:
        """The columns of the output, which all parts have in common."""
        return _common(self.work.schema(part) for part in self.work.parts)

    def _place(self, name: str) -> int:
        return next(at for at, part in enumerate(self.work.parts) if part.name == name)

    def _sign(self, unit: str) -> None:
        if self.config.near is not None:
            keys = _near.band_keys(self.work.texts(self.work.parts[self._place(unit)]), self.config.near)
            with replacing(self.work.root / "near-sign" / f"{unit}.npy") as stream:
                np.save(stream, keys)

    def _write(self) -> Step:
        return Step(
            "write",
            lambda: [part.name for part in self.work.parts],
            lambda unit: (self.out / DROPPED / f"part-{unit}.parquet").is_file(),
            self._write_part,
        )

    def _write_part(self, unit: str) -> None:
        at = self._place(unit)
        part = self.work.parts[at]
        frame = self.work.frame(part)
        dropped = [self.work.dropped(part)]
        keep = np.ones(frame.height, dtype=bool)
        for stage in self.merges:
            lost = self.work.merged(stage, at)
            keep[lost["row"].to_numpy()] = False
            named = frame["id"].gather(lost["row"])
            rows = list(zip(named, [REASONS[stage]] * lost.height, lost["detail"], strict=True))
            dropped.append(dropped_frame(stage, rows))
        kept = frame.filter(pl.Series(keep)) if not keep.all() else frame
        _write_parquet(
            self.out / ENTRIES / f"part-{unit}.parquet",
            _unified(kept, self.schema),
            self.config.compression_level,
        )
        write_table(self.out / DROPPED / f"part-{unit}.parquet", pl.concat(dropped))

    def _close(self) -> Step:
        return Step("close", lambda: ["0"], lambda _: (self.out / "manifest.json").is_file(), lambda _: self._end())

    def _end(self) -> None:
        from benchwright.builder.clean._close import close
        from benchwright.builder.clean.executors import checked

        for step in self.steps[:-1]:
            checked(step)
        close(self)


REASONS: Final = {"ids": "id-repeated", "exact": "exact-duplicate", "near": "near-duplicate"}


def load_job(out: Path) -> Job:
    """Return the job that a folder was made for; this is how a task on another machine finds its work."""
    found: dict[str, Any] = read_json(out / "stages" / "job.json")
    return Job(
        out,
        [Source.model_validate(one) for one in found["sources"]],
        CleanConfig.model_validate(found["config"]),
        found["limit"],
    )


def _common(schemas: Iterable[pl.Schema]) -> pl.Schema:
    """Return the columns of all parts with one type for each; text where parts do not agree."""
    found: dict[str, pl.DataType] = {}
    for schema in schemas:
        for name, kind in schema.items():
            known = found.get(name, pl.Null())
            if known == pl.Null():
                found[name] = kind
            elif kind not in (known, pl.Null()):
                found[name] = pl.Float64() if {known, kind} == {pl.Float64(), pl.Int64()} else pl.String()
    return pl.Schema({name: pl.String() if kind == pl.Null() else kind for name, kind in found.items()})


def _unified(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Return a part with the columns of the whole table."""
    if frame.schema == schema:
        return frame
    made: list[pl.Expr] = []
    for name, kind in schema.items():
        if name not in frame.columns:
            made.append(pl.lit(None, dtype=kind).alias(name))
        elif frame.schema[name] == kind:
            made.append(pl.col(name))
        else:
            made.append((as_text(frame, name) if kind == pl.String else pl.col(name)).cast(kind))
    return frame.select(made)


def _write_parquet(path: Path, frame: pl.DataFrame, level: int) -> None:
    with replacing(path) as stream:
        frame.rechunk().write_parquet(
            stream, compression="zstd", compression_level=level, statistics=False, row_group_size=65_536
        )
