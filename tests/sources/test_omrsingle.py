"""Forms that print only the right cell of each row: right, or unknown, and never a guess."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from benchwright.schemas.papers import PaperJob
from benchwright.sources._omrsheet import MarkedForm
from benchwright.sources._omrsingle import single_form
from benchwright.sources.image import KEYS
from tests.sources.answerforms import PageStyle, draw_page
from tests.sources.forms import FormStyle, draw_form
from tests.sources.singleforms import DOUBTS, SingleStyle, draw_single, random_single

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
SMALL = SingleStyle(questions=24, blocks=2, gap=5.0, dpi=150)


def read(marked: MarkedForm | None) -> dict[int, str | None]:
    """What a form says, by number."""
    rows = marked.rows if marked else ()
    return {n: marked.signs[row.filled] if marked and row.filled is not None else None for n, row in rows}


@settings(max_examples=2)
@given(seed=st.integers(0, 10_000))
def test_what_is_read_is_right(seed: int) -> None:
    style, pick = random_single(seed), random.Random(seed)
    doubts = {at: pick.choice(DOUBTS) for at in pick.sample(range(style.questions), 3)}
    image, truth = draw_single(style, doubts)
    said = read(single_form(image)[0])
    expected = {k + 1: None if place is None else style.signs[place] for k, place in enumerate(truth)}
    assert {n: letter for n, letter in said.items() if letter is not None and letter != expected.get(n)} == {}


@pytest.mark.parametrize(
    "style",
    [
        SMALL,
        replace(SMALL, mark="circle", signs="ABCDE", questions=35, blocks=3, gap=3.6, skew=1.0, noise=6.0),
        replace(SMALL, mark="cross", signs="abcd", number="{}.", zebra=252, frames=False),
        replace(SMALL, mark="disc", signs="1234", bands=2, gap=4.5, leading=3.0, ruled=True),
        replace(SMALL, mark="ticked", rows_first=True, behind=True, groups=5),
    ],
    ids=["boxes", "circles", "crosses", "discs in two bands", "ticked boxes"],
)
def test_every_row_is_read(style: SingleStyle) -> None:
    image, truth = draw_single(style)
    marked, outcome = single_form(image)
    assert outcome == "read"
    assert read(marked) == {k + 1: style.signs[place or 0] for k, place in enumerate(truth)}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubtful_row_is_unknown(doubt: str) -> None:
    image, truth = draw_single(SMALL, {7: doubt, 20: doubt})
    marked, _ = single_form(image)
    said = read(marked)
    assert [n for n in range(1, 25) if said.get(n) is None] == [8, 21]
    assert marked is not None
    assert all(row.doubt for n, row in marked.rows if n in {8, 21})
    assert {n: letter for n, letter in said.items() if letter} == {
        k + 1: "ABCD"[place] for k, place in enumerate(truth) if place is not None
    }


@pytest.mark.parametrize(
    ("style", "outcome"),
    [
        (replace(SMALL, letters=False), "unread"),
        (replace(SMALL, signs="АБВГ"), "unread"),
        (replace(SMALL, signs="DCBA"), "unread"),
        (replace(SMALL, signs="BCDE"), "unread"),
        (replace(SMALL, numerals=False), "unread"),
    ],
    ids=["no letters", "letters the engine has no data for", "backwards", "first column cut off", "no numerals"],
)
def test_without_letters_or_numerals_there_is_no_key(style: SingleStyle, outcome: str) -> None:
    marked, said = single_form(draw_single(style)[0], questions=24)
    assert marked is None
    assert said == outcome


def checklist() -> Image.Image:
    """A list of things to do, each with a box."""
    image = Image.new("L", (1200, 1600), 255)
    pen = ImageDraw.Draw(image)
    for k in range(20):
        pen.rectangle((100, 100 + 45 * k, 125, 125 + 45 * k), outline=0, width=3)
        pen.text((150, 100 + 45 * k), f"{k + 1} Check what was said", 0, font_size=24)
    return image


@pytest.mark.parametrize(
    "image",
    [
        checklist(),
        draw_form(FormStyle(questions=20, options=2), 3)[0],
        draw_page(PageStyle(questions=50, blocks=2, dpi=100))[0],
    ],
    ids=["a list with boxes", "two cells a row", "an official form"],
)
def test_other_pages_with_boxes_are_no_such_form(image: Image.Image) -> None:
    assert single_form(image)[0] is None


def test_a_picture_of_such_a_form_is_a_key(tmp_path: Path) -> None:
    image, truth = draw_single(SMALL, {4: "crossed"})
    image.save(tmp_path / "key.png")
    job = PaperJob(file="key.png", sha256="0" * 64, exam="x", edition="1", part="1", language="en", role="key")
    entries = {int(entry.number): entry for entry in KEYS.read_key(tmp_path / "key.png", job).entries}
    assert len(entries) == 24
    assert (entries[5].status, entries[5].answers) == ("unknown", ())
    assert "crossed" in (entries[5].note or "")
    assert all(entries[k + 1].answers == (("ABCD"[at],),) for k, at in enumerate(truth) if at is not None)


@pytest.mark.parametrize("mark", ["cross", "disc", "shade"])
def test_the_picture_of_a_table_with_marked_cells_is_read(mark: str) -> None:
    style = replace(SMALL, mark=mark, table=True, frames=False, zebra=252, skew=0.4)
    image, truth = draw_single(style)
    said = read(single_form(image)[0])
    wrong = {k + 1: said[k + 1] for k, at in enumerate(truth) if said.get(k + 1) not in {None, "ABCD"[at or 0]}}
    assert wrong == {}
    # Shaded cells that touch are one shape, and unknown.
    assert sum(letter is not None for letter in said.values()) >= (len(truth) if mark != "shade" else 0.6 * len(truth))
