"""Answers beside an audit: joined before it, told in tables after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.audits import judged
from benchwright.builder.answers import summary
from benchwright.builder.answers.attribution import attributed
from benchwright.builder.answers.joining import Joined, Progress, join_answers
from benchwright.builder.answers.runs import RunNote, read_notes
from benchwright.builder.contamination.temporal import cutoffs_of, released
from benchwright.builder.store import write_bytes, write_table
from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.rows import table_schema
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


def take_answers(
    items: pl.DataFrame, sources: pl.DataFrame | None, wish: AnswerWish, progress: Progress | None = None
) -> Joined:
    """Read the logs and join them to items and sources; ``correct`` is told by the keys at hand.

    Raises:
        NotFoundError: a file does not exist.
        InputError: a log cannot be read, or is of another version of the set.
    """
    both = items if sources is None else pl.concat([items, sources], how="diagonal_relaxed").unique("id", keep="first")
    notes = read_notes(wish.runs) if wish.runs else []
    joined = join_answers(both, wish.logs, notes, progress=progress)
    told = judged(both.lazy(), joined.predictions.lazy()).collect()
    correct = told.with_columns(pl.col("right").alias("correct")).select(list(table_schema(Prediction)))
    return Joined(correct, joined.reports, joined.unjoined, joined.settings)


def write_answers(
    out: Path,
    joined: Joined,
    items: pl.DataFrame,
    sources: pl.DataFrame | None,
    wish: AnswerWish,
    findings: pl.DataFrame,
) -> list[Path]:
    """Write the predictions and what they say of models, languages, conditions and time; return the files."""
    both = items if sources is None else pl.concat([items, sources], how="diagonal_relaxed").unique("id", keep="first")
    rows = joined.predictions.with_columns(pl.col("correct").alias("right"))
    tables = {
        "models": summary.models(rows),
        "consistency": summary.consistency(rows),
        "repeats": summary.repeats(rows),
        "option_orders": summary.option_orders(rows),
        "human_machine": summary.gaps(rows, both),
        "conditions": summary.conditions(rows),
        "time": summary.time_effect(rows, released(both, _cutoffs(wish))),
        "unjoined": joined.unjoined,
        "settings": pl.DataFrame(
            sorted(joined.settings.items()), schema={"setting_hash": pl.String, "setting": pl.String}, orient="row"
        ),
    }
    if wish.verdicts:
        tables["causes"] = attributed(findings, _verdicts(wish.verdicts), items)
    written = [out / _TABLE]
    write_table(out / _TABLE, joined.predictions)
    for name, table in tables.items():
        if table.height:
            path = out / "answers" / f"{name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, _safe(table).write_csv(float_precision=6).encode())
            written.append(path)
    return written


def _verdicts(path: Path) -> pl.DataFrame:
    """Return a table of verdicts.

    Raises:
        NotFoundError: it does not exist.
        InputError: it is no table of verdicts.
    """
    expected = table_schema(Verdict)
    try:
        table = pl.read_parquet(path)
    except FileNotFoundError as error:
        raise NotFoundError(Problem("file-not-found", "the table of verdicts does not exist", str(path))) from error
    except (pl.exceptions.PolarsError, OSError) as error:
        found = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(Problem("file-unreadable", "the verdicts cannot be read", str(path), found=found)) from error
    if missing := [name for name in expected if name not in table.columns]:
        raise InputError(
            Problem(
                "schema-columns",
                "this is no table of verdicts",
                str(path),
                found=", ".join(table.columns[:8]),
                expected=", ".join(missing),
                remedy="give verdicts.parquet as `review pull` writes it",
            )
        )
    return table.select([pl.col(name).cast(dtype, strict=False) for name, dtype in expected.items()])


def _cutoffs(wish: AnswerWish) -> dict[str, str]:
    notes: list[RunNote] = read_notes(wish.runs) if wish.runs else []
    said = {one.model: one.cutoff for one in notes if one.model and one.cutoff}
    return said | cutoffs_of(list(wish.cutoffs))


def _safe(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table whose texts no spreadsheet takes for formulas."""
    texts = [name for name, dtype in table.schema.items() if dtype == pl.String]
    begins = r"^[=+\-@\t\r]"
    return table.with_columns(
        pl.when(pl.col(name).str.contains(begins)).then(pl.lit("'") + pl.col(name)).otherwise(name).alias(name)
        for name in texts
    )
