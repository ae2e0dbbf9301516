"""SQL dumps: posts, and where they stand apart, threads, categories and authors. Nothing is executed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.tables import Reject
from benchwright.sources._forum.columns import columns_by_words, raw_of
from benchwright.sources._forum.dumps import Inferred
from benchwright.sources._forum.profile import Profile, SqlTable
from benchwright.sources._forum.raw import Posts, posts_of, reject
from benchwright.sources._forum.roles import role_expression
from benchwright.sources._forum.sqltext import SqlRow, sql_rows
from benchwright.sources._forum.texts import distinct, pseudonym
from benchwright.sources._forum.words import columns_named
from benchwright.sources._layouts.opened import suffix_of

__all__ = ["infer", "looks_like", "posts", "whole"]

_ROWS: Final = 8192
_SEEN: Final = 200_000
"""Rows that are looked at to tell what the tables hold."""
_EACH: Final = 50
_SIDE: Final = pl.Schema({"site": pl.String, "thread": pl.String, "title": pl.String, "category": pl.String})


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file is SQL by its suffix."""
    del file
    return f"SQL by its suffix {suffix_of(path)}" if suffix_of(path) in {".sql", ".dump"} else None


def whole(profile: Profile) -> bool:
    """Posts stand in the order in which they were written, not by thread."""
    del profile
    return False


def infer(samples: Sequence[tuple[Path, str]], profile: Profile) -> Inferred:
    """Tell the tables by their columns: posts have a text and name their thread; threads have titles.

    Raises:
        InputError: ``layout-unknown``: no table has the text of posts.
    """
    if profile.sql:
        return Inferred(profile.model_copy(update={"kind": "sql"}))
    tables: dict[str, tuple[tuple[str, ...], list[tuple[str | None, ...]]]] = {}
    for path, file in samples:
        for row in islice(sql_rows(path, file), _SEEN):
            if row.values is not None:
                _, rows = tables.setdefault(row.table, (row.columns, []))
                if len(rows) < _EACH and len(row.values) == len(tables[row.table][0]):
                    rows.append(row.values)
    found: list[SqlTable] = []
    reasons: list[str] = []
    for name, (columns, rows) in tables.items():
        one, why = _table(name, columns, rows)
        if one is not None:
            found.append(one)
            reasons.append(why)
    chosen = _settled(found)
    if not any(one.holds == "posts" for one in chosen):
        raise InputError(_unknown(samples[0][1], tables))
    doubts = [f"table {name} is used nowhere" for name in tables if name not in {one.table for one in chosen}]
    return Inferred(profile.model_copy(update={"kind": "sql", "sql": tuple(chosen)}), reasons, doubts)


def _unknown(file: str, tables: dict[str, Any]) -> Problem:
    return Problem(
        "layout-unknown",
        "no table of the dump can be that of the posts",
        file,
        found="; ".join(f"{name} ({', '.join(columns)})" for name, (columns, _) in tables.items())[:300] or "no rows",
        expected="a table with the text of posts and the id of their thread",
        remedy="name the tables and columns in a profile: see docs/forum.md",
    )


