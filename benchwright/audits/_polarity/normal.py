"""The form in which texts and lexicons meet: small letters, words between double spaces.

A word stands between single spaces of its own, so that neighbours share none and `` not `` is found beside `` no ``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import polars as pl

__all__ = ["UNSPACED", "normal_forms", "normal_texts", "word_runs"]

UNSPACED: Final = frozenset({"ja", "km", "lo", "my", "th", "zh"})
"""Languages that set no space between words: their entries are found anywhere in a text."""
_APOSTROPHES: Final = "['’ʼ＇`´]"
_INVISIBLE: Final = r"[\x{00AD}\x{200B}-\x{200F}\x{2060}\x{FEFF}\x{0640}]"
_PUNCTUATION: Final = ",.;:!?…()。，、；：！？،؛؟।·"
_STOP: Final = "|"
_MARK: Final = r"\|"
_SEPARATORS: Final = r"[^\p{L}\p{M}\p{N}'|]+"
_DIVIDERS: Final = '-/%"=+–—\n\u00a0'
_UNSETTLED: Final = r"[^\p{L}\p{M}\p{N}'| ]"
_BEFORE: Final = frozenset({"en"})
"""Where an apostrophe begins a word: *'t*, *'s*."""
_AFTER: Final = frozenset({"ca", "fr", "it"})
"""Where an apostrophe ends a word: *n'*, *l'*. In other languages it divides words and is neither's."""
_DECOMPOSED: Final = r"[\x{0300}-\x{036F}\x{1100}-\x{11FF}\x{3099}\x{309A}\x{FF01}-\x{FF5E}]"
_WIDE: Final = {chr(0xFF01 + n): chr(0x21 + n) for n in range(0x5E)}
"""Letters, digits and marks of full width; a wider normal form would change where words end (℃, …, ½)."""
_VOWEL_SIGNS: Final = {
    "ar": r"[\x{0610}-\x{061A}\x{064B}-\x{065F}\x{0670}]",
    "fa": r"[\x{064B}-\x{065F}\x{0670}]",
    "he": r"[\x{0591}-\x{05C7}]",
    "ur": r"[\x{064B}-\x{065F}\x{0670}]",
}
_ARABIC: Final = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"}
_PERSIAN: Final = {"ي": "ی", "ى": "ی", "ك": "ک", "ۀ": "ه", "أ": "ا", "إ": "ا", "ة": "ه"}
_CYRILLIC: Final = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
_DIGRAPHS: Final = {"љ": "lj", "њ": "nj", "џ": "dž"}
_SERBIAN: Final = {
    form: latin for letter, latin in {**_CYRILLIC, **_DIGRAPHS}.items() for form in (letter, letter.upper())
}
_LETTERS: Final[dict[str, dict[str, str]]] = {
    "ar": _ARABIC,
    "fa": _PERSIAN,
    "ur": _PERSIAN,
    "tr": {"I": "ı", "İ": "i"},
    "az": {"I": "ı", "İ": "i"},
    "ro": {"ş": "ș", "ţ": "ț", "Ş": "ș", "Ţ": "ț"},
    "sr": _SERBIAN,
    "bs": _SERBIAN,
    "ru": {"ё": "е", "Ё": "е"},
}


def normal_forms(texts: pl.Series, language: str) -> pl.DataFrame:
    """Return ``place``, ``text`` and ``form``: texts of one language, in the form that its patterns are written in.

    ``place`` is that of the text among those given.

    Most texts are settled by one pass that replaces marks; the few with rarer ones come last in the
    table, and go through the patterns of :func:`_careful`. Both ways lead to the same form.
    """
    table = pl.DataFrame({"text": texts}).with_row_index("place")
    text = pl.col("text")
    rare = table.select(text.str.contains(f"{_INVISIBLE}|{_DECOMPOSED}|{_MARK}|'$")).to_series()
    plain = table.filter(~rare).with_columns(_quick(language).alias("form"))
    unsettled = plain.select(pl.col("form").str.contains(_UNSETTLED)).to_series()
    rest = pl.concat([table.filter(rare), plain.filter(unsettled).select("place", "text")])
    return pl.concat([plain.filter(~unsettled), rest.with_columns(_careful(language).alias("form"))])


