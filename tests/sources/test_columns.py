"""Two columns with things between and beside them: narrow and wandering gutters, strokes, line numbers, large signs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from bench.boards import letters, read
from benchwright.sources._gutters import upright
from benchwright.sources._pdfium import open_pdf, read_page
from tests.typesetter.boards import draw_board, print_board

CASES: dict[str, dict[str, Any]] = {
    "lines are counted beside the text": {"side": "lines"},
    "words stand on their side in the margin": {"side": "turned"},
    "margins change from page to page": {"mirrored": 12.0},
    "a narrow gutter": {"gutter": 7.0},
    "strokes of text between the columns": {"rule_signs": True},
    "signs behind the heading without a space": {"decoration": "signs", "own_line": True, "stuck": True},
    "large signs over the text of every page": {"watermark": "sign"},
    "four options to a line": {"row_options": 4},
}


WORSE: dict[str, dict[str, Any]] = {
    "a narrow gutter between mirrored margins": {"gutter": 7.0, "mirrored": 20.0, "justify": True},
    "pages of one column among mirrored ones": {"gutter": 16.0, "mirrored": 12.0, "sections": "page"},
    "crosses in the margin": {"side": "marks", "mirrored": 12.0, "own_line": True},
    "lines counted beside mirrored text": {"side": "lines", "mirrored": 20.0, "justify": True},
    "a stamp on three pages": {"watermark": "stamp", "count": 26, "font": "liberation-sans"},
    "words beside the gutter": {"gutter": 30.0, "mirrored": 6.0, "justify": True, "watermark": "huge"},
    "a line of its own under the last option": {"free_box": True, "row_options": 4, "sections": "page"},
}
"""Each of these lost words or questions once, in a booklet that was drawn at random."""


@pytest.mark.parametrize("case", WORSE)
@pytest.mark.parametrize("seed", [6209, 6213])
def test_nothing_of_a_page_is_lost_or_moved(tmp_path: Path, case: str, seed: int) -> None:
    board = draw_board(seed, **{"count": 40, "watermark": "none", **WORSE[case]})
    printed = print_board(board, tmp_path / "prova.pdf")
    items, _ = read(tmp_path / "prova.pdf", board.language)
    assert sorted(items, key=int) == [str(item.number) for item in printed]
    for item in printed:
        one = items[str(item.number)]
        assert letters(one.stem) == letters(item.stem)
        assert [letters(o.text) for o in one.options] == [letters(o.text) for o in item.options]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", [3006, 3011])
def test_no_question_is_lost(tmp_path: Path, case: str, seed: int) -> None:
    plain: dict[str, Any] = {"count": 40, "watermark": "none", "heading": "{word} {n}", "mark": "({})"}
    board = draw_board(seed, **{**plain, **CASES[case]})
    printed = print_board(board, tmp_path / "prova.pdf")
    items, _ = read(tmp_path / "prova.pdf", board.language)
    assert sorted(items, key=int) == [str(item.number) for item in printed]
    wrong = [
        item.number
        for item in printed
        if letters(items[str(item.number)].stem) != letters(item.stem)
        or [letters(o.text) for o in items[str(item.number)].options] != [letters(o.text) for o in item.options]
    ]
    assert len(wrong) <= 3


def test_a_few_strokes_are_text(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "one.pdf"))
    canvas.drawString(72, 700, "What is the value of |x - 3| where |x| < 2?")
    canvas.save()
    with open_pdf(tmp_path / "one.pdf", "one.pdf") as document:
        page = read_page(document, 0)
    assert "".join(chr(page.codes[k]) for k in upright(page)).count("|") == 4
