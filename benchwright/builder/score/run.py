"""Score translations: every metric that the texts allow, per field, stored once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder.score._metric import Info, Metric
from benchwright.builder.score._rows import rows_of
from benchwright.builder.score._shards import SHARD_ROWS, measured
from benchwright.builder.score._summary import Cell, summary
from benchwright.builder.score._table import (
    DISAGREEMENT,
    SKIPPED,
    disagreement,
    field_scores,
    item_scores,
    skipped_of,
    span_findings,
)
from benchwright.builder.score._worker import CometSettings
from benchwright.builder.score.gaps import Gap, gaps
from benchwright.builder.score.lexical import KINDS, lexical_metrics
from benchwright.builder.store import write_json, write_table
from benchwright.schemas.errors import InputError, NotFoundError, OutputError, Problem
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Finding, Score

if TYPE_CHECKING:
    from benchwright.builder._auditinputs import Told
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


@dataclass(frozen=True)
class ScoreRun:
    """What a scoring gave."""

    scores: pl.DataFrame
    findings: pl.DataFrame
    skipped: pl.DataFrame
    about: pl.DataFrame
    cells: list[Cell]
    gaps: list[Gap]
    infos: list[Info]
    facts: dict[str, Any]
    alone: list[str]
    """Ids of items without a source: they have no score."""
    notes: list[str]
    written: list[Path]


@dataclass
class _Made:
    """Tables as they grow."""

    scores: list[pl.DataFrame] = field(default_factory=list)
    findings: list[pl.DataFrame] = field(default_factory=list)
    skipped: list[pl.DataFrame] = field(default_factory=list)
    infos: list[Info] = field(default_factory=list)
    signatures: dict[str, list[str]] = field(default_factory=dict)
    deaths: int = 0


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
    items, sources, alone, notes = _inputs(files, wish, progress)
    _refuse_own_folder(files, out)
    back = _others(items, wish.back, wish, wish.source_options, progress)
    reference = _others(items, wish.reference, wish, wish.options, progress)
    rows = rows_of(items, sources, back, reference)
    made = _Made()
    for metric in _metrics(wish, rows, out, made):
        _measure(metric, rows, out, wish, made, progress)
    if back is not None and "facts" in wish.metrics:
        _add_facts(items, sources, back, rows, made)
    return _finish(items, rows, out, made, alone, notes)


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


def _inputs(
    files: Sequence[Path], wish: ScoreWish, progress: Progress | None
) -> tuple[pl.DataFrame, pl.DataFrame, list[str], list[str]]:
    from benchwright.builder._auditsources import sources_for

    items = _read(files, wish.layout, wish.options, progress).items
    originals = _read(wish.sources, wish.layout, wish.source_options, progress).items
    found = sources_for(items, originals)
    return items, found.sources, found.alone, list(found.notes)


def _others(
    items: pl.DataFrame,
    files: Sequence[Path],
    wish: ScoreWish,
    options: IntakeOptions | None,
    progress: Progress | None,
) -> pl.DataFrame | None:
    """Return back-translations or references in the groups of the items."""
    if not files:
        return None
    from benchwright.builder._auditsources import sources_for

    told = _read(files, wish.layout, options, progress).items
    named = told["derived_from"].struct.field("id").is_in(items["id"].implode()).fill_null(value=False)
    return told if told.height and bool(named.all()) else sources_for(items, told).sources


def _read(files: Sequence[Path], layout: str, options: IntakeOptions | None, progress: Progress | None) -> Told:
    from benchwright.builder._auditinputs import find_inputs, read_inputs

    return read_inputs(find_inputs(files), layout=layout, options=options, progress=progress)


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


def _metrics(wish: ScoreWish, rows: pl.DataFrame, out: Path, made: _Made) -> Iterator[Metric]:
    pairs = [name for name, files in (("back", wish.back), ("reference", wish.reference)) if files]
    kinds = [name for name in wish.metrics if name in KINDS]
    with lexical_metrics(kinds, pairs, wish.jobs if rows.height >= _PARALLEL_ROWS else 1) as lexical:
        yield from lexical
    if wish.embed:
        from benchwright.builder.dedup._encode import SentenceEncoder
        from benchwright.builder.score.embedding import Embedding

        encoder = SentenceEncoder(wish.embed)
        for pair in ("pair", *pairs):
            yield Embedding(encoder, pair, out / "work" / "vectors")
    for number, model in enumerate(wish.comet):
        from benchwright.builder.score.comet import CometPool

        log = out / "work" / f"comet-{number}.log"
        # One model at a time in memory: the workers end before the next model starts.
        with CometPool(model, log, wish.settings, wish.comet_workers) as pool:
            yield from pool.metrics(back="back" in pairs, reference="reference" in pairs)
            made.deaths += pool.deaths


def _measure(
    metric: Metric, rows: pl.DataFrame, out: Path, wish: ScoreWish, made: _Made, progress: Progress | None
) -> None:
    info = metric.info
    made.infos.append(info)
    compared = "source_language" if "source" in info.columns and "target" not in info.columns else "language"
    for (language,), part in sorted(rows.partition_by(compared, as_dict=True).items()):
        tag = str(language)
        complete = part.filter(pl.all_horizontal(pl.col(one).is_not_null() for one in info.columns))

        def tick(done: int, total: int, tag: str = tag) -> None:
            if progress:
                progress(info.name, done, total, tag)

        told = measured(complete, metric, tag, out / "work", shard_rows=wish.shard_rows, tick=tick)
        whole = part.join(
            told.select("item_id", "field", "value", "reason", "spans"), on=["item_id", "field"], how="left"
        )
        made.scores.append(field_scores(whole, metric, tag))
        made.skipped.append(skipped_of(whole, info))
        made.findings.append(span_findings(whole, metric, tag))
        made.signatures.setdefault(info.name, []).append(metric.signature(tag))


def _add_facts(items: pl.DataFrame, sources: pl.DataFrame, back: pl.DataFrame, rows: pl.DataFrame, made: _Made) -> None:
    from benchwright.audits import pair_items
    from benchwright.builder.score.facts import FACTS, FACTS_SIGNATURE, fact_agreement
    from benchwright.schemas.plugins import AuditContext

    pairs = pair_items(items.lazy(), AuditContext(sources=sources.lazy())).collect()
    result = fact_agreement(items, sources, back, rows, dict(pairs.iter_rows()))
    made.infos.append(FACTS)
    made.scores.append(result.scores)
    made.findings.append(result.findings)
    made.signatures[FACTS.name] = [FACTS_SIGNATURE]
    lacking = rows.with_columns(pl.lit(None, dtype=pl.String).alias("reason"))
    made.skipped.append(skipped_of(lacking, FACTS))


def _finish(
    items: pl.DataFrame,
    rows: pl.DataFrame,
    out: Path,
    made: _Made,
    alone: list[str],
    notes: list[str],
) -> ScoreRun:
    from benchwright.audits import risk
    from benchwright.builder.score.page import write_pages

    about = rows.select("item_id", "group", "language", "engine", "text_hash").unique("item_id").sort("item_id")
    findings = pl.concat([pl.DataFrame(schema=table_schema(Finding)), *made.findings]).sort("finding_id")
    of_fields = pl.concat([pl.DataFrame(schema=table_schema(Score)), *made.scores])
    of_items = item_scores(of_fields, made.infos)
    apart = disagreement(of_items, about.select("item_id", "language"), made.infos)
    ranked = risk(items, findings)
    scores = pl.concat([one.select(list(table_schema(Score))) for one in (of_fields, of_items, apart, ranked)])
    scores = scores.sort("item_id", "name", "field", nulls_last=False)
    skipped = pl.concat([pl.DataFrame(schema=SKIPPED), *made.skipped]).sort("item_id", "field", "name")
    cells = summary(of_items, about.select("item_id", "language", "engine"), made.infos)
    found = gaps(of_items, about)
    infos = [*made.infos, _disagreement_info()]
    facts = {
        "items": about.height,
        "without_source": len(alone),
        "metrics": [{**asdict(info), "signatures": sorted(made.signatures.get(info.name, []))} for info in infos],
        "cells": [asdict(one) for one in cells],
        "gaps": [asdict(one) for one in found],
        "notes": notes,
        "run": {"comet_restarts": made.deaths},
    }
    tables = {"scores": scores, "findings": findings, "skipped": skipped, "scored": about}
    for name, table in tables.items():
        write_table(out / f"{name}.parquet", table)
    write_json(out / "score.json", facts)
    result = ScoreRun(
        scores,
        findings,
        skipped,
        about,
        cells,
        found,
        infos,
        facts,
        alone,
        notes,
        [*(out / f"{name}.parquet" for name in tables), out / "score.json"],
    )
    result.written.extend(write_pages(result, out))
    return result


def _disagreement_info() -> Info:
    return Info(DISAGREEMENT, (), False, 0.0, 1.0, "greatest difference of the ranks that the metrics give an item")
