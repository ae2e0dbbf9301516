"""Booklets as examination boards print them: a cover with rules, two columns, question headings, furniture.

Everything is drawn from a seed: :func:`draw_board` gives a style, :func:`print_board` prints the booklet with made-up
questions. Keys of many jobs are printed by :mod:`tests.typesetter.boardkeys`.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4

from tests.typesetter.boardpages import paint
from tests.typesetter.boardwords import JOBS, WORDS
from tests.typesetter.fonts import register, width
from tests.typesetter.model import PrintItem
from tests.typesetter.text import random_exam

_HEADINGS = ("{word} {n}", "{word} {n:02}", "{word} Nº {n}", "{n:02}", "{word} {n}.", "{n}.", "{word} {n:02} –")


@dataclass(frozen=True)
class Board:
    """How one board prints; lengths are points."""

    language: str = "pt"
    count: int = 60
    heading: str = "{word} {n}"
    upper: bool = True
    decoration: str = "none"
    """Beside the question heading: `none`, `rule` (drawn below), `bar` (shaded), `signs` (a row of underscores)."""
    own_line: bool = True
    bold: bool = True
    mark: str = "({})"
    hang: float = 18.0
    separator: bool = True
    frame: bool = False
    watermark: str = "none"
    """`none`, `diagonal`, `huge` (upright, page-wide, light grey), `stamp` (small and upright, inside a column)."""
    spaces: bool = True
    justify: bool = True
    size: float = 9.0
    leading: float = 1.2
    font: str = "liberation-sans"
    gap: float = 10.0
    split: bool = True
    footer: str = "board"
    free_box: bool = False
    scratch: bool = False
    lost: int = 0
    """Last questions whose heading is a picture, so that no number of them is in the text."""
    rules: str = "{}."
    """How the cover counts its rules; `""` for none."""
    told: bool = True
    """The cover says how many questions there are."""
    sections: str = "column"
    """`none`, `column` or `page` (page-wide, at the head of a page)."""
    long: float = 0.3
    gutter: float = 22.0
    """Between the columns."""
    mirrored: float = 0.0
    """By how much the pages are shifted towards the spine, to one side and the other in turn."""
    side: str = "none"
    """Beside the text: `turned` (words on their side), `lines` (numbers of the lines), `marks` (signs off the text)."""
    rule_signs: bool = False
    """The rule between the columns is a column of upright strokes in the text."""
    stuck: bool = False
    """No space between word, number and the signs behind it."""
    row_options: int = 1
    """Options to a line."""
    crop: float = 0.0
    """Points by which the page is larger than the sheet, at the left."""
    job: int = 2
    type: str = "A"
    seed: int = 0


def draw_board(seed: int, **fixed: Any) -> Board:
    """A style drawn with a seed."""
    pick = random.Random(f"board {seed}").choice
    language = fixed.get("language", pick(("pt", "pt", "es")))
    own_line = pick((True, True, False))
    drawn: dict[str, Any] = {
        "language": language,
        "count": pick((40, 60, 80, 100)),
        "heading": pick(_HEADINGS),
        "upper": pick((True, True, False)),
        "decoration": pick(("none", "rule", "bar", "signs")) if own_line else "none",
        "own_line": own_line,
        "bold": pick((True, True, False)),
        "mark": pick(("({})", "({})", "{})", "[{}]", "{}.")),
        "hang": pick((18.0, 14.0, 0.0, 22.0)),
        "separator": pick((True, False)),
        "frame": pick((False, True)),
        "watermark": pick(("none", "none", "diagonal", "huge", "stamp")),
        "spaces": pick((True, True, False)),
        "justify": pick((True, True, False)),
        "size": pick((9.0, 8.5, 10.0)),
        "leading": pick((1.15, 1.2, 1.35)),
        "font": pick(("liberation-sans", "liberation-serif", "helvetica")),
        "gap": pick((6.0, 10.0, 16.0)),
        "split": pick((True, True, False)),
        "footer": pick(("board", "page", "none", "pages")),
        "free_box": pick((False, True)),
        "scratch": pick((False, False, True)),
        "rules": pick(("{}.", "{} -", "{})", "• ", "")),
        "told": pick((True, True, False)),
        "sections": pick(("none", "column", "page")),
        "long": pick((0.2, 0.6)),
        "job": pick(range(len(JOBS["pt"]))),
        "type": pick(("A", "B", "C")),
        "seed": seed,
    }  # fmt: skip
    if drawn["heading"].startswith("{n") and drawn["rules"] in ("{}.", "{})") and drawn["heading"] == "{n}.":
        drawn["heading"] = "{n:02}."
    if not own_line and "word" in drawn["heading"]:
        drawn["bold"] = True
    return Board(**{**drawn, **fixed})


@dataclass
class _Page:
    ops: list[tuple[Any, ...]] = field(default_factory=list)


class Setter:
    """Fills two columns, page after page."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.pages: list[_Page] = []
        self.regular, self.bold = register(board.font, bold=False), register(board.font, bold=True)
        self.top, self.bottom, self.margin, self.gutter = 62.0, A4[1] - 58.0, 42.0, board.gutter
        self.width = (A4[0] - 2 * self.margin - self.gutter) / 2
        self.start = self.top
        self.new_page()

    def new_page(self, top: float | None = None) -> None:
        """Begins a page."""
        self.pages.append(_Page())
        self.column, self.start = 0, top or self.top
        self.y = self.start

    @property
    def left(self) -> float:
        """Left edge of the column."""
        shift = self.board.mirrored * (1 if len(self.pages) % 2 else -1)
        return float(self.margin + shift + self.column * (self.width + self.gutter))

    def next_column(self) -> None:
        """Goes on in the next column or page."""
        if self.column:
            self.new_page()
        else:
            self.column, self.y = 1, self.start

    def need(self, height: float) -> None:
        """Moves on unless there is room."""
        if self.y + height > self.bottom:
            self.next_column()

    def broken(self, text: str, room: float, font: str, size: float) -> list[list[str]]:
        """Words by line."""
        lines: list[list[str]] = [[]]
        for one in text.split():
            if lines[-1] and width(" ".join([*lines[-1], one]), font, size) > room:
                lines.append([])
            lines[-1].append(one)
        return lines

    def paragraph(self, text: str, *, indent: float = 0.0, bold: bool = False, mark: str = "", keep: int = 0) -> None:
        """Sets a paragraph; a mark stands at the left of its first line."""
        board = self.board
        font, size = (self.bold if bold else self.regular), board.size
        step = size * board.leading
        lead = 0.0
        if mark and not indent:
            text = f"{mark} {text}"
        elif mark:
            lead = max(0.0, width(mark, font, size) + 3.0 - indent)
        lines = self.broken(text, self.width - indent - lead, font, size)
        for k, line in enumerate(lines):
            self.need(step * (1 + keep if not k else 1))
            self.y += step
            if mark and indent and not k:
                self.put(self.left, self.y, mark, font, size)
            self._line(line, self.left + indent + lead, self.width - indent - lead, font, k == len(lines) - 1)

    def _line(self, line: list[str], x: float, room: float, font: str, last: bool) -> None:
        size, board = self.board.size, self.board
        natural = width(" ".join(line), font, size)
        blank = width(" ", font, size)
        extra = (room - natural) / (len(line) - 1) if board.justify and not last and len(line) > 1 else 0.0
        if not extra and board.spaces:
            self.put(x, self.y, " ".join(line), font, size)
            return
        for k, one in enumerate(line):
            tail = " " if board.spaces and k + 1 < len(line) else ""
            self.put(x, self.y, one + tail, font, size)
            x += width(one, font, size) + blank + extra

    def put(self, x: float, y: float, text: str, font: str, size: float) -> None:
        """Prints a text at a place."""
        self.pages[-1].ops.append(("text", x, y, text, font, size))


