"""Option texts: nearly equal, stand-ins, labels and signs of the key left in them, two options in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import SPANS, finding
from benchwright.audits._optionrows import keyed_options, names_place, whole_option
from benchwright.audits._texts import comparable_text, is_blank
from benchwright.audits._wordfiles import any_of, option_words
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

NEAR: Final = AuditCode("S106", "options that differ in signs or case alone", "major")
STAND_IN: Final = AuditCode("S107", "stand-in instead of an option", "major")
LABEL: Final = AuditCode("S108", "labels of options left in their texts", "minor")
TWO: Final = AuditCode("S109", "two options in one", "major")
SIGN: Final = AuditCode("S110", "sign of the key left in an option", "major")
BOLD: Final = AuditCode("S111", "only the right option is emphasised", "major")
ALONE: Final = AuditCode("S112", "one option alone begins with its label", "minor")

_SURE: Final = (
    r"(?i)^\s*(?:n\.?/a\.?|nan|<na>|null|undefined|tbd|todo|#(?:n/a|ref!|value!|name\?|div/0!|null!)|\?{2,}|\.{2,}|…+|"
    r"_{2,}|x{4,}|\[(?:blank|missing|empty|none)\]|missing (?:option|value|text)|option [a-j1-9]|placeholder)\s*$"
)
_MAYBE: Final = r"(?i)^\s*(?:none|nil|no|not applicable|not available|empty|blank|missing|-+|–+|—+|\.|\?|0|x)\s*$"
_MAYBE_ITEMS: Final = 5
"""A word that can be an answer counts as a stand-in where it stands in so many items and is never the key."""
_FIRST: Final = r"^\s*[(\[（【]?\s*([\p{L}\p{Nd}\p{No}])\s*([)\].:、．）】])\s*\S"
_TICK: Final = r"[✓✔☑✅]|^\s*\*(?:[^*]|$)|[^*\s]\s*\*\s*$|[★]\s*$"


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    rows = keyed_options(items).collect().rechunk().lazy()
    return [_near(rows), _stand_in(rows), *_labels(rows), _two(rows), _sign(rows), _bold(items)]


def _folded() -> pl.Expr:
    """Return the text without case, articles and the signs that end words; digits, operators and marks stay."""
    articles = "|".join(option_words()["articles"])
    return (
        comparable_text(pl.col("text").fill_null(""))
        .str.to_lowercase()
        .str.replace_all(r"[.,;:?…。、，；：？،؛؟।]+(?:\s|$)", " ")
        .str.replace_all(r"(\p{L}{2})[-‐‑](\p{L}{2})", "${1} ${2}")
        .str.replace_all(r"^[\s\"“”„«»‘’']+|[\s\"“”„«»]+$", "")
        .str.replace(rf"^(?:{articles})\s+(\p{{L}}{{3}})", "${1}")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )


def _near(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Short words keep their case, for genotypes differ by it; where several pairs are alike, the signs are asked."""
    short = pl.col("text").fill_null("").str.extract_all(r"\b[\p{L}\p{N}]{1,3}\b").list.join(" ")
    articles = "|".join(option_words()["articles"])
    short = short.str.replace(rf"(?i)^(?:{articles})\b ?", "")
    bare = pl.col("text").str.to_lowercase().str.replace(rf"^\W*(?:{articles})\s+", "")
    # What is near is the same in letters and digits: this cheap form leaves few options to the dear one.
    alike = (
        rows.select("subject", "media", bare.str.replace_all(r"[^\p{L}\p{N}]+", "").alias("bare"))
        .filter(pl.col("bare") != "")
        .group_by("subject", "media", "bare")
        .agg(pl.len().alias("n"))
        .filter(pl.col("n") > 1)
    )
    twins = (
        rows.join(alike.select("subject").unique(), on="subject", how="semi")
        .filter(~is_blank(pl.col("text")))
        .with_columns(_folded().alias("same"), short.alias("short"), comparable_text(pl.col("text")).alias("exact"))
        .filter(pl.col("same").str.contains(r"[\p{L}\p{N}]"))
        .with_columns(pl.len().over("subject").alias("all"))
        .group_by("subject", "text_hash", "same", "short", "media")
        .agg(
            pl.col("option").sort_by("position").alias("ids"),
            pl.col("exact").n_unique().alias("texts"),
            pl.col("text").sort_by("position").alias("shown"),
            whole_option().sort_by("position").alias("spans"),
            pl.col("all").first(),
        )
        .filter((pl.col("ids").list.len() == 2) & (pl.col("texts") == 2) & (pl.col("all") > 2))
    )
    alone = twins.group_by("subject").agg(pl.len().alias("pairs")).filter(pl.col("pairs") == 1)
    message = pl.format("options {} differ in signs or case alone", pl.col("ids").list.join(" and "))
    return finding(
        twins.join(alone, on="subject", how="semi"),
        NEAR,
        message,
        field="options",
        spans=pl.col("spans").cast(SPANS),
        evidence=pl.col("shown").list.join(" | "),
    )


