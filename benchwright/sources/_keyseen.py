"""Pages that look like a key and give none: said, so that nobody takes the paper for one without a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import regex

from benchwright.schemas.tables import Reject
from benchwright.sources._columns import lines_across
from benchwright.sources._omrpages import TYPE_IT
from benchwright.sources._paper import Paper
from benchwright.sources._pdfium import PageChars

__all__ = ["key_not_told"]

_LAST: Final = 4
"""A key stands on so many pages at the end of a paper."""
_LEAST: Final = 10
_NUMBERS: Final = 0.15
"""Share of the numbers of a paper on one page that looks like its key, or a part of it."""
_SHORT: Final = 0.7
"""Share of the words of such a page that are numbers and single letters."""
_ANSWERS: Final = (0.5, 1.6)
"""Letters to a number: a sheet to be filled in has none, or all that may be chosen."""
_NUMBER: Final = regex.compile(r"\W?(\p{Nd}{1,3})\W{0,2}")
_WORD: Final = regex.compile(r"\S+")


def key_not_told(paper: Paper, pages: Sequence[PageChars], file: str) -> list[Reject]:
    """Return a reject for each page at the end of a booklet that looks like a key from which none was read.

    Args:
        paper: the booklet, of which no key is known.
        pages: all pages.
        file: its name.
    """
    if paper.key is not None and paper.key.versions:
        names = ", ".join(paper.key.versions)
        told = (
            f"the page holds a key for each of several versions ({names}), and the booklet does not print which it is"
        )
        return [
            _reject(paper.key.page, file, f"{told}: give the file `booklet:` with one of these names in recipe.yaml")
        ]
    asked = {block.number for block in paper.blocks}
    return [
        _reject(
            page.number, file,
            f"the page holds numbers of questions and little else; no answers to them could be read: {TYPE_IT}",
        )
        for page in pages[-_LAST:]
        if _looks_like_key(page, asked)
    ]  # fmt: skip


def _looks_like_key(page: PageChars, asked: set[int]) -> bool:
    words = [word for line in lines_across([page]) for word in _WORD.findall(line.text)]
    numbers = {int(found[1]) for word in words if (found := _NUMBER.fullmatch(word))} & asked
    counted = sum(1 for word in words if _NUMBER.fullmatch(word))
    letters = sum(1 for word in words if word.strip("().:").isalpha() and len(word.strip("().:")) == 1)
    answered = _ANSWERS[0] * len(numbers) <= letters <= _ANSWERS[1] * len(numbers)
    return len(numbers) >= max(_LEAST, _NUMBERS * len(asked)) and counted + letters >= _SHORT * len(words) and answered


def _reject(page: int, file: str, detail: str) -> Reject:
    return Reject(file=file, page=page, reason="key-unreadable", stage="keys", detail=detail)
