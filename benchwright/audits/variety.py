"""Varieties of one language: declared against found, and mixed in one part of a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._parts import PART, with_part
from benchwright.audits._texts import by_item, by_text, spans_of
from benchwright.schemas.languages import script_of
from benchwright.schemas.plugins import AuditCode, AuditContext
from benchwright.schemas.text import sha256_of

__all__ = ["AUDIT"]

DECLARED: Final = AuditCode("L141", "another variety than declared", "major", "dataset")
ITEM: Final = AuditCode("L142", "item in another variety than declared", "minor")
MIXED: Final = AuditCode("L143", "varieties mixed", "info", "dataset")
LETTERS: Final = AuditCode("L144", "letters of a neighbouring language", "minor")

SHARE: Final = 0.6
"""L141 speaks where at least this share of the items that show a variety show another one than declared."""
_LEAST_ITEMS: Final = 5
_MIXED_SHARE: Final = 0.1
_SIGNS: Final = 2
"""Different words or signs of the other variety that an item must show, with none of its own."""
_GRAVE: Final = ("zh", "sr", "no", "pt")
"""Languages whose varieties a reader takes for a fault; of others L141 is told for information."""
_SCRIPTS: Final = {"sr": {"sr-Cyrl": r"\p{Cyrillic}{3,}", "sr-Latn": r"\p{Latin}{3,}"}}
_FAMILY: Final = {"nb": "no", "nn": "no", "zh": "zh", "sr": "sr", "pt": "pt", "en": "en", "es": "es"}
_REGIONS: Final = {
    "en": {"US": "en-US", **dict.fromkeys(("GB", "IE", "AU", "NZ", "IN", "ZA"), "en-GB")},
    "pt": {"BR": "pt-BR", **dict.fromkeys(("PT", "AO", "MZ"), "pt-PT")},
    "es": {"ES": "es-ES"},
}
# Arabic yeh and kaf in Persian and Urdu, and the Persian letters in Arabic: they look alike and are not found as equal.
_NEIGHBOURS: Final = {
    **dict.fromkeys(("fa", "ur", "ckb"), "[\u064a\u0643]"),
    "ar": "[\u06cc\u06a9]",
}


@lru_cache(maxsize=1)
def signs() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return for each language its varieties, and for each variety the words or signs that it alone has."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in sorted(files("benchwright.audits").joinpath("_data", "variety").iterdir(), key=lambda file: file.name):
        rows = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
        found[file.name.removesuffix(".txt")] = {name: tuple(words) for name, *words in rows}
    return found


def declared_variety(tag: str) -> str | None:
    """Return the variety that a tag names by region, script or its own subtag; null where it leaves it open."""
    parts = tag.split("-")
    primary = parts[0].lower()
    if primary in ("nb", "nn"):
        return primary
    if primary == "sr":
        return f"sr-{script_of(tag)}" if len(parts) > 1 else None
    if primary == "zh":
        script = script_of(tag)
        return f"zh-{script}" if len(parts) > 1 and script in ("Hans", "Hant") else None
    region = next((part for part in parts[1:] if len(part) in (2, 3) and part.isupper()), "")
    named = _REGIONS.get(primary, {}).get(region)
    return "es-419" if primary == "es" and named is None and region else named


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    texts = by_text(items)
    tags = items.select(pl.col("language").unique().sort()).collect()["language"].to_list()
    shown = _shown(items, tags)
    return [
        *_declared(shown, context.thresholds.get(DECLARED.code, SHARE)),
        _items(shown),
        _mixed(shown),
        _letters(texts, tags),
    ]


def _shown(items: pl.LazyFrame, tags: Sequence[str]) -> pl.LazyFrame:
    """Return one row per item that shows a variety: ``wanted``, and by variety the different signs of it."""
    base = by_item(items).select(
        "subject",
        "text_hash",
        "language",
        pl.concat_str(
            pl.lit(""),
            pl.col("stem").fill_null(""),
            pl.col("context").struct.field("text").fill_null(""),
            pl.col("options").list.eval(pl.element().struct.field("text")).list.join("\n").fill_null(""),
            pl.lit(""),
            separator="\n",
        ).alias("text"),
    )
    parts = []
    for tag in tags:
        family = _FAMILY.get(tag.split("-")[0].lower())
        if family is None:
            continue
        own = base.filter(pl.col("language") == tag)
        counts = [_count(family, variety).alias(f"_{place}") for place, variety in enumerate(_varieties(family))]
        names = _varieties(family)
        parts.append(
            own.with_columns(*counts)
            .filter((pl.col("_0") > 0) | (pl.col("_1") > 0))
            .with_columns(
                pl.lit(family).alias("family"),
                pl.lit(declared_variety(tag), dtype=pl.String).alias("wanted"),
                pl.when((pl.col("_0") > 0) & (pl.col("_1") == 0))
                .then(pl.lit(names[0]))
                .when((pl.col("_1") > 0) & (pl.col("_0") == 0))
                .then(pl.lit(names[1]))
                .alias("found"),
                pl.max_horizontal("_0", "_1").alias("n"),
            )
            .select("subject", "text_hash", "language", "text", "family", "wanted", "found", "n")
        )
    if not parts:
        nothing = [pl.lit("").alias(name) for name in ("family", "wanted", "found")]
        parts = [base.filter(pl.lit(value=False)).with_columns(*nothing, pl.lit(0, dtype=pl.UInt32).alias("n"))]
    return with_part(pl.concat(parts, how="vertical_relaxed"), items)


def _varieties(family: str) -> tuple[str, str]:
    first, second = _SCRIPTS.get(family) or signs()[family]
    return first, second


def _count(family: str, variety: str) -> pl.Expr:
    """Return how many different words or signs of a variety a text has."""
    if family in _SCRIPTS:
        found = pl.col("text").str.extract_all(_SCRIPTS[family][variety])
    elif family == "zh":
        found = pl.col("text").str.extract_all(f"[{''.join(signs()[family][variety])}]")
    else:
        found = (
            pl.col("text")
            .str.to_lowercase()
            .str.extract_all(rf"[^\p{{L}}](?:{'|'.join(signs()[family][variety])})[^\p{{L}}]")
        )
    return found.list.n_unique()


def _declared(shown: pl.LazyFrame, share: float) -> list[pl.LazyFrame]:
    astray = pl.col("found").is_not_null() & (pl.col("found") != pl.col("wanted"))
    parts = (
        shown.filter(pl.col("wanted").is_not_null() & pl.col("found").is_not_null())
        .group_by(*PART, "family", "wanted")
        .agg(astray.sum().alias("n"), pl.len().alias("all"))
        .filter((pl.col("n") >= _LEAST_ITEMS) & (pl.col("n") >= share * pl.col("all")))
        .with_columns(
            pl.lit("dataset").alias("subject"),
            pl.format("{},{},{},{},{}", *PART, "n", "all").alias("text_hash"),
        )
    )
    message = pl.format(
        "{} of {}: {} of the {} items that show a variety are not {}", "language", "exam_code", "n", "all", "wanted"
    )
    severity = pl.when(pl.col("family").is_in(_GRAVE)).then(pl.lit("major")).otherwise(pl.lit("info"))
    value = pl.col("n") / pl.col("all")
    return [finding(parts, DECLARED, message, severity=severity, value=value, threshold=share)]


def _items(shown: pl.LazyFrame) -> pl.LazyFrame:
    astray = shown.filter(
        pl.col("family").is_in(_GRAVE)
        & (pl.col("n") >= _SIGNS)
        & pl.col("wanted").is_not_null()
        & pl.col("found").is_not_null()
        & (pl.col("found") != pl.col("wanted"))
    )
    message = pl.format("declared as {} and written as {}", "wanted", "found")
    return finding(astray, ITEM, message, evidence=pl.col("text"), value=pl.col("n"))


def _mixed(shown: pl.LazyFrame) -> pl.LazyFrame:
    """Parts whose tag leaves the variety open and whose items are of both."""
    counted = (
        shown.filter(pl.col("wanted").is_null() & pl.col("found").is_not_null())
        .group_by(*PART, "found")
        .agg(pl.len().alias("n"))
        .sort(*PART, "found")
        .group_by(*PART, maintain_order=True)
        .agg(pl.col("found"), pl.col("n"))
        .filter(
            (pl.col("n").list.len() == 2)
            & (pl.col("n").list.min() >= _LEAST_ITEMS)
            & (pl.col("n").list.min() >= _MIXED_SHARE * pl.col("n").list.sum())
        )
        .with_columns(
            pl.lit("dataset").alias("subject"),
            pl.format("{},{},{},{},{}", *PART, pl.col("n").list.min(), pl.col("n").list.max()).alias("text_hash"),
        )
    )
    message = pl.format(
        "{} of {}: {} items are {}, {} are {}",
        "language",
        "exam_code",
        pl.col("n").list.first(),
        pl.col("found").list.first(),
        pl.col("n").list.last(),
        pl.col("found").list.last(),
    )
    return finding(counted, MIXED, message, value=pl.col("n").list.min())


def _letters(texts: pl.LazyFrame, tags: Sequence[str]) -> pl.LazyFrame:
    parts = [spans_of(texts.filter(pl.lit(value=False)), ".")]
    for tag in tags:
        pattern = _NEIGHBOURS.get(tag.split("-")[0].lower())
        if pattern:
            parts.append(spans_of(texts.filter(pl.col("language") == tag), pattern))
    found = pl.concat(parts).with_columns(pl.col("spans").list.len().alias("n"))
    message = pl.format("{} letters are those of a neighbouring language's keyboard", "n")
    return finding(found, LETTERS, message, field=pl.col("field"), spans=pl.col("spans"), value=pl.col("n"))


AUDIT: Final = TableAudit(
    "variety", (DECLARED, ITEM, MIXED, LETTERS), _find, {"signs": sha256_of(signs())[:8], "share": SHARE}
)
