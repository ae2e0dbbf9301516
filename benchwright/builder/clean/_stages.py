"""The stage function: records of one part in, what stays and what was dropped out, with the count of every stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from benchwright.builder.clean._compare import cleaned, compared
from benchwright.builder.clean._masking import Masker, closed, opened
from benchwright.builder.clean._records import DROPPED_SCHEMA, ROW, Records
from benchwright.builder.clean.config import CleanConfig
from benchwright.builder.clean.filters import Filter, make_filter
from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._forum.posts import ANSWER, ENTRY_SCHEMA

__all__ = ["Count", "Outcome", "Stages", "as_text", "clean_records"]

QUESTION: Final = "_question"
ANSWERS: Final = "_answer"
"""Hidden columns: the cleaned texts that stages judge and comparison begins with."""


@dataclass(frozen=True)
class Count:
    """What came into a stage and what became of it; ``reasons`` counts the dropped, and ``notes`` what else to tell."""

    stage: str
    rows_in: int
    rows_out: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Stages:
    """What is done to each part."""

    config: CleanConfig
    filters: Sequence[Filter[Any]]
    masker: Masker | None = None

    @classmethod
    def of(cls, config: CleanConfig) -> Stages:
        """Return the stages of a configuration.

        Raises:
            NotFoundError: a filter does not exist.
            RecipeError: a filter has a wrong setting.
        """
        filters = [make_filter(name, settings) for name, settings in config.filters.items()]
        return cls(config, filters, Masker() if config.mask else None)

    def signatures(self) -> dict[str, str]:
        """Return the signature of each filter and of the masking."""
        found = {one.name: one.signature for one in self.filters}
        return found if self.masker is None else {**found, "mask": self.masker.signature}


@dataclass(frozen=True)
class Outcome:
    """What stays, in its order, with the texts of comparison; what was dropped; and the counts."""

    frame: pl.DataFrame
    question: pl.Series
    answer: pl.Series
    dropped: pl.DataFrame
    counts: list[Count]


def clean_records(records: Records, stages: Stages, file: str) -> Outcome:
    """Apply every stage that needs no other part: normalise, length, filters, mask.

    Raises:
        InputError: ``schema-columns``: there is no question or no answer.
    """
    config = stages.config
    height = records.frame.height
    counts = [Count("read", height + records.dropped.height, height, _reasons(records.dropped))]
    dropped = [records.dropped]
    frame = _with_texts(_named(records.frame, config, file), config)
    for name, judged in _judges(stages):
        reasons = judged(frame)
        gone = reasons.is_not_null()
        lost = frame.filter(gone).select("id").with_columns(
            pl.lit(name).alias("stage"), pl.lit(name).alias("reason"), reasons.filter(gone).alias("detail")
        ) if gone.any() else pl.DataFrame(schema=DROPPED_SCHEMA)  # fmt: skip
        kept = frame.filter(~gone) if lost.height else frame
        counts.append(Count(name, frame.height, kept.height, {name: lost.height} if lost.height else {}))
        dropped.append(lost)
        frame = kept
    if stages.masker is not None:
        frame, notes = stages.masker.masked(frame)
        counts.append(Count("mask", frame.height, frame.height, notes=notes))
        frame = _with_texts(frame, config)
    question, answer = (compared(frame[name]) for name in (QUESTION, ANSWERS))
    return Outcome(_written(frame, config), question, answer, pl.concat(dropped), counts)


def _reasons(dropped: pl.DataFrame) -> dict[str, int]:
    counted = dropped["reason"].value_counts(sort=False).sort("reason")
    return dict(counted.iter_rows())


def _is_entries(frame: pl.DataFrame) -> bool:
    return isinstance(frame.schema.get("answers"), pl.List)


def _named(frame: pl.DataFrame, config: CleanConfig, file: str) -> pl.DataFrame:
    """Return the table with the columns that cleaning knows, under its own names."""
    if frame.width <= 1:
        texts = {name: pl.Series(name, [], dtype=pl.String) for name in ("id", "question", "answer")}
        return frame.clear().with_columns(**texts)
    columns = config.columns
    is_entries = _is_entries(frame)
    wanted = {"question": "question"} if is_entries else {columns.question: "question", columns.answer: "answer"}
    missing = [name for name in wanted if name not in frame.columns]
    if missing and (len(missing) == len(wanted) or frame[ROW].item(0) == 1):
        raise InputError(
            Problem(
                "schema-columns",
                "a table of questions and answers lacks a column",
                file,
                found=", ".join(frame.columns[1:]),
                expected=", ".join(wanted),
                remedy="name the columns in clean.yaml: columns: {question: ..., answer: ...}",
            )
        )
    # Further parts of a file of objects may happen to have none with an answer: those are dropped one by one.
    frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)
    made = pl.format("{}/{}", pl.lit(file), pl.col(ROW))
    if columns.id in frame.columns:
        made = pl.coalesce(as_text(frame, columns.id), made)
    used = {ROW, columns.id, *wanted}
    others = [name for name in frame.columns if name not in used and _kept(name, config)]
    # A column that has one of our names and another meaning is kept under a longer name.
    ours = {"id", *wanted.values()}
    if is_entries:
        rest = [name for name in ENTRY_SCHEMA if name in frame.columns and name != "id"]
        rest += [name for name in frame.columns if name not in rest and name not in used]
        return frame.select(ROW, made.alias("id"), *(as_text(frame, n) if n == "question" else n for n in rest))
    return frame.select(
        ROW,
        made.alias("id"),
        *(as_text(frame, old).alias(new) for old, new in wanted.items()),
        *(pl.col(name).alias(f"{name}_" if name in ours else name) for name in others),
    )


def _kept(name: str, config: CleanConfig) -> bool:
    return config.columns.keep is None or name in config.columns.keep


def as_text(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Return a column as text: an object as JSON, a list as lines."""
    kind = frame.schema[name]
    if kind == pl.String:
        return pl.col(name)
    if isinstance(kind, pl.Struct):
        return pl.col(name).struct.json_encode().alias(name)
    if isinstance(kind, pl.List):
        return pl.col(name).cast(pl.List(pl.String)).list.join("\n").alias(name)
    return pl.col(name).cast(pl.String)


