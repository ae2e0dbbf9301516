"""Entries -> a table of items: an open question with its answers, or a dialogue where somebody spoke again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl

from benchwright.schemas.hashing import with_hashes
from benchwright.schemas.item import SCHEMA_VERSION, Item
from benchwright.schemas.lists import in_lists, rows_and_places
from benchwright.schemas.rows import table_schema

__all__ = ["ForumPlacement", "items_of_entries"]

_SCHEMA: Final = table_schema(Item)


@dataclass(frozen=True, slots=True)
class ForumPlacement:
    """What is the same for all entries of one dump."""

    language: str
    """Of entries that do not say their own."""
    parser: str
    sha256: Mapping[str, str]
    """By file."""
    contributor: str | None = None
    answers_as_key: Literal["none", "accepted", "doctor", "all"] = "none"


def items_of_entries(entries: pl.DataFrame, place: ForumPlacement) -> pl.DataFrame:
    """Return the items of entries, with the columns of the item table, in their order.

    The stem is the title and the question. An entry in which nobody spoke but to ask and to answer is ``open``, its
    answers are rationales; any other is a ``dialogue`` with all of its turns. Answers are keys only where the profile
    says which ones: a forum has no official key.
    """
    frame = entries.with_columns(
        pl.col("language").fill_null(place.language),
        pl.col("id").str.split("/").alias("parts"),
        (pl.col("turns").list.eval(pl.element().struct.field("kind") == "comment").list.any()).alias("talk"),
    )
    columns = {**_plain(place), **_lists(place), "rationales": _rationales(frame)}
    items = frame.select(
        columns[name].cast(dtype).alias(name) if name in columns else pl.lit(_empty(dtype), dtype=dtype).alias(name)
        for name, dtype in _SCHEMA.items()
    )
    return with_hashes(items)


def _empty(dtype: Any) -> Any:
    return [] if isinstance(dtype, pl.List) else None


def _of(dtype: Any, fields: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return a struct of a column of the item table; fields that are not given are null or empty."""
    parts = []
    for one in dtype.fields:
        given = fields.get(one.name)
        value = pl.lit(_empty(one.dtype), dtype=one.dtype) if given is None else given.cast(one.dtype)
        parts.append(value.alias(one.name))
    return pl.struct(parts)


def _inner(name: str) -> Any:
    dtype = _SCHEMA[name]
    return dtype.inner if isinstance(dtype, pl.List) else dtype


def _plain(place: ForumPlacement) -> dict[str, pl.Expr]:
    title, question = pl.col("title"), pl.col("question")
    said = title.is_null() | (question == "") | question.str.starts_with(title)
    stem = pl.when(said & (question != "")).then(question).otherwise(pl.concat_str([title, question], separator="\n"))
    year = pl.col("date").str.extract(r"^(\d{4})", 1)
    return {
        "schema_version": pl.lit(SCHEMA_VERSION),
        "id": pl.concat_str("id", pl.lit("@"), "language"),
        "group": pl.col("id"),
        "language": pl.col("language"),
        "origin_language": pl.col("language"),
        "origin": pl.lit("native"),
        "kind": pl.when("talk").then(pl.lit("dialogue")).otherwise(pl.lit("open")),
        "stem": stem.fill_null(question).str.strip_chars(),
        "needs_image": pl.lit("unknown"),
        "tier": pl.lit("raw"),
        "exam": _of(
            _SCHEMA["exam"],
            {
                "code": pl.col("site"),
                "edition": year.fill_null("all"),
                "part": pl.col("parts").list.get(1, null_on_oob=True).fill_null("all"),
                "number": pl.col("parts").list.last(),
            },
        ),
        "licence": _of(_SCHEMA["licence"], {"id": pl.col("licence")}),
        "contributor": pl.lit(place.contributor, dtype=pl.String),
    }


def _lists(place: ForumPlacement) -> dict[str, pl.Expr]:
    turn = pl.struct(pl.element().struct.field("role"), pl.element().struct.field("text"))
    talk = pl.col("talk")
    return {
        "turns": pl.when(talk).then(pl.col("turns").list.eval(turn)).otherwise([]),
        "key": _key(place),
        "labels": _labels(),
        "provenance": pl.concat_list(
            _of(
                _inner("provenance"),
                {
                    "field": pl.lit("item"),
                    "file": pl.col("file"),
                    "sha256": pl.col("file").replace_strict(dict(place.sha256), default=None, return_dtype=pl.String),
                    "row": pl.col("row"),
                    "parser": pl.lit(place.parser),
                },
            )
        ),
    }


def _rationales(frame: pl.DataFrame) -> pl.Expr:
    """Return the answers of entries that are no dialogue, in the language of their entry."""
    answers = frame.select(pl.when("talk").then([]).otherwise("answers").alias("answers"))["answers"]
    counts = answers.list.len().cast(pl.Int64)
    if not counts.sum():
        return pl.lit([], dtype=_SCHEMA["rationales"])
    rows, _ = rows_and_places(counts)
    flat = answers.filter(counts > 0).explode().struct.unnest()
    flat = flat.with_columns(frame["language"].gather(rows).alias("language"))
    doctor = pl.when(pl.col("role") == "doctor").then(pl.lit("doctor")).otherwise(pl.lit("unknown"))
    fields = {"text": pl.col("text"), "language": pl.col("language"), "author_kind": doctor}
    return pl.lit(in_lists(flat.select(_of(_inner("rationales"), fields).alias("rationales"))["rationales"], counts))


def _key(place: ForumPlacement) -> pl.Expr:
    answer = pl.element().struct
    chosen = {
        "none": pl.lit(value=False),
        "accepted": answer.field("accepted"),
        "doctor": answer.field("role") == "doctor",
        "all": pl.lit(value=True),
    }[place.answers_as_key]
    text = pl.when(chosen).then(answer.field("text"))
    accepted = pl.col("answers").list.eval(text).list.drop_nulls()
    if place.answers_as_key == "none":
        accepted = pl.lit([], dtype=pl.List(pl.String))
    status = "official" if place.answers_as_key == "all" else "provisional"
    there = accepted.list.len() > 0
    return _of(
        _SCHEMA["key"],
        {
            "status": pl.when(there).then(pl.lit(status)).otherwise(pl.lit("unknown")),
            "accepted": accepted,
            "source": pl.when(there).then("file"),
        },
    )


def _labels() -> pl.Expr:
    fields = {"taxonomy": pl.lit("tag"), "value": pl.element(), "source": pl.lit("printed")}
    tags = pl.col("tags").list.eval(_of(_inner("labels"), fields))
    one = _of(
        _inner("labels"),
        {"taxonomy": pl.lit("category"), "value": pl.col("category"), "source": pl.lit("printed")},
    )
    none = pl.lit([], dtype=_SCHEMA["labels"])
    return pl.concat_list(pl.when(pl.col("category").is_not_null()).then(pl.concat_list(one)).otherwise(none), tags)
