"""Stems: cut off at the end or the beginning, unbalanced, equal to an option, with options fallen into them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._cut import cut_at_length, cut_by_profile, cut_in_a_word
from benchwright.audits._findings import finding
from benchwright.audits._lexicon import lexicon_digest
from benchwright.audits._optionrows import keyed_options
from benchwright.audits._pool import each_text
from benchwright.audits._texts import by_item, by_text, comparable_text, is_blank
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

CUT: Final = AuditCode("S221", "stem ends in the middle", "major")
HEADLESS: Final = AuditCode("S222", "stem begins in the middle", "minor")
UNBALANCED: Final = AuditCode("S223", "bracket or quotation mark without its partner", "minor")
SAME: Final = AuditCode("S224", "stem equal to an option", "major")
SWALLOWED: Final = AuditCode("S225", "options stand in the stem too", "major")
FIRST_IN: Final = AuditCode("S226", "an option has fallen into the stem", "major")

_UPPER_SHARE: Final = 0.97
_SIBLINGS: Final = 40
_LIST_MARK: Final = r"(?m)(?:^|[\s;,.:(])(?:[\p{L}\p{N}]{1,2}|[ivxIVX]{1,4}|\p{N}{1,3})\s?[)）]|[:;=]-?[()]"
_HALF_OPEN: Final = r"[\[(\]]\s*[-−+]?[\w∞.,]{1,12}\s*[,;]\s*[-−+]?[\w∞.,]{1,12}\s*[\])\[]"
_PAIRS: Final = (("(（", ")）"), ("[", "]"), ("{", "}"), ("«", "»"), ("「", "」"), ("『", "』"), ("【", "】"))
_DEPTH: Final = 3
"""Brackets inside brackets are followed so deep."""
_LEAST_TEXT: Final = 3
_LONGEST: Final = 10_000
"""A longer option is not looked for in the stem."""


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    rows = keyed_options(items)
    stems = by_item(items).select("subject", "text_hash", "language", "kind", "stem", "exam", "options")
    return [_cut(stems), _headless(stems), _unbalanced(items), *_options_in(stems, rows)]


def _stem_span(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    return pl.concat_list(
        pl.struct(
            pl.lit("stem").alias("field"),
            start.cast(pl.Int64).alias("start"),
            end.cast(pl.Int64).alias("end"),
            pl.col("stem").str.slice(start, end - start).alias("text"),
        )
    )


def _cut(stems: pl.LazyFrame) -> pl.LazyFrame:
    why = pl.concat([cut_in_a_word(stems), cut_by_profile(stems), cut_at_length(stems)])
    found = why.group_by("subject", "text_hash", "stem").agg(pl.col("reason").sort().first())
    length = pl.col("stem").str.len_chars().cast(pl.Int64)
    start = (length - 20).clip(0)
    return finding(
        found,
        CUT,
        pl.format("the stem ends {}", "reason"),
        field="stem",
        spans=_stem_span(start, length),
        evidence=pl.format("…{}", pl.col("stem").str.slice((length - 80).clip(0))),
    )


def _headless(stems: pl.LazyFrame) -> pl.LazyFrame:
    """A lower-case beginning where nearly all stems of the language begin upper-case; or a closing sign."""
    first = pl.col("stem").str.extract(r"^[\s\p{Ps}\p{Pi}\"'¿¡*_–—-]*(\S)")
    rows = stems.filter(~is_blank(pl.col("stem"))).with_columns(
        first.str.contains(r"\p{Lu}|\p{Nd}").fill_null(False).alias("upper"),
        pl.col("stem").str.contains(r"^[\s\"'¿¡*_–—-]*\p{Ll}[\p{Ll}\p{M}’'-]+(?:\s|,)").alias("lower"),
        pl.col("stem").str.contains(r"^\s*[,;)\]}»،؛、，。]").alias("closing"),
    )
    usual = rows.group_by("language").agg(
        ((pl.col("upper").sum() / pl.len()) >= _UPPER_SHARE).alias("usual"), pl.len().alias("n")
    )
    found = rows.join(usual, on="language", how="inner").filter(
        pl.col("closing") | (pl.col("lower") & pl.col("usual") & (pl.col("n") >= _SIBLINGS))
    )
    start = pl.col("stem").str.slice(0, 60)
    end = pl.col("stem").str.extract(r"^(\s*\S+)").str.len_chars().cast(pl.Int64)
    return finding(
        found,
        HEADLESS,
        pl.format("the stem begins “{}”", start),
        field="stem",
        spans=_stem_span(pl.lit(0, dtype=pl.Int64), end),
        evidence=start,
    )


def _unbalanced(items: pl.LazyFrame) -> pl.LazyFrame:
    """Marks of lists such as “a)”, half-open intervals and smileys do not count."""
    texts = by_text(items).filter(
        pl.col("field").is_in(["stem", "context"]) | pl.col("field").str.starts_with("option:")
    )
    either = _escaped("".join(part for pair in _PAIRS for part in pair))
    bare = pl.col("text").str.replace_all(_HALF_OPEN, " ")
    for opening, closing in _PAIRS:
        inner = f"[{_escaped(opening)}][^{_escaped(opening + closing)}]*[{_escaped(closing)}]"
        for _ in range(_DEPTH):
            bare = bare.str.replace_all(inner, " ")
    # Most texts have their brackets one after another, each with its partner: one pass tells.
    flat = "|".join(f"[{_escaped(opening)}][^{either}]*[{_escaped(closing)}]" for opening, closing in _PAIRS)
    settled = pl.col("text").str.contains(rf"^[^{either}]*(?:(?:{flat})[^{either}]*)*$")
    some = texts.filter(pl.col("text").str.contains(f"[{either}]") & ~settled).with_columns(
        bare.str.replace_all(_LIST_MARK, " ").str.extract_all(f"[{either}]").list.unique().list.sort().alias("odd")
    )
    found = some.filter(pl.col("odd").list.len() > 0)
    message = pl.format("without partner: {}", pl.col("odd").list.join(" "))
    return finding(found, UNBALANCED, message, field=pl.col("field"), evidence=pl.col("text"))


def _escaped(signs: str) -> str:
    return "".join(f"\\{sign}" if sign in "[](){}" else sign for sign in signs)


def _options_in(stems: pl.LazyFrame, rows: pl.LazyFrame) -> list[pl.LazyFrame]:
    plain = comparable_text(pl.col("stem").fill_null("")).str.to_lowercase()
    bare = comparable_text(pl.col("text")).str.to_lowercase().str.strip_chars(" .;,。．").alias("plain")
    # Items meet as numbers, and each distinct text is put into its plain form once.
    named = rows.select("subject", "item").unique("item", keep="any")
    asked = stems.select("subject", "stem", plain.alias("asked")).join(named, on="subject", how="inner")
    each = (
        each_text(rows.filter(pl.col("text").str.len_chars() >= _LEAST_TEXT), [bare])
        .join(asked.drop("subject"), on="item", how="inner")
        .filter(pl.col("plain").str.len_chars() >= _LEAST_TEXT)
        .collect()
        .rechunk()
        .lazy()
    )
    same = each.filter(
        pl.col("asked").str.strip_chars(" .;,?:¿。？：") == pl.col("plain").str.strip_chars(" ?:？：")
    ).filter(pl.col("options") > 1)
    equal = finding(
        same,
        SAME,
        pl.format("the stem is the same as option {}", "option"),
        field="stem",
        spans=_stem_span(pl.lit(0, dtype=pl.Int64), pl.col("stem").str.len_chars().cast(pl.Int64)),
        evidence=pl.col("text"),
    )
    # The last option ends the stem, and all the others are in it: the options were not cut off where they were read.
    # A null costs nothing and is found nowhere; a filter before this one would become one with it.
    sought = pl.when((pl.col("options") > 2) & (pl.col("plain").str.len_chars() <= _LONGEST)).then(pl.col("plain"))
    there = each.filter(pl.col("asked").str.contains(sought, literal=True))
    whole = (
        there.group_by("version")
        .agg(pl.len().alias("found"), pl.col("options").first())
        .filter(pl.col("found") == pl.col("options"))
    )
    inside = (
        there.join(whole.select("version"), on="version", how="semi")
        .group_by("subject", "text_hash", "stem", "options")
        .agg(
            pl.len().alias("found"),
            pl.col("asked").first(),
            pl.col("plain").sort_by("position").last().alias("last"),
            pl.col("plain").str.contains(r"^\p{N}").all().alias("numbers"),
        )
        .filter((pl.col("found") == pl.col("options")) & ~pl.col("numbers"))
        .filter(pl.col("asked").str.strip_chars_end(" .;,。．").str.ends_with(pl.col("last")))
    )
    length = pl.col("stem").str.len_chars().cast(pl.Int64)
    swallowed = finding(
        inside,
        SWALLOWED,
        pl.format("all {} options stand in the stem, which ends with the last of them", "options"),
        field="stem",
        spans=_stem_span((length - pl.col("last").str.len_chars().cast(pl.Int64)).clip(0), length),
        evidence=pl.format("…{}", pl.col("stem").str.slice((length - 150).clip(0))),
    )
    return [equal, swallowed, _first_in(stems, rows)]


def _first_in(stems: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The last line of the stem is built like every option, around one sign; or it bears the label before theirs."""
    shape = r"^[^\n]*?\S\s(—|–|→|=|\|)\s\S[^\n]*$"
    line = pl.col("stem").str.strip_chars().str.extract(r"\n\s*([^\n]+)$")
    lined = stems.filter(pl.col("stem").str.contains("\n", literal=True)).select("subject")
    options = (
        rows.join(lined, on="subject", how="semi")
        .group_by("subject")
        .agg(
            pl.col("text").str.extract(shape).n_unique().alias("shapes"),
            pl.col("text").str.extract(shape).first().alias("shape"),
            pl.col("text").str.len_chars().max().alias("longest"),
            pl.len().alias("n"),
            pl.col("label").sort_by("position").first().str.extract(r"^\W*([B-Cb-cБб2])\W*$").alias("second"),
        )
    )
    last = (
        stems.with_columns(line.alias("line"))
        .filter(pl.col("line").is_not_null())
        .join(options, on="subject", how="inner")
        .with_columns(pl.col("stem").str.strip_chars().str.replace(r"\n[^\n]*$", "").alias("rest"))
    )
    alike = (
        pl.col("shape").is_not_null()
        & (pl.col("shapes") == 1)
        & (pl.col("line").str.extract(shape) == pl.col("shape"))
        & ~pl.col("rest").str.contains(pl.format(" {} ", "shape"), literal=True)
        & (pl.col("line").str.len_chars() <= 2 * pl.col("longest"))
        & (pl.col("n") > 2)
    )
    labelled = pl.col("second").is_not_null() & pl.col("line").str.contains(r"^\s*[(\[]?[AaАа1][.)\]]\s+\S")
    found = last.filter((alike | labelled).fill_null(False))
    length = pl.col("stem").str.strip_chars_end().str.len_chars().cast(pl.Int64)
    return finding(
        found,
        FIRST_IN,
        "the last line of the stem looks like an option",
        field="stem",
        spans=_stem_span(length - pl.col("line").str.len_chars().cast(pl.Int64), length),
        evidence=pl.col("line"),
    )


AUDIT: Final = TableAudit(
    "stems",
    (CUT, HEADLESS, UNBALANCED, SAME, SWALLOWED, FIRST_IN),
    _find,
    {"words": lexicon_digest("end_words"), "siblings": _SIBLINGS, "upper": _UPPER_SHARE},
)
