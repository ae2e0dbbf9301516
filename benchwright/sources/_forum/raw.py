"""What readers of dumps find -> the post table: roles told, names replaced, markup taken out, by columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import UserError
from benchwright.schemas.languages import parse_language
from benchwright.schemas.tables import Reject
from benchwright.sources._forum.posts import POST_SCHEMA
from benchwright.sources._forum.profile import Profile
from benchwright.sources._forum.roles import role_expression
from benchwright.sources._forum.texts import HAS_MARKUP, distinct, iso_date, pseudonym, text_of

__all__ = ["RAW_SCHEMA", "Posts", "empty_rejects", "posts_of", "reject"]

_RAW_SCHEMA: Final[dict[str, Any]] = {
    "thread": pl.String,
    "post": pl.String,
    "parent": pl.String,
    "kind": pl.String,
    "name": pl.String,
    "mark": pl.String,
    "title": pl.String,
    "text": pl.String,
    "html_removed": pl.Boolean,
    "date": pl.String,
    "votes": pl.String,
    "accepted": pl.Boolean,
    "category": pl.String,
    "tags": pl.List(pl.String),
    "language": pl.String,
    "url": pl.String,
    "licence": pl.String,
    "row": pl.Int64,
}
RAW_SCHEMA: Final = pl.Schema(_RAW_SCHEMA)
"""What a reader finds, as it stands; ``html_removed`` is null where the text may still hold markup."""
_SHOWN: Final = 300
_NUMBER: Final = r"^\s*([+\-−–]?)\s*(\d{1,3}(?:[,.\u00a0 ]\d{3})+|\d{1,9})\s*(?:$|[^\d.,])"


@dataclass(frozen=True)
class Posts:
    """A batch of posts; ``records`` counts what was read: each is a post, a reject or a side row (thread, author)."""

    frame: pl.DataFrame
    rejects: list[Reject] = field(default_factory=list)
    records: int = 0
    sides: pl.DataFrame | None = None
    """Title and category of threads, where a dump has them in a table of their own: thread, title, category."""
    authors: dict[str, str] = field(default_factory=dict)
    """Role by pseudonym, where a dump has its authors in a table of their own."""


def reject(file: str, row: int | None, reason: str, detail: str, text: str = "", xpath: str | None = None) -> Reject:
    """Return the reject of one record or post of a dump."""
    shown = text[:_SHOWN].encode("utf-8", "backslashreplace").decode()
    said = f"{detail}; at {xpath}" if xpath else detail
    return Reject(
        file=file, reason=reason, number=None if row is None else str(row), text=shown, detail=said, stage="import"
    )


def posts_of(raw: pl.DataFrame, profile: Profile, file: str, site: str) -> pl.DataFrame:
    """Return the post table of what a reader found; ``position`` is null until threads are put together."""
    texts = _texts(raw, profile)
    languages = distinct(raw["language"], _language) if raw["language"].null_count() < raw.height else raw["language"]
    frame = raw.with_columns(
        texts["text"],
        texts["html_removed"],
        languages.fill_null(profile.language or "").replace("", None).alias("language"),
        distinct(raw["date"], partial(_date, order=profile.date_order)).alias("date"),
        _score().alias("score"),
        raw["title"].map_elements(lambda title: text_of(title)[0] or None, pl.String)
        if raw["title"].null_count() < raw.height and raw["title"].str.contains(HAS_MARKUP).any()
        else pl.col("title").str.strip_chars().replace("", None),
        pl.col("accepted").fill_null(value=False),
        pl.col("tags").fill_null([]),
        pl.col("category").str.strip_chars().replace("", None),
        pl.col("licence").fill_null(profile.licence),
        pl.lit(site).alias("site"),
        pl.lit(file).alias("file"),
        pl.lit(None, dtype=pl.Int64).alias("position"),
    )
    frame = frame.with_columns(role_expression(profile).alias("author_role"))
    names = raw["name"].str.strip_chars().replace("", None)
    authors = names if names.null_count() == raw.height else distinct(names, partial(pseudonym, site))
    return frame.with_columns(authors.alias("author")).select(
        pl.col(name).cast(dtype) for name, dtype in POST_SCHEMA.items()
    )


def _date(text: str, order: Any) -> str | None:
    return iso_date(text, order)


def _language(name: str) -> str | None:
    try:
        return parse_language(name)
    except UserError:
        return None


def _score() -> pl.Expr:
    """Return votes as a whole number: ``1,204 votes`` is 1204, ``-3`` and ``−3`` are three against."""
    number = pl.col("votes").str.extract(_NUMBER, 2).str.replace_all(r"[^\d]", "").cast(pl.Int64, strict=False)
    minus = pl.col("votes").str.extract(_NUMBER, 1).is_in(["-", "−", "–"]).fill_null(value=False)
    return pl.when(minus).then(-number).otherwise(number)


def _texts(raw: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Return ``text`` and ``html_removed``: only texts with markup leave the columns, one by one."""
    text = pl.col("text").fill_null("")
    tidy = text.str.replace_all("\r\n?", "\n").str.replace_all(r"[ \t\x0B\f\u00a0]+", " ")
    tidy = tidy.str.replace_all(r" ?\n ?", "\n").str.replace_all(r"\n{3,}", "\n\n").str.strip_chars()
    done = pl.col("html_removed").is_not_null()
    has = pl.lit(profile.markup == "html") if profile.markup != "auto" else text.str.contains(HAS_MARKUP)
    frame = raw.select(
        pl.when(done).then(text).otherwise(tidy).alias("text"),
        pl.col("html_removed").fill_null(value=False),
        text.alias("whole"),
        (has & ~done).alias("has"),
    )
    if not frame["has"].any():
        return frame.select("text", "html_removed")
    places = frame["has"].arg_true()
    plain = [
        text_of(one, "auto" if profile.markup == "plain" else profile.markup) for one in frame["whole"].gather(places)
    ]
    return pl.DataFrame(
        [
            frame["text"].scatter(places, [one for one, _ in plain]),
            frame["html_removed"].scatter(places, [removed for _, removed in plain]),
        ]
    )


def empty_rejects(posts: pl.DataFrame) -> tuple[pl.DataFrame, list[Reject]]:
    """Return the posts that say something, and a reject for each that does not."""
    silent = (pl.col("text") == "") & (pl.col("title").is_null() | (pl.col("kind").fill_null("answer") != "question"))
    nothing = posts.filter(silent)
    if nothing.is_empty():
        return posts, []
    rejects = [
        reject(file, row, "post-empty", f"post {post} of thread {thread}; found: no text; expected: what was said")
        for file, row, post, thread in nothing.select("file", "row", "post", "thread").iter_rows()
    ]
    return posts.filter(~silent), rejects
