"""Kit: files of labelled rows -> a table of lines for fastText; a row is used, merged with its like, or rejected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.audits._lid.fasttexts import line_of
from benchwright.schemas.errors import InputError, Problem, SchemaError
from benchwright.sources._layouts.files import read_batches

__all__ = ["Labelled", "read_labelled"]

_REJECTS: Final = {"file": pl.String, "row": pl.Int64, "reason": pl.String, "detail": pl.String}
_SHOWN: Final = 60


@dataclass(frozen=True)
class Labelled:
    """``rows`` with line, label, group and language; ``merged`` rows said what another had said; ``read`` is all."""

    rows: pl.DataFrame
    rejects: pl.DataFrame
    merged: int
    read: int


def read_labelled(
    files: list[Path], text: str, label: str, group: str | None, language: str | None, task: str
) -> Labelled:
    """Read the rows of all files.

    Raises:
        InputError: a file cannot be read.
        SchemaError: a file lacks a column that was named.
    """
    taken: list[pl.DataFrame] = []
    broken: list[dict[str, object]] = []
    wanted = {"text": text, "label": label, "group": group, "language": language}
    for path in files:
        if not path.is_file():
            raise InputError(Problem("file-not-found", "there is no such file", str(path), remedy="check the path"))
        for batch in read_batches(path, path.name):
            broken += [
                {"file": path.name, "row": None, "reason": one.reason, "detail": one.detail} for one in batch.rejects
            ]
            if batch.frame.height:
                taken.append(_columns(batch.frame, wanted, path.name))
    empty = {"file": pl.String, "row": pl.Int64, **dict.fromkeys(wanted, pl.String)}
    table = pl.concat(taken) if taken else pl.DataFrame(schema=empty)
    told = _judged(table.with_columns(line=line_of(pl.col("text")), label=_label(task)))
    rejects = told.filter(pl.col("reason").is_not_null()).select(list(_REJECTS))
    kept = (
        told.filter(pl.col("reason").is_null())
        .sort("line", "file", "row")
        .unique("line", keep="first", maintain_order=True)
    )
    return Labelled(
        rows=kept.select("line", "label", "group", "language"),
        rejects=pl.concat([pl.DataFrame(broken, schema=_REJECTS), rejects]),
        merged=told.height - rejects.height - kept.height,
        read=told.height + len(broken),
    )


def _columns(frame: pl.DataFrame, wanted: dict[str, str | None], file: str) -> pl.DataFrame:
    missing = [name for name in wanted.values() if name is not None and name not in frame.columns]
    if missing:
        raise SchemaError(
            Problem(
                "schema-columns",
                f"the file has no column {', '.join(missing)}",
                file,
                found=", ".join(name for name in frame.columns if name != "_row"),
                expected=", ".join(name for name in wanted.values() if name is not None),
                remedy="name the columns with --text and --label",
            )
        )
    return frame.select(
        pl.lit(file).alias("file"),
        pl.col("_row").cast(pl.Int64).alias("row"),
        *(
            (pl.lit(None, dtype=pl.String) if name is None else pl.col(name).cast(pl.String, strict=False)).alias(ours)
            for ours, name in wanted.items()
        ),
    )


def _label(task: str) -> pl.Expr:
    label = pl.col("label").str.strip_chars()
    return label.str.replace_all("_", "-") if task == "lid" else label


def _judged(table: pl.DataFrame) -> pl.DataFrame:
    label, line = pl.col("label"), pl.col("line")
    no_label = label.is_null() | (label == "")
    spaced = label.str.contains(r"\s")
    usable = ~(no_label | spaced | (line == ""))
    labels = label.filter(usable).n_unique().over("line")
    reason = (
        pl.when(no_label)
        .then(pl.lit("label-empty"))
        .when(spaced)
        .then(pl.lit("label-of-several-words"))
        .when(line == "")
        .then(pl.lit("text-empty"))
        .when(labels > 1)
        .then(pl.lit("labels-disagree"))
    )
    return table.with_columns(reason=reason, detail=pl.coalesce("label", pl.lit("")) + ": " + line.str.head(_SHOWN))