def _table(name: str, columns: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> tuple[SqlTable | None, str]:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    bare = name.casefold()
    title = next(iter(columns_named(columns, "title")), None)
    own = next((one for one in columns if one.casefold() in _own_ids(bare)), None)
    try:
        records, why = columns_by_words(frame, name)
    except InputError:
        records = None
        why = []
    people = any(word in bare for word in ("user", "member", "author", "account"))
    sections = any(word in bare for word in ("forum", "categor", "section", "board", "node"))
    if people:
        mark = next(iter(columns_named(columns, "mark")), None)
        key = own or next(iter(columns_named(columns, "name")), None)
        named = next((one for one in columns_named(columns, "name") if one != key), None)
        if key is None or (mark is None and named is None):
            return None, ""
        return SqlTable(table=name, holds="authors", id=key, mark=mark, name=named), f"{name}: authors, by its name"
    if records is not None and (records.text or records.question) and not sections:
        return SqlTable(
            table=name, holds="posts", **records.model_dump(exclude_none=True)
        ), f"{name}: posts; {'; '.join(why)}"
    label = title or next((one for one in columns if one.casefold().endswith(("name", "title"))), None)
    if own is None or label is None:
        return None, ""
    if sections:
        return SqlTable(table=name, holds="categories", id=own, title=label), f"{name}: categories, by its name"
    category = next(iter(columns_named(columns, "category")), None)
    return (
        SqlTable(table=name, holds="threads", id=own, title=label, category=category),
        f"{name}: threads, for it has a title and no text",
    )


def _own_ids(table: str) -> list[str]:
    last = table.rstrip("s").split("_")[-1]
    return [f"{last}_id", f"{last}id", "topic_id", "thread_id", "tid", "forum_id", "fid", "user_id", "uid", "id"]


def _settled(found: list[SqlTable]) -> list[SqlTable]:
    """Where posts name their thread, a table with text and title but no thread of its own is one of questions."""
    posts = [one for one in found if one.holds == "posts"]
    if len(posts) < 2:
        return found
    return [
        one.model_copy(update={"kind": None, "thread": one.post}) if one in posts and _is_questions(one, posts) else one
        for one in found
    ]


def _is_questions(one: SqlTable, posts: list[SqlTable]) -> bool:
    return one.thread is None and one.title is not None and any(other.thread is not None for other in posts)


def posts(path: Path, file: str, profile: Profile, site: str) -> Iterator[Posts]:
    """Yield the posts of the tables that hold them, and beside them what other tables say of threads and authors."""
    known = {one.table: one for one in profile.sql}
    categories: dict[str, str] = {}
    source = sql_rows(path, file)
    while part := list(islice(source, _ROWS)):
        for name, rows in groupby(part, key=lambda row: row.table):
            kept = list(rows)
            yield _taken(known.get(name), kept, categories, profile, file, site)


def _taken(
    table: SqlTable | None, rows: list[SqlRow], categories: dict[str, str], profile: Profile, file: str, site: str
) -> Posts:
    empty = posts_of(raw_of(pl.DataFrame(schema={"_row": pl.Int64}), SqlTable(table="")), profile, file, site)
    if table is None:
        return Posts(empty)
    rejects = [
        reject(file, row.number, "record-broken", f"table {row.table}, row {row.number}; {row.broken}")
        for row in rows
        if row.values is None
    ]
    frame, odd = _frame(rows, file)
    rejects += odd
    if table.holds == "posts":
        raw = raw_of(frame, table)
        if table.thread == table.post and table.title is not None:
            raw = raw.with_columns(pl.lit("question").alias("kind"), pl.format("q{}", "post").alias("post"))
        return Posts(_categorised(posts_of(raw, profile, file, site), categories), rejects, len(rows))
    return _aside(table, frame, rejects, len(rows), categories, profile, empty, site)


def _frame(rows: list[SqlRow], file: str) -> tuple[pl.DataFrame, list[Reject]]:
    good = [row for row in rows if row.values is not None]
    columns = good[0].columns if good else ()
    schema = {"_row": pl.Int64, **dict.fromkeys(columns, pl.String)}
    try:
        return pl.DataFrame([(row.number, *(row.values or ())) for row in good], schema=schema, orient="row"), []
    except UnicodeEncodeError:
        bad = [row for row in good if any(_is_odd(value) for value in row.values or ())]
        keep = [(row.number, *(row.values or ())) for row in good if row not in bad]
        odd = [
            reject(file, row.number, "record-broken", "found: bytes that are no text in this encoding") for row in bad
        ]
        return pl.DataFrame(keep, schema=schema, orient="row"), odd


def _is_odd(value: str | None) -> bool:
    return value is not None and any("\ud800" <= sign <= "\udfff" for sign in value)


def _categorised(posts: pl.DataFrame, categories: dict[str, str]) -> pl.DataFrame:
    return posts.with_columns(pl.col("category").replace(categories)) if categories else posts


def _aside(
    table: SqlTable, frame: pl.DataFrame, rejects: list[Reject], records: int, categories: dict[str, str],
    profile: Profile, empty: pl.DataFrame, site: str,
) -> Posts:  # fmt: skip
    raw = raw_of(frame, table)
    ids = frame[table.id] if table.id in frame.columns else pl.Series([None] * frame.height, dtype=pl.String)
    if table.holds == "categories":
        categories.update({key: title for key, title in zip(ids, raw["title"], strict=True) if key and title})
        return Posts(empty, rejects, records)
    if table.holds == "authors":
        roles = raw.with_columns(pl.lit("").alias("text")).select(role_expression(profile).alias("role"))["role"]
        keys = distinct(ids, partial(pseudonym, site))
        told = {key: role for key, role in zip(keys, roles, strict=True) if key and role != "unknown"}
        return Posts(empty, rejects, records, authors=told)
    sides = pl.DataFrame([
        pl.Series("site", [site] * frame.height, dtype=pl.String), ids.alias("thread"), raw["title"].alias("title"),
        raw["category"].replace(categories).alias("category"),
    ]).filter(pl.col("thread").is_not_null())  # fmt: skip
    return Posts(empty, rejects, records, sides=sides.cast(_SIDE))
