"""Stretches of lines -> the text of a field, with the printed character behind every code point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import regex

from benchwright.schemas.parts import Mark as TextMark
from benchwright.sources._blocks import Piece
from benchwright.sources._lines import Line, line_box
from benchwright.sources._pdfium import BOLD, Box, PageChars

__all__ = ["FieldText", "field_boxes", "field_marks", "field_text"]

_HALF: Final = 0.45
"""Share of the page's width: what is narrower stands in one column."""
_NO_SPACE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\u3000-\u303f\uff00-\uffef]")
_BULLET = regex.compile(r"^(?:[•●○■□▪‣\-–—*]\s|\(?[ivxIVX]{1,4}[.)]\s|[①-⑳]|\(?\p{Nd}{1,2}[.)]\s|[ⅰ-ⅹⅠ-Ⅹ])")
_WORD_BREAK = regex.compile(r"\p{Ll}[-‐\u00ad]$")

_WORDS = 4
"""Stretches of a row from which it may as well be a line of words set wide."""


@dataclass(frozen=True)
class FieldText:
    """The text of a field and, for each code point, (page, character index); (0, -1) where nothing was printed."""

    text: str
    places: tuple[tuple[int, int], ...]

    @property
    def printed(self) -> dict[int, list[int]]:
        """The printed characters by page, the pages in reading order."""
        pages = dict.fromkeys([page for page, char in self.places if char >= 0])
        return {here: [char for page, char in self.places if page == here and char >= 0] for here in pages}


def field_text(lines: Sequence[Line], pieces: Sequence[Piece], words: frozenset[str]) -> FieldText:
    """Join stretches of lines: spaces between lines, none in scripts without spaces, broken words mended.

    Rows of stretches that stand apart become pipe rows. ``words`` are the words of the paper: a word broken at a
    line end loses its hyphen unless the paper also writes it with one.
    """
    table = _table_rows(lines, pieces)
    text: list[str] = []
    places: list[tuple[int, int]] = []
    last: Line | None = None
    for position, (i, start, end) in enumerate(pieces):
        line = lines[i]
        part, chars = _trimmed(line, start, end, piped=position in table)
        if not part:
            continue
        if text:
            _glue(text, places, part, last, line, words, table_edge=position in table or position - 1 in table)
        text.extend(part)
        page = line.page
        places += [(page, char) if char >= 0 else (0, -1) for char in chars]
        last = line
    return FieldText("".join(text), tuple(places))


def _trimmed(line: Line, start: int, end: int, *, piped: bool) -> tuple[str, list[int]]:
    raw = line.text[start:end]
    skip = len(raw) - len(raw.lstrip())
    part = raw.strip()
    begin = start + skip
    chars = list(line.chars[begin : begin + len(part)])
    if not piped:
        return part, chars
    cells: list[str] = []
    where: list[int] = []
    for offset, (char, place) in enumerate(zip(part, chars, strict=True)):
        if begin + offset in line.starts and offset:
            cells.extend("| ")
            where.extend((-1, -1))
        cells.append(char)
        where.append(place)
    return "".join(cells), where


def _table_rows(lines: Sequence[Line], pieces: Sequence[Piece]) -> set[int]:
    """Return positions of pieces that are rows of a table: two or more in a row with the same columns."""

    def columns(piece: Piece) -> list[float]:
        line = lines[piece[0]]
        places = [left for at, left in zip(line.starts, line.lefts, strict=True) if piece[1] <= at < piece[2]]
        return places if len(places) < _WORDS or not _stretched(line, piece) else places[:1]

    rows: set[int] = set()
    for k in range(len(pieces) - 1):
        here, below = columns(pieces[k]), columns(pieces[k + 1])
        if len(here) >= 2 and len(below) >= 2:
            shared = sum(1 for a in here if any(abs(a - b) < 12 for b in below))
            if shared >= 2:
                rows.update((k, k + 1))
    return rows


