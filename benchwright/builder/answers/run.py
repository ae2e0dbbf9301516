"""Answers beside an audit: joined before it, told in tables after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.audits import answer_table, judged
from benchwright.builder.answers.attribution import attributed
from benchwright.builder.answers.joining import Joined, Progress, join_answers
from benchwright.builder.answers.runs import RunNote, read_notes
from benchwright.builder.answers.subset import ranking_subset
from benchwright.builder.answers.tables import answer_tables
from benchwright.builder.contamination.temporal import cutoffs_of
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.store import replacing
from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.rows import check_columns, table_schema
from benchwright.schemas.tables import Prediction, Verdict

__all__ = ["AnswerWish", "take_answers", "write_answers"]

_TABLE: Final = "predictions.parquet"


@dataclass(frozen=True)
class AnswerWish:
    """What the user says of answers.

    ``logs``: files or folders. ``runs``: a table of what holds for which log. ``cutoffs``: ``MODEL=YYYY-MM``.
    ``verdicts``: a table of verdicts that name causes of divergence.
    """

    logs: Sequence[Path] = ()
    runs: Path | None = None
    cutoffs: Sequence[str] = field(default_factory=tuple)
    verdicts: Path | None = None

    @cached_property
    def notes(self) -> list[RunNote]:
        """What the table of runs says; read once.

        Raises:
            NotFoundError: it does not exist.
            InputError: it is no such table.
        """
        return read_notes(self.runs) if self.runs else []


def take_answers(
    items: pl.DataFrame,
    sources: pl.DataFrame | None,
    wish: AnswerWish,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Joined:
    """Read the logs and join them to items and sources; ``correct`` is told by the keys at hand.

    Args:
        items: items.
        sources: what they are compared with.
        wish: logs, and what is said of them.
        folder: where the answers are kept while the audit runs; null keeps them in memory.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file does not exist.
        InputError: a log cannot be read, or is of another version of the set.
    """
    both = _both(items, sources)
    keys = both.select("id", "key").lazy()

    def judge(rows: pl.DataFrame) -> pl.DataFrame:
        told = judged(keys, rows.lazy()).collect()
        return told.with_columns(pl.col("right").alias("correct")).select(list(table_schema(Prediction)))

    return join_answers(both, wish.logs, wish.notes, folder=folder, judge=judge, progress=progress)


def _both(items: pl.DataFrame, sources: pl.DataFrame | None) -> pl.DataFrame:
    if sources is None:
        return items
    return pl.concat([items, sources], how="diagonal_relaxed").unique("id", keep="first", maintain_order=True)


def write_answers(
    out: Path,
    joined: Joined,
    items: pl.DataFrame,
    sources: pl.DataFrame | None,
    wish: AnswerWish,
    findings: pl.DataFrame,
) -> list[Path]:
    """Write the predictions and what they say of models, languages, conditions and time; return the files."""
    both = _both(items, sources)
    tables = answer_tables(joined, both, _cutoffs(wish))
    tables["settings"] = pl.DataFrame(
        sorted(joined.settings.items()), schema={"setting_hash": pl.String, "setting": pl.String}, orient="row"
    )
    subset = ranking_subset(answer_table(both.lazy(), joined.table))
    tables |= {"subset": subset.sizes, "subset_items": subset.chosen}
    if wish.verdicts:
        tables["causes"] = attributed(findings, _verdicts(wish.verdicts), items)
    written = [out / _TABLE]
    with replacing(written[0]) as stream:
        joined.table.sink_parquet(
            stream, compression="zstd", compression_level=3, statistics=False, row_group_size=65_536
        )
    for name, table in tables.items():
        if table.height:
            written.append(_written(out / "answers" / f"{name}.csv", table.lazy()))
    if joined.lost.head(1).collect().height:
        written.append(_written(out / "answers" / "unjoined.csv", joined.lost))
    return written


def _written(path: Path, table: pl.LazyFrame) -> Path:
    """Write a table as CSV whose texts no spreadsheet takes for formulas."""
    texts = [name for name, dtype in table.collect_schema().items() if dtype == pl.String]
    safe = table.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]")).then(pl.lit("'") + pl.col(name)).otherwise(name).alias(name)
        for name in texts
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as stream:
        safe.sink_csv(stream, float_precision=6)
    return path


def _verdicts(path: Path) -> pl.DataFrame:
    """Return the verdicts of a table, or of the folder of a review.

    Raises:
        NotFoundError: it does not exist.
        InputError: it is no table.
        SchemaError: it has other columns than verdicts.
    """
    if path.is_dir():
        return ReviewFolder(path).read_verdicts()
    try:
        table = pl.read_parquet(path)
    except FileNotFoundError as error:
        raise NotFoundError(Problem("file-not-found", "the table of verdicts does not exist", str(path))) from error
    except (pl.exceptions.PolarsError, OSError) as error:
        found = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(Problem("file-unreadable", "the verdicts cannot be read", str(path), found=found)) from error
    check_columns(table.schema, Verdict, file=str(path))
    return table


def _cutoffs(wish: AnswerWish) -> dict[str, str]:
    said = {one.model: one.cutoff for one in wish.notes if one.model and one.cutoff}
    return said | cutoffs_of(list(wish.cutoffs))
