"""Logs of evaluations -> one table of predictions, joined to items, with what could not be joined."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from benchwright.builder.answers._matching import Targets, matched, targets_of
from benchwright.builder.answers._options import answered, option_table
from benchwright.builder.answers.runs import RunNote, note_of
from benchwright.builder.answers.shards import Shards, each, whole
from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Prediction
from benchwright.sources import log_files, read_log

__all__ = ["Joined", "LogReport", "join_answers"]

_OTHER_VERSION: Final = 0.2
"""Share of samples with the id of an item and another text from which a log is of another version of the set."""
_HASH: Final = 12
_ROWS: Final = 250_000
_LOST: Final[dict[str, pl.DataType | type[pl.DataType]]] = dict.fromkeys(("file", "sample", "stem", "why"), pl.String)

Progress = Callable[[str, int, int, str], None]
Judge = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class LogReport:
    """What became of the answers of one log; the four ways, ``unjoined`` and ``differs`` sum to ``answers``."""

    file: str
    kind: str
    answers: int
    by_id: int
    by_hash: int
    by_content: int
    differs: int
    """Samples with the id of an item and another text."""
    unjoined: int
    unread: int
    """Joined answers that name no option."""
    models: list[str]


@dataclass(frozen=True)
class Joined:
    """Predictions, sorted; what was joined of each log; samples without an item; settings by their hash."""

    table: pl.LazyFrame
    """All answers, sorted; read from disk where a folder was given."""
    reports: list[LogReport]
    lost: pl.LazyFrame
    """``file``, ``sample``, ``stem`` and ``why`` of every sample without an item."""
    settings: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    """The answers of each model, where a folder was given."""

    @property
    def predictions(self) -> pl.DataFrame:
        """All answers in memory."""
        return self.table.collect()

    @property
    def unjoined(self) -> pl.DataFrame:
        """All samples without an item in memory."""
        return self.lost.collect()

    def each_model(self) -> Iterator[pl.DataFrame]:
        """Yield the answers of one model after the other."""
        if self.files:
            yield from each(self.files)
            return
        yield from self.predictions.partition_by("model", maintain_order=True)


def join_answers(
    items: pl.DataFrame,
    paths: Sequence[Path],
    notes: Sequence[RunNote] = (),
    *,
    folder: Path | None = None,
    judge: Judge | None = None,
    progress: Progress | None = None,
) -> Joined:
    """Read logs and join their answers to items.

    Answers are joined by id, then by text hash, then by what was asked. Letters and places speak of the options as the
    log shows them and become ids of options; the key at hand, not the one of the log, says what is right.

    Args:
        items: items, and the sources that they are compared with.
        paths: logs, or folders of them.
        notes: what the user says of runs: model, condition, language.
        folder: where answers are kept; memory then holds those of one model at a time. It must stay until the result
            was used. Without one they are kept in memory.
        judge: tells ``correct`` of the sorted answers of one model.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file does not exist.
        InputError: a log cannot be read or is of no known kind; or it is of another version of the set.
    """
    for path in paths:
        if not path.exists():
            raise NotFoundError(
                Problem("file-not-found", "the log of answers does not exist", str(path), remedy="check its name")
            )
    if folder is not None:
        return _joined(items, paths, notes, folder, judge, progress)
    with TemporaryDirectory(prefix="benchwright-answers-") as kept:
        made = _joined(items, paths, notes, Path(kept), judge, progress)
        return Joined(made.predictions.lazy(), made.reports, made.unjoined.lazy(), made.settings)


def _joined(
    items: pl.DataFrame,
    paths: Sequence[Path],
    notes: Sequence[RunNote],
    folder: Path,
    judge: Judge | None,
    progress: Progress | None,
) -> Joined:
    files = log_files(list(paths))
    targets, options = targets_of(items), option_table(items)
    shards = Shards(folder)
    reports: list[LogReport] = []
    settings: dict[str, str] = {}
    for done, path in enumerate(files):
        if progress:
            progress("answers", done, len(files), path.name)
        report, told = _one(path, targets, options, notes, shards)
        reports.append(report)
        settings |= told
    sealed = shards.sealed(judge)
    return Joined(whole(sealed), reports, shards.lost(_LOST), settings, sealed)


def _one(
    path: Path, targets: Targets, options: pl.DataFrame, notes: Sequence[RunNote], shards: Shards
) -> tuple[LogReport, dict[str, str]]:
    settings: dict[str, str] = {}
    models: set[str] = set()
    counts: dict[str, int] = dict.fromkeys(("id", "hash", "content", "differs", "none", "unread", "all"), 0)
    for raw in _gathered(read_log(path)):
        rows = matched(_noted(raw, path, notes), targets)
        joined = answered(rows.filter(pl.col("how").is_in(["id", "hash", "content"])), options)
        missing = rows.filter(pl.col("how").is_null() | (pl.col("how") == "differs"))
        for name, count in rows["how"].fill_null("none").value_counts().iter_rows():
            counts[name] += count
        counts["all"] += rows.height
        counts["unread"] += joined["option"].null_count()
        models |= set(joined["model"].unique())
        settings |= {_hash(one): one for one in joined["setting"].unique()}
        shards.add(_predictions(joined, targets))
        why = pl.when(pl.col("how") == "differs").then(pl.lit("another text has this id")).otherwise(pl.lit("no item"))
        shards.add_lost(missing.select(pl.lit(path.name).alias("file"), "sample", "stem", why.alias("why")))
    _refuse_other_version(path, counts)
    report = LogReport(
        path.name,
        _kind(path),
        counts["all"],
        counts["id"],
        counts["hash"],
        counts["content"],
        counts["differs"],
        counts["none"],
        counts["unread"],
        sorted(models),
    )
    return report, settings


def _gathered(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield tables of many rows: each is joined with all items, which costs the same for few."""
    kept: list[pl.DataFrame] = []
    for frame in frames:
        kept.append(frame)
        if sum(one.height for one in kept) >= _ROWS:
            yield pl.concat(kept)
            kept = []
    if kept:
        yield pl.concat(kept)


