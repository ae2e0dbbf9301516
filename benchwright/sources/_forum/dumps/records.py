"""Tables and JSON: a record is a post, a question with its answers, or a thread with the list of its posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import InputError
from benchwright.sources._forum.columns import (
    POST,
    SHARED,
    cell,
    columns_by_words,
    id_cell,
    raw_of,
    raw_with,
    unknown_columns,
)
from benchwright.sources._forum.dumps import Inferred
from benchwright.sources._forum.nested import is_nested, nested_posts, posts_in, sample_objects
from benchwright.sources._forum.profile import Profile, RecordsProfile
from benchwright.sources._forum.raw import Posts, posts_of
from benchwright.sources._forum.words import columns_named
from benchwright.sources._layouts.files import SUFFIXES, read_batches
from benchwright.sources._layouts.opened import suffix_of

__all__ = ["infer", "looks_like", "posts", "whole"]

_SAMPLE: Final = 2000


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file is a table or JSON."""
    del file
    return f"a table by its suffix {suffix_of(path)}" if suffix_of(path) in SUFFIXES else None


def whole(profile: Profile) -> bool:
    """Tell whether each record is a thread of its own."""
    records = profile.records
    return records is not None and (records.posts is not None or records.question is not None)


def infer(samples: Sequence[tuple[Path, str]], profile: Profile) -> Inferred:
    """Tell what the columns mean by their names, and by what stands in them."""
    if profile.records is not None:
        return Inferred(profile.model_copy(update={"kind": "records"}))
    path, file = samples[0]
    if is_nested(path):
        objects = sample_objects(path, file)
        listed = _list_field(objects)
        if listed is not None:
            return _nested(profile, objects, listed, file)
    batch = next(read_batches(path, file), None)
    frame = pl.DataFrame() if batch is None else batch.frame.drop("_row").head(_SAMPLE)
    records, reasons = columns_by_words(frame, file)
    doubts = [f"column {name} is used nowhere" for name in frame.columns if name not in _used(records)]
    return Inferred(profile.model_copy(update={"kind": "records", "records": records}), reasons, doubts)


def _used(records: RecordsProfile) -> set[str]:
    used: set[str] = set()
    for value in records.model_dump().values():
        used |= {value} if isinstance(value, str) else set(value or ())
    return used


def _list_field(objects: Sequence[dict[str, Any]]) -> str | None:
    """Return the field that holds a list of posts in most objects."""
    lists: dict[str, int] = {}
    for one in objects:
        for name, value in one.items():
            if isinstance(value, list) and value and len(posts_in(value)) == len(value):
                lists[name] = lists.get(name, 0) + 1
    named = columns_named(lists, "answer", "lists")
    return named[0] if named else None


def _nested(profile: Profile, objects: Sequence[dict[str, Any]], listed: str, file: str) -> Inferred:
    names = list(dict.fromkeys(name for one in objects for name in one))
    inner = list(dict.fromkeys(name for one in objects for post in posts_in(one.get(listed)) for name in post))
    found: dict[str, Any] = {"posts": listed}
    reasons = [f"each record is a thread; its posts are in the list {listed}"]
    text = next(iter(columns_named(inner, "text") or columns_named(inner, "answer")), None)
    question = next(
        (n for n in [*columns_named(names, "question"), *columns_named(names, "text")] if n != listed), None
    )
    if text is None:
        raise InputError(unknown_columns(file, inner))
    found["text"] = text
    if question is not None:
        found["question"] = question
        reasons.append(f"the question itself is the field {question}")
    taken = {listed, question, text}
    for meaning in ("thread", "post", *POST, *SHARED):
        if meaning == "text":
            continue
        pool = [*inner, *names] if meaning in {"post", "parent", "kind", *POST} else names
        chosen = next((name for name in columns_named(pool, meaning) if name not in taken), None)
        if meaning == "thread" and chosen is None:
            chosen = next((name for name in columns_named(names, "post") if name not in taken), None)
        if chosen is not None:
            found[meaning] = chosen
            reasons.append(f"{meaning}: the field {chosen}, by its name")
    return Inferred(
        profile.model_copy(update={"kind": "records", "records": RecordsProfile(**found)}),
        reasons,
        [f"field {name} is used nowhere" for name in [*names, *inner] if name not in {*found.values()}],
    )


def posts(path: Path, file: str, profile: Profile, site: str) -> Iterator[Posts]:
    """Yield the posts of a table or of JSON."""
    records = profile.records or RecordsProfile()
    if records.posts is not None:
        yield from nested_posts(path, file, profile, site)
        return
    for batch in read_batches(path, file):
        missing = sorted(name for name in _used_columns(records) if name not in batch.frame.columns)
        if batch.frame.height and missing and (records.text or records.question) in missing:
            raise InputError(unknown_columns(file, [name for name in batch.frame.columns if name != "_row"]))
        raw = raw_of(batch.frame, records) if records.question is None else _pairs(batch.frame, records)
        frame = posts_of(raw, profile, file, site)
        yield Posts(frame, list(batch.rejects), batch.frame.height + len(batch.rejects))


def _used_columns(records: RecordsProfile) -> set[str]:
    return _used(records) - set(records.question_kinds) - set(records.comment_kinds)


def _pairs(frame: pl.DataFrame, records: RecordsProfile) -> pl.DataFrame:
    """Return the posts of records that are a question with its answers."""
    row = pl.col("_row").cast(pl.String)
    ids = pl.coalesce(id_cell(frame, records.thread), id_cell(frame, records.post), row)
    post = pl.coalesce(id_cell(frame, records.post), ids)
    ask = raw_with(
        frame, records, thread=ids, post=post, kind=pl.lit("question"), text=cell(frame, records.question),
        name=pl.lit(None), mark=pl.lit(None), votes=pl.lit(None), accepted=pl.lit(value=False),
    )  # fmt: skip
    parts = [ask.with_columns(pl.lit(0).alias("n"))]
    for place, name in enumerate((one for one in records.answer if one in frame.columns), 1):
        parts.append(_answered(frame, records, name, ids, post, place))
    return pl.concat(parts).sort("row", "n", maintain_order=True).drop("n")


def _answered(
    frame: pl.DataFrame, records: RecordsProfile, name: str, ids: pl.Expr, post: pl.Expr, place: int
) -> pl.DataFrame:
    """Return the answers of one column, those of a list one by one; cells without text are no answers."""
    mark = cell(frame, records.mark)
    doctor = pl.lit("doctor") if any(word in name.casefold() for word in ("doctor", "physician")) else mark
    several = isinstance(frame.schema[name], pl.List)
    cells = pl.col(name).cast(pl.List(pl.String), strict=False) if several else cell(frame, name)
    flat = frame.with_columns(ids.alias("_t"), post.alias("_p"), cells.alias("_a"))
    if several:
        flat = flat.explode("_a", empty_as_null=True, keep_nulls=True)
    number = pl.int_range(1, pl.len() + 1).over("_row") if several else pl.lit(place)
    raw = flat.with_columns(number.alias("_n")).filter(
        pl.col("_a").is_not_null() & (pl.col("_a").str.strip_chars() != "")
    )
    answers = raw_with(
        raw, records, thread=pl.col("_t"), post=pl.format("{}-a{}", "_p", "_n"), parent=pl.col("_p"),
        kind=pl.lit("answer"), text=pl.col("_a"), mark=doctor, title=pl.lit(None),
    )  # fmt: skip
    return answers.with_columns(pl.lit(place).alias("n"))