def items_of(board: Board) -> tuple[PrintItem, ...]:
    """The questions of a board's paper."""
    exam = random_exam(board.seed, board.language, board.count, options=(5, 5), contexts=True, long_options=board.long)
    return tuple(
        replace(
            item,
            stem=_plain(item.stem),
            context=item.context and _plain(item.context),
            options=tuple(replace(option, text=_plain(option.text)) for option in item.options),
        )
        for item in exam.items
    )


def _plain(text: str) -> str:
    """The text without raised and lowered figures, which the fonts of boards do not have."""
    return unicodedata.normalize("NFKC", text)


def print_board(board: Board, path: Path) -> tuple[PrintItem, ...]:
    """Prints a booklet and returns its questions."""
    setter = Setter(board)
    _cover(setter)
    setter.new_page()
    items = items_of(board)
    sections = list(WORDS[board.language]["sections"])
    random.Random(board.seed).shuffle(sections)
    each = max(len(items) // 3, 1)
    for k, item in enumerate(items):
        fresh = item.context is not None and (not k or items[k - 1].context != item.context)
        if board.sections != "none" and not k % each and sections and (fresh or item.context is None):
            _section(setter, sections.pop(), first=not k)
        if fresh:
            _context(setter, item, sum(other.context == item.context for other in items))
        _question(setter, item)
    if board.free_box:
        setter.need(80.0)
        setter.y += 20.0
        setter.put(setter.left + 60.0, setter.y, WORDS[board.language]["free"][0], setter.regular, board.size)
    if board.scratch:
        _scratch(setter)
    paint(setter, path)
    return items


def _cover(setter: Setter) -> None:
    board, words = setter.board, WORDS[setter.board.language]
    y = 90.0
    for text, size in (
        ("CONCURSO VELK 2031", 16.0),
        (f"{101 + board.job} – MÉDICO – {JOBS[board.language][board.job]}", 13.0),
        (f"{words['type'].upper()} {board.type}", 13.0),
    ):
        setter.put(A4[0] / 2 - width(text, setter.bold, size) / 2, y, text, setter.bold, size)
        y += 30.0
    rules = list(words["rules"])
    if board.told:
        rules.insert(0, words["contains"][board.seed % len(words["contains"])].format(n=board.count))
    for k, rule in enumerate(rules, 1):
        mark = board.rules.format(k) if board.rules else ""
        y += 20.0
        setter.put(60.0, y, f"{mark} {rule}".strip(), setter.regular, 10.0)


def _section(setter: Setter, title: str, *, first: bool) -> None:
    if setter.board.sections == "page":
        if not first:
            setter.new_page()
        size = 12.0
        setter.put(A4[0] / 2 - width(title, setter.bold, size) / 2, setter.y + size, title, setter.bold, size)
        setter.start = setter.y = setter.y + 2.2 * size
        return
    setter.need(90.0)
    setter.y += 18.0
    middle = setter.left + (setter.width - width(title, setter.bold, 11.0)) / 2
    setter.put(middle, setter.y, title, setter.bold, 11.0)
    setter.y += 8.0


def _context(setter: Setter, item: PrintItem, shared: int) -> None:
    words = WORDS[setter.board.language]
    a, b = item.number, item.number + shared - 1
    line = words["range"][min(shared - 2, 1)] if item.number % 2 else words["case"]
    setter.need(70.0)
    setter.y += 6.0
    setter.paragraph(line.format(a=a, b=b), bold=True)
    setter.y += 4.0
    setter.paragraph(item.context or "")
    setter.y += setter.board.gap


def heading_of(board: Board, number: int) -> str:
    """The printed number of a question."""
    text = board.heading.format(word=WORDS[board.language]["question"], n=number)
    text = text.replace(" ", "") if board.stuck else text
    return text.upper() if board.upper else text


def _question(setter: Setter, item: PrintItem) -> None:
    board = setter.board
    step = board.size * board.leading
    heading = heading_of(board, item.number) if item.number <= board.count - board.lost else ""
    setter.need(4 * step if board.split else 14 * step)
    if board.own_line:
        font = setter.bold if board.bold else setter.regular
        setter.y += step + (4.0 if board.decoration == "bar" else 0.0)
        if board.decoration == "bar":
            setter.pages[-1].ops.append(("bar", setter.left, setter.y - step + 1, setter.width, step + 3))
        text = heading
        if board.decoration == "signs":
            room = setter.width - width(heading + " ", font, board.size)
            text += " " * (not board.stuck) + "_" * int(room / width("_", font, board.size))
        if heading:
            setter.put(setter.left + 2 * (board.decoration == "bar"), setter.y, text, font, board.size)
        if board.decoration == "rule":
            setter.pages[-1].ops.append(("rule", setter.left, setter.y + 3, setter.left + setter.width, setter.y + 3))
        setter.y += 5.0 if board.decoration != "none" else 1.0
        setter.paragraph(item.stem)
    else:
        setter.paragraph(f"{heading} {item.stem}".strip())
    setter.y += 3.0
    _options(setter, item)
    setter.y += board.gap


def _options(setter: Setter, item: PrintItem) -> None:
    """Sets one option below the other, or several to a line where all are short enough."""
    board, each = setter.board, setter.width / max(setter.board.row_options, 1)
    texts = [f"{board.mark.format(option.label)} {option.text}" for option in item.options]
    if board.row_options == 1 or max(width(text, setter.regular, board.size) for text in texts) > each - 4:
        for option in item.options:
            setter.paragraph(option.text, mark=board.mark.format(option.label), indent=board.hang)
        return
    for at in range(0, len(texts), board.row_options):
        setter.need(board.size * board.leading)
        setter.y += board.size * board.leading
        for k, text in enumerate(texts[at : at + board.row_options]):
            setter.put(setter.left + k * each, setter.y, text, setter.regular, board.size)


def _scratch(setter: Setter) -> None:
    """A page for notes, its lines numbered."""
    setter.new_page()
    setter.put(A4[0] / 2 - 30, setter.top, WORDS[setter.board.language]["free"][1].upper(), setter.bold, 12.0)
    for k in range(1, 31):
        y = setter.top + 20.0 * k
        setter.put(setter.margin - 4, y, str(k), setter.regular, 8.0)
        setter.pages[-1].ops.append(("rule", setter.margin + 14, y, A4[0] - setter.margin, y))
