"""Key files of boards: one small table for each job and booklet type, several to a page, over many pages."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from tests.typesetter.boards import Board
from tests.typesetter.boardwords import JOBS, WORDS
from tests.typesetter.fonts import register, width
from tests.typesetter.model import PrintItem


@dataclass(frozen=True)
class JobKeys:
    """How the key file of a board is printed."""

    per_row: int = 20
    types: tuple[str, ...] = ("A", "B")
    heading: str = "one"
    """`one` line with code, job and type; `two` lines; `split`: three; `once`: the job above its first type only."""
    labels: bool = False
    """Rows begin with a word for question and answer."""
    own_page: bool = False
    ruled: bool = True
    annulled: int = 0
    """Which word or sign for annulled questions."""
    again: bool = True
    """The heading comes again where a table goes on on the next page."""
    jobs: int = 12
    size: float = 8.0


def draw_keys(seed: int, **fixed: Any) -> JobKeys:
    """A style drawn with a seed."""
    pick = random.Random(f"board keys {seed}").choice
    drawn: dict[str, Any] = {
        "per_row": pick((10, 20, 20)),
        "types": pick((("A",), ("A", "B"), ("A", "B", "C"), ("A", "B", "C", "D"))),
        "heading": pick(("one", "two", "split", "once")),
        "labels": pick((False, True)),
        "own_page": pick((False, True)),
        "ruled": pick((True, False)),
        "annulled": pick((0, 1, 2)),
        "again": pick((True, False)),
        "jobs": pick((3, 8, 12)),
    }
    return JobKeys(**{**drawn, **fixed})


def annulled_numbers(board: Board) -> set[int]:
    """The questions that the key annuls."""
    return set(random.Random(f"annulled {board.seed}").sample(range(1, board.count + 1), 2))


def print_job_keys(style: JobKeys, board: Board, items: tuple[PrintItem, ...], path: Path) -> dict[int, str | None]:
    """Prints the keys of all jobs and types; returns the answers of the board's own paper, None for annulled."""
    words = WORDS[board.language]
    names = JOBS[board.language]
    jobs = sorted({board.job, *range(style.jobs)} & set(range(len(names))))
    own = {item.number: item.key[0][0] if item.key else None for item in items}
    own |= dict.fromkeys(annulled_numbers(board), None)
    types = style.types if board.type in style.types else (*style.types, board.type)
    setter = _Keys(path, board, style)
    setter.line(words["key"], bold=True, size=13.0)
    for job in jobs:
        for version in types:
            mine = job == board.job and version == board.type
            setter.table(_heading(style, board, job, version), own if mine else _other(own, job, version))
    if words["annulled"][style.annulled] != "ANULADA":
        setter.line(words["legend"].format(sign=words["annulled"][style.annulled]))
    setter.save()
    return own


def _other(own: dict[int, str | None], job: int, version: str) -> dict[int, str | None]:
    generator = random.Random(f"{job} {version}")
    return {number: generator.choice("ABCDE") if generator.random() > 0.01 else None for number in own}


def _heading(style: JobKeys, board: Board, job: int, version: str) -> list[str]:
    words, name = WORDS[board.language], JOBS[board.language][job]
    code = 101 + job
    if style.heading == "one":
        return [f"{code} – MÉDICO – {name} – {words['type'].upper()} {version}"]
    if style.heading == "once":
        above = [f"{words['code']} {code}: MÉDICO – {name}"] if version == style.types[0] else []
        return [*above, f"{words['type']} {version}"]
    if style.heading == "two":
        return [f"{words['code']} {code}: MÉDICO – {name}", f"{words['type']} {version}"]
    return [f"{words['code']}: {code}", f"MÉDICO – {name}", f"{words['type'].upper()} {version}"]


class _Keys:
    def __init__(self, path: Path, board: Board, style: JobKeys) -> None:
        self.page: Any = canvas.Canvas(str(path), pagesize=A4, invariant=1)
        self.board, self.style = board, style
        self.regular, self.bold = register(board.font, bold=False), register(board.font, bold=True)
        self.y = 50.0
        self.number = 1
        self._foot()

    def _foot(self) -> None:
        self.page.setFont(self.regular, 7.5)
        self.page.drawCentredString(A4[0] / 2, 25, WORDS[self.board.language]["page"].format(page=self.number))

    def new_page(self) -> None:
        self.page.showPage()
        self.number += 1
        self.y = 50.0
        self._foot()

    def line(self, text: str, *, bold: bool = False, size: float = 9.5) -> None:
        """Sets a line in the middle."""
        if self.y + 30 > A4[1] - 50:
            self.new_page()
        font = self.bold if bold else self.regular
        self.y += 1.6 * size
        self.page.setFont(font, size)
        self.page.drawString(A4[0] / 2 - width(text, font, size) / 2, A4[1] - self.y, text)

    def table(self, heading: list[str], answers: dict[int, str | None]) -> None:
        """Sets one key: its heading, then rows of numbers with answers below."""
        style, words = self.style, WORDS[self.board.language]
        if style.own_page and self.y > 120:
            self.new_page()
        if self.y + 100 > A4[1] - 50:
            self.new_page()
        self.y += 10
        for one in heading:
            self.line(one, bold=True)
        self.y += 6
        numbers = sorted(answers)
        step = 1.8 * style.size
        for at in range(0, len(numbers), style.per_row):
            if self.y + 2 * step > A4[1] - 50:
                self.new_page()
                if style.again:
                    self.line(f"{heading[-1]} {words['continued']}", bold=True)
                    self.y += 6
            some = numbers[at : at + style.per_row]
            cells = [[str(n) for n in some], [answers[n] or words["annulled"][style.annulled] for n in some]]
            names = [words["question"], "Gabarito" if self.board.language == "pt" else "Respuesta"]
            for row, texts in enumerate(cells):
                self._row([names[row], *texts] if style.labels else texts, step)
            self.y += 4

    def _row(self, texts: list[str], step: float) -> None:
        style = self.style
        first = 48.0 if style.labels else 0.0
        cell = (A4[0] - 80 - first) / style.per_row
        x = 40.0
        for k, text in enumerate(texts):
            wide = first if first and not k else cell
            size = min(style.size, style.size * wide / (width(text, self.regular, style.size) + 2))
            self.page.setFont(self.regular, size)
            self.page.drawCentredString(x + wide / 2, A4[1] - self.y - 0.7 * step, text)
            if style.ruled:
                self.page.setLineWidth(0.4)
                self.page.rect(x, A4[1] - self.y - step, wide, step)
            x += wide
        self.y += step

    def save(self) -> None:
        self.page.showPage()
        self.page.save()
