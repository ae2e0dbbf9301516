"""Kit: the form in which texts are compared, and cleaned texts. One cheap scan tells which rows need any work."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Final

import polars as pl

__all__ = ["cleaned", "compared", "in_nfc", "key_columns"]

_TAGS: Final = (
    "a|abbr|b|big|blockquote|body|br|center|cite|code|dd|del|div|dl|dt|em|font|form|h[1-6]|head|hr|html|i|iframe|img|"
    "input|ins|label|li|link|meta|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|"
    "textarea|tfoot|th|thead|title|tr|tt|u|ul|video"
)
"""Names of HTML: what else stands between angle brackets may be text, as in ``p < 0.05 and x > 3``."""
MARKUP: Final = rf"(?is)<(?:script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->|</?(?:{_TAGS})(?:\s[^<>]{{0,2000}}|/)?>"
ADDRESS: Final = r"(?i:\bhttps?://)\S+|\b(?:www|WWW)\.\S+"
ENTITY: Final = r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});"
_SPACES: Final = r"[\t\x0b\x0c\r \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_RUNS: Final = rf" {_SPACES}+|[\t\x0b\x0c\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]{_SPACES}*"
"""What becomes one space: every run of spaces but a plain one that stands alone."""
_BREAKS: Final = rf"{_SPACES}*[\n\u0085\u2028\u2029][\s\u0085]*"
_WIDE_SPACE: Final = r"[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
NOT_NFC: Final = (
    r"[\p{M}\u0374\u037e\u0387\u0958-\u095f\u09dc-\u09df\u0a33-\u0a5e\u0b5c\u0b5d\u0f43-\u0f69\u1100-\u11ff\u1f71-\u1fff"
    r"\u2000\u2001\u2126\u212a\u212b\u2329\u232a\u2adc\ua960-\ua97c\ud7b0-\ud7fb\uf900-\ufad9\ufb1d-\ufb4e"
    r"\U0001d15e-\U0001d164\U0001d1bb-\U0001d1c0\U0002f800-\U0002fa1d]"
)
"""Every character that a normal form C can be without has one of these; a test goes through all of Unicode."""


def cleaned(texts: pl.Series, *, addresses: bool) -> pl.Series:
    """Return texts without markup and entities, spaces folded to one and breaks to one newline; null becomes empty.

    Only rows that a cheap scan picks are worked on: each of its parts looks for single bytes or a plain string.
    """
    texts = texts.fill_null("")
    name = texts.name
    text = pl.col(name)
    suspect = (
        text.str.contains(r"[<&\t\x0b\x0c\r\n]")
        | text.str.contains("  ", literal=True)
        | text.str.starts_with(" ")
        | text.str.ends_with(" ")
    )
    if addresses:
        for sign in ("://", "www.", "WWW."):
            suspect = suspect | text.str.contains(sign, literal=True)
    picked = texts.to_frame().select(suspect).to_series() | _wide_with(texts, _WIDE_SPACE)
    return _where(texts, picked, lambda some: _worked(some, addresses=addresses))


def _wide_with(texts: pl.Series, pattern: str) -> pl.Series:
    """Tell which texts have a character of a class beyond ASCII; the search runs over texts beyond ASCII alone."""
    wide = texts.str.len_bytes() != texts.str.len_chars()
    places = wide.arg_true()
    if places.len() == 0:
        return wide
    return wide.scatter(places, texts.gather(places).str.contains(pattern))


def _worked(texts: pl.Series, *, addresses: bool) -> pl.Series:
    name = texts.name
    bare = texts.str.replace_all(MARKUP, " ")
    bare = _where(bare, bare.str.contains(ENTITY), _unescaped)
    if addresses:
        bare = bare.str.replace_all(ADDRESS, " ")
    folded = bare.str.replace_all(_BREAKS, "\n").str.replace_all(_RUNS, " ")
    return folded.str.strip_chars(" \n").alias(name)


def _unescaped(texts: pl.Series) -> pl.Series:
    # Only rows that have an entity come here: the table of names is Python's.
    return pl.Series(texts.name, [html.unescape(text) for text in texts.to_list()], dtype=pl.String)


def in_nfc(texts: pl.Series) -> pl.Series:
    """Return texts in normal form C; only rows with a character that can change are looked at."""
    return _where(texts, _wide_with(texts, NOT_NFC), lambda some: some.str.normalize("NFC"))


def compared(texts: pl.Series) -> pl.Series:
    """Return cleaned texts in the form of comparison: NFC, lower case, one line."""
    flat = _where(
        texts, texts.str.contains("\n", literal=True), lambda some: some.str.replace_all("\n", " ", literal=True)
    )
    return in_nfc(flat).str.to_lowercase()


def key_columns(question: pl.Series, answer: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return 128 bits for each pair of texts as two columns of 64.

    The halves are hashes with different seeds over differently joined texts, so that what makes one collide says
    nothing of the other.
    """
    frame = pl.DataFrame({"q": question, "a": answer})
    halves = frame.select(
        high=pl.concat_str("q", "a", separator="\n").hash(0x9E37),
        low=pl.struct(pl.col("a").hash(0x79B9), pl.col("q").hash(0x7F4A)).hash(0x7C15),
    )
    return halves["high"], halves["low"]


def _where(texts: pl.Series, picked: pl.Series, work: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return the series with some rows replaced by what ``work`` makes of them."""
    places = picked.fill_null(value=False).arg_true()
    if places.len() == 0:
        return texts
    if places.len() == texts.len():
        return work(texts)
    source = pl.int_range(texts.len(), dtype=pl.UInt32, eager=True)
    changed = pl.int_range(texts.len(), texts.len() + places.len(), dtype=pl.UInt32, eager=True)
    return pl.concat([texts, work(texts.gather(places))]).gather(source.scatter(places, changed))
