"""Headings of keys: what is printed above each column, and how well they fit the words of a cover."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import Final

import regex

from benchwright.sources._lines import Line
from benchwright.sources._words import fold

__all__ = ["fits", "middle_of", "names_above"]

_ABOVE: Final = 5
"""Lines above the first row in which the columns may be named."""
_TOKEN: Final = regex.compile(r"\S+")
_WORD: Final = regex.compile(r"[\p{L}\p{M}\p{Nd}]+")


def fits(headings: Sequence[str], cover: Sequence[str]) -> list[float]:
    """Return for each heading how well it fits a cover: its telling words that stand there, less those that do not.

    A word is worth the more, the fewer headings have it; what all have tells nothing.
    """
    words = [frozenset(word for line in heading.splitlines() for word in _words(line)) for heading in headings]
    times = Counter(word for some in words for word in some)
    printed = {word for line in cover for word in _words(line)}
    alone = {line[0] for line in map(_words, cover) if len(line) == 1 and len(line[0]) == 1}
    worth = {word: log(len(headings) / count) for word, count in times.items()}
    return [sum(_sign(word, printed, alone) * worth[word] for word in sorted(some)) for some in words]


def _sign(word: str, printed: set[str], alone: set[str]) -> int:
    last = word.rpartition(" ")[2]
    return 1 if word in printed or (len(last) == 1 and last in alone) else -1


def _words(line: str) -> list[str]:
    """Return the words of a line; a single letter or figure together with the word before it."""
    words = _WORD.findall(fold(line))
    return [
        f"{words[k - 1]} {word}" if len(word) == 1 and k and len(words[k - 1]) > 1 else word
        for k, word in enumerate(words)
    ]


def middle_of(line: Line, start: int, end: int) -> float:
    """Return the horizontal middle of a piece of a line, in points."""
    if line.spots:
        return (min(line.spots[start:end]) + max(line.spots[start:end])) / 2
    return line.x0 + (line.x1 - line.x0) * (start + end) / 2 / max(len(line.text), 1)


def names_above(lines: Sequence[Line], first: int, edges: Sequence[float], skip: int = 0) -> list[str] | None:
    """Return what is printed above each column, or None when no line above tells the columns apart.

    Args:
        lines: lines of the page and others.
        first: the first row of the columns, by its place among the lines.
        edges: where one column ends and the next begins, in points.
        skip: columns at the left that need no name of their own, such as that of the numbers.
    """
    for k in range(first - 1, max(first - 1 - _ABOVE, -1), -1):
        if lines[k].page != lines[first].page:
            break
        heads: list[list[str]] = [[] for _ in range(len(edges) + 1)]
        for word in _TOKEN.finditer(lines[k].text):
            at = middle_of(lines[k], *word.span())
            heads[sum(at > edge for edge in edges)].append(word[0])
        names = [" ".join(words) for words in _telling(heads[skip:])]
        if all(names) and len({fold(name) for name in names}) == len(names):
            return names
    return None


def _telling(heads: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Return the words above each column without the word for the number that all begin with."""
    while all(len(words) > 2 for words in heads) and len({fold(words[0]) for words in heads}) == 1:
        heads = [words[1:] for words in heads]
    return heads
