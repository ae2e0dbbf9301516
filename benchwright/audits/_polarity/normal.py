"""The form in which texts and lexicons meet: small letters, words between double spaces.

A word stands between single spaces of its own, so that neighbours share none and `` not `` is found beside `` no ``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl

__all__ = ["UNSPACED", "normal_form", "normal_text", "word_runs"]

UNSPACED: Final = frozenset({"ja", "km", "lo", "my", "th", "zh"})
"""Languages that set no space between words: their entries are found anywhere in a text."""
_APOSTROPHES: Final = "['’ʼ＇`´]"
_INVISIBLE: Final = r"[\x{00AD}\x{200B}-\x{200F}\x{2060}\x{FEFF}\x{0640}]"
_PUNCTUATION: Final = ",.;:!?…()。，、；：！？（）،؛؟।·"
_STOP: Final = "|"
_SEPARATORS: Final = r"[^\p{L}\p{M}\p{N}'|]+"
_BEFORE: Final = frozenset({"en"})
"""Where an apostrophe begins a word: *'t*, *'s*."""
_AFTER: Final = frozenset({"ca", "fr", "it"})
"""Where an apostrophe ends a word: *n'*, *l'*. In other languages it divides words and is neither's."""
_DECOMPOSED: Final = r"[\x{0300}-\x{036F}\x{1100}-\x{11FF}\x{3099}\x{309A}\x{FF00}-\x{FFEF}]"
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


def normal_form(text: pl.Expr, language: str) -> pl.Expr:
    """Return the texts of one language in the form that the patterns of its lexicon are written in."""
    form = text.str.replace_all(_INVISIBLE, "")
    form = pl.when(form.str.contains(_DECOMPOSED)).then(form.str.normalize("NFKC")).otherwise(form)
    if language in _VOWEL_SIGNS:
        form = form.str.replace_all(_VOWEL_SIGNS[language], "")
    if language in _LETTERS:
        form = form.str.replace_many(_LETTERS[language])
    form = form.str.to_lowercase().str.replace_all(_APOSTROPHES, _apostrophe(language))
    form = form.str.replace_all(f"[{_PUNCTUATION}]", f" {_STOP} ")
    return pl.lit("  ") + form.str.replace_all(_SEPARATORS, "  ") + pl.lit("  ")


def _apostrophe(language: str) -> str:
    if language in _BEFORE:
        return " '"
    return "' " if language in _AFTER else " "


def normal_text(text: str, language: str) -> str:
    """Return one text in its normal form, without the spaces around it."""
    return pl.select(normal_form(pl.lit(text), language)).item().strip()


@lru_cache(maxsize=64)
def word_runs(language: str) -> str:
    """Return the pattern of the runs that :func:`normal_form` makes words, for the module ``regex``.

    Invisible characters belong to the word around them; each mark of punctuation is a word of its own.
    """
    inside = r"[\p{L}\p{M}\p{N}\u00AD\u200B-\u200F\u2060\uFEFF\u0640]"
    marks = rf"[{_PUNCTUATION}{_STOP}]"
    if language in _BEFORE:
        return rf"{_APOSTROPHES}{inside}*+|{inside}++|{marks}"
    if language in _AFTER:
        return rf"{inside}*+{_APOSTROPHES}|{inside}++|{marks}"
    return rf"{inside}++|{marks}"