def _with_texts(frame: pl.DataFrame, config: CleanConfig) -> pl.DataFrame:
    """Add the cleaned texts as hidden columns."""
    remove = config.normalise.addresses == "remove"
    if not _is_entries(frame):
        pairs = (("question", QUESTION), ("answer", ANSWERS))
        return frame.with_columns(cleaned(frame[name], addresses=remove).alias(hidden) for name, hidden in pairs)
    title = pl.col("title") if "title" in frame.columns else pl.lit(None, dtype=pl.String)
    texts = frame.select(
        q=pl.concat_str(title.cast(pl.String), "question", separator="\n", ignore_nulls=True),
        a=pl.col("answers").list.eval(pl.element().struct.field("text").fill_null("")).fill_null([]).list.join("\n"),
    )
    return frame.with_columns(
        cleaned(texts["q"], addresses=remove).alias(QUESTION), cleaned(texts["a"], addresses=remove).alias(ANSWERS)
    )


def _judges(stages: Stages) -> list[tuple[str, Any]]:
    least = stages.config.length
    judges: list[tuple[str, Any]] = []
    if least.question or least.answer:
        judges.append(("length", lambda frame: _length(frame, least.question, least.answer)))
    judges += [(one.name, lambda frame, one=one: one.reasons(_viewed(frame, one.columns))) for one in stages.filters]
    return judges


def _length(frame: pl.DataFrame, question: int, answer: int) -> pl.Series:
    longest = pl.col(ANSWERS).str.len_chars()
    if _is_entries(frame):
        longest = pl.col("answers").list.eval(pl.element().struct.field("text").str.len_chars()).list.max().fill_null(0)
    sizes = frame.select(q=pl.col(QUESTION).str.len_chars(), a=longest)
    short_q, short_a = pl.col("q") < question, pl.col("a") < answer
    if not sizes.select((short_q | short_a).any()).item():
        return pl.Series("reason", [None], dtype=pl.String).new_from_index(0, frame.height)
    return sizes.select(
        pl.when(short_q)
        .then(pl.format("question: {} characters, at least {}", "q", pl.lit(question)))
        .when(short_a)
        .then(pl.format("answer: {} characters, at least {}", "a", pl.lit(answer)))
    ).to_series()


def _viewed(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the columns of the table of entries that a filter reads; a row is an entry with one answer."""
    if "answers" not in frame.columns and "answers" in columns:
        absent = {name: pl.lit(None, dtype=kind).alias(name) for name, kind in ANSWER.to_schema().items()}
        answer = pl.struct(pl.col("answer").alias("text"), *(absent[name] for name in absent if name != "text"))
        answer = answer.struct.with_fields(pl.lit("unknown").alias("role"))
        frame = frame.with_columns(pl.concat_list(answer).alias("answers"))
    return frame.select(
        pl.col(name) if frame.schema.get(name) == ENTRY_SCHEMA[name] or name in ("answers", "question", "id")
        else pl.lit(None, dtype=ENTRY_SCHEMA[name]).alias(name)
        for name in columns
    )  # fmt: skip


def _written(frame: pl.DataFrame, config: CleanConfig) -> pl.DataFrame:
    """Return the table as it goes to the output."""
    if config.normalise.text == "clean":
        remove = config.normalise.addresses == "remove"
        if _is_entries(frame):
            frame = _clean_entries(frame, addresses=remove)
        else:
            frame = frame.with_columns(pl.col(QUESTION).alias("question"), pl.col(ANSWERS).alias("answer"))
    hidden = {QUESTION, ANSWERS, ROW}
    return frame.select(name for name in frame.columns if name not in hidden)


def _clean_entries(frame: pl.DataFrame, *, addresses: bool) -> pl.DataFrame:
    texts = [name for name in ("title", "question") if frame.schema.get(name) == pl.String]
    columns = [
        frame.select(pl.when(pl.col(name).is_not_null()).then(cleaned(frame[name], addresses=addresses)).alias(name))
        for name in texts
    ]
    members = opened(frame, "answers")
    answers = closed(frame["answers"], members, cleaned(members["text"], addresses=addresses))
    return frame.with_columns(*(one.to_series() for one in columns), answers.alias("answers"))
