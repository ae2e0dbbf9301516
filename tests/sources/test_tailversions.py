"""Keys of several versions at the end of a booklet: that of the booklet is taken, and none where nothing tells."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas.item import Item
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.tables import Reject
from benchwright.sources.pdf import SOURCE

COUNT = 40


@dataclass(frozen=True)
class Style:
    """How the versions stand at the end."""

    names: tuple[str, ...] = ("TEMA A", "TEMA B", "TEMA C", "TEMA D")
    number: str = "ORDEN"
    shared: bool = False
    """One column of numbers for all versions."""
    rows: int = 25
    """Rows on a page."""
    again: bool = True
    """The names stand above the columns on every page."""
    order: bool = False
    """Rows are one question each, which has another number in every version."""
    annulled: str = ""
    """What stands for number 7 of the second version."""


class _Media:
    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Keep nothing."""
        return "0" * 64, f"{len(data)}.{media_type}"


def _booklet(canvas: Canvas, head: str, cover: str) -> None:
    words = random.Random(2)
    for first in range(1, COUNT + 1, 5):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(420, 800, head)
        if first == 1:
            canvas.drawString(60, 790, cover)
        y = 760.0
        for number in range(first, first + 5):
            things = " ".join(words.sample(("signs", "drugs", "bones", "nerves", "cells", "doses", "tests"), 3))
            canvas.drawString(60, y, f"{number}) Which of these {things} comes {words.choice(('first', 'last'))}?")
            for k, label in enumerate("abcd"):
                canvas.drawString(75, y - 16 * (k + 1), f"{label}) Choice {words.randrange(1000)} of {number}")
            y -= 130
        canvas.showPage()


def _key(canvas: Canvas, style: Style, answers: dict[str, list[str]]) -> None:
    turned = {name: random.Random(name).sample(range(COUNT), COUNT) for name in style.names}
    wide = 500 / len(style.names)
    for page in range(0, COUNT, style.rows):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(50, 800, "RESPUESTAS CORRECTAS")
        if style.again or not page:
            for k, name in enumerate(style.names):
                if not style.shared or not k:
                    canvas.drawCentredString(60 + k * wide, 770, style.number)
                canvas.drawCentredString(125 + k * wide * (0.7 if style.shared else 1), 770, name)
        for r, q in enumerate(range(page, min(page + style.rows, COUNT))):
            for k, name in enumerate(style.names):
                at = turned[name][q] if style.order else q
                if not style.shared or not k:
                    canvas.drawCentredString(60 + k * wide, 750 - 18 * r, str(at + 1))
                said = style.annulled if style.annulled and k == 1 and at == 6 else answers[name][at]
                canvas.drawCentredString(125 + k * wide * (0.7 if style.shared else 1), 750 - 18 * r, said)
        canvas.showPage()


def _read(
    folder: Path, style: Style, head: str = "", cover: str = "", booklet: str | None = None
) -> tuple[dict[int, Item], list[Reject], dict[str, list[str]]]:
    pick = random.Random(9)
    answers = {name: [pick.choice("ABCD") for _ in range(COUNT)] for name in style.names}
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    _booklet(canvas, head, cover)
    _key(canvas, style, answers)
    canvas.save()
    return *_parsed(folder, buffer.getvalue(), booklet), answers


def _parsed(folder: Path, data: bytes, booklet: str | None = None) -> tuple[dict[int, Item], list[Reject]]:
    (folder / "whole.pdf").write_bytes(data)
    job = PaperJob(
        file="b", sha256="0" * 64, exam="x", edition="1", part="1", language="en", role="booklet", booklet=booklet
    )
    out = list(SOURCE.parse(folder / "whole.pdf", job, _Media()))
    items = {int(one.exam.number): one for one in out if isinstance(one, Item) and one.exam.number}
    return items, [one for one in out if isinstance(one, Reject)]


def _said(items: dict[int, Item]) -> list[str]:
    assert sorted(items) == list(range(1, COUNT + 1))
    return [items[n].key.answers[0][0] if items[n].key.answers else items[n].key.status for n in sorted(items)]


@pytest.mark.parametrize(
    "style",
    [
        Style(),
        Style(again=False),
        Style(order=True),
        Style(shared=True),
        Style(names=("TIPO 1", "TIPO 2"), number="Pregunta", annulled="ANULADA"),
        Style(names=("Azul", "Verde", "Roja"), number="No."),
    ],
    ids=["columns", "named once", "other orders", "one column of numbers", "two with an annulled one", "colours"],
)
@pytest.mark.parametrize("where", ["head", "cover"])
def test_the_version_that_the_booklet_prints_is_taken(tmp_path: Path, style: Style, where: str) -> None:
    mine = style.names[1]
    items, _, answers = _read(tmp_path, style, **{where: mine})
    expected = list(answers[mine])
    if style.annulled:
        expected[6] = "annulled"
    assert _said(items) == expected


@pytest.mark.parametrize("style", [Style(), Style(shared=True)], ids=["columns", "one column of numbers"])
def test_without_its_name_there_is_no_key_but_a_reject(tmp_path: Path, style: Style) -> None:
    items, rejects, _ = _read(tmp_path, style, cover="TEMA A, TEMA B, TEMA C and TEMA D are handed out in turn.")
    assert set(_said(items)) == {"unknown"}
    told = [one for one in rejects if one.reason == "key-unreadable"]
    assert [one.page for one in told] == [9]
    assert all(word in (told[0].detail or "") for word in ("A", "B", "C", "D", "booklet:"))


@pytest.mark.parametrize("booklet", ["TEMA C", "c"])
def test_the_recipe_names_the_version(tmp_path: Path, booklet: str) -> None:
    items, _, answers = _read(tmp_path, Style(), head="TEMA A", booklet=booklet)
    assert _said(items) == answers["TEMA C"]


def _odd(canvas: Canvas) -> None:
    """A page of numbers and letters in which nothing tells which belong together."""
    pick = random.Random(3)
    for k in range(COUNT):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, 780 - 17 * k, str(k + 1))
    for k in range(COUNT):
        canvas.drawString(
            300, 771.5 - 18.3 * k, f"* {pick.choice('ABCD')} {pick.choice('ABCD')}"[: pick.choice((3, 5))]
        )
    canvas.showPage()


def test_a_page_that_looks_like_a_key_and_is_not_read_is_told(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    _booklet(canvas, "", "")
    _odd(canvas)
    canvas.save()
    items, rejects = _parsed(tmp_path, buffer.getvalue())
    assert set(_said(items)) == {"unknown"}
    told = [one for one in rejects if one.reason == "key-unreadable"]
    assert [(one.page, one.number) for one in told] == [(9, None)]
    assert "CSV" in (told[0].detail or "")


def test_an_empty_sheet_for_answers_is_no_key(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    _booklet(canvas, "", "")
    for k in range(COUNT):
        canvas.drawString(60 + k // 20 * 200, 780 - 20 * (k % 20), f"{k + 1}   A   B   C   D")
    canvas.showPage()
    canvas.save()
    _, rejects = _parsed(tmp_path, buffer.getvalue())
    assert [one for one in rejects if one.reason == "key-unreadable"] == []
