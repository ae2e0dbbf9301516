"""Texts: empty stems, and characters that no author typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._texts import by_item, by_text, is_blank, spans_of
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

EMPTY_STEM: Final = AuditCode("S201", "empty stem", "major")
REPLACEMENT: Final = AuditCode("S211", "replacement character", "major")
PRIVATE: Final = AuditCode("S212", "private-use character", "major")
CONTROL: Final = AuditCode("S213", "control character or noncharacter", "major")
ESCAPE: Final = AuditCode("S214", "escape sequence left in the text", "major")
MOJIBAKE: Final = AuditCode("S215", "text decoded with the wrong encoding", "major")
LONE_MARK: Final = AuditCode("S216", "combining mark without a letter before it", "major")

# The second half of UTF-8 bytes, as windows-1252 and as Latin-1 show them.
_TAIL: Final = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MOJIBAKE: Final = "|".join(
    (
        # Two bytes of Latin letters. A no-break space and guillemets may follow a capital with a tilde or circumflex.
        "Ã[\u0080-\u009f\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf€‚ƒ„†‡ˆ‰Š‹ŒŽ‘“•˜™š›œžŸ]",
        "Â[\u0080-\u00aa\u00ac-\u00ba\u00bc-\u00bf]",
        # Three bytes of typographic signs, mathematics and the byte order mark.
        f"â[€‚„ˆ‰\u0080-\u0089][{_TAIL}]|â[„]¢|ï»¿|ï¿½",
        # Two letters of Cyrillic or Greek in a row, or one lower-case Greek letter that units use.
        f"(?:[ÐÑ][{_TAIL}]){{2,}}|(?:[ÎÏ][{_TAIL}]){{2,}}|Î[±²³´¼]",
        # Arabic and Hebrew.
        f"(?:[ØÙÚÛ][{_TAIL}]){{2,}}|(?:×[{_TAIL}]){{2,}}",
        # Three bytes: two signs of East Asian and Indic scripts in a row.
        f"(?:[à-é][{_TAIL}]{{2}}){{2,}}",
    )
)
_PATTERNS: Final = {
    REPLACEMENT: "\ufffd",
    PRIVATE: r"\p{Co}",
    CONTROL: r"[\p{Cc}--[\t\n\r]]|[\u{FFFE}\u{FFFF}\u{FDD0}-\u{FDEF}]|[\u{1FFFE}\u{1FFFF}\u{10FFFE}\u{10FFFF}]",
    ESCAPE: r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|&(?:#[0-9]{2,6}|#x[0-9A-Fa-f]{2,5}|[a-z]{2,6}|[A-Z][a-z]{2,5});",
    MOJIBAKE: _MOJIBAKE,
    LONE_MARK: r"(?m)^[\p{Mn}\p{Me}]",
}
_MESSAGES: Final = {
    REPLACEMENT: "a letter was lost in decoding",
    PRIVATE: "a sign of a private font stands where a letter or symbol should",
    CONTROL: "a control character or noncharacter stands in the text",
    ESCAPE: "an escape sequence stands where a letter should",
    MOJIBAKE: "the text was decoded with the wrong encoding",
    LONE_MARK: "a combining mark begins the line",
}


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    texts = by_text(items)
    return [_empty_stem(items), *(_broken(texts, code, pattern) for code, pattern in _PATTERNS.items())]


def _empty_stem(items: pl.LazyFrame) -> pl.LazyFrame:
    pictured = pl.col("media").list.eval(pl.element().struct.field("attached_to").is_in(["stem", "context"])).list.any()
    empty = by_item(items).filter(
        is_blank(pl.col("stem")) & (pl.col("turns").list.len().fill_null(0) == 0) & ~pictured.fill_null(False)
    )
    return finding(empty, EMPTY_STEM, "the stem has neither text nor a picture", field="stem")


def _broken(texts: pl.LazyFrame, code: AuditCode, pattern: str) -> pl.LazyFrame:
    found = spans_of(texts, pattern).with_columns(pl.col("spans").list.len().alias("n"))
    message = pl.format("{} ({} in this field)", pl.lit(_MESSAGES[code]), "n")
    around = pl.col("text").str.slice((pl.col("spans").list.first().struct.field("start") - 20).clip(0), 80)
    return finding(
        found, code, message, field=pl.col("field"), spans=pl.col("spans"), evidence=around, value=pl.col("n")
    )


AUDIT: Final = TableAudit("text", (EMPTY_STEM, *_PATTERNS), _find)
