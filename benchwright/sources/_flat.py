"""A paper without pages: paragraphs and tables in order, as DOCX, sheets and HTML give them.

Every line keeps the style of each of its code points, the pictures at their offsets, and its place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import regex

__all__ = [
    "BOLD",
    "COLOUR",
    "HIGHLIGHT",
    "ITALIC",
    "MARKED",
    "UNDERLINE",
    "FlatDoc",
    "FlatGrid",
    "FlatLine",
    "FlatRow",
    "LineMaker",
    "Picture",
    "all_lines",
    "joined",
    "plain_lines",
    "raised",
]

BOLD: Final = 1
ITALIC: Final = 2
UNDERLINE: Final = 4
COLOUR: Final = 8
HIGHLIGHT: Final = 16
MARKED: Final = 32
"""A class, attribute or check mark that sets an option apart, other than type."""

_EDGE: Final = " \t\u00a0\u3000\ufeff\u200b\r"
_BLANKS: Final = regex.compile(r"[ \t\u00a0\r]+")
_UP: Final = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_DOWN: Final = dict(zip("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ", strict=True))


@dataclass(frozen=True)
class Picture:
    """A picture in a text; without bytes when the file names one that is not there."""

    data: bytes | None = field(repr=False)
    media_type: str | None
    name: str
    caption: str | None = None


@dataclass(frozen=True)
class FlatLine:
    """One line of text."""

    text: str
    style: bytes
    """Flags for every code point of ``text``."""
    pictures: tuple[tuple[int, Picture], ...]
    row: int
    """1-based: the paragraph of the document, or the row of the table or sheet."""
    xpath: str
    indent: float = 0.0
    """Points from the left edge of the text."""

    def cut(self, start: int, end: int | None = None) -> FlatLine:
        """Return a stretch of the line, with the pictures in it."""
        stop = len(self.text) if end is None else end
        inside = tuple(
            (at - start, picture)
            for at, picture in self.pictures
            if start <= at < stop or (at >= stop and end is None) or (at < start and start == 0)
        )
        return replace(self, text=self.text[start:stop], style=self.style[start:stop], pictures=inside)


@dataclass(frozen=True)
class FlatRow:
    """One row of a table: cells of lines."""

    cells: tuple[tuple[FlatLine, ...], ...]
    row: int
    xpath: str

    def text(self, column: int) -> str:
        """Return the text of a cell; empty beyond the last one."""
        return joined(self.cells[column])[0] if column < len(self.cells) else ""


@dataclass(frozen=True)
class FlatGrid:
    """A table."""

    rows: tuple[FlatRow, ...]
    xpath: str
    name: str = ""
    """Caption of the table or name of the sheet."""

    @property
    def width(self) -> int:
        """The highest number of cells in a row."""
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True)
class FlatDoc:
    """A whole file."""

    blocks: tuple[FlatLine | FlatGrid, ...]
    doubts: tuple[str, ...] = ()


@dataclass
class LineMaker:
    """Collects the text of one paragraph and cuts it into lines."""

    row: int
    xpath: str
    indent: float = 0.0
    text: list[str] = field(default_factory=list)
    style: list[int] = field(default_factory=list)
    pictures: list[tuple[int, Picture]] = field(default_factory=list)

    def add(self, text: str, style: int = 0) -> None:
        """Append a run of one style."""
        self.text.extend(text)
        self.style.extend([style] * len(text))

    def picture(self, picture: Picture) -> None:
        """Put a picture at the present place."""
        self.pictures.append((len(self.text), picture))

    def lines(self) -> list[FlatLine]:
        """Return the lines, without blanks at their edges; a line with neither text nor picture is left out."""
        result: list[FlatLine] = []
        start = 0
        for end in [*(i for i, c in enumerate(self.text) if c == "\n"), len(self.text)]:
            result += self._line(start, end)
            start = end + 1
        return result

    def _line(self, start: int, end: int) -> list[FlatLine]:
        a, b = start, end
        while a < b and self.text[a] in _EDGE:
            a += 1
        while b > a and self.text[b - 1] in _EDGE:
            b -= 1
        pictures = tuple((min(max(at - a, 0), b - a), p) for at, p in self.pictures if start <= at <= end)
        if a == b and not pictures:
            return []
        text, style = "".join(self.text[a:b]), bytes(self.style[a:b])
        return [FlatLine(text, style, pictures, self.row, self.xpath, self.indent)]


def plain_lines(text: str, row: int, xpath: str, style: int = 0) -> tuple[FlatLine, ...]:
    """Return the lines of a plain text."""
    maker = LineMaker(row, xpath)
    maker.add(text.replace("\r\n", "\n").replace("\r", "\n"), style)
    return tuple(maker.lines())


def joined(lines: Sequence[FlatLine]) -> tuple[str, bytes]:
    """Return lines as one text with line breaks and single blanks, and the style of each code point."""
    text: list[str] = []
    style = bytearray()
    for line in lines:
        part = line.text.strip(_EDGE)
        if not part:
            continue
        skip = len(line.text) - len(line.text.lstrip(_EDGE))
        if text:
            text.append("\n")
            style.append(0)
        at = 0
        for blank in _BLANKS.finditer(part):
            text.append(part[at : blank.start()] + " ")
            style += line.style[skip + at : skip + blank.start() + 1]
            at = blank.end()
        text.append(part[at:])
        style += line.style[skip + at : skip + len(part)]
    return "".join(text), bytes(style)


def all_lines(doc: FlatDoc) -> Iterator[FlatLine]:
    """Yield every line of a document in order, those of tables cell by cell."""
    for block in doc.blocks:
        if isinstance(block, FlatLine):
            yield block
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from cell


def raised(text: str, *, up: bool) -> str:
    """Return a raised or lowered text in Unicode signs where all of it exists, else as ``^(...)`` or ``_(...)``."""
    signs = _UP if up else _DOWN
    core = text.strip()
    if not core:
        return text
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if all(c in signs for c in core):
        return lead + "".join(signs[c] for c in core) + tail
    return f"{lead}{'^' if up else '_'}({core}){tail}"
