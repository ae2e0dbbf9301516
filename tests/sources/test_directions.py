"""Text between questions: section headings, directions and passages belong to no option and are not lost."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas.item import Item
from benchwright.schemas.tables import Reject
from tests.sources.printed import differences, read_printed
from tests.typesetter.layout import Layout, draw, settle
from tests.typesetter.model import PrintExam
from tests.typesetter.press import print_exam
from tests.typesetter.text import phrases, random_exam

HEADS = {
    "en": "PART TWO",
    "es": "SEGUNDA PARTE",
    "ru": "ЧАСТЬ ВТОРАЯ",
    "el": "ΜΕΡΟΣ ΔΕΥΤΕΡΟ",
    "ko": "제2부",
    "ja": "第2部",
    "zh-Hant": "第二部分",
    "he": "חלק שני",
    "ar": "القسم الثاني",
    "th": "ตอนที่ 2",
}
PLACES = (4, 9)
"""Items before which a section begins."""


def with_sections(seed: int, language: str, count: int = 12) -> PrintExam:
    """A made-up exam with two headings and directions, some of which name the option letters."""
    generator = random.Random(seed)
    exam = random_exam(seed, language, count)
    rules = phrases()[language]["instructions"]
    items = list(exam.items)
    for place in PLACES:
        said = [" ".join(generator.sample(rules, 2)) for _ in range(generator.randint(1, 3))]
        said = [text + " (A, B, C, D)" if generator.random() < 0.5 else text for text in said]
        items[place] = replace(items[place], directions="\n".join([HEADS[language], *said]))
    return exam.with_items(tuple(items))


def check(exam: PrintExam, layout: Layout, folder: Path) -> None:
    printed = print_exam(exam, layout, folder, "chromium" if exam.language in ("he", "ar", "th") else "reportlab")
    read = read_printed(printed.booklet, exam.language)
    assert not differences(read, printed.truth)
    outside = [one.text for one in read if isinstance(one, Reject) and one.reason == "text-outside"]
    shared = [one.context.text for one in read if isinstance(one, Item) and one.context]
    for item in exam.items:
        if item.directions:
            head = item.directions.split("\n")[0]
            assert any(head in text for text in [*outside, *shared] if text), f"{head} is nowhere"


@pytest.mark.parametrize("language", ["en", "es", "ru", "el", "ko", "ja", "zh-Hant"])
@pytest.mark.parametrize("seed", range(4))
def test_directions_between_questions_are_part_of_none(tmp_path: Path, seed: int, language: str) -> None:
    check(with_sections(seed, language), draw(seed, language, key_format="columns"), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["he", "ar", "th"])
def test_directions_in_shaped_scripts_are_part_of_none(tmp_path: Path, language: str) -> None:
    check(with_sections(1, language), draw(1, language, key_format="columns"), tmp_path)


@pytest.mark.parametrize("per_line", [1, 4])
def test_letters_named_in_directions_are_no_options(tmp_path: Path, per_line: int) -> None:
    """Questions with three options in a paper of four: the fourth letter must not be taken from the directions."""
    exam = random_exam(2, "en", 16)
    items = [replace(item, options=item.options[:3]) if item.number in (4, 9) else item for item in exam.items]
    told = (
        "PART TWO\nRead the questions and choose the best answer, A, B, C or D. Then mark (A, B, C or D) on the sheet."
    )
    for place in (4, 9):
        items[place] = replace(items[place], directions=told)
    layout = settle(Layout(options_per_line=per_line, option_style="upper:{})", option_indent=14.0), "en")
    check(exam.with_items(tuple(items)), layout, tmp_path)


def test_gaps_of_a_text_tell_whose_text_it_is(tmp_path: Path) -> None:
    exam = random_exam(3, "en", 12)
    items = list(exam.items)
    text = " ".join(
        f"The committee ({n}) ______ its reports for a long time and the members left early." for n in range(5, 10)
    )
    items[4] = replace(items[4], directions=f"PART TWO\nFill the gaps.\n{text}")
    printed = print_exam(exam.with_items(tuple(items)), settle(Layout(), "en"), tmp_path)
    read = [one for one in read_printed(printed.booklet, "en") if isinstance(one, Item)]
    having = [item.exam.number for item in read if item.context is not None]
    assert having == ["5", "6", "7", "8", "9"]
    assert all("committee (7)" in item.context.text for item in read if item.context)


def test_what_follows_the_last_question_is_no_part_of_it(tmp_path: Path) -> None:
    """A composition task after a question without options, and pages for the supervisor."""
    exam = random_exam(4, "en", 12)
    items = [replace(item, options=()) if item.number > 8 else item for item in exam.items]
    closing = ("PART FOUR: WRITING", "Write about one of the topics.", "Texts for the supervisor.")
    exam = replace(exam.with_items(tuple(items)), closing=closing)
    printed = print_exam(exam, settle(Layout(), "en"), tmp_path)
    assert not differences(read_printed(printed.booklet, "en"), printed.truth)


@pytest.mark.parametrize(("language", "seed"), [("fr", 48), ("zh-Hant", 41), ("pl", 41)])
def test_headings_of_parts_are_in_no_option(tmp_path: Path, language: str, seed: int) -> None:
    """Centred headings directly below the options of a question, hardly apart from them."""
    exam = random_exam(seed, language, 14, tables=True, contexts=True, long_options=0.4, parts=2)
    printed = print_exam(exam, draw(seed, language, key_format="columns", item_gap=4.0), tmp_path)
    assert not differences(read_printed(printed.booklet, language), printed.truth)


def test_letters_named_below_options_that_run_on_are_no_options(tmp_path: Path) -> None:
    """Options begin anywhere in a line, so that a letter in directions could be one: a heading ends them."""
    path = tmp_path / "booklet.pdf"
    canvas, y = Canvas(str(path)), 800.0
    canvas.setFont("Helvetica", 10)
    for number in range(1, 17):
        words = ["seen", "not seen at all", "no information", "both of them"][: 3 if number <= 8 else 4]
        marked = "  ".join(
            f"{letter}) {word} {'ab' * (number % 5)}" for letter, word in zip("ABCD", words, strict=False)
        )
        below = ["PART TWO: USE OF ENGLISH", "Choose the letter (A, B, C or D) of the word that fits best."]
        for text in [f"{number}. Is case {number} of the list seen?", marked, *(below if number == 8 else [])]:
            canvas.drawString(60, y, text)
            y -= 14
        y -= 8
        if y < 90:
            canvas.showPage()
            canvas.setFont("Helvetica", 10)
            y = 800.0
    canvas.save()
    items = {one.exam.number: one for one in read_printed(path, "en") if isinstance(one, Item)}
    assert [len(items[str(number)].options) for number in range(1, 17)] == [3] * 8 + [4] * 8
    assert "Choose" not in "".join(option.text for item in items.values() for option in item.options)
