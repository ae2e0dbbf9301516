"""Kit: the scripts that languages are written in, as classes for patterns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import polars as pl
import regex

from benchwright.schemas.languages import script_of

__all__ = ["astray_script", "has_own_script", "in_other_script", "language_by_script", "script_class"]

_CLASSES: Final = {
    "Latn": ("Latin",), "Cyrl": ("Cyrillic",), "Grek": ("Greek",), "Arab": ("Arabic",), "Hebr": ("Hebrew",),
    "Deva": ("Devanagari",), "Beng": ("Bengali",), "Guru": ("Gurmukhi",), "Gujr": ("Gujarati",), "Orya": ("Oriya",),
    "Taml": ("Tamil",), "Telu": ("Telugu",), "Knda": ("Kannada",), "Mlym": ("Malayalam",), "Sinh": ("Sinhala",),
    "Thai": ("Thai",), "Laoo": ("Lao",), "Tibt": ("Tibetan",), "Mymr": ("Myanmar",), "Khmr": ("Khmer",),
    "Geor": ("Georgian",), "Armn": ("Armenian",), "Ethi": ("Ethiopic",), "Hans": ("Han",), "Hant": ("Han",),
    "Hani": ("Han",), "Jpan": ("Han", "Hiragana", "Katakana"), "Kore": ("Hangul", "Han"), "Hang": ("Hangul",),
    "Syrc": ("Syriac",), "Thaa": ("Thaana",), "Nkoo": ("Nko",), "Adlm": ("Adlam",), "Mong": ("Mongolian",),
    "Tfng": ("Tifinagh",), "Cher": ("Cherokee",), "Cans": ("Canadian_Aboriginal",), "Olck": ("Ol_Chiki",),
    "Mtei": ("Meetei_Mayek",), "Yiii": ("Yi",),
}  # fmt: skip
_DENSE: Final = frozenset({"Hans", "Hant", "Hani", "Jpan", "Kore", "Hang"})
_SHARE: Final = 0.15
_DENSE_SHARE: Final = 0.06
"""A sign of Han stands for a word or half of one."""


def script_class(script: str) -> str:
    """Return the inside of a character class for a script of ISO 15924; empty where we do not know it."""
    return "".join(rf"\p{{{name}}}" for name in _CLASSES.get(script, ()))


@lru_cache(maxsize=4096)
def _pattern(tag: str, without: str) -> Any:
    """Return a pattern for the letters of a language's scripts, less those of another language; null for none."""
    taken = _CLASSES.get(script_of(without), ()) if without else ()
    inside = "".join(rf"\p{{{name}}}" for name in _CLASSES.get(script_of(tag), ()) if name not in taken)
    return regex.compile(f"[{inside}]") if inside else None


def has_own_script(words: str, declared: str, found: str, *, whole: bool) -> bool:
    """Tell whether a line has letters enough of the declared language's script, where the found one has another.

    Scripts may have letters in common, as Chinese and Japanese have Han. Then a text that has no letter of the found
    language alone is not in it; and a ``whole`` stem is in the declared one only by letters of its own, while options
    of Han alone are found in Japanese too.
    """
    script = script_of(declared)
    if script == "Latn" or script_class(script) in ("", script_class(script_of(found))):
        return False
    shared = set(_CLASSES[script]) & set(_CLASSES.get(script_of(found), ()))
    share = (_DENSE_SHARE if script in _DENSE else _SHARE) * max(1, len(words))
    own, other = _pattern(declared, found), _pattern(found, declared)
    if own is None:
        return other is None or len(other.findall(words)) < share
    pattern = own if whole and shared else _pattern(declared, "")
    return len(pattern.findall(words)) >= share


def astray_script(words: pl.Expr, tags: Sequence[str]) -> pl.Expr:
    """Tell whether a line has two letters running of a script that its language (column ``tag``) does not use.

    Latin letters stand in texts of all languages and do not count.
    """
    told = pl.lit(value=False)
    for tag in tags:
        inside = script_class(script_of(tag))
        if inside:
            pattern = rf"[\p{{L}}--[{inside}\p{{Latin}}\p{{Common}}\p{{Inherited}}]]{{2}}"
            told = told | ((pl.col("tag") == tag) & words.str.contains(pattern))
    return told


def in_other_script(declared: str, found: str) -> bool:
    """Tell whether a language is written in another script than the declared one, Latin aside."""
    return script_of(found) != "Latn" and script_class(script_of(declared)) != script_class(script_of(found))


_OWNERS: Final = (
    ("ja", r"[\p{Hiragana}\p{Katakana}]"), ("ko", r"\p{Hangul}"), ("th", r"\p{Thai}"), ("he", r"\p{Hebrew}"),
    ("el", r"\p{Greek}"), ("ka", r"\p{Georgian}"), ("hy", r"\p{Armenian}"), ("ta", r"\p{Tamil}"),
    ("te", r"\p{Telugu}"), ("kn", r"\p{Kannada}"), ("ml", r"\p{Malayalam}"), ("gu", r"\p{Gujarati}"),
    ("si", r"\p{Sinhala}"), ("km", r"\p{Khmer}"), ("lo", r"\p{Lao}"), ("my", r"\p{Myanmar}"),
)  # fmt: skip
"""Scripts in which one language is by far the most frequent; Han without kana is Chinese."""
_PATTERNS: Final = tuple((language, regex.compile(pattern)) for language, pattern in _OWNERS)
_HAN: Final = regex.compile(r"\p{Han}")
_FOREIGN_SHARE: Final = 0.6
_FOREIGN_DENSE: Final = 0.2
_KANA: Final = 0.05
_LONG_HAN: Final = 12
"""Signs of Han without kana from which a text is no Japanese."""


def language_by_script(words: str, declared: str) -> str | None:
    """Return the language that the script alone tells, where it is not the script of the declared one; else null."""
    letters = max(1, len(words.replace(" ", "")))
    han, kana = len(_HAN.findall(words)), len(_PATTERNS[0][1].findall(words))
    own = script_of(declared)
    if own in _DENSE:
        return _east_asian(own, han, kana)
    if han + kana >= _FOREIGN_DENSE * letters:
        return "ja" if kana >= _KANA * (han + kana) else "zh"
    for language, pattern in _PATTERNS[1:]:
        share = _FOREIGN_DENSE if language == "ko" else _FOREIGN_SHARE
        if script_of(language) != own and len(pattern.findall(words)) >= share * letters:
            return language
    return None


def _east_asian(own: str, han: int, kana: int) -> str | None:
    if own == "Jpan":
        return "zh" if han >= _LONG_HAN and not kana else None
    if own in ("Hans", "Hant", "Hani"):
        return "ja" if kana >= 0.15 * (han + kana) and kana >= 4 else None
    return None
