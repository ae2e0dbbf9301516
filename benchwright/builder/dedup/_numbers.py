"""Kit: the numbers of items, as they are compared: each with its sign or comparator, 1.5 and 15 differ.

Digits of all scripts, and number words of the languages that have a file in the data of the quantities; a word counts
as the number that it says, so that *three* and *3* are one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import polars as pl

from benchwright.audits._polarity.normal import UNSPACED
from benchwright.audits._quantities.han import HAN
from benchwright.audits._quantities.lexicon import KNOWN_LANGUAGES, data_lines
from benchwright.builder.dedup._forms import RAISED

__all__ = ["plain_text", "primary", "with_numbers"]

_NUMBER: Final = r"(?:[<>≤≥±]\s?=?\s?|(?:^|[^\p{L}\p{N})\]])[-−–])?\p{Nd}+(?:[.,٫٬/:]\p{Nd}+)*"
"""A number with what stands before it: a comparator, or a sign that is no hyphen between words or numbers."""
_BEFORE: Final = r"^[^-−–<>≤≥±\p{Nd}]"
_DIGITS: Final = {
    **{
        sign: str(unicodedata.decimal(sign))
        for sign in map(chr, range(0x80, 0x20000))
        if unicodedata.decimal(sign, 10) < 10
    },
    "−": "-",
    "–": "-",
}
_SECTIONS: Final = frozenset({"card", "scale", "weak", "decade", "teen"})
_ONE: Final = frozenset("一零〇")
"""Signs that stand in many words that count nothing."""


def plain_text(text: pl.Expr) -> pl.Expr:
    """Return a text in which numbers are looked for: raised digits stay apart from others."""
    apart = text.str.replace_many(RAISED)
    return apart.str.normalize("NFKC").str.to_lowercase().str.replace_all("’", "'", literal=True)


def primary(language: str) -> str:
    """Return the primary subtag."""
    return language.split("-", maxsplit=1)[0].lower()


def with_numbers(frame: pl.DataFrame, *, words: bool = True) -> pl.DataFrame:
    """Return items with their numbers.

    Args:
        frame: columns ``language``, ``stem``, ``options`` and ``context``.
        words: whether number words count too.

    Returns:
        The same with ``stem_numbers`` and ``numbers``, in ASCII digits, sorted, a bar between them.
    """
    plain = frame.with_columns(
        _stem=plain_text(pl.concat_str("context", pl.lit("\n"), "stem")), _rest=plain_text(pl.col("options"))
    ).with_columns(_in_stem=_digits(pl.col("_stem")), _in_rest=_digits(pl.col("_rest")))
    if words and not plain.is_empty():
        plain = plain.with_row_index("_row")
        parts = plain.partition_by("language", as_dict=True)
        plain = pl.concat([_with_words(part, primary(str(tag))) for (tag,), part in parts.items()]).sort("_row")
        plain = plain.drop("_row")
    stem, rest = pl.col("_in_stem"), pl.col("_in_rest")
    return plain.with_columns(
        stem_numbers=stem.list.sort().list.join("|"), numbers=pl.concat_list(stem, rest).list.sort().list.join("|")
    ).drop("_stem", "_rest", "_in_stem", "_in_rest")


def _digits(text: pl.Expr) -> pl.Expr:
    return text.str.extract_all(_NUMBER).list.eval(
        pl.element().str.replace(_BEFORE, "").str.replace_all(r"\s", "").str.replace_many(_DIGITS)
    )


def _with_words(frame: pl.DataFrame, language: str) -> pl.DataFrame:
    pattern, values = _words(language)
    if not pattern:
        return frame
    return frame.with_columns(
        pl.concat_list(f"_in{name}", pl.col(name).str.extract_all(pattern).list.eval(pl.element().replace(values)))
        for name in ("_stem", "_rest")
    )


@lru_cache(maxsize=64)
def _words(language: str) -> tuple[str, dict[str, str]]:
    """Return a pattern for the number words of a language, and what each says; nothing where there is no data."""
    if language not in KNOWN_LANGUAGES:
        return "", {}
    values: dict[str, str] = {}
    section, han = "", False
    for line in data_lines("numbers", language):
        if line.startswith("["):
            section = line.strip("[]")
        elif section in _SECTIONS:
            value, *forms = line.split()
            for form in forms:
                values.setdefault(form.replace("_", " ").lower(), f"{float(value):g}")
        han = han or (section, line) == ("flags", "han")
    if han:
        values |= {sign: sign for sign in HAN if sign not in _ONE}
    if not values:
        return "", {}
    inner = "|".join(_word(one) for one in sorted(values, key=lambda one: (-len(one), one)))
    whole = f"(?:{inner})" if language in UNSPACED else rf"\b(?:{inner})\b"
    return whole, values


def _word(entry: str) -> str:
    open_end = r"[\p{L}\p{M}]*" if entry.endswith("*") else ""
    return re.escape(entry.rstrip("*")).replace(r"\ ", r"[\s\-]{1,3}") + open_end
