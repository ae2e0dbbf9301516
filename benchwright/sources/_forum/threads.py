"""Posts -> entries: threads put together, each question with its answers, everything else told."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.schemas.ids import segment
from benchwright.schemas.tables import Reject
from benchwright.sources._forum.posts import ENTRY_SCHEMA
from benchwright.sources._forum.raw import empty_rejects, reject
from benchwright.sources._forum.texts import distinct

__all__ = ["entries_of"]

_DEPTH: Final = 64
"""How deep an answer may stand below its question by way of parents; deeper ones go by their place."""
_TO_THE_MINUTE: Final = len("2021-03-05T10:00")
_PLAIN: Final = r"^[A-Za-z0-9._~+,=()!*'$-]+$"
_THREAD: Final = ("site", "thread")


def entries_of(
    posts: pl.DataFrame,
    sides: pl.DataFrame | None = None,
    authors: dict[str, str] | None = None,
    *,
    ask: bool = True,
) -> tuple[pl.DataFrame, list[Reject]]:
    """Return the entries of whole threads, in the order of their questions, and the posts that are in none.

    Args:
        posts: a post table with all posts of each of its threads.
        sides: title and category of threads from a table of their own: site, thread, title, category.
        authors: role by pseudonym, from a table of authors.
        ask: whether who asks, and has no other role, is a patient.
    """
    posts, rejects = _once(posts)
    posts, silent = empty_rejects(_with_sides(posts, sides, authors or {}))
    posts = _rooted(_kinds(_placed(posts)))
    lost = posts.filter(pl.col("root").is_null())
    rejects += silent + [
        reject(file, row, "post-orphan", f"post {post} of thread {thread}; found: no question in the dump; "
               "expected: the question that it answers", text)
        for file, row, post, thread, text in lost.select("file", "row", "post", "thread", "text").iter_rows()
    ]  # fmt: skip
    kept = posts.filter(pl.col("root").is_not_null())
    if kept.is_empty():
        return pl.DataFrame(schema=ENTRY_SCHEMA), rejects
    return _entries(_spoken(kept, ask=ask)), rejects


def _once(posts: pl.DataFrame) -> tuple[pl.DataFrame, list[Reject]]:
    """Return each post once; the first one stays, whatever the others say."""
    first = pl.struct(*_THREAD, "post").is_first_distinct()
    flagged = posts.with_columns(first.alias("first"))
    twice = flagged.filter(~pl.col("first"))
    if twice.is_empty():
        return posts, []
    rejects = [
        reject(file, row, "post-repeated", f"post {post} of thread {thread}; found: it a second time; "
               "expected: ids that differ", text)
        for file, row, post, thread, text in twice.select("file", "row", "post", "thread", "text").iter_rows()
    ]  # fmt: skip
    return flagged.filter("first").drop("first"), rejects


def _with_sides(posts: pl.DataFrame, sides: pl.DataFrame | None, authors: dict[str, str]) -> pl.DataFrame:
    if authors:
        told = pl.col("author").replace_strict(authors, default=None, return_dtype=pl.String)
        unknown = pl.col("author_role") == "unknown"
        posts = posts.with_columns(
            pl.when(unknown).then(told.fill_null("unknown")).otherwise("author_role").alias("author_role")
        )
    if sides is None or sides.is_empty():
        return posts
    once = sides.unique(_THREAD, keep="first", maintain_order=True).select(
        *_THREAD, pl.col("title").alias("side_title"), pl.col("category").alias("side_category")
    )
    joined = posts.join(once, on=_THREAD, how="left", maintain_order="left")
    return joined.with_columns(
        pl.coalesce("title", "side_title").alias("title"), pl.coalesce("category", "side_category").alias("category")
    ).drop("side_title", "side_category")


def _placed(posts: pl.DataFrame) -> pl.DataFrame:
    """Give each post its place: by time where every post of the thread has one, else in the order of the dump."""
    question = (pl.col("kind") == "question").fill_null(value=False)
    timed = (pl.col("date").str.len_chars() >= _TO_THE_MINUTE).fill_null(value=False).all().over(_THREAD)
    posts = posts.with_columns(
        pl.int_range(pl.len()).alias("order"), question.alias("asks"), pl.when(timed).then("date").alias("when")
    )
    if posts["when"].null_count() < posts.height:
        first = pl.col("order").min().over(_THREAD)
        posts = posts.with_columns(first.alias("thread_order")).sort("thread_order", "when", "order", nulls_last=False)
        posts = posts.with_columns(pl.int_range(pl.len()).alias("order")).drop("thread_order")
    return posts.drop("when").with_columns(
        pl.col("order").rank("ordinal").over(_THREAD).cast(pl.Int64).sub(1).alias("position"),
        pl.col("asks").any().over(_THREAD).alias("has_question"),
    )


def _kinds(posts: pl.DataFrame) -> pl.DataFrame:
    """Tell the kind where the dump does not.

    The first post asks; what the asker says later, and what stands under a post that is no question, is a comment.
    """
    opening = (pl.col("position") == 0) & ~pl.col("has_question") & pl.col("kind").is_null()
    kind = pl.when(opening & pl.col("parent").is_null()).then(pl.lit("question")).otherwise("kind")
    posts = posts.with_columns(kind.alias("kind"))
    asker = pl.col("author").filter(pl.col("kind") == "question").first().over(_THREAD)
    questions = posts.filter(pl.col("kind") == "question").select(*_THREAD, pl.col("post").alias("parent"))
    posts = posts.join(
        questions.with_columns(pl.lit(value=True).alias("under")), on=[*_THREAD, "parent"], how="left",
        maintain_order="left",
    )  # fmt: skip
    nested = pl.col("parent").is_not_null() & pl.col("under").is_null()
    again = pl.col("author").is_null() & (pl.col("author_role") == "patient")
    comment = (pl.col("author") == asker).fill_null(value=False) | nested | again
    told = pl.when(comment).then(pl.lit("comment")).otherwise(pl.lit("answer"))
    return posts.with_columns(pl.coalesce("kind", told).alias("kind")).drop("under")


def _rooted(posts: pl.DataFrame) -> pl.DataFrame:
    """Give each post its question: by its parents, else the last question before it, else the first of the thread."""
    root = pl.when(pl.col("kind") == "question").then("post").otherwise(None)
    posts = posts.with_columns(root.alias("root"), pl.col("parent").alias("above"))
    for _ in range(_DEPTH):
        open_ = posts.filter(pl.col("root").is_null() & pl.col("above").is_not_null()).height
        if not open_:
            break
        known = posts.select(
            *_THREAD, pl.col("post").alias("above"), pl.col("root").alias("r"), pl.col("parent").alias("up")
        )
        posts = posts.join(known, on=[*_THREAD, "above"], how="left", maintain_order="left")
        up = pl.when(pl.col("root").is_null()).then("up").otherwise(None)
        posts = posts.with_columns(pl.coalesce("root", "r").alias("root"), up.alias("above")).drop("r", "up")
    asked = pl.col("post").filter(pl.col("kind") == "question")
    before = pl.when(pl.col("kind") == "question").then("post").otherwise(None).forward_fill().over(_THREAD)
    return posts.with_columns(pl.coalesce("root", before, asked.first().over(_THREAD)).alias("root"))


def _spoken(posts: pl.DataFrame, *, ask: bool) -> pl.DataFrame:
    """Tell the patient by his asking, and name speakers by the order in which they speak."""
    key = [*_THREAD, "root"]
    question = pl.col("kind") == "question"
    asker = pl.col("author").filter(question).first().over(key)
    posts = posts.with_columns(asker.alias("asker"))
    asks = question | (pl.col("author") == pl.col("asker")).fill_null(value=False)
    if ask:
        role = pl.when(asks & (pl.col("author_role") == "unknown")).then(pl.lit("patient")).otherwise("author_role")
        posts = posts.with_columns(role.alias("author_role"))
    posts = posts.sort([*key, "asks", "position"], descending=[False, False, False, True, False])
    author = pl.col("author")
    names = (
        posts.filter(author.is_not_null())
        .unique([*key, "author"], keep="first", maintain_order=True)
        .with_columns(pl.int_range(1, pl.len() + 1).over(key).alias("n"))
        .select(*key, "author", pl.format("a{}", "n").alias("called"))
    )
    return posts.join(names, on=[*key, "author"], how="left", maintain_order="left")


def _entries(posts: pl.DataFrame) -> pl.DataFrame:
    key = [*_THREAD, "root"]
    answer = pl.col("kind") == "answer"
    question = pl.col("kind") == "question"
    early = (answer.cast(pl.Int32).cum_sum().over(key) == 0) & (pl.col("kind") == "comment")
    more = early & (pl.col("author") == pl.col("asker")).fill_null(value=False)
    posts = posts.with_columns((question | more).alias("asked"))
    role = pl.col("author_role")
    answers = pl.struct("text", role.alias("role"), "score", "accepted", "date").filter(answer)
    turns = pl.struct(role.alias("role"), pl.col("called").alias("author"), "kind", "date", "text")
    plain = ("category", "tags", "date", "language", "url", "licence", "file", "row")
    grouped = posts.group_by(key, maintain_order=True).agg(
        pl.col("title").filter(question).first(),
        pl.col("text").filter("asked").str.join("\n\n").alias("question"),
        answers.alias("answers"),
        *(pl.col(name).filter(question).first() for name in plain),
        turns.alias("turns"),
        pl.col("order").filter(question).first(),
    )
    parts = [_segments(grouped[name]) for name in key]
    named = grouped.with_columns(
        pl.concat_str([pl.lit(one) for one in parts], separator="/").alias("id"), pl.col("question").str.strip_chars()
    )
    return named.sort("order").select(pl.col(name).cast(dtype) for name, dtype in ENTRY_SCHEMA.items())


def _segments(column: pl.Series) -> pl.Series:
    plain = column.str.contains(_PLAIN) & ~column.is_in([".", ".."])
    return column if plain.all() else distinct(column, segment)
