"""Pictures: announced and not there, named in the text and not there, attached to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._lexicon import lexicon, lexicon_digest
from benchwright.audits._texts import by_item, by_text, spans_of
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

MISSING: Final = AuditCode("S301", "picture known to be missing", "major")
NEEDED: Final = AuditCode("S302", "item needs a picture and has none", "major")
NAMED: Final = AuditCode("S303", "text refers to a figure that is not there", "major")
NO_FILE: Final = AuditCode("S304", "file of a picture is not there", "major")
ATTACHED: Final = AuditCode("S305", "picture attached to an option that does not exist", "major")
UNREAD: Final = AuditCode("S306", "no words for figures in a language", "info", "dataset")

UNUSED: Final = AuditCode("S307", "picture that no item uses", "minor", "dataset")
SHARED: Final = AuditCode("S308", "picture used by several questions", "minor", "group")

_WORDS: Final = "figure_words"
_EXAMPLES: Final = 10


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    rows = by_item(items).with_columns(pl.col("media").list.len().fill_null(0).alias("pictures"))
    named = _named(items, rows)
    media = _by_media(rows)
    return [
        _missing(media),
        _needed(rows, named),
        named,
        _no_file(media, context.media_dir),
        _attached(media),
        _unread(rows),
        _unused(media, context.media_dir),
        _shared(rows),
    ]


def _by_media(rows: pl.LazyFrame) -> pl.LazyFrame:
    fields = ("status", "sha256", "file", "attached_to", "source_file", "page")
    return (
        rows.select("subject", "text_hash", "options", "media")
        .explode("media", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("media").struct.field(name).alias(name) for name in fields)
    )


def _missing(media: pl.LazyFrame) -> pl.LazyFrame:
    gone = (
        media.filter(pl.col("status") == "missing")
        .group_by("subject", "text_hash")
        .agg(pl.col("attached_to").unique().sort().alias("where"), pl.len().alias("n"))
    )
    message = pl.format("{} missing: {}", _pictures(pl.col("n")), pl.col("where").list.join(", "))
    return finding(gone, MISSING, message, field="media", value=pl.col("n"))


def _pictures(n: pl.Expr) -> pl.Expr:
    return pl.when(n == 1).then(pl.lit("1 picture is")).otherwise(pl.format("{} pictures are", n))


def _needed(rows: pl.LazyFrame, named: pl.LazyFrame) -> pl.LazyFrame:
    """Leaves out what S303 shows with its place in the text."""
    needy = rows.filter((pl.col("needs_image") == "yes") & (pl.col("pictures") == 0))
    rest = needy.join(named.select("subject"), on="subject", how="anti")
    return finding(rest, NEEDED, "the item is marked as needing a picture and has none", field="media")


def _named(items: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Items with no picture at all whose stem or context names one; silent where ``needs_image`` is ``no``."""
    bare = rows.filter((pl.col("pictures") == 0) & (pl.col("needs_image") != "no")).select("subject")
    texts = (
        by_text(items)
        .filter(pl.col("field").is_in(["stem", "context"]))
        .join(bare, on="subject", how="semi")
        .with_columns(_primary().alias("primary"))
    )
    # A pattern cannot be a column: one branch for each language that the items really have.
    there = items.select(_primary().unique()).collect()["language"].to_list()
    patterns = {language: pattern for language, pattern in lexicon(_WORDS).items() if language in there}
    branches = [
        spans_of(texts.filter(pl.col("primary") == language), pattern) for language, pattern in sorted(patterns.items())
    ]
    none = spans_of(texts.filter(pl.lit(False)), ".")
    found = pl.concat([none, *branches])
    words = pl.col("spans").list.first().struct.field("text")
    message = pl.format("the text says “{}” and the item has no picture", words)
    return finding(found, NAMED, message, field=pl.col("field"), spans=pl.col("spans"), evidence=words)


def _primary() -> pl.Expr:
    return pl.col("language").str.to_lowercase().str.split("-").list.first()


