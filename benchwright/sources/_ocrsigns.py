"""Small signs of a scan that engines have no letter for: raised and lowered figures, the micro sign, lost points.

They are seen in the shapes of ink: a raised figure stands above the line and a lowered one below it, the micro sign
is open at the top and goes below the line, a decimal point is a small shape between two figures. What a shape shows
is written; nothing is guessed from the words around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

from benchwright.sources._ocr import LineReader, OcrPage, OcrWord
from benchwright.sources._ocrraised import Raised, may_stand, named, raised_in, with_raised
from benchwright.sources._ocrshapes import SURE, Dark, Row, Shape, edges_of, nearest, row_of, shapes_of, with_word

if TYPE_CHECKING:
    from PIL.Image import Image

    from benchwright.sources._ocr import OcrEngine

__all__ = ["with_small_signs"]

_CANDIDATE: Final = regex.compile(
    r"\d.*[^\d.,)\]:-]|[^\d(\[].*\d|\d\d|^\p{Lu}\p{L}{0,3}[^\p{L}\d.)\]:-]|^\p{Lu}\p{L}{0,2}[tz]$|^9$|^\W?C$"
)
"""Words in which small signs may stand: figures beside other signs, and a formula with a sign after its letters."""
_UNITS: Final = "g|L|l|mol|m|kat|s|U|UI|IU|V|A|M|Gy|Sv"
_MICRO: Final = regex.compile(
    rf"^(?P<number>[\d.,]*)(?P<sign>[unpyvjhHlL1|µ])(?P<unit>(?:{_UNITS})(?:/[\p{{L}}\d/]+)?)\b"
)
_UNIT: Final = regex.compile(r"^(?P<number>[\d.,]*)(?P<unit>(?:g|mol|kat)(?:/[\p{L}\d/]+)?)\b")
_MOST: Final = 80
"""Raised signs of a page that are read one by one."""
_LINING: Final = 0.88
"""Height of figures that all stand on the line, of that of capitals; old ones are lower, and their 9 hangs."""
_OF_X_HEIGHT: Final = "012"
"""Figures that are low where figures are old ones: where they are tall, the 9 of the font stands on the line."""
_POINT_GAP: Final = 0.28
"""Least distance of two figures with a point between, of their height; without one they stand at a third of it."""
_POINT: Final = (0.06, 0.4)
"""Height of a decimal point or comma, of that of figures."""


def with_small_signs(read: OcrPage, image: Image, dark: Dark, how: tuple[OcrEngine, Sequence[str], int]) -> OcrPage:
    """Return a page in which raised and lowered figures, micro signs and lost decimal points stand as printed."""
    engine = how[0]
    if not isinstance(engine, LineReader):
        return read
    lines = list(read.lines)
    found: list[Raised] = []
    for k, line in enumerate(lines):
        wanted = [w for w, word in enumerate(line.words) if _may_hold(word.text)]
        row = row_of(line, dark) if wanted else None
        if row is None:
            continue
        for w in wanted:
            before = lines[k].words[w - 1].text if w else ""
            word = _with_points(_with_micro(lines[k].words[w], row, dark), row)
            lines[k] = with_word(lines[k], w, _with_unit(word, before, row))
            found += raised_in(k, w, lines[k].words[w], row, dark)
    standing = [one for one in found if may_stand(one, lines[one.line].words[one.word])][:_MOST]
    found = [told for one in standing if (told := named(one, image, engine)) is not None]
    for k in sorted({one.line for one in found}):
        lines[k] = with_raised(lines[k], [one for one in found if one.line == k], image, how)
    return replace(read, lines=tuple(lines))


def _may_hold(text: str) -> bool:
    """Tell whether small signs may stand in a word."""
    return bool(_CANDIDATE.search(text) or _MICRO.match(text) or _UNIT.match(text))


def _with_micro(word: OcrWord, row: Row, dark: Dark) -> OcrWord:
    """Return a word with the micro sign where one was read as another letter before a unit, or not read at all."""
    m = _MICRO.match(word.text)
    if m is not None and m["sign"] == "µ":
        return word
    if m is not None:
        at = m.start("sign")
        shape = nearest(edges_of(word)[at], shapes_of(word, row))
        if shape is not None and _is_micro(shape, row, dark):
            number = m["number"].replace("l", "1").replace("I", "1")
            text = number + "µ" + word.text[at + 1 :]
            return replace(word, text=text, confidence=min(word.confidence, SURE))
    bare = _UNIT.match(word.text)
    if bare is None:
        return word
    at, edges = bare.start("unit"), list(edges_of(word))
    low = edges[at - 1][1] if at else word.box[0] - row.tall
    before = [s for s in row.shapes if low <= (s[0] + s[2]) / 2 < edges[at][1] - 0.3 * row.tall]
    lost = next((s for s in reversed(before) if _is_micro(s, row, dark)), None)
    if lost is None:
        return word
    edges[at] = (max(edges[at][0], lost[2]), edges[at][1])
    box = (min(word.box[0], lost[0]), *word.box[1:])
    text = word.text[:at] + "µ" + word.text[at:]
    edges.insert(at, (lost[0], lost[2]))
    return replace(word, text=text, box=box, edges=tuple(edges), confidence=min(word.confidence, SURE))


def _with_unit(word: OcrWord, before: str, row: Row) -> OcrWord:
    """Return a word with the ``g`` after a number that was read as 9, and the degree sign that was read as a mark.

    A figure stands on the line where those beside it do; a ``g`` goes below it.
    """
    text, edges = word.text, edges_of(word)
    number = text[:-1] or before
    if text[-1:] == "9" and number[-1:].isdigit() and regex.fullmatch(r"[\d.,()]+", number):
        shapes = [nearest(edge, shapes_of(word, row)) for edge in edges]
        below = [shape is not None and shape[3] > row.base + 0.12 * row.tall for shape in shapes]
        others = [shape for shape, c in zip(shapes[:-1], text, strict=False) if c.isdigit()]
        lining = all(shape is not None and shape[3] - shape[1] >= _LINING * row.tall for shape in others)
        told = lining and (len(text) == 1 or any(c in _OF_X_HEIGHT for c in text[:-1]))
        if told and below[-1] and not any(low for low, c in zip(below[:-1], text, strict=False) if c.isdigit()):
            return replace(word, text=text[:-1] + "g", confidence=min(word.confidence, SURE))
    if text[-1:] == "C" and len(text) == 2 and not text[0].isalnum() and before[-1:].isdigit():
        shape = nearest(edges[0], shapes_of(word, row))
        if shape is not None and shape[3] < row.base - 0.4 * row.tall:
            return replace(word, text="°C")
    return word


def _is_micro(shape: Shape, row: Row, dark: Dark) -> bool:
    """Tell whether a shape goes below the line and is open at the top: a ``u`` does not, a ``p`` is not."""
    x0, y0, x1, y1 = shape
    if y1 < row.base + 0.12 * row.tall or x1 - x0 < 0.3 * row.tall:
        return False
    side = round(0.42 * (x1 - x0))
    inside = dark[y0:y1, x0 + side : x1 - side].any(axis=1)
    first = int(np.argmax(inside)) if inside.any() else 0
    return y0 + first > row.base - 0.45 * (row.base - y0)


def _parts(point: Shape, shapes: Sequence[Shape], row: Row) -> bool:
    """Tell whether the figures beside a point stand apart as a point parts them: dirt stands between any two."""
    tall = [s for s in shapes if s[3] - s[1] > 0.8 * row.tall]
    left = max((s[2] for s in tall if s[2] <= point[0] + 1), default=None)
    right = min((s[0] for s in tall if s[0] >= point[2] - 1), default=None)
    return left is not None and right is not None and right - left >= _POINT_GAP * row.tall


def _with_points(word: OcrWord, row: Row) -> OcrWord:
    """Return a word with the decimal points and commas that stand between two of its figures and were not read."""
    text, edges = word.text, list(edges_of(word))
    if not word.edges or sum(c.isdigit() for c in text) < 2:
        return word
    shapes = shapes_of(word, row)
    for shape in reversed(shapes):
        tall, wide = (shape[3] - shape[1]) / row.tall, (shape[2] - shape[0]) / row.tall
        low = shape[1] >= row.base - 0.3 * row.tall and shape[3] >= row.base - 0.06 * row.tall
        if not (low and _POINT[0] <= tall <= _POINT[1] and _POINT[0] <= wide <= 0.25):
            continue
        middle = (shape[0] + shape[2]) / 2
        at = sum((a + b) / 2 < middle for a, b in edges)
        if not 0 < at < len(text) or not (text[at - 1].isdigit() and text[at].isdigit()):
            continue
        if not _parts(shape, shapes, row):
            continue
        sign = "," if shape[3] > row.base + 0.06 * row.tall else "."
        text, edges = text[:at] + sign + text[at:], [*edges[:at], (shape[0], shape[2]), *edges[at:]]
    if text == word.text:
        return word
    return replace(word, text=text, edges=tuple(edges), confidence=min(word.confidence, SURE))
