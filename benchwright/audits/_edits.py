"""Kit: what an edit of a text took out and put in, word by word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import regex
from rapidfuzz.distance import Levenshtein

from benchwright.audits._content.frequency import zipf

__all__ = ["Edit", "edits_of"]

_WORD: Final = regex.compile(r"\p{N}[\p{N}.,]*\p{N}|[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*")
_FREQUENT: Final = 6.4
"""Words from this frequency on (Zipf: log10 per 10⁹ words) are articles, prepositions and the like."""
_MOST_CHANGES: Final = 2
"""Places that differ, function words included: with more of them a sentence was written anew."""
_MOST_WORDS: Final = 2000
"""Longer texts are not compared word by word."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: ``removed``, ``added``, ``replaced`` or ``renamed`` (a name for a name), its words, and its place."""

    kind: str
    old: str
    new: str
    start: int
    end: int


def edits_of(old: str, new: str, language: str, *, share: float) -> list[Edit]:
    """Return the edits of content words where the two texts are otherwise equal; none where they are not.

    Case, punctuation, function words, numbers and mere spelling (four fifths of the letters equal) are no edits of
    content words; numbers have an audit of their own.

    Args:
        old: the text before.
        new: the text after.
        language: primary subtag; one without a list of function words has all words as content words.
        share: least share of the words of the longer text that have to be equal and in order.
    """
    before, after = list(_WORD.finditer(old)), list(_WORD.finditer(new))
    if not before or not after or max(len(before), len(after)) > _MOST_WORDS:
        return []
    left, right = [one[0].casefold() for one in before], [one[0].casefold() for one in after]
    blocks = Levenshtein.opcodes(left, right)
    equal = sum(block.src_end - block.src_start for block in blocks if block.tag == "equal")
    changes = sum(block.tag != "equal" for block in blocks)
    if equal < share * max(len(left), len(right)) or changes > _MOST_CHANGES:
        return []
    empty = _function_words(language)
    found = []
    for block in blocks:
        if block.tag == "equal":
            continue
        gone, come = left[block.src_start : block.src_end], right[block.dest_start : block.dest_end]
        edit = _kind(_content(gone, language, empty), _content(come, language, empty))
        if edit is None:
            continue
        start, end = _place(after, block.dest_start, block.dest_end, len(new))
        words_before = " ".join(one[0] for one in before[block.src_start : block.src_end])
        words_after = " ".join(one[0] for one in after[block.dest_start : block.dest_end])
        if edit == "replaced" and _named(before, block.src_start, block.src_end):
            edit = "renamed" if _named(after, block.dest_start, block.dest_end) else edit
        found.append(Edit(edit, words_before, words_after, start, end))
    return found


def _named(words: list[regex.Match[str]], first: int, last: int) -> bool:
    """Tell whether a word with a capital stands among some, other than at the beginning of the text."""
    return any(word[0][0].isupper() for word in words[max(first, 1) : last])


def _content(words: list[str], language: str, empty: frozenset[str]) -> list[str]:
    """Return the words that carry matter: no numbers, no function words, none of the most frequent words."""
    kept = [word for word in words if word not in empty and not any(sign.isdigit() for sign in word)]
    if not kept:
        return kept
    return [word for word, often in zip(kept, zipf(language, kept).tolist(), strict=True) if often < _FREQUENT]


def _kind(gone: list[str], come: list[str]) -> str | None:
    if gone and come:
        near = Levenshtein.normalized_similarity(" ".join(gone), " ".join(come)) >= _SPELLING
        return None if near else "replaced"
    return "removed" if gone else "added" if come else None


_SPELLING: Final = 0.8


def _place(words: list[regex.Match[str]], first: int, last: int, length: int) -> tuple[int, int]:
    """Return the code points of the new words; of a removal the empty place where they were."""
    if first < last:
        return words[first].start(), words[last - 1].end()
    at = words[first].start() if first < len(words) else min(length, words[-1].end())
    return at, at


@lru_cache(maxsize=64)
def _function_words(language: str) -> frozenset[str]:
    file = files("benchwright.audits").joinpath("_data", "function_words", f"{language}.txt")
    if not language.isalpha() or not file.is_file():
        return frozenset()
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))
