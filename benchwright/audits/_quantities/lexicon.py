"""Kit: the words of numbers and units of one language, read from package data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from benchwright.audits._quantities.fold import fold
from benchwright.audits._withheld import left
from benchwright.schemas.text import sha256_of

__all__ = ["KNOWN_LANGUAGES", "Entry", "Lexicon", "data_lines", "digest", "lexicon_of"]

_ALIASES: Final = {
    "hr": "sr",
    "bs": "sr",
    "sh": "sr",
    "no": "nb",
    "nn": "nb",
    "ms": "id",
    "yue": "zh",
    "cmn": "zh",
    "lzh": "zh",
    "iw": "he",
    "in": "id",
    "mo": "ro",
    "prs": "fa",
    "pes": "fa",
    "arb": "ar",
    "nob": "nb",
    "gl": "pt",
}
_PREFIX_TAIL: Final = 5
"""A form with ``*`` may have so many more letters."""


class Entry(NamedTuple):
    """What a word says: a value, or a unit, and of which class the word is."""

    kind: str
    value: float
    unit: str = ""


@dataclass(frozen=True)
class Forms:
    """Words of one vocabulary: whole ones, beginnings, and several words in a row."""

    exact: dict[str, Entry] = field(default_factory=dict)
    begins: dict[str, Entry] = field(default_factory=dict)
    several: dict[str, list[tuple[tuple[str, ...], Entry]]] = field(default_factory=dict)

    def add(self, form: str, entry: Entry) -> None:
        """Take up one form as it is written in the file; the first meaning of a form stays."""
        words = fold(form.replace("_", " ")).split(" ")
        if len(words) > 1:
            self.several.setdefault(words[0], []).append((tuple(words), entry))
        elif words[0].endswith("*"):
            self.begins.setdefault(words[0][:-1], entry)
        else:
            self.exact.setdefault(words[0], entry)

    def begun(self, word: str) -> Entry | None:
        """Return the meaning of the longest beginning of a word that is known."""
        for length in range(len(word), max(len(word) - _PREFIX_TAIL, 1) - 1, -1):
            found = self.begins.get(word[:length])
            if found is not None:
                return found
        return None

    def find(self, word: str) -> Entry | None:
        """Return the meaning of one word: itself, else the longest beginning that is known."""
        found = self.exact.get(word)
        return found if found is not None or not self.begins else self.begun(word)


@dataclass(frozen=True)
class Lexicon:
    """All words of one language; ``known`` is false where there is no data."""

    known: bool
    flags: frozenset[str]
    numbers: Forms
    parts: Forms
    tails: Forms
    units: Forms
    symbols: Forms
    months: Forms
    following: frozenset[str]
    glue: tuple[str, ...]
    prefixes: tuple[str, ...]
    join: frozenset[str]
    half: frozenset[str]
    minus: frozenset[str]
    less: frozenset[str]
    clock: frozenset[str]
    age: Forms
    counters: tuple[str, ...]
    eras: tuple[tuple[str, float], ...]


def _folder() -> list[str]:
    return sorted(
        one.name[:-4]
        for one in files("benchwright.audits").joinpath("_data", "numbers").iterdir()
        if one.name[-4:] == ".txt"
    )


KNOWN_LANGUAGES: Final = frozenset([*_folder(), *_ALIASES])


def data_lines(folder: str, language: str) -> list[str]:
    """Return the lines of a data file without its comments; none where there is no file."""
    file = files("benchwright.audits").joinpath("_data", folder, f"{language}.txt")
    if not file.is_file():
        return []
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _sections(language: str) -> dict[str, list[list[str]]]:
    sections: dict[str, list[list[str]]] = {}
    name = ""
    for line in data_lines("numbers", language):
        if line.startswith("["):
            name = line.strip("[]")
        else:
            sections.setdefault(name, []).append(line.split())
    return sections


@lru_cache(maxsize=128)
def lexicon_of(language: str) -> Lexicon:
    """Return the words of a language (primary subtag); those of no language where it has no file."""
    language = _ALIASES.get(language, language)
    sections = _sections(language)
    numbers, parts, tails, months, age, units = Forms(), Forms(), Forms(), Forms(), Forms(), Forms()
    for kind in ("card", "scale", "weak", "art", "decade", "teen"):
        for value, *forms in sections.get(kind, []):
            for form in left(forms):
                numbers.add(form, Entry(kind, float(value)))
    for name, target in (("part", parts), ("month", months)):
        for value, *forms in sections.get(name, []):
            for form in left(forms):
                target.add(form, Entry(name, float(value)))
    for unit, *forms in sections.get("tail", []):
        for form in forms:
            tails.add(form, Entry("tail", 0.0, "" if unit == "x" else unit))
    for form in _flat(sections, "age"):
        age.add(form, Entry("age", 0.0))
    for line in data_lines("units", language):
        unit, *forms = line.split()
        for form in left(forms):
            units.add(form, Entry("unit", 0.0, unit))
    return Lexicon(
        known=bool(sections),
        flags=frozenset(_flat(sections, "flags")),
        numbers=numbers,
        parts=parts,
        tails=tails,
        units=units,
        symbols=_symbols(),
        months=months,
        following=frozenset(word for rows in numbers.several.values() for row, _ in rows for word in row),
        glue=tuple(_flat(sections, "glue")),
        prefixes=tuple(sorted(map(fold, _flat(sections, "prefix")), key=len, reverse=True)),
        join=frozenset(map(fold, _flat(sections, "join"))),
        half=frozenset(form.replace("_", " ") for form in _flat(sections, "half")),
        minus=frozenset(map(fold, _flat(sections, "minus"))),
        less=frozenset(map(fold, _flat(sections, "less"))),
        clock=frozenset(_flat(sections, "clock")),
        age=age,
        counters=tuple(_flat(sections, "counter")),
        eras=tuple((form, float(years)) for years, *forms in sections.get("era", []) for form in forms),
    )


def _flat(sections: dict[str, list[list[str]]], name: str) -> list[str]:
    return [form for line in sections.get(name, []) for form in line]


@lru_cache(maxsize=1)
def _symbols() -> Forms:
    symbols = Forms()
    for line in data_lines("units", "common"):
        unit, *forms = line.split()
        for form in left(forms):
            symbols.add(form, Entry("unit", 0.0, unit))
    return symbols


@lru_cache(maxsize=1)
def digest() -> str:
    """Return the first eight digits of a hash of all words, for signatures."""
    names = [*_folder(), "common"]
    return sha256_of(
        [[name, data_lines("numbers", name), data_lines("units", name)] for name in [*names, "conversions"]]
    )[:8]