def _stand_in(rows: pl.LazyFrame) -> pl.LazyFrame:
    bare = rows.filter((pl.col("media") == "") & pl.col("text").is_not_null())
    sure = bare.filter(pl.col("text").str.contains(_SURE))
    maybe = bare.filter(pl.col("text").str.contains(_MAYBE)).with_columns(
        pl.col("text").str.strip_chars().str.to_lowercase().alias("word")
    )
    usual = (
        maybe.group_by("word")
        .agg(pl.col("subject").n_unique().alias("items"), pl.col("right").any().alias("keyed"))
        .filter((pl.col("items") >= _MAYBE_ITEMS) & ~pl.col("keyed"))
    )
    found = pl.concat([sure, maybe.join(usual, on="word", how="semi").drop("word")])
    severity = pl.when(pl.col("right")).then(pl.lit("critical")).otherwise(pl.lit("major"))
    return finding(
        found,
        STAND_IN,
        pl.format("option {} is the stand-in “{}”", "option", "text"),
        field=pl.lit("option:") + pl.col("option"),
        severity=severity,
        spans=pl.concat_list(whole_option()),
        evidence=pl.col("text"),
    )


def _labels(rows: pl.LazyFrame) -> list[pl.LazyFrame]:
    """A bracket tells at once; a full stop only where every option has its own letter, as in “A. fumigatus”."""
    first = pl.col("text").str.extract_groups(_FIRST)
    led = rows.filter(pl.col("text").str.contains(_FIRST)).with_columns(
        first.struct.field("1").alias("letter"), first.struct.field("2").alias("mark")
    )
    own = led.filter(
        names_place(pl.col("letter"), pl.col("position"))
        | (pl.col("letter").str.to_lowercase() == pl.col("label").str.extract(r"([\p{L}\p{N}])").str.to_lowercase())
    ).with_columns(pl.len().over("subject").alias("led"))
    bracket = pl.col("mark").is_in([")", "]", "）", "】"])
    # “a) and c)” and “1) first 2) second” are made of such marks.
    made_of = pl.col("text").str.contains(r"^.{2,}?[\s(\[（][\p{L}\p{N}][)\]）]")
    left = own.filter(~made_of & (bracket | ((pl.col("led") == pl.col("options")) & (pl.col("led") > 2))))
    length = pl.col("text").str.extract(r"^(\s*[(\[（【]?\s*\S\s*\S\s*)").str.len_chars().cast(pl.Int64)
    span = pl.struct(
        (pl.lit("option:") + pl.col("option")).alias("field"),
        pl.lit(0, dtype=pl.Int64).alias("start"),
        length.alias("end"),
        pl.col("text").str.slice(0, length).alias("text"),
    )
    left = left.with_columns(pl.len().over("subject").alias("left"))
    # One option alone may also be a word that was cut to a letter, as an artery is to “a.”: no repair is safe there.
    return [
        finding(
            left.filter(some),
            code,
            pl.format("option {} begins with its own label “{}{}”", "option", "letter", "mark"),
            field=pl.lit("option:") + pl.col("option"),
            spans=pl.concat_list(span),
            evidence=pl.col("text").str.slice(0, 80),
        )
        for code, some in ((LABEL, pl.col("left") > 1), (ALONE, pl.col("left") == 1))
    ]


