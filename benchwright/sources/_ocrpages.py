"""What an OCR engine read -> characters with boxes in points, so that the same inference reads scans and print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import regex

from benchwright.sources._bidi import is_rtl_code
from benchwright.sources._ocr import OcrLine, OcrPage, OcrWord
from benchwright.sources._pdfium import Box, PageChars, PagePicture

__all__ = ["empty_page", "mean_confidence", "mended_signature", "page_chars"]

_LTR_RUN: Final = regex.compile(r"[\p{Nd}\p{Latin}][\p{Nd}\p{Latin}.,:/%-]*[\p{Nd}\p{Latin}%]|[\p{Nd}\p{Latin}]")
_UNSPACED: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\u3000-\u303f\uff00-\uffef]")
_COVERS: Final = 0.7
"""Share of a page from which pictures on it are the page itself."""
_USUAL_SIZE: Final = (0.75, 1.33)
"""Lines within this range of the usual size have the usual size: engines measure it letter by letter."""

_WORD_GAP: Final = 0.24
"""Of the size of type; words stand apart at least so far."""
_SHORT: Final = 6
"""Characters; the size of a shorter line cannot be told."""


@dataclass(frozen=True)
class _Char:
    code: int
    x0: float
    x1: float
    line: int
    confidence: float


def empty_page(number: int, width: float, height: float) -> PageChars:
    """Return a page without anything on it."""
    none = np.zeros(0)
    bytes_, codes = np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.uint32)
    return PageChars(
        number, width, height, codes, none, none, none, none, none, none, bytes_, codes, none, pictures=()
    )  # fmt: skip


def page_chars(page: PageChars, read: OcrPage, dots: tuple[int, int], skew: float, engine: str) -> PageChars:
    """Return a page with the characters that an engine read in its picture.

    Args:
        page: the page as the PDF has it; gives number, size and pictures.
        read: the text of the straightened picture.
        dots: width and height of that picture in pixels.
        skew: by which the picture was turned, in degrees.
        engine: signature of the engine.
    """
    scale_x, scale_y = page.width / dots[0], page.height / dots[1]
    chars = [char for k, line in enumerate(read.lines) for char in _of_line(line, k)]
    at = np.array([char.line for char in chars], dtype=np.intp)
    base = np.array([line.base for line in read.lines] or [0.0])[at] * scale_y
    size = _sizes(read.lines)[at] * scale_y
    result = replace(
        page,
        code=np.array([char.code for char in chars], dtype=np.uint32),
        x0=np.array([char.x0 for char in chars], dtype=np.float64) * scale_x,
        x1=np.array([char.x1 for char in chars], dtype=np.float64) * scale_x,
        y0=base - 0.8 * size,
        y1=base + 0.2 * size,
        base=base,
        size=size,
        style=np.zeros(len(chars), dtype=np.uint8),
        colour=np.zeros(len(chars), dtype=np.uint32),
        angle=np.zeros(len(chars)),
        confidence=np.array([char.confidence for char in chars], dtype=np.float64),
        ocr=engine,
        skew=skew,
        raised=None,
        stamped=None,
        note=None,
    )
    if _is_picture_of_page(page):
        boxes = (tuple(edge * (scale_x, scale_y)[k % 2] for k, edge in enumerate(box)) for box in read.pictures)
        kept = [picture for picture in page.pictures if picture.kind != "image"]
        shown = [PagePicture(result.shown((b[0], b[1], b[2], b[3])), "image") for b in boxes]
        result = replace(result, pictures=(*kept, *shown))
    return result


def _is_picture_of_page(page: PageChars) -> bool:
    """Tell whether the pictures on a page are, together, the page."""
    boxes = [_clipped(picture.box, page) for picture in page.pictures if picture.kind == "image"]
    covered = sum(max(x1 - x0, 0.0) * max(y1 - y0, 0.0) for x0, y0, x1, y1 in boxes)
    return covered > _COVERS * page.width * page.height


def _clipped(box: Box, page: PageChars) -> Box:
    return max(box[0], 0.0), max(box[1], 0.0), min(box[2], page.width), min(box[3], page.height)


def _sizes(lines: Sequence[OcrLine]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    sizes = np.array([line.size for line in lines] or [1.0], dtype=np.float64)
    weights = np.array([sum(len(word.text) for word in line.words) for line in lines] or [1])
    order = np.argsort(sizes)
    usual = sizes[order][np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)]
    near = (sizes > _USUAL_SIZE[0] * usual) & (sizes < _USUAL_SIZE[1] * usual)
    return np.where(near | (weights <= _SHORT), usual, sizes)


def _of_line(line: OcrLine, number: int) -> Iterator[_Char]:
    words = _apart(sorted(line.words, key=lambda word: word.box[0]), line.size)
    for k, word in enumerate(words):
        yield from _of_word(word, number)
        if k + 1 < len(words) and not _run_on(word, words[k + 1], line.size):
            yield _Char(32, word.box[2], words[k + 1].box[0], number, word.confidence)


def _apart(words: Sequence[OcrWord], size: float) -> list[OcrWord]:
    """Return words that end a gap before the next begins: the boxes that engines give may touch or overlap."""
    result = list(words)
    for k, (word, following) in enumerate(pairwise(words)):
        x0, y0, x1, y1 = word.box
        end = following.box[0] - _WORD_GAP * size
        if x1 > end and not _run_on(word, following, size):
            result[k] = replace(word, box=(x0, y0, max(end, (x0 + min(x1, following.box[0])) / 2), y1))
    return result


def _run_on(word: OcrWord, following: OcrWord, size: float) -> bool:
    """Tell whether no space parts two words: engines put spaces between the signs of scripts that have none."""
    close = following.box[0] - word.box[2] < 0.8 * size
    return close and bool(_UNSPACED.match(word.text[-1]) and _UNSPACED.match(following.text[0]))


def _of_word(word: OcrWord, number: int) -> Iterator[_Char]:
    """Yield the characters of a word so that they touch: a gap inside a word is no space."""
    codes = [ord(c) for c in word.text]
    x0, _, x1, _ = word.box
    backwards = bool(is_rtl_code(np.array(codes, dtype=np.uint32)).any())
    if backwards:
        codes = [ord(c) for c in _visual(word.text)]
    if word.edges and not backwards:
        cuts = _cuts(word.text, word.edges, x0, x1)
    else:
        step = (x1 - x0) / len(codes)
        cuts = [x0 + step * k for k in range(len(codes) + 1)]
    for k, code in enumerate(codes):
        yield _Char(code, cuts[k], cuts[k + 1], number, word.confidence)


def _cuts(text: str, edges: Sequence[tuple[float, float]], x0: float, x1: float) -> list[float]:
    cuts = [x0]
    for (_, right), (left, _) in pairwise(edges):
        cuts.append(min(max((right + left) / 2, cuts[-1]), x1))
    cuts.append(x1)
    # Engines give equal letters side by side one place: they would look like one letter printed twice.
    start = 0
    for k in range(1, len(text) + 1):
        if k == len(text) or text[k] != text[start]:
            step = (cuts[k] - cuts[start]) / (k - start)
            cuts[start:k] = [cuts[start] + step * i for i in range(k - start)]
            start = k
    return cuts


def _visual(text: str) -> str:
    """Return a right-to-left word as it is seen from left to right; numbers and Latin runs keep their order."""
    return _LTR_RUN.sub(lambda run: run[0][::-1], text[::-1])


def mean_confidence(page: PageChars, chars: Sequence[int]) -> float | None:
    """Return how sure the OCR engine is of some characters, 0 to 1; None where no engine read them."""
    if page.confidence is None or not len(chars):
        return None
    return round(float(np.mean(page.confidence[list(chars)])), 4)


def mended_signature(parser: str, page: PageChars) -> str:
    """Return the signature of a reader with what was mended in the text layer of a page."""
    return f"{parser}|mended:{page.note}" if page.note else parser
