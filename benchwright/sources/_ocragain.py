"""Lines that are read once more by themselves, and small pieces of text that the engine passed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocr import LineReader, OcrEngine, OcrLine, OcrPage, PixelBox
from benchwright.sources._ocrfigures import left_out

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["moved", "read_again", "shifted", "with_left_out"]

_SURE: Final = 0.6
_SHORT: Final = 5
_SURE_OF_SIGNS: Final = 0.85
"""A line of so few characters is a number more often than a word; it is read again unless it is this sure."""
_NUMERALS: Final = "0123456789()[].-:"
_ALIGNED: Final = 3
"""Lines that begin where a piece does which the engine passed over: others are dirt and watermarks."""
_LEFT_OUT: Final = 20
"""Pieces of text on a page that are read one by one."""


def with_left_out(
    read: OcrPage, image: Image, dark: npt.NDArray[np.bool_], how: tuple[OcrEngine, Sequence[str], int]
) -> OcrPage:
    """Return a page with the small pieces of text that the engine passed over, such as a number by itself."""
    engine = how[0]
    if not isinstance(engine, LineReader) or not read.lines:
        return read
    size = float(np.median([line.size for line in read.lines]))
    lines = list(read.lines)
    for x0, y0, x1, y1 in left_out(read, dark, size)[:_LEFT_OUT]:
        pad = round(0.3 * size)
        corner = (max(x0 - pad, 0), max(y0 - pad, 0))
        part = image.crop((*corner, x1 + pad, y1 + pad))
        ways: list[tuple[str | None, int]] = [(None, 1), (None, 2), (_NUMERALS, 1), (_NUMERALS, 2)]
        found = [again for way, scale in ways if (again := _read_once(part, way, scale, how)) is not None]
        line = max(found, key=_sure, default=None)
        aligned = sum(abs(other.words[0].box[0] - x0) < 0.6 * size for other in read.lines)
        if line is not None and aligned >= _ALIGNED and _sure(line) >= 0.5 * _SURE:
            _insert(lines, replace(moved(line, *corner), size=size), image.width)
    return replace(read, lines=tuple(lines))


def _insert(lines: list[OcrLine], line: OcrLine, width: int) -> None:
    """Put a line before the next one below it in its column, so that lines stay in reading order."""
    left = line.words[0].box[0]
    below = [
        (other.base - line.base, k)
        for k, other in enumerate(lines)
        if other.base > line.base and abs(other.words[0].box[0] - left) < 0.25 * width
    ]
    lines.insert(min(below)[1] if below else len(lines), line)


def read_again(line: OcrLine, image: Image, how: tuple[OcrEngine, Sequence[str], int]) -> OcrLine:
    """Return a line as read once more by itself, where the first reading is doubtful and the second is surer."""
    engine = how[0]
    sure = _sure(line)
    letters = sum(len(word.text) for word in line.words)
    short = letters <= _SHORT and sure < _SURE_OF_SIGNS
    if not isinstance(engine, LineReader) or (sure >= _SURE and not short):
        return line
    x0, x1 = min(word.box[0] for word in line.words), max(word.box[2] for word in line.words)
    pad = round(0.5 * line.size)
    corner = (max(round(x0) - pad, 0), max(round(line.base - line.size) - pad // 2, 0))
    part = image.crop((*corner, min(round(x1) + pad, image.width), round(line.base + 0.35 * line.size) + pad // 2))
    ways: list[tuple[str | None, int]] = [(None, 1)]
    ways += [(None, 2), (_NUMERALS, 1), (_NUMERALS, 2)] if short else []
    found = [again for way, scale in ways if (again := _read_once(part, way, scale, how)) is not None]
    best = max(found, key=_sure, default=None)
    return replace(moved(best, *corner), size=line.size) if best is not None and _sure(best) > sure else line


def _read_once(
    part: Image, letters: str | None, scale: int, how: tuple[OcrEngine, Sequence[str], int]
) -> OcrLine | None:
    """Read a line at a scale: of single signs the larger picture is often read better, and sometimes worse."""
    engine, languages, dpi = how
    if not isinstance(engine, LineReader):
        return None
    line = engine.read_line(part.resize((part.width * scale, part.height * scale)), dpi, languages, letters)
    return line if line is None or scale == 1 else _scaled(line, 1 / scale)


def _scaled(line: OcrLine, factor: float) -> OcrLine:
    words = tuple(
        replace(
            word,
            box=(word.box[0] * factor, word.box[1] * factor, word.box[2] * factor, word.box[3] * factor),
            edges=tuple((a * factor, b * factor) for a, b in word.edges),
        )
        for word in line.words
    )
    return replace(line, words=words, base=line.base * factor, size=line.size * factor)


def _sure(line: OcrLine) -> float:
    return sum(word.confidence for word in line.words) / len(line.words)


def shifted(box: PixelBox, x: float, y: float) -> PixelBox:
    return (box[0] + x, box[1] + y, box[2] + x, box[3] + y)


def moved(line: OcrLine, x: float, y: float) -> OcrLine:
    words = tuple(
        replace(word, box=shifted(word.box, x, y), edges=tuple((a + x, b + x) for a, b in word.edges))
        for word in line.words
    )
    return replace(line, words=words, base=line.base + y)