def _kind(path: Path) -> str:
    from benchwright.sources import log_of

    return log_of(path).name


def _noted(raw: pl.DataFrame, path: Path, notes: Sequence[RunNote]) -> pl.DataFrame:
    note = note_of(path, notes)
    if note is None:
        return raw
    said = {"model": note.model, "condition": note.condition, "language": note.language}
    return raw.with_columns(pl.lit(value).alias(name) for name, value in said.items() if value)


def _refuse_other_version(path: Path, counts: dict[str, int]) -> None:
    named = counts["id"] + counts["differs"]
    if named and counts["differs"] > _OTHER_VERSION * named:
        raise InputError(
            Problem(
                "answers-version",
                "the log speaks of another version of the set",
                str(path),
                found=f"{counts['differs']} of {named} samples have the id of an item and another text",
                expected="the items that were asked",
                remedy="audit the version that was evaluated, or leave the log out",
            )
        )


def _hash(setting: str) -> str:
    return hashlib.sha256(setting.encode()).hexdigest()[:_HASH]


def _predictions(joined: pl.DataFrame, targets: Targets) -> pl.DataFrame:
    """Return rows of the table of predictions; ``correct`` is told by the key later."""
    hashes = {one: _hash(one) for one in joined["setting"].unique()}
    about = targets.items.join(joined.select("item_id").unique(), on="item_id", how="semi").select(
        "item_id", "group", pl.col("language").alias("_language")
    )
    rows = joined.join(about, on="item_id", how="left", maintain_order="left").with_columns(
        pl.col("setting").replace_strict(hashes, return_dtype=pl.String).alias("setting_hash")
    )
    schema = table_schema(Prediction)
    return rows.select(
        "group",
        "item_id",
        pl.lit(None).alias("revision"),
        pl.lit(None).alias("dataset_version"),
        pl.col("_language").alias("language"),
        "model",
        "setting_hash",
        "condition",
        pl.col("prompt").alias("prompt_hash"),
        "repeat",
        pl.col("option").alias("answer"),
        pl.lit(None).alias("correct"),
        pl.col("likelihoods").fill_null([]).alias("loglikelihoods"),
        "shown",
    ).select([pl.col(name).cast(dtype) for name, dtype in schema.items()])
