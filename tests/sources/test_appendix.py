"""Figures outside the questions: named ones go to the questions that name them, others to none."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas.item import Item
from benchwright.schemas.tables import Reject
from tests.sources.printed import read_printed

HEIGHT = 842


def picture(seed: int) -> ImageReader:
    image = Image.new("RGB", (120, 80), "white")
    ImageDraw.Draw(image).ellipse((10 + seed, 10, 90, 70), outline="black", width=3)
    stream = io.BytesIO()
    image.save(stream, format="PNG")
    stream.seek(0)
    return ImageReader(stream)


class Booklet:
    """Lines and pictures put on pages by hand."""

    def __init__(self, path: Path) -> None:
        self.canvas = Canvas(str(path), pagesize=(595, HEIGHT))
        self.y = 60.0
        self.seed = 0

    def say(self, *lines: str, gap: float = 8.0) -> None:
        for text in lines:
            self.canvas.setFont("Helvetica", 10)
            self.canvas.drawString(60, HEIGHT - self.y, text)
            self.y += 13
        self.y += gap

    def show(self, width: float = 120) -> None:
        self.seed += 3
        self.canvas.drawImage(picture(self.seed), 60, HEIGHT - self.y - 80 + 8, width, 80)
        self.y += 92

    def turn(self) -> None:
        self.canvas.showPage()
        self.y = 60.0

    def ask(self, number: int, stem: str) -> None:
        self.say(f"{number}. {stem}", *(f"{letter}. Answer {letter}{number} of four" for letter in "ABCD"))


def read(path: Path, stems: Sequence[str], appendix: Sequence[str | None]) -> tuple[dict[str, int], int]:
    """Print questions, and on a last page captions and pictures; return pictures by number, and those of none."""
    booklet = Booklet(path)
    for number, stem in enumerate(stems, 1):
        if number % 7 == 0:
            booklet.turn()
        booklet.ask(number, stem)
    booklet.turn()
    booklet.say("PICTURES", gap=20)
    for text in appendix:
        booklet.show() if text is None else booklet.say(text)
    booklet.canvas.save()
    found = read_printed(path, "en")
    items = {one.exam.number or "": len(one.media) for one in found if isinstance(one, Item)}
    loose = sum(1 for one in found if isinstance(one, Reject) and one.reason == "image-unattached")
    return {number: count for number, count in items.items() if count}, loose


STEMS = [f"What is the most likely cause of finding number one in case {n}?" for n in "abcdefghij"]


def test_pictures_of_an_appendix_go_to_the_questions_that_name_them(tmp_path: Path) -> None:
    stems = list(STEMS)
    stems[2] = "What does the tracing show (see Figure 1)?"
    stems[4] = "Compare Figure 2 and choose the diagnosis."
    stems[7] = "Which drug explains Figure 2?"
    given = ["Figure 1", None, "Figure 2", None]
    assert read(tmp_path / "a.pdf", stems, given) == ({"3": 1, "5": 1, "8": 1}, 0)


def test_captions_below_their_pictures_are_told_from_those_above(tmp_path: Path) -> None:
    stems = list(STEMS)
    stems[1], stems[5] = "What does Figure 1 show?", "What does Figure 2 show?"
    assert read(tmp_path / "a.pdf", stems, [None, "Figure 1", None, "Figure 2"]) == ({"2": 1, "6": 1}, 0)


def test_captions_may_name_questions(tmp_path: Path) -> None:
    given = ["Question 4", None, "Question 9", None]
    assert read(tmp_path / "a.pdf", STEMS, given) == ({"4": 1, "9": 1}, 0)


def test_a_picture_that_nobody_names_is_refused_and_not_given_to_the_last_question(tmp_path: Path) -> None:
    assert read(tmp_path / "a.pdf", STEMS, ["Examination of the board", None]) == ({}, 1)


def test_a_picture_in_a_shared_text_belongs_to_all_its_questions(tmp_path: Path) -> None:
    booklet = Booklet(tmp_path / "a.pdf")
    for number in range(1, 6):
        booklet.ask(number, STEMS[number])
    booklet.turn()
    booklet.say("Questions 6 to 8 refer to the following case.", "A patient comes with fever. The tracing is shown:")
    booklet.show()
    for number in range(6, 10):
        booklet.ask(number, STEMS[number])
    booklet.canvas.save()
    items = [one for one in read_printed(tmp_path / "a.pdf", "en") if isinstance(one, Item)]
    assert [one.exam.number for one in items if one.media] == ["6", "7", "8"]