def _no_file(media: pl.LazyFrame, folder: Path | None) -> pl.LazyFrame:
    present = media.filter(pl.col("status") == "present")
    if folder is None:
        gone = present.filter(pl.col("sha256").is_null() & pl.col("file").is_null())
    else:
        names = pl.Series(sorted(path.name for path in folder.iterdir()) if folder.is_dir() else [], dtype=pl.String)
        gone = present.filter(~pl.col("file").is_in(names.implode()).fill_null(False))
    gone = gone.group_by("subject", "text_hash").agg(
        pl.coalesce("file", pl.lit("(no name)")).unique().sort().alias("names"), pl.len().alias("n")
    )
    message = pl.format("no file for: {}", pl.col("names").list.join(", "))
    return finding(gone, NO_FILE, message, field="media", value=pl.col("n"))


def _attached(media: pl.LazyFrame) -> pl.LazyFrame:
    option = pl.col("attached_to").str.strip_prefix("option:")
    ids = pl.col("options").list.eval(pl.element().struct.field("id"))
    astray = (
        media.filter(pl.col("attached_to").str.starts_with("option:") & ~option.is_in(ids).fill_null(False))
        .group_by("subject", "text_hash")
        .agg(pl.col("attached_to").unique().sort().alias("where"))
    )
    message = pl.format("a picture belongs to {}, and there is no such option", pl.col("where").list.join(", "))
    return finding(astray, ATTACHED, message, field="media")


def _unread(rows: pl.LazyFrame) -> pl.LazyFrame:
    unread = (
        rows.filter(~_primary().is_in(sorted(lexicon(_WORDS))))
        .group_by("language")
        .agg(pl.len().alias("n"))
        .sort("language")
        .select(
            pl.lit("dataset").alias("subject"),
            pl.lit(None, dtype=pl.String).alias("text_hash"),
            pl.col("language").implode().alias("languages"),
            pl.col("n").sum(),
        )
        .filter(pl.col("languages").list.len() > 0)
    )
    message = pl.format(
        "{} items were not searched for words that refer to figures: {}", "n", pl.col("languages").list.join(", ")
    )
    return finding(unread, UNREAD, message, field="media", value=pl.col("n"))


def _unused(media: pl.LazyFrame, folder: Path | None) -> pl.LazyFrame:
    """Files of the folder that no item names, by name or by the hash that begins the name; one finding for all."""
    names = sorted(path.name for path in folder.iterdir()) if folder is not None and folder.is_dir() else []
    used = media.select("file", "sha256").unique().collect() if names else pl.DataFrame(schema=["file", "sha256"])
    known = {*used["file"].drop_nulls().to_list(), *used["sha256"].drop_nulls().to_list()}
    left = [name for name in names if name not in known and name.split(".", 1)[0] not in known]
    shown = ", ".join(left[:_EXAMPLES]) + (", …" if len(left) > _EXAMPLES else "")
    row = {"subject": "dataset", "text_hash": None, "n": len(left), "total": len(names), "shown": shown}
    schema = {"subject": pl.String, "text_hash": pl.String, "n": pl.Int64, "total": pl.Int64, "shown": pl.String}
    rows = pl.LazyFrame([row] if left else [], schema=schema)
    message = pl.format("{} of {} files are used by no item: {}", "n", "total", "shown")
    return finding(rows, UNUSED, message, field="media", evidence=pl.col("shown"), value=pl.col("n"))


def _shared(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The same bytes at questions that share no context; versions of one question count once."""
    own = pl.col("media").struct
    shared = (
        rows.select("group", "text_hash", "media")
        .explode("media", empty_as_null=False, keep_nulls=False)
        .filter((own.field("status") == "present") & own.field("sha256").is_not_null())
        .filter(own.field("attached_to") != "context")
        .group_by(own.field("sha256").alias("sha256"))
        .agg(pl.col("group").unique().sort().alias("groups"), pl.col("text_hash").unique().sort().alias("hashes"))
        .filter(pl.col("groups").list.len() > 1)
        .group_by("groups")
        .agg(pl.col("sha256").sort(), pl.col("hashes").list.explode().unique().sort())
        .with_columns(
            pl.col("groups").list.first().alias("subject"), pl.col("hashes").list.join(",").alias("text_hash")
        )
    )
    message = pl.format("the same picture stands at {}", pl.col("groups").list.join(", "))
    evidence, n = pl.col("sha256").list.join(", "), pl.col("groups").list.len()
    return finding(shared, SHARED, message, field="media", evidence=evidence, value=n)


AUDIT: Final = TableAudit(
    "media",
    (MISSING, NEEDED, NAMED, NO_FILE, ATTACHED, UNREAD, UNUSED, SHARED),
    _find,
    {"words": lexicon_digest(_WORDS)},
)