def _two(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The next label with a closing bracket and nothing that opens one before it, nor the option's own label."""
    inside = r"^([^(（\[]*[\s;,.。；])([\p{L}\p{Nd}])[)）]\s*\S"
    groups = pl.col("text").str.extract_groups(inside)
    glued = rows.filter(pl.col("text").str.contains(inside)).with_columns(
        groups.struct.field("1").alias("before"), groups.struct.field("2").alias("letter")
    )
    next_one = names_place(pl.col("letter"), pl.col("position") + 1)
    listed = pl.col("before").str.contains(r"(?:^|\s)[\p{L}\p{Nd}][)）]")
    glued = glued.filter(next_one & ~listed & pl.col("before").str.contains(r"\p{L}{2}|\d"))
    start = pl.col("before").str.len_chars().cast(pl.Int64)
    span = pl.struct(
        (pl.lit("option:") + pl.col("option")).alias("field"),
        start.alias("start"),
        (start + 2).alias("end"),
        pl.col("text").str.slice(start, 2).alias("text"),
    )
    return finding(
        glued,
        TWO,
        pl.format("option {} holds the label of the next one, “{})”", "option", "letter"),
        field=pl.lit("option:") + pl.col("option"),
        spans=pl.concat_list(span),
        evidence=pl.col("text"),
    )


def _sign(rows: pl.LazyFrame) -> pl.LazyFrame:
    words = any_of(option_words()["right"])
    said = rf"(?i){_TICK}|[(\[（【]\s*(?:{words})\s*[)\]）】]\s*[.。]?\s*$|\s[-–—←]+\s*(?:{words})\s*$"
    signed = rows.filter(pl.col("text").str.contains(said)).with_columns(pl.len().over("subject").alias("signed"))
    found = signed.filter((pl.col("signed") == 1) & (pl.col("options") > 1))
    severity = pl.when(pl.col("right").not_() & pl.col("known")).then(pl.lit("critical")).otherwise(pl.lit("major"))
    word = pl.when(pl.col("right")).then(pl.lit("the key says so too")).otherwise(pl.lit("the key says otherwise"))
    return finding(
        found,
        SIGN,
        pl.format("option {} alone is marked as right; {}", "option", word),
        field=pl.lit("option:") + pl.col("option"),
        severity=severity,
        spans=pl.concat_list(whole_option()),
        evidence=pl.col("text"),
    )


def _bold(items: pl.LazyFrame) -> pl.LazyFrame:
    marks = (
        items.select(pl.col("id").alias("subject"), "marks")
        .explode("marks", empty_as_null=False, keep_nulls=False)
        .unnest("marks")
        .filter(pl.col("field").str.starts_with("option:") & pl.col("kind").is_in(["bold", "underline"]))
        .with_columns(
            pl.col("field").str.strip_prefix("option:").alias("option"), (pl.col("end") - pl.col("start")).alias("n")
        )
        .group_by("subject", "option")
        .agg(pl.col("n").sum())
    )
    whole = (
        keyed_options(items.filter(pl.col("marks").list.len() > 0))
        .join(marks, on=["subject", "option"], how="left")
        .with_columns((pl.col("n").fill_null(0) >= 0.8 * pl.col("text").str.len_chars()).alias("bold"))
        .group_by("subject", "text_hash")
        .agg(
            (pl.col("bold") == pl.col("right")).all().alias("agree"),
            pl.col("bold").any().alias("some"),
            pl.col("bold").all().alias("each"),
            pl.col("option").filter("bold").sort().alias("ids"),
        )
        .filter(pl.col("agree") & pl.col("some") & ~pl.col("each"))
    )
    message = pl.format("only the right option is emphasised ({})", pl.col("ids").list.join(", "))
    return finding(whole, BOLD, message, field="options", evidence=pl.col("ids").list.join(", "))


AUDIT: Final = TableAudit(
    "optiontexts", (NEAR, STAND_IN, LABEL, TWO, SIGN, BOLD, ALONE), _find, {"stand_in_items": _MAYBE_ITEMS}
)
