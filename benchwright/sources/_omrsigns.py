"""Short texts that stand alone in a picture, such as cells of a table: read together, each on a line of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from benchwright.sources._ocrimage import ink
from benchwright.sources._ocrrings import find_rings

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Text", "WordReader", "long_runs", "sign_readings", "sign_texts"]

_ROW: Final = 56
_SECOND: Final = 0.72
"""Height of the signs in a second reading, of that in the first."""
_SHEET: Final = 200
"""Texts on a sheet; engines refuse pictures of more than 32,767 pixels."""

Box = tuple[int, int, int, int]
Dark = npt.NDArray[np.bool_]
Text = tuple[str, float]
"""What was read, and its confidence from 0 to 1."""


@runtime_checkable
class WordReader(Protocol):
    """An engine that reads words made of given signs."""

    def read_words(self, image: Image, letters: str) -> list[tuple[str, float, float]]:
        """Return words with their confidence and the middle of each from the top, in pixels."""
        ...


def sign_texts(
    grey: Image, boxes: Sequence[Box], reader: WordReader, alphabets: Sequence[str]
) -> list[tuple[Text, ...]]:
    """Read texts under each alphabet, at two sizes: an engine can be sure of a wrong figure, seldom of it twice.

    A text that the second reading does not confirm has confidence 0.
    """
    return [
        tuple((text, sure if text == again else 0.0) for (text, sure), (again, _) in zip(one, other, strict=True))
        for one, other in sign_readings(grey, boxes, reader, alphabets)
    ]


def sign_readings(
    grey: Image, boxes: Sequence[Box], reader: WordReader, alphabets: Sequence[str]
) -> list[tuple[list[Text], list[Text]]]:
    """Return two readings of each text, each under every alphabet."""
    result: list[tuple[list[Text], list[Text]]] = []
    for at in range(0, len(boxes), _SHEET):
        some = boxes[at : at + _SHEET]
        first, second = (_read_once(grey, some, reader, alphabets, row) for row in (_ROW, round(_SECOND * _ROW)))
        result += zip(first, second, strict=True)
    return result


def _read_once(
    grey: Image, boxes: Sequence[Box], reader: WordReader, alphabets: Sequence[str], row: int
) -> list[list[Text]]:
    """Read texts at once under each alphabet: every text is a line of one sheet."""
    from PIL import Image as Pictures

    parts = [_inside(grey, box, row) for box in boxes]
    widest = max(part.width for part in parts)
    sheet = Pictures.new("L", (widest + 2 * row, 2 * row * len(parts)), 255)
    for k, part in enumerate(parts):
        sheet.paste(part, (row, 2 * row * k + row // 2))
    result: list[list[Text]] = [[] for _ in boxes]
    for letters in alphabets:
        found: dict[int, list[Text]] = {}
        for text, confidence, y in reader.read_words(sheet, letters):
            found.setdefault(int(y // (2 * row)), []).append((text, confidence))
        for k, texts in enumerate(result):
            words = found.get(k, [])
            texts.append(("".join(text for text, _ in words), min((c for _, c in words), default=0.0)))
    return result


def _inside(grey: Image, box: Box, row: int) -> Image:
    """Return what stands in a cell, on white, without the ring of a circled sign, at a usual height."""
    from PIL import Image as Pictures

    x0, y0, x1, y1 = box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1
    part = grey.crop((x0, y0, x1, y1))
    dark = ink(part)
    rings = find_rings(dark, 0.62 * (y1 - y0))
    if len(rings) == 1:
        a, b, c, d = rings[0]
        inset_x, inset_y = 0.2 * (c - a), 0.16 * (d - b)
        part = part.crop((round(a + inset_x), round(b + inset_y), round(c - inset_x), round(d - inset_y)))
        dark = ink(part)
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(rows):
        return Pictures.new("L", (row, row), 255)
    part = part.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))
    values = np.asarray(part).astype(np.float64)
    paper = float(np.quantile(values, 0.85))
    white = Pictures.fromarray(np.clip(values * 255 / max(paper, 1), 0, 255).astype(np.uint8))
    height = round(0.75 * row)
    return white.resize((max(round(white.width * height / white.height), 4), height), Pictures.Resampling.BICUBIC)


def long_runs(dark: Dark, length: int) -> Dark:
    """Return the pixels of level lines at least so long."""
    result = np.zeros_like(dark)
    for y in np.flatnonzero(dark.sum(axis=1) >= length).tolist():
        steps = np.diff(np.concatenate(([0], dark[y].astype(np.int8), [0])))
        for x0, x1 in zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True):
            if x1 - x0 >= length:
                result[y, x0:x1] = True
    return result
