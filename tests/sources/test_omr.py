"""Optical-mark forms and pictures of key tables: every cell right, or unknown and never a guess."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from benchwright.schemas.errors import InputError
from benchwright.schemas.papers import PaperJob
from benchwright.sources._omr import find_form
from benchwright.sources._omrsheet import marked_form, sheet_of_form
from benchwright.sources.image import KEYS
from tests.sources.forms import FormStyle, draw_answers, draw_form

STYLES = st.builds(
    FormStyle,
    questions=st.sampled_from((20, 30, 48)),
    options=st.sampled_from((3, 4, 5)),
    blocks=st.sampled_from((1, 2, 3)),
    shape=st.sampled_from(("circle", "box", "flat")),
    letters=st.booleans(),
    size=st.sampled_from((18, 22)),
    skew=st.sampled_from((0.0, 0.6, -1.5)),
    noise=st.sampled_from((0.0, 8.0)),
    quality=st.sampled_from((90, 45)),
    pencil=st.sampled_from((30, 90)),
)
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")


def job(name: str) -> PaperJob:
    """A key of a made-up exam."""
    return PaperJob(file=name, sha256="0" * 64, exam="x", edition="1", part="1", language="en", role="key")


@settings(max_examples=12)
@given(style=STYLES, seed=st.integers(0, 1000))
def test_every_filled_cell_is_read(style: FormStyle, seed: int) -> None:
    image, truth = draw_form(style, seed)
    form = find_form(image)
    assert form is not None
    assert form.options == style.options
    assert [row.filled for block in form.blocks for row in block.rows] == truth


@settings(max_examples=8)
@given(seed=st.integers(0, 1000), style=STYLES)
def test_two_filled_cells_or_none_are_no_answer(seed: int, style: FormStyle) -> None:
    generator = random.Random(seed)
    answers: list[int | tuple[int, ...] | None] = [generator.randrange(style.options) for _ in range(style.questions)]
    answers[3], answers[7] = (0, style.options - 1), None
    form = find_form(draw_answers(style, answers, generator))
    assert form is not None
    rows = [row for block in form.blocks for row in block.rows]
    assert [rows[k].filled for k in (3, 7)] == [None, None]
    assert all(rows[k].doubt for k in (3, 7))
    assert [row.filled for row in rows[8:]] == answers[8:]


@pytest.mark.parametrize(
    "style",
    [
        FormStyle(outline=215, noise=3, shape="flat", skew=0.7),
        FormStyle(shape="box", size=26, pitch=26, leading=26),
        FormStyle(shape="box", size=26, pitch=26, leading=26, letters=False, outline=200, skew=1.0),
        FormStyle(outline=250, blocks=4, questions=100, noise=4, skew=1.0),
    ],
    ids=["light", "touching", "light and touching", "marks alone"],
)
def test_cells_that_are_hard_to_see_are_read(style: FormStyle) -> None:
    image, truth = draw_form(style, 3)
    form = find_form(image)
    assert form is not None
    assert [row.filled for block in form.blocks for row in block.rows] == truth


def test_marks_alone_in_one_block_prove_no_columns() -> None:
    image = draw_answers(FormStyle(outline=250, blocks=1, questions=25), [1, 2, 3, 1, 2] * 5, random.Random(1))
    assert find_form(image) is None


def test_a_faint_mark_is_doubtful() -> None:
    style = FormStyle(questions=20, blocks=1, letters=False)
    generator = random.Random(1)
    image = draw_answers(style, [0] * 19 + [None], generator)
    pen = ImageDraw.Draw(image)
    y = 120 + 19 * style.leading
    pen.ellipse((110 - 10, y - 10, 110 + 10, y + 10), fill=150)
    form = find_form(image)
    assert form is not None
    last = form.blocks[0].rows[19]
    assert last.filled is None
    assert "neither filled nor empty" in last.doubt
    assert last.margin < 0.5


@pytest.mark.parametrize("seed", range(3))
def test_an_empty_form_and_a_page_of_text_are_no_filled_form(seed: int) -> None:
    style = FormStyle(questions=20)
    assert find_form(draw_answers(style, [None] * 20, random.Random(seed))) is None
    page = Image.new("L", (900, 1200), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 20)
    words = ["Which", "of", "the", "following", "statements", "about", "a", "made-up", "organ", "is", "likely"]
    generator = random.Random(seed)
    for line in range(40):
        pen.text((60, 40 + line * 28), " ".join(generator.choices(words, k=8)), 20, font=font)
    assert find_form(page) is None


@needs_tesseract
@pytest.mark.parametrize(
    "style",
    [
        FormStyle(questions=40, blocks=2, skew=0.8, noise=6),
        FormStyle(questions=100, options=5, blocks=4, size=16, pitch=26, leading=26),
        FormStyle(questions=30, blocks=2, across=True),
    ],
    ids=["columns", "dense", "across"],
)
def test_numbers_come_from_the_printed_numerals(style: FormStyle) -> None:
    image, truth = draw_form(style, 5)
    marked = marked_form(image)
    assert marked is not None
    assert {number: row.filled for number, row in marked.rows} == dict(enumerate(truth, start=1))
    sheet = sheet_of_form(marked, job("form.png"), 3, lambda box: box, "test")
    assert [entry.answers[0][0] for entry in sheet.entries] == ["ABCDE"[one] for one in truth]
    assert all(entry.page == 3 and entry.x0 is not None for entry in sheet.entries)


def test_numbers_that_do_not_agree_are_not_used() -> None:
    image, _ = draw_form(FormStyle(questions=40, blocks=2), 2)
    assert marked_form(image, read=lambda _: [("7", 5.0, 5.0), ("7", 5.0, 60.0), ("7", 5.0, 110.0)]) is None


def test_two_blocks_without_numerals_have_no_certain_order() -> None:
    image, _ = draw_form(FormStyle(questions=40, blocks=2, numerals=False), 2)
    assert marked_form(image, read=lambda _: []) is None


def test_one_block_without_numerals_is_numbered_by_order() -> None:
    image, truth = draw_form(FormStyle(questions=20, blocks=1, numerals=False), 2)
    marked = marked_form(image, read=lambda _: [])
    assert marked is not None
    assert [row.filled for _, row in marked.rows] == truth


def draw_table(answers: list[str], across: int, path: Path, circled: bool) -> None:
    """A ruled table of number and answer cells, as a picture."""
    wide, tall = 54, 32
    rows = -(-len(answers) // across)
    image = Image.new("L", (60 + across * 2 * wide, 80 + rows * tall), 255)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 18)
    small = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 13)
    for k, answer in enumerate(answers):
        x, y = 30 + k % across * 2 * wide, 40 + k // across * tall
        pen.rectangle((x, y, x + wide, y + tall), fill=238, outline=0)
        pen.rectangle((x + wide, y, x + 2 * wide, y + tall), outline=0)
        pen.text((x + wide / 2, y + tall / 2), str(k + 1), 0, font=font, anchor="mm")
        middle = (x + 1.5 * wide, y + tall / 2)
        if circled:
            pen.ellipse((middle[0] - 10, middle[1] - 10, middle[0] + 10, middle[1] + 10), outline=0)
        pen.text(middle, answer, 0, font=small if circled else font, anchor="mm")
    image.save(path)


@needs_tesseract
@pytest.mark.parametrize("circled", [False, True])
def test_a_picture_of_a_ruled_table_is_a_key(tmp_path: Path, circled: bool) -> None:
    generator = random.Random(3)
    answers = [str(generator.randint(1, 5)) for _ in range(30)]
    draw_table(answers, 5, tmp_path / "key.png", circled)
    sheet = KEYS.read_key(tmp_path / "key.png", job("key.png"))
    read = {entry.number: entry.answers for entry in sheet.entries}
    assert len(read) == 30
    wrong = {number: got for number, got in read.items() if got and got != ((answers[int(number) - 1],),)}
    assert not wrong
    assert sum(bool(got) for got in read.values()) >= 28


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-unreadable"),
        (b"no picture", "file-unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "file-unreadable"),
    ],
)
def test_what_is_no_picture_is_an_input_error(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "key.png"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        KEYS.read_key(path, job("key.png"))
    assert caught.value.problems[0].code == code
    with pytest.raises(InputError):
        KEYS.read_key(tmp_path / "absent.png", job("absent.png"))
