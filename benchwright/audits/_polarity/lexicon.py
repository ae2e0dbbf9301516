"""The lexicons of polarity: package data, one file per language, made into patterns for one pass over a text.

A line is ``class: entries`` or ``axis: entries | entries``. In an entry ``_`` is a space, ``*`` at an end leaves that
end open, and ``#`` stands for a digit. Where two entries begin at one place the longer one counts, so a phrase in the
line ``plain`` takes a word out of its meaning: *not only*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

import polars as pl

from benchwright.audits._polarity.axes import AXES, CLASSES
from benchwright.audits._polarity.normal import UNSPACED, normal_texts
from benchwright.audits._withheld import left
from benchwright.schemas.text import sha256_of

__all__ = ["COUNTED", "HITS", "Lexicon", "digest", "languages", "lexicon", "read_lines"]

HITS: Final = pl.Schema(
    {"hit": pl.String()}
    | {name: pl.UInt32() for name in ("neg", "nor", "soft", "faint", "except", "only", "turned")}
    | {f"{pole}{half}": pl.UInt64() for half in (0, 1) for pole in "ab"}
)
"""One row per pattern: what it counts for, and the axes on whose first (a) or second (b) pole it stands, as bits."""
COUNTED: Final = tuple(name for name in HITS if name != "hit")
_BITS: Final = 64
_PLAIN: Final = "plain"
_DENYING: Final = frozenset({"neg", "nor", "soft", "faint"})
"""A pattern denies in one way: *nicht* is a negator, though it begins as ``nicht*`` in ``soft`` does."""
_FOLDER: Final = ("_data", "polarity")
_SHARED: Final = {"bs": "hr", "ms": "id", "nn": "nb", "no": "nb", "sh": "hr", "sr": "hr"}
_NUMBER: Final = {axis.name: number for number, axis in enumerate(AXES)}
# Letters written together with the next word: Hebrew and Arabic conjunctions before a negator, articles before nouns.
_BEFORE_NEGATOR: Final = {"he": ("ו", "ש", "וש", "כש", "ה"), "ar": ("و", "ف")}
_BEFORE_NOUN: Final = {
    "he": ("ה", "ו", "ב", "ל", "מ", "כ", "ש", "וה", "שה", "מה", "בה"),
    "ar": ("ال", "و", "ف", "ب", "ل", "وال", "بال", "لل", "فال", "كال", "ولل"),
}


@dataclass(slots=True)
class Lexicon:
    """The patterns of one language, longest first, and what each means."""

    language: str
    patterns: list[str] = field(default_factory=list)
    table: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HITS))
    negators: list[str] = field(default_factory=list)
    """Whole words and phrases of ``neg`` and ``except``, as written, for the check of emphasis."""


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Return the primary subtags that have a lexicon, their own or that of a near relative."""
    return tuple(sorted({*_files(), *_SHARED}))


def _files() -> list[str]:
    folder = files("benchwright.audits").joinpath(*_FOLDER)
    return sorted(file.name.removesuffix(".txt") for file in folder.iterdir() if file.name.endswith(".txt"))


@lru_cache(maxsize=1)
def digest() -> str:
    """Return the first eight digits of a hash over all lexicons, for the signature."""
    return sha256_of({language: list(read_lines(language)) for language in _files()})[:8]


def read_lines(language: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the name of each line and its groups of entries: one for a class, two for an axis."""
    file = files("benchwright.audits").joinpath(*_FOLDER, f"{_SHARED.get(language, language)}.txt")
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, entries = line.partition(":")
            groups = [group.split() for group in entries.split("|")]
            yield name.strip(), groups if name.strip() == _PLAIN else [left(group) for group in groups]


@lru_cache(maxsize=64)
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language that :func:`languages` names."""
    built = Lexicon(language)
    meanings: dict[str, dict[str, int]] = {}
    entries: list[tuple[str, str, str]] = []
    for name, groups in read_lines(language):
        if name in {"neg", "except"}:
            built.negators += [entry.replace("_", " ") for entry in groups[0] if not set(entry) & set("*#")]
        for pole, group in zip("ab", groups, strict=False):
            entries += [(name, pole, entry) for one in group for entry in _with_digits(one)]
    forms = normal_texts([entry.strip("*").replace("_", " ") for _, _, entry in entries], language)
    for (name, pole, entry), form in zip(entries, forms, strict=True):
        for pattern in _patterns(form, entry, name, language):
            _mean(meanings.setdefault(pattern, {}), name, pole)
    _inherit(meanings)
    # Of two patterns that begin at one place the one that stands first in the list is taken.
    built.patterns = sorted(meanings, key=lambda pattern: (-len(pattern), pattern))
    rows = [
        {"hit": pattern, **{name: meanings[pattern].get(name, 0) for name in COUNTED}} for pattern in built.patterns
    ]
    built.table = pl.DataFrame(rows, schema=HITS)
    return built


def _inherit(meanings: dict[str, dict[str, int]]) -> None:
    """Give each pattern what the longest pattern that it begins with means: *keine* is in ``kein*`` as well.

    What is written as ``plain`` passes nothing on. A plain phrase that begins with a negator still counts as a word
    that denies by its meaning, for another language may say *not only* with a negator elsewhere.
    """
    for pattern in sorted(meanings, key=len):
        meaning = meanings[pattern]
        shorter = next((pattern[:n] for n in range(len(pattern) - 1, 0, -1) if pattern[:n] in meanings), None)
        if shorter is None:
            continue
        if _PLAIN in meaning:
            if "neg" in meanings[shorter] and len(pattern.split()) > 1:
                meaning["soft"] = 1
            continue
        for column, value in meanings[shorter].items():
            if column != _PLAIN and not (column in _DENYING and not _DENYING.isdisjoint(meaning)):
                meaning[column] = meaning.get(column, 0) | value


def _mean(meaning: dict[str, int], name: str, pole: str) -> None:
    if name in CLASSES:
        meaning[name] = 1
        if name in {"turned", "except"}:
            meaning.setdefault("soft", 1)
        return
    half, bit = divmod(_NUMBER[name], _BITS)
    column = f"{pole}{half}"
    meaning[column] = meaning.get(column, 0) | (1 << bit)


def _with_digits(entry: str) -> list[str]:
    """Return the entry, or ten of it where ``#`` stands for a digit."""
    return [entry.replace("#", digit) for digit in "0123456789"] if "#" in entry else [entry]


def _patterns(core: str, entry: str, name: str, language: str) -> Iterator[str]:
    if not core:
        return
    if language in UNSPACED:
        yield core
        return
    before, after = ("" if entry.startswith("*") else " "), ("" if entry.endswith("*") else " ")
    yield f"{before}{core}{after}"
    if before:
        clitics = _BEFORE_NEGATOR if name in {"neg", "nor"} else _BEFORE_NOUN
        for clitic in clitics.get(language, ()):
            yield f" {clitic}{core}{after}"
