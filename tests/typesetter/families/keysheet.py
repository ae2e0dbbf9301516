"""Key files as examination bodies print them: tables in column pairs, turned pages, several keys in one file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from reportlab.pdfgen import canvas

from tests.typesetter.fonts import split_runs, width
from tests.typesetter.model import Responses
from tests.typesetter.styles import answer_text, digits, option_label, word

Form = Literal["down", "across", "rows", "runs", "lines", "matrix"]
Turn = Literal["none", "page", "text"]
Cells = list[list[str]]

_PORTRAIT, _LANDSCAPE = (595.28, 841.89), (841.89, 595.28)
_MARGIN = 48.0
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he"})


@dataclass(frozen=True)
class KeyStyle:
    """How a key is printed.

    `down`: numbers run down in several pairs of columns; `across`: they run across the pairs; `rows`: a row of numbers
    above a row of answers; `runs`: `1.A 2.B`; `lines`: one a line; `matrix`: a column for each key of the file.
    """

    form: Form = "down"
    pairs: int = 4
    headers: bool = True
    ruled: bool = True
    turn: Turn = "none"
    number: str = "{}"
    answers: str = "upper:{}"
    annulled: str | None = None
    """What stands in the cell of an annulled question; None: the word of the language."""
    legend: str | None = None
    own_page: bool = False
    """Each key of the file begins a page."""
    local_digits: bool = False
    size: float = 9.0
    depth: int = 34
    """Rows to a page; the header row comes again on each."""


@dataclass(frozen=True)
class OneKey:
    """The key of one paper: its heading and the answer to each number; None has no entry."""

    heading: str
    answers: tuple[tuple[int, Responses | None], ...]
    notes: tuple[str, ...] = ()


@dataclass
class _Page:
    texts: list[tuple[float, float, str, bool, str]]
    rules: list[tuple[float, float, float, float]]


def print_key_sheet(path: Path, title: str, keys: Sequence[OneKey], style: KeyStyle, language: str) -> Path:
    """Prints a key file and returns its path; equal keys give equal bytes."""
    setter = _Setter(style, language)
    setter.text(title, bold=True, gap=10)
    if style.form == "matrix":
        setter.table([_matrix_row(key, style, language, keys) for key in (None, *_numbers(keys))], 1 + len(keys))
    for place, key in enumerate(keys if style.form != "matrix" else ()):
        if place and style.own_page:
            setter.new_page()
            setter.text(title, bold=True, gap=10)
        if key.heading:
            setter.text(key.heading, bold=True, gap=4)
        _one(setter, _entries(key, style, language), style, language)
        for note in key.notes:
            setter.text(note)
    if style.legend:
        setter.text(style.legend, gap=4)
    _paint(setter, path, title)
    return path


def _numbers(keys: Sequence[OneKey]) -> list[int]:
    return sorted({number for key in keys for number, _ in key.answers})


def _matrix_row(number: int | None, style: KeyStyle, language: str, keys: Sequence[OneKey]) -> list[str]:
    if number is None:
        return [word(language, "question"), *(key.heading for key in keys)]
    answers = [_written(dict(key.answers).get(number), style, language) for key in keys]
    return [style.number.format(digits(number, language, style.local_digits)), *answers]


def _entries(key: OneKey, style: KeyStyle, language: str) -> list[tuple[str, str]]:
    return [
        (style.number.format(digits(number, language, style.local_digits)), _written(answer, style, language))
        for number, answer in key.answers
        if answer is not None
    ]


def _written(answer: Responses | None, style: KeyStyle, language: str) -> str:
    if answer == () and style.annulled is not None:
        return style.annulled
    return answer_text(answer, style.answers, language)


def _one(setter: _Setter, entries: list[tuple[str, str]], style: KeyStyle, language: str) -> None:
    if style.form == "runs":
        for start in range(0, len(entries), 8):
            setter.text("  ".join(f"{number}{answer}" for number, answer in entries[start : start + 8]))
    elif style.form == "lines":
        for number, answer in entries:
            setter.text(f"{number} {answer}")
    elif style.form == "rows":
        for start in range(0, len(entries), 10):
            some = entries[start : start + 10]
            names = [word(language, "question"), word(language, "answer")] if style.headers else []
            setter.table([[*names[k : k + 1], *(entry[k] for entry in some)] for k in (0, 1)], 10 + len(names[:1]))
            setter.down(5)
    else:
        _pairs(setter, entries, style, language)


def _pairs(setter: _Setter, entries: list[tuple[str, str]], style: KeyStyle, language: str) -> None:
    page = style.pairs * style.depth
    names = [word(language, "question")[:9], word(language, "answer")[:9]] * style.pairs if style.headers else None
    for start in range(0, len(entries), page):
        some = entries[start : start + page]
        depth = -(-len(some) // style.pairs)
        rows: Cells = [names] if names else []
        for row in range(depth):
            places = [
                (row * style.pairs + c) if style.form == "across" else (c * depth + row) for c in range(style.pairs)
            ]
            rows.append([cell for at in places for cell in (some[at] if at < len(some) else ("", ""))])
        setter.table(rows, 2 * style.pairs)


class _Setter:
    """Sets lines and tables on pages, from the top; mirrors them for scripts that run from right to left."""

    def __init__(self, style: KeyStyle, language: str) -> None:
        self.style, self.language = style, language
        self.mirrored = language in _RIGHT_TO_LEFT
        self.width, self.height = _PORTRAIT if style.turn == "none" else _LANDSCAPE
        self.pages: list[_Page] = []
        self.new_page()

    def new_page(self) -> None:
        """Begins a page."""
        self.pages.append(_Page([], []))
        self.y = _MARGIN

    def down(self, gap: float) -> None:
        """Leaves a gap."""
        self.y += gap

    def text(self, text: str, *, bold: bool = False, gap: float = 0.0) -> None:
        """Sets one line."""
        self._room(1.5 * self.style.size)
        at = self.width - _MARGIN if self.mirrored else _MARGIN
        self.y += 1.5 * self.style.size
        self.pages[-1].texts.append((at, self.y, text, bold, "right" if self.mirrored else "left"))
        self.y += gap

    def table(self, rows: Cells, columns: int) -> None:
        """Sets a table of equal cells, each text in the middle of its own."""
        size = self.style.size
        cell, step = min((self.width - 2 * _MARGIN) / columns, 78.0), 1.75 * size
        for place, row in enumerate(rows):
            if self._room(step) and place and self.style.headers and self.style.form != "rows":
                self._row(rows[0], cell, step)
            self._row(row, cell, step)

    def _row(self, row: Sequence[str], cell: float, step: float) -> None:
        base = self.y + 0.5 * step + 0.35 * self.style.size
        for column, text in enumerate(row):
            left = _MARGIN + column * cell
            if self.mirrored:
                left = self.width - _MARGIN - (column + 1) * cell
            self.pages[-1].texts.append((left + cell / 2, base, text, False, "centre"))
            if self.style.ruled:
                right, bottom = left + cell, self.y + step
                self.pages[-1].rules += [(left, self.y, right, self.y), (left, bottom, right, bottom)]
                self.pages[-1].rules += [(left, self.y, left, bottom), (right, self.y, right, bottom)]
        self.y += step

    def _room(self, height: float) -> bool:
        if self.y + height <= self.height - _MARGIN:
            return False
        self.new_page()
        return True


def _paint(setter: _Setter, path: Path, title: str) -> None:
    turn = setter.style.turn
    page: Any = canvas.Canvas(str(path), pagesize=_PORTRAIT, invariant=1, pageCompression=1)
    page.setTitle(title)
    for one in setter.pages:
        if turn != "none":
            # The page is portrait; what is on it is landscape, and reads from the bottom up.
            page.translate(_PORTRAIT[0], 0)
            page.rotate(90)
        if turn == "page":
            page.setPageSize(_LANDSCAPE)
            page.setPageRotation(90)
        for x0, y0, x1, y1 in one.rules:
            page.setLineWidth(0.5)
            page.line(x0, setter.height - y0, x1, setter.height - y1)
        for x, y, text, bold, align in one.texts:
            _draw(page, x, setter.height - y, _visual(text, setter.language), bold, align, setter)
        page.showPage()
    page.save()


_NUMBERED = re.compile(r"^(\d+)([.):-])(\S*)$")
_MIRROR = str.maketrans(")(][", "()[]")


def _visual(text: str, language: str) -> str:
    """A text of a right-to-left paper in the order in which it is printed; Latin words stay as they are."""
    if language not in _RIGHT_TO_LEFT:
        return text
    return " ".join(_turned(each) for each in reversed(text.split(" ")))


def _turned(text: str) -> str:
    found = _NUMBERED.match(text)
    if found:
        return found[3] + found[2].translate(_MIRROR) + found[1]
    return text if text.isascii() else text[::-1]


def _draw(page: Any, x: float, y: float, text: str, bold: bool, align: str, setter: _Setter) -> None:
    size = setter.style.size
    runs = split_runs(text, "dejavu-sans", bold, setter.language)
    total = sum(width(run.text, run.font, size) for run in runs)
    at = x - {"left": 0.0, "centre": total / 2, "right": total}[align]
    for run in runs:
        page.setFont(run.font, size)
        page.drawString(at, y, run.text)
        at += width(run.text, run.font, size)


def key_truth(key: OneKey, style: KeyStyle) -> dict[str, list[list[str]]]:
    """The responses of each printed number as labels; empty for annulled."""
    return {
        str(number): [[option_label(ord(one) - 65, style.answers) for one in response] for response in answer]
        for number, answer in key.answers
        if answer is not None
    }


def with_headings(keys: Sequence[OneKey], headings: Sequence[str]) -> Iterator[OneKey]:
    """The keys under other headings."""
    for key, heading in zip(keys, headings, strict=True):
        yield replace(key, heading=heading)