def _stretched(line: Line, piece: Piece) -> bool:
    """Tell whether the wide gaps of a row are the equal spaces of a line that was stretched to its full width."""
    starts = [at for at in line.starts if piece[1] < at < piece[2]]
    gaps = [line.spots[at] - line.spots[at - 2] for at in starts if at >= 2 and at < len(line.spots)]
    words = line.text[piece[1] : piece[2]].split()
    letters = sum(map(len, words))
    return len(gaps) > 2 and max(gaps) - min(gaps) < 0.8 * line.size and letters >= 3 * len(words)


def _glue(
    text: list[str],
    places: list[tuple[int, int]],
    part: str,
    last: Line | None,
    line: Line,
    words: frozenset[str],
    *,
    table_edge: bool,
) -> None:
    if table_edge or _BULLET.match(part):
        text.append("\n")
        places.append((0, -1))
        return
    if text[-1] in "-‐\u00ad" and _WORD_BREAK.search("".join(text[-2:])) and part[:1].islower():
        if text[-1] == "\u00ad" or not _written_with_hyphen(text, part, words):
            text.pop()
            places.pop()
        return
    if _NO_SPACE.match(part) and _NO_SPACE.match(text[-1]):
        return
    paragraph = last is not None and last.page == line.page and line.base - last.base > 2.2 * line.size
    text.append("\n" if paragraph else " ")
    places.append((0, -1))


def _written_with_hyphen(text: Sequence[str], part: str, words: frozenset[str]) -> bool:
    before = regex.search(r"[\p{L}\p{M}]+$", "".join(text[-40:-1]))
    after = regex.match(r"[\p{L}\p{M}]+", part)
    if not before or not after:
        return True
    whole = before[0] + after[0]
    return whole.casefold() not in words and f"{before[0]}-{after[0]}".casefold() in words


def field_boxes(field: FieldText, pages: Mapping[int, PageChars]) -> list[tuple[int, Box]]:
    """Return one box for each page and column on which a field stands, in reading order."""
    boxes = (
        (page, line_box(pages[page], some))
        for page, chars in field.printed.items()
        for some in _by_column(pages[page], chars)
    )
    return [(page, box) for page, box in boxes if box is not None]


def _by_column(page: PageChars, chars: Sequence[int]) -> list[list[int]]:
    """Part the characters of a field where it goes on in another column: above the line before, and beside it all."""
    if page.x1[chars].max() - page.x0[chars].min() < _HALF * page.width:
        return [list(chars)]
    up = (page.base[chars[:-1]] - page.base[chars[1:]] > page.size[chars[1:]]).tolist()
    if not any(up):
        return [list(chars)]
    groups = [[chars[0]]]
    x0, x1 = page.x0[chars].tolist(), page.x1[chars].tolist()
    left, right = x0[0], x1[0]
    for char, above, start, stop in zip(chars[1:], up, x0[1:], x1[1:], strict=True):
        if above and (start >= right or stop <= left):
            groups.append([])
            left, right = start, stop
        groups[-1].append(char)
        left, right = min(left, start), max(right, stop)
    return groups


def field_marks(field: FieldText, name: str, pages: Mapping[int, PageChars]) -> list[TextMark]:
    """Return bold stretches of a field that is not bold as a whole."""
    if not any((pages[page].style[chars] & BOLD).any() for page, chars in field.printed.items()):
        return []
    bold = [char >= 0 and bool(pages[page].style[char] & BOLD) for page, char in field.places]
    printed = sum(1 for _, char in field.places if char >= 0)
    if sum(bold) > 0.8 * printed:
        return []
    marks: list[TextMark] = []
    start: int | None = None
    for k in range(len(bold) + 1):
        on = k < len(bold) and (bold[k] or (start is not None and field.places[k][1] < 0))
        if on and start is None:
            start = k
        elif not on and start is not None:
            end = start + len(field.text[start:k].rstrip())
            if field.text[start:end].strip():
                marks.append(TextMark(field=name, start=start, end=end, kind="bold"))
            start = None
    return marks
