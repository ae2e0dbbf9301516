"""Logs of evaluations -> one table of predictions, joined to items, with what could not be joined."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.builder.answers._matching import Targets, matched, targets_of
from benchwright.builder.answers._options import answered, option_table
from benchwright.builder.answers.runs import RunNote, note_of
from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Prediction
from benchwright.sources import log_files, read_log

__all__ = ["Joined", "LogReport", "join_answers"]

_OTHER_VERSION: Final = 0.2
"""Share of samples with the id of an item and another text from which a log is of another version of the set."""
_SHOWN: Final = 200
_HASH: Final = 12

Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class LogReport:
    """What became of the answers of one log; ``by_id`` + ``by_content`` + ``unjoined`` + ``differs`` = ``answers``."""

    file: str
    kind: str
    answers: int
    by_id: int
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

    predictions: pl.DataFrame
    reports: list[LogReport]
    unjoined: pl.DataFrame
    """``file``, ``sample``, ``stem`` and ``why``, the first of each log."""
    settings: dict[str, str] = field(default_factory=dict)


def join_answers(
    items: pl.DataFrame, paths: Sequence[Path], notes: Sequence[RunNote] = (), *, progress: Progress | None = None
) -> Joined:
    """Read logs and join their answers to items.

    Answers are joined by id, then by what was asked. Letters and places speak of the options as the log shows them and
    become ids of options; the key at hand, not the one of the log, says what is right.

    Args:
        items: items, and the sources that they are compared with.
        paths: logs, or folders of them.
        notes: what the user says of runs: model, condition, language.
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
    files = log_files(list(paths))
    targets, options = targets_of(items), option_table(items)
    parts: list[pl.DataFrame] = []
    reports: list[LogReport] = []
    lost: list[pl.DataFrame] = []
    settings: dict[str, str] = {}
    for done, path in enumerate(files):
        if progress:
            progress("answers", done, len(files), path.name)
        made, report, missing, told = _one(path, targets, options, notes)
        parts += made
        reports.append(report)
        lost.append(missing)
        settings |= told
    empty = pl.DataFrame(schema=table_schema(Prediction))
    whole = pl.concat([empty, *parts]).sort(
        "model", "setting_hash", "condition", "item_id", "repeat", maintain_order=True
    )
    columns = {"file": pl.String, "sample": pl.String, "stem": pl.String, "why": pl.String}
    return Joined(whole, reports, pl.concat([pl.DataFrame(schema=columns), *lost]), settings)


def _one(
    path: Path, targets: Targets, options: pl.DataFrame, notes: Sequence[RunNote]
) -> tuple[list[pl.DataFrame], LogReport, pl.DataFrame, dict[str, str]]:
    parts: list[pl.DataFrame] = []
    lost: list[pl.DataFrame] = []
    settings: dict[str, str] = {}
    models: set[str] = set()
    counts: dict[str, int] = dict.fromkeys(("id", "content", "differs", "none", "unread", "all"), 0)
    for raw in read_log(path):
        rows = matched(_noted(raw, path, notes), targets)
        joined = answered(rows.filter(pl.col("how").is_in(["id", "content"])), options)
        missing = rows.filter(pl.col("how").is_null() | (pl.col("how") == "differs"))
        for name, count in rows["how"].fill_null("none").value_counts().iter_rows():
            counts[name] += count
        counts["all"] += rows.height
        counts["unread"] += joined["option"].null_count()
        models |= set(joined["model"].unique())
        settings |= {_hash(one): one for one in joined["setting"].unique()}
        parts.append(_predictions(joined, targets))
        why = pl.when(pl.col("how") == "differs").then(pl.lit("another text has this id")).otherwise(pl.lit("no item"))
        lost.append(missing.head(_SHOWN).select(pl.lit(path.name).alias("file"), "sample", "stem", why.alias("why")))
    _refuse_other_version(path, counts)
    report = LogReport(
        path.name,
        _kind(path),
        counts["all"],
        counts["id"],
        counts["content"],
        counts["differs"],
        counts["none"],
        counts["unread"],
        sorted(models),
    )
    return parts, report, pl.concat(lost).head(_SHOWN) if lost else pl.DataFrame(), settings


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
    about = targets.items.select("item_id", "group", pl.col("language").alias("_language"))
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
