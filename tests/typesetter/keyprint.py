"""Prints the keys of :mod:`tests.typesetter.keydesigns`: one printer for each form."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Final

from reportlab.pdfgen import canvas

from tests.typesetter.fonts import register, split_runs, width
from tests.typesetter.keydesigns import SERIES, WORDS, Design, printed, version_name

__all__ = ["print_design"]

_PAGE: Final = (595.28, 841.89)
_LEFT: Final = 45.0
_FONTS: Final = {"wide": "zh-Hant", "circled": "zh-Hant"}


class _Setter:
    def __init__(self, path: Path, design: Design) -> None:
        self.page: Any = canvas.Canvas(str(path), pagesize=_PAGE, invariant=1)
        self.design = design
        self.family = _FONTS.get(design.series, "dejavu-sans")
        self.plain = register(self.family, bold=False)
        self.y = 60.0

    def room(self, height: float) -> bool:
        """Begin a page where there is no room; tell whether one was begun."""
        if self.y + height < _PAGE[1] - 50:
            return False
        self.page.showPage()
        self.y = 60.0
        return True

    def text(self, text: str, x: float = _LEFT, *, bold: bool = False, size: float | None = None) -> None:
        size = size or self.design.size
        for run in split_runs(text, self.family, bold, self.design.language):
            self.page.setFont(run.font, size)
            self.page.drawString(x, _PAGE[1] - self.y, run.text)
            x += width(run.text, run.font, size)

    def line(self, text: str, *, bold: bool = False, size: float | None = None) -> None:
        self.room(30)
        self.text(text, bold=bold, size=size)
        self.y += 1.7 * (size or self.design.size)

    def row(self, cells: list[tuple[str, str]], widths: list[float], *, bold: bool = False) -> None:
        """Set one row of cells; each has a text and how it is set off."""
        height = 1.75 * self.design.size
        x = _LEFT
        for (text, how), wide in zip(cells, widths, strict=True):
            size = self.design.size * min(1.0, (wide - 3) / max(width(text, self.plain, self.design.size), 1.0))
            left = x + (wide - width(text, self.plain, size)) / 2
            if how == "box":
                self.page.setFillColorRGB(1, 1, 0.3)
                self.page.rect(left - 2, _PAGE[1] - self.y - 2, self.design.size + 3, height - 3, stroke=0, fill=1)
            self.page.setFillColorRGB(*{"red": (0.9, 0, 0), "blue": (0, 0, 0.9)}.get(how, (0, 0, 0)))
            self.text(text, left, bold=bold or how == "bold", size=size)
            self.page.setFillColorRGB(0, 0, 0)
            if self.design.ruled:
                self.page.rect(x, _PAGE[1] - self.y - 0.35 * height, wide, height, stroke=1, fill=0)
            x += wide
        self.y += height


def print_design(design: Design, path: Path) -> Path:
    """Print a key and return its path."""
    setter = _Setter(path, design)
    words = WORDS[design.language]
    if design.titled:
        setter.line(f"{words[5]} 2031", bold=True, size=12)
    setter.y += 8
    _PRINTERS[design.form](setter, design)
    if design.sign and design.legend:
        setter.y += 8
        setter.line(f"({design.sign}) {words[2]}")
    setter.page.showPage()
    setter.page.save()
    return path


def _number(design: Design, number: int) -> str:
    return design.number.format(number)


def _wide(setter: _Setter, texts: list[str], least: float) -> float:
    return max([least, *(width(text, setter.plain, setter.design.size) + 8 for text in texts)])


def _pairs(setter: _Setter, design: Design) -> None:
    words, columns = WORDS[design.language], min(design.per_row, 10)
    numbers = sorted(design.cells)
    rows = -(-len(numbers) // columns)
    order = (
        [[numbers[c * rows + r] if c * rows + r < len(numbers) else None for c in range(columns)] for r in range(rows)]
        if design.down
        else [
            [numbers[r * columns + c] if r * columns + c < len(numbers) else None for c in range(columns)]
            for r in range(rows)
        ]
    )
    head = [words[0][:1] + ".", words[1][:4] + "."] if columns > 4 else [words[0], words[1]]
    room = (_PAGE[0] - 2 * _LEFT) / columns
    widest = _wide(setter, [printed(design, n) for n in numbers], 20)
    first = min(
        _wide(setter, [_number(design, n) for n in numbers] + (head[:1] if design.headers else []), 22), room * 0.5
    )
    second = min(max(widest, room * 0.4), room - first)
    if design.headers:
        setter.row([(text, "") for _ in range(columns) for text in head], [first, second] * columns, bold=True)
    for some in order:
        if setter.room(30) and design.headers:
            setter.row([(text, "") for _ in range(columns) for text in head], [first, second] * columns, bold=True)
        cells = [
            ("", "") if n is None else (text, "")
            for n in some
            for text in ((_number(design, n), printed(design, n)) if n else ("", ""))
        ]
        setter.row(cells, [first, second] * columns)


def _across(setter: _Setter, design: Design) -> None:
    words, step = WORDS[design.language], min(design.per_row, 20)
    numbers = sorted(design.cells)
    first = _wide(setter, list(words[:2]), 40) if design.headers else 0.0
    each = (_PAGE[0] - 2 * _LEFT - first) / step
    for at in range(0, len(numbers), step):
        some = numbers[at : at + step]
        setter.room(60)
        for row, texts in enumerate(([_number(design, n) for n in some], [printed(design, n) for n in some])):
            lead = [(words[row], "")] if design.headers else []
            setter.row(lead + [(text, "") for text in texts], [first] * len(lead) + [each] * len(some), bold=not row)
        setter.y += 6


def _blocks(setter: _Setter, design: Design) -> None:
    """Rows headed `1-10`, with the answers of ten questions behind."""
    numbers = sorted(design.cells)
    step = 5 if design.per_row == 5 else 10
    for at in range(0, len(numbers), step):
        some = numbers[at : at + step]
        setter.room(30)
        head = (f"{some[0]}-{some[-1]}" if design.down else f"{some[0]:02d} – {some[-1]:02d}", "")
        setter.row([head, *((printed(design, n), "") for n in some)], [60.0, *([44.0] * len(some))])


def _runs(setter: _Setter, design: Design) -> None:
    numbers = sorted(design.cells)
    step = min(design.per_row, 8)
    for at in range(0, len(numbers), step):
        some = numbers[at : at + step]
        setter.line("   ".join(f"{n}{design.joint}{printed(design, n)}" for n in some))


def _lines(setter: _Setter, design: Design) -> None:
    word = WORDS[design.language][0] if design.headers else ""
    for number in sorted(design.cells):
        setter.line(f"{word} {number}{design.joint}{printed(design, number)}".strip())


def _versions(setter: _Setter, design: Design) -> None:
    head = [WORDS[design.language][0], *(version_name(design, k) for k in range(design.versions))]
    widths = [70.0, *([80.0] * design.versions)]
    setter.row([(text, "") for text in head], widths, bold=True)
    for number in sorted(design.cells):
        if setter.room(30):
            setter.row([(text, "") for text in head], widths, bold=True)
        cells = [(printed(design, number, k), "") for k in range(design.versions)]
        setter.row([(_number(design, number), ""), *cells], widths)


def _ticked(setter: _Setter, design: Design) -> None:
    """A column for each letter and a tick in that of the right one."""
    letters = SERIES[design.series][: design.options]
    widths = [44.0, *([34.0] * len(letters))]
    for number in sorted(design.cells):
        if setter.room(30) or number == 1:
            setter.row([(WORDS[design.language][0][:4], ""), *((one, "") for one in letters)], widths, bold=True)
        right = {letters["ABCDE".index(one)] for one in design.cells[number]}
        if not right:
            setter.row(
                [(_number(design, number), ""), (WORDS[design.language][2], ""), *([("", "")] * (len(letters) - 1))],
                widths,
            )
            continue
        setter.row(
            [(_number(design, number), ""), *((design.mark if one in right else "", "") for one in letters)], widths
        )


def _marked(setter: _Setter, design: Design) -> None:
    """All letters in each row, the right one set off by type or colour."""
    letters = SERIES[design.series][: design.options]
    columns = max(1, min(design.per_row, 4))
    numbers = sorted(design.cells)
    rows = -(-len(numbers) // columns)
    widths = [32.0, *([18.0] * len(letters))] * columns
    for r in range(rows):
        setter.room(30)
        cells: list[tuple[str, str]] = []
        for c in range(columns):
            n = c * rows + r
            if n >= len(numbers):
                cells += [("", "")] * (1 + len(letters))
                continue
            right = {letters["ABCDE".index(one)] for one in design.cells[numbers[n]]}
            cells += [
                (_number(design, numbers[n]), ""),
                *((one, design.mark if one in right else "") for one in letters),
            ]
        setter.row(cells, widths)


def _transposed(setter: _Setter, design: Design) -> None:
    """Tens down the side and units along the top: the cell of row 20 and column 3 is that of number 23."""
    setter.row([("", ""), *((str(k), "") for k in range(10))], [40.0, *([44.0] * 10)], bold=True)
    for ten in range(0, max(design.cells) + 1, 10):
        setter.room(30)
        cells = [(printed(design, ten + k) if ten + k in design.cells else "", "") for k in range(10)]
        setter.row([(str(ten), ""), *cells], [40.0, *([44.0] * 10)])


def _sides(setter: _Setter, design: Design) -> None:
    """A pair of columns for each version, each with numbers of its own; a free column between them."""
    words = WORDS[design.language]
    versions = range(design.versions)
    widths = [48.0, 52.0, 22.0] * design.versions
    for number in sorted(design.cells):
        if (setter.room(30) and design.headers) or number == 1:
            heads = [(words[0], f"{_VERSION[design.language]} {version_name(design, k)}", "") for k in versions]
            setter.row([(text, "") for head in heads for text in head], widths, bold=True)
        cells = [(_number(design, number), printed(design, number, k), "") for k in versions]
        setter.row([(text, "") for some in cells for text in some], widths)


def _spaced(setter: _Setter, design: Design) -> None:
    """Pairs with an empty column behind each, headed on the first page only."""
    words, columns = WORDS[design.language], min(design.per_row, 4)
    numbers = sorted(design.cells)
    rows = -(-len(numbers) // columns)
    widths = [40.0, 62.0, 22.0] * columns
    if design.headers:
        setter.row([(text, "") for _ in range(columns) for text in (words[0], words[1], "")], widths, bold=True)
    for r in range(rows):
        setter.room(30)
        places = [c * rows + r for c in range(columns)] if design.down else [r * columns + c for c in range(columns)]
        some = [numbers[at] if at < len(numbers) else None for at in places]
        cells = [(_number(design, n), printed(design, n), "") if n else ("", "", "") for n in some]
        setter.row([(text, "") for three in cells for text in three], widths)


def _joined(setter: _Setter, design: Design) -> None:
    """Number and answer together in each cell."""
    columns = min(design.per_row, 8)
    numbers = sorted(design.cells)
    rows = -(-len(numbers) // columns)
    for r in range(rows):
        setter.room(30)
        places = [c * rows + r for c in range(columns)] if design.down else [r * columns + c for c in range(columns)]
        some = [numbers[at] if at < len(numbers) else None for at in places]
        texts = [f"{n}{design.joint}{printed(design, n)}" if n else "" for n in some]
        setter.row([(text, "") for text in texts], [_WIDE / columns] * columns)


def _captions(setter: _Setter, design: Design) -> None:
    """Columns of pairs, each with captions between them where another subject begins."""
    columns = min(design.per_row, 3)
    numbers = sorted(design.cells)
    pick = random.Random(design.seed)
    firsts = {numbers[0], *pick.sample(numbers, min(5, len(numbers) // 6))}
    stream = [one for n in numbers for one in ([None, n] if n in firsts else [n])]
    rows = -(-len(stream) // columns)
    widths = [46.0, _WIDE / columns - 46.0] * columns
    for r in range(rows):
        setter.room(30)
        cells: list[tuple[str, str]] = []
        for c in range(columns):
            at = c * rows + r
            n = stream[at] if at < len(stream) else None
            caption = at < len(stream) and n is None
            cells += (
                [("", ""), (_SUBJECTS[(at + design.seed) % len(_SUBJECTS)], "bold")]
                if caption
                else [(_number(design, n), ""), (printed(design, n), "")] if n else [("", ""), ("", "")]
            )  # fmt: skip
        setter.row(cells, widths)


_WIDE: Final = _PAGE[0] - 2 * _LEFT
_SUBJECTS: Final = ("Medicina interna", "Surgery", "Pediatria", "Public health", "Obstetrics")
_VERSION: Final = {
    "es": "TEMA", "pt": "Tipo", "en": "Version", "fr": "Sujet", "it": "Versione", "de": "Gruppe", "pl": "Wersja",
    "ru": "Вариант",
}  # fmt: skip
_PRINTERS: Final = {
    "pairs": _pairs, "across": _across, "blocks": _blocks, "runs": _runs, "lines": _lines, "versions": _versions,
    "ticked": _ticked, "marked": _marked, "transposed": _transposed, "sides": _sides, "spaced": _spaced,
    "joined": _joined, "captions": _captions,
}  # fmt: skip
