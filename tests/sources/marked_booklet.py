"""Booklets drawn line by line, with the key marked in ways that the typesetter does not print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeyLayout, Layout, PaperJob
from benchwright.schemas.tables import Reject
from benchwright.sources import parse_paper

__all__ = ["FILE", "KEYS", "Drawn", "Media", "draw", "read"]

FILE = "booklet.pdf"
KEYS = (1, 3, 0, 2, 2, 1, 3, 0)
"""Index of the right option of each question of a plain booklet."""
TEXTS = ("A deep cough at", "Loss of the reflex at", "A rash on both hands at", "Swelling without pain at")
WHEN = ("night", "noon", "rest", "birth", "school", "work", "home", "sea", "play", "dusk", "dawn", "last", "first",
        "lunch")  # fmt: skip
"""No two questions are alike: lines that return on every page are page furniture."""


@dataclass(frozen=True)
class Drawn:
    """One option as it is about to be drawn: the page, where, its text, and whether it is right."""

    page: Any
    x: float
    y: float
    text: str
    question: int
    index: int
    right: bool

    @property
    def width(self) -> float:
        """Width of the text in points."""
        return float(self.page.stringWidth(self.text, "Helvetica", 11))


def draw(
    folder: Path,
    mark: Callable[[Drawn], str | None],
    keys: Sequence[int | None] = KEYS,
    under: Callable[[int], Sequence[str]] = lambda question: (),
) -> Path:
    """Draw a booklet of four-option questions.

    Args:
        folder: where the file goes.
        mark: draws behind an option, and may return another text for it.
        keys: index of the right option of each question.
        under: lines that stand under a question, by its position.
    """
    path = folder / FILE
    page = Canvas(str(path), pagesize=(595, 842))
    y = 790.0
    for question, right in enumerate(keys):
        page.setFont("Helvetica", 11)
        page.drawString(60, y, f"{question + 1}. At {WHEN[question % 14]}: which is sign number {question + 1} of all?")
        for index, text in enumerate(TEXTS):
            y -= 15
            words = f"{'ABCD'[index]}. {text} {WHEN[question % 14]}"
            drawn = Drawn(page, 74, y, words, question, index, index == right)
            page.setFont("Helvetica", 11)
            page.setFillColorRGB(0, 0, 0)
            page.drawString(74, y, mark(drawn) or words)
        page.setFont("Helvetica", 11)
        page.setFillColorRGB(0, 0, 0)
        for line in under(question):
            y -= 15
            page.drawString(74, y, line)
        y -= 26
        if y < 140:
            page.showPage()
            y = 790.0
    page.save()
    return path


class Media:
    """Keeps nothing: the booklets have no pictures."""

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Refuse: a picture here is an error."""
        raise AssertionError(f"{len(data)} bytes of {media_type}")


def read(path: Path, key: KeyLayout | None = None) -> tuple[list[Item], list[Reject]]:
    """Return items and rejects of a booklet; ``key`` is what the recipe says of its key."""
    layout = Layout(key=key) if key is not None else None
    job = PaperJob(file=FILE, sha256="0" * 64, exam="made-up", edition="2021", part="1", language="en", layout=layout)
    got = list(parse_paper(path, job, Media()))
    return [one for one in got if isinstance(one, Item)], [one for one in got if isinstance(one, Reject)]
