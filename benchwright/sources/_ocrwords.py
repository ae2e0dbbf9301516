"""Words that an engine read as one, or in pieces: cut, joined and put in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from benchwright.sources._ocr import OcrLine, OcrWord

__all__ = ["cut", "ordered", "united"]


def cut(words: Sequence[OcrWord], w: int, ends: Sequence[int]) -> tuple[OcrWord, ...]:
    """Return words in which one is cut after some of its characters."""
    word = words[w]
    x0, y0, x1, y1 = word.box
    parts = []
    for a, b in pairwise((0, *ends, len(word.text))):
        left = word.edges[a][0] if word.edges else x0 + (x1 - x0) * a / len(word.text)
        right = word.edges[b - 1][1] if word.edges else x0 + (x1 - x0) * b / len(word.text)
        parts.append(replace(word, text=word.text[a:b], box=(left, y0, right, y1), edges=word.edges[a:b]))
    return (*words[:w], *parts, *words[w + 1 :])


def ordered(line: OcrLine) -> OcrLine:
    """Return a line with its words from left to right."""
    return replace(line, words=tuple(sorted(line.words, key=lambda word: word.box[0])))


def united(a: OcrWord, b: OcrWord, text: str) -> OcrWord:
    """Return two words as one with a text."""
    box = (a.box[0], min(a.box[1], b.box[1]), b.box[2], max(a.box[3], b.box[3]))
    return replace(a, text=text, box=box, edges=(), confidence=min(a.confidence, b.confidence))
