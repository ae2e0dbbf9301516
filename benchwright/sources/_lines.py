"""Characters -> lines of text: rows by baseline, order by position, spaces by gaps, raised and lowered signs.

A line keeps for every character of its text the index of the printed character, so that any stretch of text can be
traced back to a box on the page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from benchwright.sources._bidi import GAP, is_rtl, is_rtl_code, logical_order, turned_brackets
from benchwright.sources._kept import yaml_table
from benchwright.sources._mirrored import COMPARISONS, meant, stores_meaning
from benchwright.sources._pdfium import Box, PageChars
from benchwright.sources._remembered import remembered
from benchwright.sources._rows import Indices
from benchwright.sources._rowtable import WIDE, RowTable, table_of

__all__ = ["Line", "TextStyle", "build_lines", "line_box", "lines_from", "text_style"]

NO_CHAR: Final = -1
_LAST_CODE: Final = 0x10FFFF
_SUPER: Final = {c: unicodedata.lookup(f"SUPERSCRIPT {n}") for c, n in zip("0123456789", (
    "ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"), strict=True)} | {
    "+": "⁺", "-": "⁻", "−": "⁻", "=": "⁼", "(": "⁽", ")": "⁾", "n": "ⁿ", "i": "ⁱ",
}  # fmt: skip
_SUB: Final = {c: chr(0x2080 + i) for i, c in enumerate("0123456789")} | {
    "+": "₊", "-": "₋", "−": "₋", "=": "₌", "(": "₍", ")": "₎", "a": "ₐ", "e": "ₑ", "o": "ₒ", "x": "ₓ",
}  # fmt: skip


@dataclass(frozen=True)
class TextStyle:
    """What holds for the spacing of a whole paper."""

    real_spaces: bool
    """The paper has space characters of its own: gaps have to be wide to count as spaces."""
    rtl: bool
    meaning: bool = True
    """In a paper that runs from right to left: the text layer stores the brackets that are meant, not those seen."""


@dataclass(frozen=True)
class Line:
    """One line of one column of one page."""

    page: int
    column: int
    text: str
    chars: tuple[int, ...]
    """For every code point of ``text`` the index of the printed character, -1 for a space that was not printed."""
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    starts: tuple[int, ...]
    """Offsets in ``text`` at which a stretch begins that stands apart: the start, and after every wide gap."""
    lefts: tuple[float, ...]
    """Distance of each of these stretches from the side of the page on which the script begins."""
    spots: tuple[float, ...] = ()
    """Horizontal middle of every code point of ``text``, in points."""


def text_style(pages: Sequence[PageChars]) -> TextStyle:
    """Measure how a paper is spaced and in which direction it runs."""
    codes = np.concatenate([page.code for page in pages]) if pages else np.zeros(0, np.uint32)
    spaces = int(np.isin(codes, (32, 160)).sum())
    rtl = int(is_rtl_code(codes).sum())
    letters = int((codes > 64).sum())
    backwards = rtl > 0.3 * max(letters, 1)
    return TextStyle(
        real_spaces=spaces > 0.05 * max(len(codes), 1),
        rtl=backwards,
        meaning=stores_meaning(pages) if backwards else True,
    )


def build_lines(page: PageChars, keep: Indices, column: int, style: TextStyle) -> list[Line]:
    """Return the lines of some characters of a page, from top to bottom."""
    return lines_from(table_of(page, keep), column, style)


def lines_from(table: RowTable, column: int, style: TextStyle, rows: Sequence[int] | None = None) -> list[Line]:
    """Return the rows of a page, or some of them, as lines of text."""
    if not len(table):
        return []
    page, after = table.page, table.after
    plain, hard = _plain_codes(page)
    at = np.arange(len(after)) + np.concatenate([[0], np.cumsum(after[:-1] > 0)])
    codes = np.full(int(at[-1]) + 1, 32, dtype="<u4")
    codes[at] = plain[table.members]
    chars = np.full(len(codes), NO_CHAR, dtype=np.intp)
    chars[at] = table.members
    written = _Written(
        codes.tobytes().decode("utf-32-le"), chars.tolist(), ((page.x0 + page.x1) / 2)[chars].tolist(), at.tolist()
    )
    turned = np.logical_or.reduceat(hard[table.members], table.starts).tolist()
    gaps = at[after == WIDE] + 2
    result: list[Line] = []
    for row in range(len(table)) if rows is None else rows:
        if style.rtl or turned[row] or table.raised[row]:
            result.append(_shaped_line(table, row, column, style))
            continue
        start, stop = written.span(table, row)
        wide = gaps[np.searchsorted(gaps, start) : np.searchsorted(gaps, stop)].tolist() if len(gaps) else []
        some = written.chars[start:stop]
        text = _Text(written.text[start:stop], tuple(some), (0, *(place - start for place in wide)))
        result.append(_line(table, row, column, style, text, tuple(written.spots[start:stop])))
    return result


class _Written(NamedTuple):
    """All rows of a page, one after the other, with the spaces between words."""

    text: str
    chars: list[int]
    spots: list[float]
    at: list[int]

    def span(self, table: RowTable, row: int) -> tuple[int, int]:
        return self.at[table.starts[row]], self.at[table.stops[row] - 1] + 1


class _Text(NamedTuple):
    text: str
    chars: tuple[int, ...]
    starts: tuple[int, ...]


def _line(table: RowTable, row: int, column: int, style: TextStyle, text: _Text, spots: tuple[float, ...]) -> Line:
    x0, y0, x1, y1 = table.boxes[row]
    return Line(
        page=table.page.number,
        column=column,
        text=text.text,
        chars=text.chars,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        base=float(table.base[row]),
        size=float(table.size[row]),
        starts=text.starts,
        lefts=tuple(_from_start(table.page, text.chars[start], style.rtl) for start in text.starts),
        spots=spots,
    )


def _shaped_line(table: RowTable, row: int, column: int, style: TextStyle) -> Line:
    """Return a line that is not read as it is printed: from right to left, with raised signs or ligatures."""
    page, raised = table.page, table.raised[row]
    visual: list[int] = []
    start, stop = table.starts[row], table.stops[row]
    for i, after in zip(table.members[start:stop].tolist(), table.after[start:stop].tolist(), strict=True):
        visual += [i, -after] if after else [i]
    logical = logical_order(_visual_codes(page, visual, raised), style.rtl)
    text, chars, starts = _write(page, [visual[k] for k in logical], raised)
    if style.rtl or logical != sorted(logical):
        text = turned_brackets(_compared(page, text, chars, style.meaning))
    some = list(chars)
    spots = tuple(((page.x0[some] + page.x1[some]) / 2).tolist())
    return _line(table, row, column, style, _Text(text, chars, starts), spots)


@lru_cache(maxsize=64)
def _plain_codes(page: PageChars) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_]]:
    """Return the code points of a page as they are written, and which of them take more than that."""
    codes, inverse = np.unique(page.code, return_inverse=True)
    plain = [_plain(chr(code)) if code <= _LAST_CODE else "\ufffd" for code in codes.tolist()]
    hard = np.array(
        [len(one) != 1 or is_rtl(code) for one, code in zip(plain, codes.tolist(), strict=True)], dtype=bool
    )
    written = np.array([ord(one[:1] or "\ufffd") for one in plain], dtype=np.uint32)
    return written[inverse], hard[inverse]


def _compared(page: PageChars, text: str, chars: Sequence[int], meaning: bool) -> str:
    """Return the text of a line with its signs of comparison as they were meant."""
    if not any(sign in text for sign in COMPARISONS):
        return text
    signs = list(text)
    for k, sign in enumerate(signs):
        beside = [i for i in chars[k + 1 :] if i >= 0][:1] or [i for i in chars[:k] if i >= 0][-1:]
        if sign in COMPARISONS and chars[k] >= 0 and beside:
            after = any(i >= 0 for i in chars[k + 1 :])
            leftwards = page.x0[beside[0]] < page.x0[chars[k]]
            signs[k] = meant(page, chars[k], bool(leftwards == after), meaning)
    return "".join(signs)


def _visual_codes(page: PageChars, visual: list[int], raised: dict[int, int]) -> list[int]:
    """Return code points as they will be written, as far as they decide the order: gaps, raised digits."""
    codes = page.codes
    result: list[int] = []
    for i in visual:
        if i < 0:
            result.append(GAP if i == -2 else 32)
            continue
        written = _written(chr(codes[i]), raised[i]) if i in raised else ""
        result.append(ord(written) if len(written) == 1 else codes[i])
    return result


def _from_start(page: PageChars, char: int, rtl: bool) -> float:
    """Return how far a character is from the side of the page on which the script begins."""
    return float(page.width - page.x1[char]) if rtl else float(page.x0[char])


def _write(page: PageChars, logical: list[int], raised: dict[int, int]) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    text: list[str] = []
    chars: list[int] = []
    starts: list[int] = [0]
    for i, written in zip(logical, _signs(page.codes, logical, raised), strict=True):
        text.append(written)
        chars.extend([NO_CHAR if i < 0 else i] * len(written))
        if i == -2:
            starts.append(len(chars))
    return "".join(text), tuple(chars), tuple(starts)


def _signs(codes: Sequence[int], logical: list[int], raised: dict[int, int]) -> list[str]:
    """Return how each character is written; raised ones without signs of their own stand in one pair of brackets."""
    result: list[str] = []
    for level, run in groupby(logical, key=lambda i: raised.get(i, 0)):
        plain = [" " if i < 0 else _plain(chr(codes[i])) for i in run]
        if level and not all(sign in (_SUPER if level > 0 else _SUB) for sign in "".join(plain)):
            plain[0] = f"{'^' if level > 0 else '_'}({plain[0]}"
            plain[-1] += ")"
        elif level:
            plain = [_written(one, level) for one in plain]
        result += plain
    return result


def _written(char: str, raised: int) -> str:
    plain = _plain(char)
    if raised > 0:
        return "".join(_SUPER.get(one, f"^({one})") for one in plain)
    if raised < 0:
        return "".join(_SUB.get(one, f"_({one})") for one in plain)
    return plain


@lru_cache(maxsize=1)
def _radicals() -> dict[str, str]:
    return {str(radical): str(character) for radical, character in yaml_table("radicals").items()}


@remembered(65536)
def _plain(char: str) -> str:
    """Undo glyph variants that fonts give in place of letters: radicals, ligatures, shaped Arabic forms."""
    code = ord(char)
    if 0x2E80 <= code <= 0x2EFF:
        return _radicals().get(char, char)
    variant = (
        0x2F00 <= code <= 0x2FDF or 0xFB00 <= code <= 0xFB06 or 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC
    )
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if code < 32 or 0x7F <= code < 0xA0:
        return "\ufffd"
    return unicodedata.normalize("NFKC", char) if variant else char


def line_box(page: PageChars, chars: Sequence[int]) -> Box | None:
    """Return the box around some characters of a page, or None when none was printed."""
    every = np.array(chars, dtype=np.intp)
    real = every[every >= 0]
    if not len(real):
        return None
    if page.skew:
        sides = (page.x0[real].tolist(), page.y0[real].tolist(), page.x1[real].tolist(), page.y1[real].tolist())
        boxes = np.array([page.shown(box) for box in zip(*sides, strict=True)])
        (x0, y0), (x1, y1) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        return float(x0), float(y0), float(x1), float(y1)
    return (
        float(page.x0[real].min()),
        float(page.y0[real].min()),
        float(page.x1[real].max()),
        float(page.y1[real].max()),
    )
