"""Raised and lowered figures on a scan, such as those of ``10⁹`` and ``CO₂``, for which engines have no signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

from benchwright.sources._ocr import LineReader, OcrLine, OcrWord
from benchwright.sources._ocrshapes import SURE, Dark, Row, Shape, edges_of, shapes_of, with_word

if TYPE_CHECKING:
    from PIL.Image import Image

    from benchwright.sources._ocr import OcrEngine

__all__ = ["Raised", "may_stand", "named", "raised_in", "with_raised"]

_QUOTES: Final = "'’‘`´\"“”„"
_FIGURES: Final = "0123456789"
_UP: Final = dict(zip("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", strict=True))
_DOWN: Final = dict(zip("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋", strict=True))
_CELLS: Final = ((28, 14), (56, 14), (40, 28))
"""Heights and margins in which a single figure is shown to the engine until it reads it."""
_SMALL: Final = (0.36, 0.8)
"""Height of raised and lowered figures, of that of the figures beside them."""
_ABOVE: Final = 0.25
_BELOW: Final = 0.1
"""How far a raised sign ends above the line and a lowered one below it, of the height of figures."""


@dataclass(frozen=True)
class Raised:
    line: int
    word: int
    shape: Shape
    up: bool
    row: Row
    sign: str = ""
    """Known by its shape; empty where it has to be read."""


def raised_in(k: int, w: int, word: OcrWord, row: Row, dark: Dark) -> Iterator[Raised]:
    """Yield the raised and lowered shapes of a word."""
    shapes = shapes_of(word, row)
    real = [s for s in shapes if s[3] - s[1] > 0.8 * row.tall]
    if not real:
        return
    for shape in shapes:
        if _covered(shape, shapes) or not any(s[0] < shape[0] for s in real):
            continue
        up = _stands_above(shape, row)
        if up is None and _is_small_figure(shape, row, word):
            up = False
        if up is None:
            continue
        sign = _by_form(shape, row, dark)
        if sign is not None:
            yield Raised(k, w, shape, up, row, sign)


def _covered(shape: Shape, shapes: Sequence[Shape]) -> bool:
    """Tell whether another shape stands above or below one, or around it: dots, accents, the rings of ``%``."""
    x0, x1 = shape[0], shape[2]
    for other in shapes:
        shared = min(x1, other[2]) - max(x0, other[0])
        if other != shape and shared > 0.4 * min(x1 - x0, other[2] - other[0]):
            return True
    return False


def _stands_above(shape: Shape, row: Row) -> bool | None:
    """Tell whether a shape is a raised sign, or a lowered one; None for letters and marks of the line."""
    x0, y0, x1, y1 = shape
    tall = (y1 - y0) / row.tall
    stroke = tall < 0.25 and x1 - x0 >= 2 * (y1 - y0) and x1 - x0 >= 0.2 * row.tall
    if stroke:
        return True if (y0 + y1) / 2 < row.base - 0.6 * row.tall else None
    if not _SMALL[0] <= tall <= _SMALL[1]:
        return None
    if y1 < row.base - _ABOVE * row.tall and y0 < row.base - 0.8 * row.tall:
        return True
    below = y1 > row.base + _BELOW * row.tall and row.base - 0.6 * row.tall < y0 < row.base - 0.25 * row.tall
    return False if below else None


def _is_small_figure(shape: Shape, row: Row, word: OcrWord) -> bool:
    """Tell whether a shape was read as a figure after a letter and is much smaller than figures are, as in ``CO₂``."""
    if not 0.45 * row.tall <= shape[3] - shape[1] <= 0.63 * row.tall or shape[3] < row.base - 0.08 * row.tall:
        return False
    middle = (shape[0] + shape[2]) / 2
    signs = [c for c, (a, b) in zip(word.text, edges_of(word), strict=True) if b < middle or a <= middle <= b]
    return len(signs) > 1 and signs[-1].isdigit() and signs[-2].isalpha()


def _by_form(shape: Shape, row: Row, dark: Dark) -> str | None:
    """Return the sign that a shape is by its form, ``""`` where it is to be read, None for an asterisk."""
    x0, y0, x1, y1 = shape
    if y1 - y0 < 0.25 * row.tall:
        return "-"
    ink = dark[y0:y1, x0:x1]
    height, width = ink.shape
    if not 0.75 <= width / height <= 1.33:
        return ""
    cross = np.zeros_like(ink)
    cross[round(0.33 * height) : round(0.67 * height)] = True
    cross[:, round(0.33 * width) : round(0.67 * width)] = True
    corners = float(ink[~cross].sum()) / max(int(ink.sum()), 1)
    arms = ink[:, :2].any() and ink[:, -2:].any() and ink[:2].any() and ink[-2:].any()
    if corners < 0.12 and arms:
        return "+"
    return ""


def named(one: Raised, image: Image, reader: LineReader) -> Raised | None:
    """Return a raised sign with the figure that an engine reads in it; None where it reads no figure."""
    if one.sign:
        return one
    from PIL import Image as Pictures

    sign = ""
    for height, margin in _CELLS:
        part = image.crop(one.shape)
        part = part.resize((max(round(height * part.width / part.height), 1), height), Pictures.Resampling.BICUBIC)
        cell = Pictures.new("L", (part.width + 2 * margin, height + 2 * margin), 255)
        cell.paste(part, (margin, margin))
        line = reader.read_line(cell, 300, (), _FIGURES)
        sign = "".join(word.text for word in line.words) if line is not None else ""
        if sign:
            break
    # A raised ring is a degree sign or a letter, and the engine reads its figure 0 for it.
    return replace(one, sign=sign) if len(sign) == 1 and not (sign == "0" and one.up) else None


def may_stand(one: Raised, word: OcrWord) -> bool:
    """Tell whether a raised sign can stand where it does: not before a letter, and not in place of a quotation mark.

    A power of ten may, since the stroke after it may have been read as one with it.
    """
    middle = (one.shape[0] + one.shape[2]) / 2
    before = "".join(c for c, (a, _) in zip(word.text, edges_of(word), strict=True) if a < one.shape[0] - 1)
    if one.up and before.endswith("10"):
        return True
    if before[-1:].isdigit() and _is_of_number(one, word):
        return False
    for k, (a, b) in enumerate(edges_of(word)):
        if a - 1 <= middle <= b + 1 and word.text[k] in _QUOTES:
            return False
        if a > middle and one.up and one.sign not in {"+", "-"}:
            return not word.text[k].isalpha() and word.text[k] not in _QUOTES
    return True


def _is_of_number(one: Raised, word: OcrWord) -> bool:
    """Tell whether a sign after a figure is the comma of a number or the stroke of a range."""
    middle = (one.shape[0] + one.shape[2]) / 2
    here = [c for c, (a, b) in zip(word.text, edges_of(word), strict=True) if a - 1 <= middle <= b + 1]
    return any(c in ",.;:" for c in here) if not one.up else one.sign == "-"


def with_raised(
    line: OcrLine, raised: Sequence[Raised], image: Image, how: tuple[OcrEngine, Sequence[str], int]
) -> OcrLine:
    """Return a line in which words with raised signs are read again without these, which are then put in."""
    for w in sorted({one.word for one in raised}, reverse=True):
        mine = [one for one in raised if one.word == w]
        plain = _blanked(line.words[w], mine)
        word = plain
        if plain is None or _letters_hidden(plain, mine):
            again = _without(line, w, mine, image, how)
            word = again if again is not None and (plain is None or again.confidence >= SURE) else plain
        if word is None:
            continue
        for one in sorted(mine, key=lambda r: -r.shape[0]):
            word = _inserted(word, one)
        line = with_word(line, w, replace(word, confidence=min(word.confidence, line.words[w].confidence)))
        line = _with_times(line, w, mine[0].row)
    return line


def _letters_hidden(word: OcrWord, raised: Sequence[Raised]) -> bool:
    """Tell whether a word has fewer signs than tall shapes of ink beside its raised signs."""
    row = raised[0].row
    shapes = {one.shape for one in raised}
    tall = [s for s in shapes_of(word, row) if s not in shapes and s[3] - s[1] > 0.5 * row.tall]
    return len(tall) > sum(c not in ".,:;'-" for c in word.text)


def _without(
    line: OcrLine, w: int, raised: Sequence[Raised], image: Image, how: tuple[OcrEngine, Sequence[str], int]
) -> OcrWord | None:
    """Return a word as read without its raised signs; None where it cannot be read so."""
    engine, languages, dpi = how
    word = line.words[w]
    pad = round(0.3 * line.size)
    left = line.words[w - 1].box[2] if w else 0.0
    right = line.words[w + 1].box[0] if w + 1 < len(line.words) else float(image.width)
    # The boxes that engines give may reach into the next word.
    begin, end = max(word.box[0], left + 1), min(word.box[2], right - 1)
    x, y = max(round(max(begin - pad, (left + begin) / 2)), 0), max(round(line.base - 1.1 * line.size), 0)
    part = image.crop((x, y, round(min(end + pad, (right + end) / 2)), round(line.base + 0.4 * line.size)))
    for one in raised:
        x0, y0, x1, y1 = one.shape
        part.paste(255, (x0 - x - 1, y0 - y - 1, x1 - x + 1, y1 - y + 1))
    if not isinstance(engine, LineReader):
        return None
    found = engine.read_line(part, dpi, languages)
    if found is None or not found.words:
        return None
    text = "".join(one.text for one in found.words)
    edges = tuple((a + x, b + x) for one in found.words for a, b in edges_of(one))
    sure = min(one.confidence for one in found.words)
    return replace(word, text=text, edges=edges, confidence=sure)


def _blanked(word: OcrWord, raised: Sequence[Raised]) -> OcrWord | None:
    """Return a word without the letters that stand where raised signs do; None where one is more than that sign."""
    edges = list(edges_of(word))
    over = [[k for k, edge in enumerate(edges) if _overlap(edge, one.shape) > 0.5] for one in raised]
    if any(len(some) > 1 for some in over):
        return None
    drop = {k for some in over for k in some}
    if any(edges[k][1] - edges[k][0] > 1.5 * (one.shape[2] - one.shape[0]) + 2
           for some, one in zip(over, raised, strict=True) for k in some):  # fmt: skip
        return None
    kept = [k for k in range(len(edges)) if k not in drop]
    if not kept:
        return None
    text = "".join(word.text[k] for k in kept)
    return replace(word, text=text, edges=tuple(edges[k] for k in kept), confidence=min(word.confidence, SURE))


def _overlap(edge: tuple[float, float], shape: Shape) -> float:
    """Return the share of a sign, or of a shape where it is narrower, that they have in common."""
    shared = min(edge[1], shape[2]) - max(edge[0], shape[0])
    return shared / max(min(edge[1] - edge[0], shape[2] - shape[0]), 1)


def _inserted(word: OcrWord, one: Raised) -> OcrWord:
    edges = list(edges_of(word))
    middle = (one.shape[0] + one.shape[2]) / 2
    at = sum((a + b) / 2 < middle for a, b in edges)
    sign = (_UP if one.up else _DOWN)[one.sign]
    place = (float(one.shape[0]), float(one.shape[2]))
    return replace(word, text=word.text[:at] + sign + word.text[at:], edges=(*edges[:at], place, *edges[at:]))


def _with_times(line: OcrLine, w: int, row: Row) -> OcrLine:
    """Return a line in which the sign between a number and a power of ten is the one for times."""
    words = line.words
    own = regex.sub(r"^(\d[\d.,]*)[xX%«*]10(?=[⁺⁻⁰¹²³⁴-⁹])", r"\1×10", words[w].text)
    if own != words[w].text:
        return with_word(line, w, replace(words[w], text=own))
    if not regex.match(r"10[⁺⁻⁰¹²³⁴-⁹]", words[w].text) or not w:
        return line
    before = words[w - 1].text
    if len(before) == 1 and before in "xX%«*" and w > 1 and words[w - 2].text[-1:].isdigit():
        return with_word(line, w - 1, replace(words[w - 1], text="×"))
    if regex.match(r"^\d[\d.,]*[xX%«*]$", before):
        return with_word(line, w - 1, replace(words[w - 1], text=before[:-1] + "×"))
    left, right = words[w - 1].box[2], words[w].box[0]
    lost = [s for s in row.shapes if left < s[0] and s[2] < right and s[3] - s[1] > 0.3 * row.tall]
    if before[-1:].isdigit() and len(lost) == 1:
        x0, y0, x1, y1 = lost[0]
        sign = OcrWord("×", (float(x0), float(y0), float(x1), float(y1)), SURE)
        return replace(line, words=(*words[:w], sign, *words[w:]))
    return line
