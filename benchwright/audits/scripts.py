"""Scripts: letters of another script inside a word, and words in a script that the language does not use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._lid.writing import script_class
from benchwright.audits._texts import by_text, spans_of
from benchwright.schemas.languages import script_of
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

ALIKE: Final = AuditCode("L111", "look-alike letter of another script in a word", "minor")
SCRIPT: Final = AuditCode("L112", "word in a script that the language does not use", "major")
OPEN: Final = AuditCode("L113", "marks of direction left open", "minor")

# Letters of Latin and Cyrillic that print alike; the last two of each are Ukrainian and Serbian.
_LATIN: Final = "ABCEHIKMOPTXYaceopxyijs"
_CYRILLIC: Final = "АВСЕНІКМОРТХУасеорхуіјѕ"
_GREEK: Final = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_LATIN_OF_GREEK: Final = "ABEZHIKMNOPTYXo"
# A word of one script, three letters or more, with look-alikes of the other on either side or inside.
_MIXES: Final = {
    "Cyrl": (
        rf"\p{{Cyrillic}}{{2,}}[{_LATIN}]{{1,3}}\p{{Cyrillic}}*|\p{{Cyrillic}}*[{_LATIN}]{{1,3}}\p{{Cyrillic}}{{2,}}"
    ),
    "Latn": rf"\p{{Latin}}{{2,}}[{_CYRILLIC}]{{1,3}}\p{{Latin}}*|\p{{Latin}}*[{_CYRILLIC}]{{1,3}}\p{{Latin}}{{2,}}",
    "Grek": rf"\p{{Greek}}{{2,}}[{_LATIN_OF_GREEK}]{{1,3}}\p{{Greek}}*|[{_LATIN_OF_GREEK}]{{1,3}}\p{{Greek}}{{2,}}",
}
_RUN: Final = 3
"""Letters of a script running that make a word of it; two where a sign is a word."""
_OPENED: Final = "[\u202a\u202b\u202d\u202e]"
_CLOSED: Final = "\u202c"
_ISOLATED: Final = "[\u2066\u2067\u2068]"
_RELEASED: Final = "\u2069"


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    texts = by_text(items)
    tags = items.select(pl.col("language").unique().sort()).collect()["language"].to_list()
    # Most texts of a language in Latin letters have no letter of another script: one cheap question sorts them out.
    odd = texts.filter(pl.col("text").str.contains(r"[\p{L}--[\p{Latin}\p{Common}\p{Inherited}]]"))
    return [_alike(odd, tags), _script(odd, tags), _open(texts)]


def _by_tag(texts: pl.LazyFrame, tags: Sequence[str], patterns: dict[str, str]) -> pl.LazyFrame:
    parts = [spans_of(texts.filter(pl.lit(value=False)), ".")]
    parts += [spans_of(texts.filter(pl.col("language") == tag), patterns[tag]) for tag in tags if tag in patterns]
    return pl.concat(parts).with_columns(pl.col("spans").list.len().alias("n"))


def _alike(texts: pl.LazyFrame, tags: Sequence[str]) -> pl.LazyFrame:
    patterns = {tag: _MIXES[script_of(tag)] for tag in tags if script_of(tag) in _MIXES}
    found = _by_tag(texts, tags, patterns)
    word = pl.col("spans").list.first().struct.field("text")
    message = pl.format("“{}” mixes letters of two scripts that look alike ({} in this field)", word, "n")
    return finding(found, ALIKE, message, field=pl.col("field"), spans=pl.col("spans"), evidence=word)


def _script(texts: pl.LazyFrame, tags: Sequence[str]) -> pl.LazyFrame:
    patterns: dict[str, str] = {}
    for tag in tags:
        inside = script_class(script_of(tag))
        if inside:
            used = rf"{inside}\p{{Latin}}\p{{Common}}\p{{Inherited}}\p{{Greek}}"
            dense = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]{2,}"
            foreign = rf"[[\p{{L}}\p{{M}}]--[{used}]]{{{_RUN},}}"
            patterns[tag] = foreign if inside.startswith((r"\p{Han", r"\p{Hang")) else f"{foreign}|{dense}"
    found = _by_tag(texts, tags, patterns)
    word = pl.col("spans").list.first().struct.field("text")
    message = pl.format("“{}” is in a script that {} does not use ({} in this field)", word, "language", "n")
    return finding(
        found, SCRIPT, message, field=pl.col("field"), spans=pl.col("spans"), evidence=word, value=pl.col("n")
    )


def _open(texts: pl.LazyFrame) -> pl.LazyFrame:
    count = pl.col("text").str.count_matches
    found = texts.filter(pl.col("text").str.contains("[\u202a-\u202e\u2066-\u2069]")).filter(
        (count(_OPENED) != count(_CLOSED, literal=True)) | (count(_ISOLATED) != count(_RELEASED, literal=True))
    )
    message = "marks of direction are opened and not closed, or closed and not opened"
    return finding(found, OPEN, message, field=pl.col("field"), evidence=pl.col("text"))


AUDIT: Final = TableAudit("scripts", (ALIKE, SCRIPT, OPEN), _find)
