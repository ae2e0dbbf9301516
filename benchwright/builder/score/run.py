"""Score translations: every metric that the texts allow, per field, stored once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder._stretches import ItemFiles, item_files, spread, write_frames
from benchwright.builder.score._metric import Info
from benchwright.builder.score._numbers import Numbers
from benchwright.builder.score._parts import ABOUT, Parts
from benchwright.builder.score._plan import STRETCH, plan_of
from benchwright.builder.score._shards import SHARD_ROWS
from benchwright.builder.score._summary import Cell
from benchwright.builder.score._table import DISAGREEMENT, SKIPPED
from benchwright.builder.score._worker import CometSettings
from benchwright.builder.score.gaps import Gap
from benchwright.builder.score.lexical import KINDS, lexical_metrics
from benchwright.builder.store import write_json, writing
from benchwright.schemas.errors import InputError, NotFoundError, OutputError, Problem
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Finding, Score

if TYPE_CHECKING:
    from benchwright.sources import IntakeOptions

__all__ = ["METRICS", "ScoreRun", "ScoreWish", "score_items"]

METRICS: Final = (*KINDS, "facts")
"""Metrics that need no model. TER takes four fifths of the time of all of them."""
_PARALLEL_ROWS: Final = 20_000
"""Fields from which on the work of sacrebleu goes to several processes."""
Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class ScoreWish:
    """What the user says of a scoring."""

    sources: Sequence[Path]
    back: Sequence[Path] = ()
    reference: Sequence[Path] = ()
    metrics: Sequence[str] = METRICS
    embed: str | None = None
    """Model of sentence-transformers, by folder or name on the hub."""
    comet: Sequence[str] = ()
    """Models of COMET, by checkpoint, folder or name on the hub."""
    settings: CometSettings = field(default_factory=CometSettings)
    comet_workers: int = 1
    """Processes with COMET; several take one GPU each."""
    layout: str = "auto"
    options: IntakeOptions | None = None
    source_options: IntakeOptions | None = None
    jobs: int | None = None
    shard_rows: int = SHARD_ROWS
    only: Path | None = None
    """Text file of the ids or groups that are scored."""
    limit: int | None = None
    """Items that are scored, the first by id."""
    stretch: int = STRETCH
    """Items in memory at a time."""


@dataclass(frozen=True)
class ScoreRun:
    """What a scoring gave; tables are read when they are asked for."""

    folder: Path
    items: int
    """Items with a source."""
    cells: list[Cell]
    gaps: list[Gap]
    facts: dict[str, Any]
    alone: list[str]
    """Ids of items without a source: they have no score."""
    notes: list[str]
    written: list[Path]

    @property
    def scores(self) -> pl.DataFrame:
        """Return the scores of fields and items."""
        return self.table("scores").collect()

    @property
    def findings(self) -> pl.DataFrame:
        """Return what the facts and models found."""
        return self.table("findings").collect()

    @property
    def skipped(self) -> pl.DataFrame:
        """Return the fields without a number, each with its reason."""
        return self.table("skipped").collect()

    @property
    def about(self) -> pl.DataFrame:
        """Return id, group, language, engine and text hash of the items with a source."""
        return self.table("scored").collect()

    def table(self, name: str) -> pl.LazyFrame:
        """Return one of the tables, unread."""
        return pl.scan_parquet(self.folder / f"{name}.parquet")


def score_items(files: Sequence[Path], out: Path, wish: ScoreWish, *, progress: Progress | None = None) -> ScoreRun:
    """Score translations and write scores, findings, what has no score, and the page.

    Args:
        files: projects, tables of items, or any files that can be imported.
        out: folder for the results; ``work`` in it keeps what a killed run goes on from.
        wish: sources, back-translations, references, metrics and models.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file does not exist; ``name-unknown`` for a metric.
        InputError: a file cannot be read; no item has a source; a model cannot be loaded or used; ``worker-failed``.
        MissingDependencyError: a model needs an extra or an environment that is not there.
        OutputError: the folder cannot be written.
    """
    _check(wish)
    _refuse_own_folder(files, out)
    work = out / "work"
    folder = work / "parts"
    with writing(out):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        parts = _spread(files, wish, folder, progress)
        facts = bool(wish.back) and "facts" in wish.metrics
        parts.meet(facts=facts)
        with Numbers(work / "numbers.sqlite") as numbers:
            deaths = _measure(parts, wish, out, numbers, progress)
        if facts:
            parts.tell_facts()
        return _finish(parts, out, deaths)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check(wish: ScoreWish) -> None:
    unknown = [name for name in wish.metrics if name not in METRICS]
    if unknown:
        raise NotFoundError(
            [
                Problem("name-unknown", f"there is no metric {name!r}", found=repr(name), expected=", ".join(METRICS))
                for name in unknown
            ]
        )
    if not (wish.back or wish.reference or wish.embed or wish.comet):
        raise InputError(
            Problem(
                "metric-impossible",
                "there is nothing to compare the translations with",
                expected="back-translations, references, or a model that needs neither",
                remedy="add --back, --reference, --embed or --comet",
            )
        )


def _spread(files: Sequence[Path], wish: ScoreWish, folder: Path, progress: Progress | None) -> Parts:
    """Lay the rows that meet into the files of their parts."""

    def opened(name: str, paths: Sequence[Path], options: IntakeOptions | None) -> ItemFiles | None:
        # What is imported stays in a folder of its own until the run ends.
        own = folder / name
        return item_files(paths, own, layout=wish.layout, options=options, progress=progress) if paths else None

    items, sources = opened("items", files, wish.options), opened("sources", wish.sources, wish.source_options)
    back = opened("back", wish.back, wish.source_options)
    reference = opened("reference", wish.reference, wish.options)
    if items is None or sources is None:
        raise ValueError("there are no items or no sources")
    plan = plan_of(items, sources, back, reference, only=wish.only, limit=wish.limit, size=wish.stretch)
    sides = {"items": items, "sources": sources, "back": back, "reference": reference}
    for name, side in sides.items():
        if side is not None:
            spread(side, getattr(plan, name), folder, name)
    return Parts(folder, plan)


def _refuse_own_folder(files: Sequence[Path], out: Path) -> None:
    """The tables of a build belong together; scores beside it do not replace a part of them."""
    if any(path.parent.resolve() == out.resolve() and path.suffix == ".parquet" for path in files):
        raise OutputError(
            Problem(
                "output-exists",
                "the scores would stand among the tables that are scored",
                str(out),
                expected="another folder",
                remedy="name another folder with -o",
            )
        )


def _measure(parts: Parts, wish: ScoreWish, out: Path, numbers: Numbers, progress: Progress | None) -> int:
    """Measure everything and return how often a worker had to be started again."""
    pairs = [name for name, files in (("back", wish.back), ("reference", wish.reference)) if files]
    kinds = [name for name in wish.metrics if name in KINDS]
    measured = partial(parts.measure, numbers=numbers, shard_rows=wish.shard_rows, tick=progress)
    with lexical_metrics(kinds, pairs, wish.jobs if parts.fields >= _PARALLEL_ROWS else 1) as lexical:
        for metric in lexical:
            measured(metric)
    if wish.embed:
        from benchwright.builder.dedup._encode import SentenceEncoder
        from benchwright.builder.score.embedding import Embedding

        encoder = SentenceEncoder(wish.embed)
        for pair in ("pair", *pairs):
            measured(Embedding(encoder, pair, out / "work" / "vectors"))
    deaths = 0
    for number, model in enumerate(wish.comet):
        from benchwright.builder.score.comet import CometPool

        log = out / "work" / f"comet-{number}.log"
        # One model at a time in memory: the workers end before the next model starts.
        with CometPool(model, log, wish.settings, wish.comet_workers) as pool:
            for one in pool.metrics(back="back" in pairs, reference="reference" in pairs):
                measured(one)
            deaths += pool.deaths
    return deaths


def _finish(parts: Parts, out: Path, deaths: int) -> ScoreRun:
    from benchwright.builder.score.page import write_pages

    numbers = range(parts.plan.parts)
    collected = parts.collected()
    cells, found, apart = collected.cells(parts.infos), collected.gaps(), collected.disagreement(parts.infos)
    tables: dict[str, tuple[pl.Schema, Callable[[], Iterator[pl.DataFrame]]]] = {
        "scores": (table_schema(Score), lambda: (parts.scores(one, apart) for one in numbers)),
        "findings": (table_schema(Finding), parts.findings),
        "skipped": (SKIPPED, lambda: (parts.skipped(one) for one in numbers)),
        "scored": (ABOUT, lambda: (parts.about(one) for one in numbers)),
    }
    for name, (schema, frames) in tables.items():
        write_frames(out / f"{name}.parquet", schema, frames)
    facts = {
        "items": collected.items,
        "without_source": len(parts.plan.alone),
        "metrics": [
            {**asdict(info), "signatures": sorted(parts.signatures.get(info.name, {}).values())}
            for info in (*parts.infos, _disagreement_info())
        ],
        "cells": [asdict(one) for one in cells],
        "gaps": [asdict(one) for one in found],
        "notes": parts.plan.notes,
        "run": {"comet_restarts": deaths},
    }
    write_json(out / "score.json", facts)
    written = [*(out / f"{name}.parquet" for name in tables), out / "score.json"]
    run = ScoreRun(out, collected.items, cells, found, facts, parts.plan.alone, parts.plan.notes, written)
    run.written.extend(write_pages(run, out))
    return run


def _disagreement_info() -> Info:
    return Info(DISAGREEMENT, (), False, 0.0, 1.0, "greatest difference of the ranks that the metrics give an item")