def _letters(text: pl.Expr, language: str) -> pl.Expr:
    if language in _VOWEL_SIGNS:
        text = text.str.replace_all(_VOWEL_SIGNS[language], "")
    if language in _LETTERS:
        text = text.str.replace_many(_LETTERS[language])
    return text.str.to_lowercase()


def _quick(language: str) -> pl.Expr:
    form = _letters(pl.col("text"), language).str.replace_many(_replacements(language), leftmost=True)
    # Marks side by side leave more spaces than two.
    return pl.lit("  ") + form.str.replace_all(" {3,}", "  ").str.strip_chars(" ") + pl.lit("  ")


@lru_cache(maxsize=4)
def _replacements(language: str) -> dict[str, str]:
    """Return what each mark becomes, alone and with spaces around it; the longer ones come first."""
    alone = dict.fromkeys(_PUNCTUATION, f"  {_STOP}  ") | dict.fromkeys(_DIVIDERS, "  ")
    spaced = {f"{mark} ": new for mark, new in alone.items()} | {f" {mark}": new for mark, new in alone.items()}
    both = {f" {mark} ": new for mark, new in alone.items()}
    marks = dict.fromkeys("'’ʼ＇`´", {"before": "  '", "after": "'  "}.get(_place(language), "  "))
    return both | spaced | alone | marks | {" ": "  "}


def _careful(language: str) -> pl.Expr:
    form = pl.col("text").str.replace_all(_INVISIBLE, "")
    form = pl.when(form.str.contains(_DECOMPOSED)).then(form.str.normalize("NFC")).otherwise(form)
    form = form.str.replace_many(_WIDE)
    form = _letters(form, language).str.replace_all(_STOP, " ", literal=True)
    apostrophe = {"before": " '", "after": "' "}.get(_place(language), " ")
    form = form.str.replace_all(_APOSTROPHES, apostrophe).str.replace_all(f"[{_PUNCTUATION}]", f" {_STOP} ")
    form = form.str.replace_all(_SEPARATORS, "  ")
    return pl.lit("  ") + form.str.strip_chars(" ") + pl.lit("  ")


def _place(language: str) -> str:
    """Return on which side of an apostrophe the word ends to which it belongs."""
    return "before" if language in _BEFORE else "after" if language in _AFTER else ""


def normal_texts(texts: Sequence[str], language: str) -> list[str]:
    """Return texts in their normal form, without the spaces around them."""
    table = pl.DataFrame({"text": texts}, schema={"text": pl.String()})
    return table.select(_careful(language).str.strip_chars(" ")).to_series().to_list()


@lru_cache(maxsize=64)
def word_runs(language: str) -> str:
    """Return the pattern of the runs that :func:`normal_forms` makes words, for the module ``regex``.

    Invisible characters belong to the word around them; each mark of punctuation is a word of its own.
    """
    unseen = r"\u00AD\u200B-\u200F\u2060\uFEFF\u0640"
    inside = rf"[\p{{L}}\p{{M}}\p{{N}}{unseen}]"
    word = rf"[{unseen}]*+(?=[^{unseen}]){inside}++"
    wide = "".join(chr(ord(mark) + 0xFEE0) for mark in _PUNCTUATION if mark.isascii())
    marks = rf"[{_PUNCTUATION}{wide}]"
    if language in _BEFORE:
        return rf"{_APOSTROPHES}{inside}*+|{word}|{marks}"
    if language in _AFTER:
        return rf"{inside}*+{_APOSTROPHES}|{word}|{marks}"
    return rf"{word}|{marks}"
