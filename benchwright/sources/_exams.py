"""Several exams in one folder: told by the words of file names, and by the titles that the papers print."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import regex

from benchwright.schemas.papers import Layout
from benchwright.sources._look import Look
from benchwright.sources._names import NameParts
from benchwright.sources._words import fold

__all__ = ["as_copy", "cover_year", "exams_of", "settle_columns"]

_LETTERS: Final = 3
"""A shorter word names a part or a version, never an exam."""
_FEWEST: Final = 2
"""Booklets of an exam that is told from others."""
_HALF: Final = 0.5
_TOP: Final = 6
"""Lines of a paper among which its title stands."""
_TITLE: Final = regex.compile(r"[^\p{L}\p{M}]+")
_YEAR: Final = regex.compile(r"(?<![\p{Nd}])(?:19[5-9]\d|20[0-4]\d)(?![\p{Nd}])")
_TIE: Final = 0.98


def exams_of(looks: Sequence[Look], names: Mapping[str, NameParts]) -> list[list[Look]]:
    """Return the files in one list for each exam.

    Booklets are parted by the most frequent word of their names that not all of them have, where every part has two
    booklets or more and no two parts print the same title. All other files go with the booklets whose word they have;
    what has none of the words goes with the largest exam.
    """
    booklets = [look for look in looks if look.role == "booklet" and look.layout is not None]
    words = {look.file: _words(names[look.file]) for look in looks}
    groups = _by_word([look.file for look in booklets], words)
    if len(groups) < 2 or any(len(files) < _FEWEST for files in groups.values()):
        return [list(looks)]
    merged = _merged(groups, {look.file: look for look in booklets})
    if len(merged) < 2:
        return [list(looks)]
    largest = max(merged, key=lambda some: (sum(len(groups[word]) for word in some), some))
    exams: dict[tuple[str, ...], list[Look]] = {some: [] for some in merged}
    of_file = {file: some for some in merged for word in some for file in groups[word]}
    for look in looks:
        mine = of_file.get(look.file) or _named(words[look.file], merged)
        if mine is None:
            mine = largest
            if look.role != "ignore":
                look.doubts.append("its name says of no exam; put to the largest")
        exams[mine].append(look)
    return [exams[some] for some in sorted(merged)]


def _words(name: NameParts) -> tuple[str, ...]:
    """Return the words of a name that may name an exam, in order."""
    found = [
        fold(token)
        for token, kind in zip(name.tokens, name.kinds, strict=True)
        if kind == "word" and len(token) >= _LETTERS
    ]
    return tuple(dict.fromkeys(found))


def _by_word(files: Sequence[str], words: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Return the booklets by the most frequent of their words that not all have; nothing where one has none."""
    counts = Counter(word for file in files for word in words[file])
    groups: dict[str, list[str]] = defaultdict(list)
    for file in files:
        telling = [word for word in words[file] if counts[word] < len(files)]
        if not telling:
            return {}
        groups[max(telling, key=lambda word: (counts[word], -words[file].index(word)))].append(file)
    return dict(groups)


def _merged(groups: Mapping[str, Sequence[str]], looks: Mapping[str, Look]) -> list[tuple[str, ...]]:
    """Return the words that name one exam together: their papers print the same title."""
    titles = {word: _titles([looks[file] for file in files]) for word, files in groups.items()}
    merged: list[tuple[str, ...]] = []
    for word in sorted(groups):
        same = [some for some in merged if any(titles[word] & titles[one] for one in some)]
        merged = [some for some in merged if some not in same]
        merged.append(tuple(sorted({word, *(one for some in same for one in some)})))
    return merged


def _titles(looks: Sequence[Look]) -> set[str]:
    """Return the first lines, without numbers, that at least half of the papers of one language print."""
    found: set[str] = set()
    by_language: dict[str | None, list[Look]] = defaultdict(list)
    for look in looks:
        by_language[look.language].append(look)
    for some in by_language.values():
        counts = Counter(line for look in some for line in set(_title_lines(look)))
        found |= {line for line, count in counts.items() if count >= max(_FEWEST, _HALF * len(some))}
    return found


def _title_lines(look: Look) -> list[str]:
    lines = (" ".join(_TITLE.split(fold(line))).strip() for line in look.head.splitlines()[:_TOP])
    return [line for line in lines if len(line) >= 10 and " " in line]


def _named(words: Sequence[str], merged: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
    mine = [some for some in merged if set(some) & set(words)]
    return mine[0] if len(mine) == 1 else None


def as_copy(original: Look, file: str) -> Look:
    """Return the look of a file with the same bytes as another: a second copy of a booklet is left out."""
    copy = replace(
        original, file=file, copy_of=original.file, why=[f"the same bytes as {original.file}"], doubts=[], stems=()
    )
    if original.role == "booklet" and original.reject is None:
        copy.role, copy.layout, copy.language = "ignore", None, None
    elif original.reject is None:
        copy.doubts.append(f"the same bytes as {original.file}")
    return copy


def cover_year(look: Look) -> str | None:
    """Return the year that the first lines name, where they name one only."""
    years = set(_YEAR.findall(look.head))
    return years.pop() if len(years) == 1 else None


def settle_columns(looks: Sequence[Look], names: Mapping[str, NameParts]) -> None:
    """Where two readings of a paper differ in columns alone and are equally good, take that of its siblings.

    Siblings are the papers of the same exam and year with the same numbers and option marks.
    """
    groups: dict[tuple[object, ...], list[Look]] = defaultdict(list)
    for look in looks:
        if look.role == "booklet" and look.layout is not None:
            name = names[look.file]
            year = next((t for t, k in zip(name.tokens, name.kinds, strict=True) if k == "year"), None)
            groups[year, _marks(look.layout)].append(look)
    for some in groups.values():
        columns = Counter(look.layout.columns for look in some if look.layout and not _tied(look))
        columns = columns or Counter(look.layout.columns for look in some if look.layout)
        usual = max(columns, key=lambda number: (columns[number], -number))
        for look in some:
            if look.layout and look.layout.columns != usual and _tied(look):
                look.layout = look.layout.model_copy(update={"columns": usual})
                look.why.append(f"{usual} columns, as in the other papers of its kind; both readings are equally good")


def _marks(layout: Layout) -> tuple[object, ...]:
    return layout.number.style if layout.number else None, layout.options.marks[:2] if layout.options else ()


def _tied(look: Look) -> bool:
    """Tell whether the next best reading has the same numbers and marks in other columns, and is as good."""
    _, _, mine = look.reading.partition(", ")
    return any(
        other.partition(", ")[2] == mine and score >= _TIE * ((look.layout and look.layout.score) or 1.0)
        for other, score in ((look.layout and look.layout.runner_up) or {}).items()
    )
