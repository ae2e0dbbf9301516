"""Tables of posts: what their columns mean, by their names and by what stands in them, and their raw posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._forum.profile import RecordsProfile
from benchwright.sources._forum.raw import RAW_SCHEMA
from benchwright.sources._forum.words import columns_named

__all__ = ["POST", "SHARED", "cell", "columns_by_words", "id_cell", "raw_of", "raw_with", "unknown_columns"]

SHARED: Final = ("title", "category", "tags", "language", "url", "licence")
"""Meanings that belong to a thread."""
POST: Final = ("parent", "kind", "name", "mark", "text", "date", "votes", "accepted")
"""Meanings that belong to a post."""


def columns_by_words(frame: pl.DataFrame, file: str) -> tuple[RecordsProfile, list[str]]:
    """Return what the columns of a table mean, and why.

    Raises:
        InputError: ``layout-unknown``: no column can be the text of a post or of a question.
    """
    names = frame.columns
    found: dict[str, Any] = {}
    reasons: list[str] = []
    questions = _texts(columns_named(names, "question"), frame)
    answers = [name for name in _answers(names, frame) if name not in questions[:1]]
    texts = _texts(columns_named(names, "text"), frame)
    has_thread = columns_named(names, "thread")
    if questions and answers and not (texts and has_thread and set(texts) & set(answers)):
        found = {"question": questions[0], "answer": tuple(answers)}
        reasons.append(f"each record is a question ({questions[0]}) with its answers ({', '.join(answers)})")
    elif texts:
        found = {"text": texts[0]}
        reasons.append(f"each record is a post, with its text in {texts[0]}")
    else:
        raise InputError(unknown_columns(file, names))
    taken = {found.get("question"), found.get("text"), *answers}
    for meaning in ("thread", "post", *POST, *SHARED):
        if meaning == "text" or ("question" in found and meaning in {"parent", "kind"}):
            continue
        chosen = next((name for name in columns_named(names, meaning) if name not in taken), None)
        if chosen is not None:
            found[meaning] = chosen
            taken.add(chosen)
            reasons.append(f"{meaning}: the column {chosen}, by its name")
    if "text" in found and "thread" not in found and "parent" not in found:
        reasons.append("no column names the thread: each record is a thread of its own")
    return RecordsProfile(**found), reasons


def _texts(names: list[str], frame: pl.DataFrame) -> list[str]:
    """Return the columns that hold running text: some cells have a space, or signs of a script without spaces."""
    kept = []
    for name in names:
        column = frame[name]
        if column.dtype == pl.String and (
            frame.is_empty() or column.str.contains(r"\S\s+\S|[\u3040-\u9fff\u0e00-\u0e7f]").any()
        ):
            kept.append(name)
    return kept


def _answers(names: list[str], frame: pl.DataFrame) -> list[str]:
    """Return the columns of answers: by their names, with or without a number at the end."""
    bare = {name: name.rstrip("0123456789").rstrip("_- ") for name in names}
    words = columns_named(bare.values(), "answer")
    if not words:
        return []
    return _texts([name for name in names if bare[name] == words[0]], frame) or _lists(words[:1], frame)


def _lists(names: list[str], frame: pl.DataFrame) -> list[str]:
    return [name for name in names if name in frame.columns and frame[name].dtype == pl.List(pl.String)]


def unknown_columns(file: str, names: Sequence[str]) -> Problem:
    return Problem(
        "layout-unknown",
        "no column can be the text of a post, or of a question with its answers",
        file,
        found=", ".join(names)[:300] or "no columns",
        expected="columns such as question and answer, or thread, author, date and text",
        remedy="name them in a profile: see docs/forum.md",
    )


def raw_of(frame: pl.DataFrame, records: RecordsProfile) -> pl.DataFrame:
    """Return the raw posts of records that are one post each."""
    row = pl.col("_row").cast(pl.String)
    kind = cell(frame, records.kind).str.strip_chars().str.to_lowercase()
    told = (
        pl.when(kind.is_in(records.question_kinds)).then(pl.lit("question"))
        .when(kind.is_in(records.comment_kinds)).then(pl.lit("comment"))
        .when(kind.is_not_null()).then(pl.lit("answer"))
    ) if records.kind in frame.columns else pl.lit(None, dtype=pl.String)  # fmt: skip
    post = pl.coalesce(id_cell(frame, records.post), row)
    parent = id_cell(frame, records.parent).replace("0", None)  # forum software writes 0 where there is none
    thread = pl.coalesce(id_cell(frame, records.thread), parent if records.thread is None else None, post)
    return raw_with(frame, records, thread=thread, post=post, parent=parent, kind=told, text=cell(frame, records.text))


def cell(frame: pl.DataFrame, name: str | None) -> pl.Expr:
    if name is None or name not in frame.columns:
        return pl.lit(None, dtype=pl.String)
    dtype = frame.schema[name]
    if isinstance(dtype, pl.List):
        inner = pl.col(name).cast(pl.List(pl.String), strict=False)
        return inner.list.join(", ", ignore_nulls=True)
    return pl.col(name).cast(pl.String, strict=False)


def id_cell(frame: pl.DataFrame, name: str | None) -> pl.Expr:
    """Return ids; what spells nothing is none."""
    text = cell(frame, name).str.strip_chars()
    return pl.when(text.is_in(["", "NULL", "null", "None", "nan"])).then(None).otherwise(text)


def raw_with(frame: pl.DataFrame, records: RecordsProfile, **given: pl.Expr) -> pl.DataFrame:
    told = {
        "name": cell(frame, records.name),
        "mark": cell(frame, records.mark),
        "date": cell(frame, records.date),
        "votes": cell(frame, records.votes),
        "accepted": cell(frame, records.accepted).str.to_lowercase().is_in(["1", "true", "yes", "t", "y"]),
        "tags": _tags(frame, records.tags),
        **{name: cell(frame, getattr(records, name)) for name in ("title", "category", "language", "url", "licence")},
        "row": pl.col("_row"),
        **given,
    }
    return frame.select(
        told.get(name, pl.lit(None)).cast(dtype, strict=False).alias(name) for name, dtype in RAW_SCHEMA.items()
    )


def _tags(frame: pl.DataFrame, name: str | None) -> pl.Expr:
    """Return tags: a list as it is, else parted by commas, bars or angle brackets."""
    if name is None or name not in frame.columns:
        return pl.lit([], dtype=pl.List(pl.String))
    if isinstance(frame.schema[name], pl.List):
        return pl.col(name).cast(pl.List(pl.String), strict=False).fill_null([])
    parted = cell(frame, name).str.replace_all(r"[<>|;\[\]'\"]+", ",").str.split(",")
    return parted.list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != "")).fill_null([])
