"""Formulas on several levels come out on one line, with every sign once; what is no formula is left as it is."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from benchwright.sources._flatdocx import _symbol
from benchwright.sources._flatstyles import W
from benchwright.sources._formulas import on_one_line
from benchwright.sources._gutters import upright
from benchwright.sources._lines import build_lines, text_style
from benchwright.sources._ocrpages import page_chars
from benchwright.sources._pdfium import PageChars, open_pdf, read_page
from benchwright.sources._privatesigns import public_signs
from tests.sources.test_ocr import paper

BAR = "⎯"
Sign = tuple[str, float, float, float]
"""A sign, its left edge, its baseline and its size."""


def page_of(signs: list[Sign]) -> PageChars:
    """Return a page with signs half as wide as they are high; strokes are given as their sign and width."""
    x0 = np.array([x for _, x, _, _ in signs])
    wide = np.array([float(text[1:]) if text[0] == BAR else 0.5 * size for text, _, _, size in signs])
    base, size = np.array([b for *_, b, _ in signs]), np.array([s for *_, s in signs])
    count = len(signs)
    return PageChars(
        number=1,
        width=595.0,
        height=842.0,
        code=np.array([ord(text[0]) for text, *_ in signs], dtype=np.uint32),
        x0=x0,
        y0=base - 0.8 * size,
        x1=x0 + wide,
        y1=base + 0.2 * size,
        base=base,
        size=size,
        style=np.zeros(count, np.uint8),
        colour=np.zeros(count, np.uint32),
        angle=np.zeros(count),
        pictures=(),
    )


def word(text: str, x: float, base: float, size: float = 10.0) -> list[Sign]:
    """Return the signs of a word, one beside the other."""
    return [(sign, x + 0.5 * size * k, base, size) for k, sign in enumerate(text)]


def bar(x: float, width: float, level: float, size: float = 10.0) -> Sign:
    """Return a stroke at a level, as a font of equations has it: far over its baseline."""
    return (f"{BAR}{width}", x, level + 0.65 * size, size)


def fraction(over: str, under: str, x: float, line: float) -> list[Sign]:
    """Return a fraction whose stroke stands where those of formulas on this baseline do."""
    level, width = line - 3.3, 5.0 * max(len(over), len(under)) + 3.0
    return [
        *word(over, x + (width - 5.0 * len(over)) / 2, level - 3.0),
        bar(x, width, level),
        *word(under, x + (width - 5.0 * len(under)) / 2, level + 10.0),
    ]


def lines_of(page: PageChars) -> list[str]:
    set_on = on_one_line(page)
    return [line.text for line in build_lines(set_on, upright(set_on), 0, text_style([set_on]))]


@pytest.mark.parametrize(
    ("signs", "read"),
    [
        (fraction("1", "2", 100, 300), "1/2"),
        (fraction("15", "4", 100, 300), "15/4"),
        (fraction("a+b", "2", 100, 300), "(a+b)/2"),
        (fraction("a", "bc", 100, 300), "a/(bc)"),
        ([*word("x=", 80, 300), *fraction("1", "2", 94, 300), *word("y", 102.5, 300)], "x= (1/2)y"),
        ([*word("2", 92, 300), *fraction("1", "2", 98, 300)], "2(1/2)"),
        ([*word("√", 100, 300), bar(105, 11, 292), *word("24", 105.5, 300)], "√(24)"),
        ([*word("√", 100, 300), bar(105, 6, 292), *word("2", 105.5, 300)], "√2"),
        ([*word("√", 100, 300), *word("3", 100.5, 296, 5.0), bar(105, 6, 292), *word("2", 105.5, 300)], "³√2"),
        ([bar(100, 10, 292), *word("AB", 100, 300), *word("=3", 112, 300)], "A̅B̅ =3"),
        (
            [*word("∑", 100, 300, 18), *word("k=1", 99, 308, 7), *word("n", 103, 285, 7), *word("a", 110, 298)],
            "∑_(k=1)ⁿa",
        ),
        ([*word("lim", 100, 300), *word("h→0", 101, 307, 7.0), *word("f", 118, 300)], "lim_(h→0) f"),
    ],
)  # fmt: skip
def test_a_formula_stands_on_one_line(signs: list[Sign], read: str) -> None:
    assert lines_of(page_of(signs)) == [read]


def test_a_sign_raised_over_a_raised_one_is_told() -> None:
    signs = [*word("e", 100, 300), *word("4x", 105, 296, 7.0), *word("2", 112, 293.5, 5.0)]
    assert lines_of(page_of([*signs, *fraction("1", "3", 140, 300)])) == ["e^(4x^2) 1/3"]


def test_the_cases_of_a_brace_follow_each_other() -> None:
    brace: list[Sign] = [("⎧", 130, 290, 10.0), ("⎨", 130, 300, 10.0), ("⎩", 130, 310, 10.0)]
    signs = [*word("f=", 115, 300), *brace, *word("a(x<2)", 136, 292), *word("b(x>2)", 136, 308)]
    assert lines_of(page_of(signs)) == ["f= {a(x<2);b(x>2)"]


NUMBERS = st.text("0123456789", min_size=1, max_size=4)


@given(NUMBERS, NUMBERS, st.floats(60, 400), st.floats(100, 700))
def test_any_fraction_of_numbers_keeps_its_digits_and_their_order(over: str, under: str, x: float, line: float) -> None:
    assert lines_of(page_of(fraction(over, under, x, line))) == [f"{over}/{under}"]


def test_the_page_of_a_formula_keeps_the_places_of_its_signs() -> None:
    page = page_of(fraction("7", "8", 100, 300))
    set_on = on_one_line(page)
    kept = [chr(code) in "78" for code in set_on.code.tolist()]
    assert sorted(set_on.y0[kept].tolist()) == sorted(
        page.y0[[chr(code) in "78" for code in page.code.tolist()]].tolist()
    )
    assert all(100 <= x <= 110 for x in set_on.x0[kept].tolist())


def test_a_page_that_is_read_by_ocr_after_all_keeps_nothing_of_its_formulas() -> None:
    set_on = on_one_line(page_of([*word("x", 80, 300), *word("2", 85, 296, 7.0), *fraction("7", "8", 100, 300)]))
    assert set_on.raised is not None
    assert set_on.raised.any()
    read = page_chars(set_on, paper(["1)", "2)"], [["A.", "B."]] * 2), (1000, 1400), 0.0, "an engine")
    lines = build_lines(read, upright(read), 0, text_style([read]))
    assert lines[0].text.startswith("1)")
    assert read.note is None


def printed(path: Path, *, underlined: bool) -> list[str]:
    canvas = Canvas(str(path))
    canvas.setFont("Helvetica", 11)
    if underlined:
        canvas.drawString(72, 700, "Which of these is NOT a vitamin of this group")
        canvas.line(130, 698.5, 160, 698.5)
        canvas.drawString(72, 686, "that dissolves in water, as all others do here?")
    else:
        canvas.drawString(72, 700, "The dose is")
        canvas.drawCentredString(150, 707, "3")
        canvas.line(145, 703.6, 155, 703.6)
        canvas.drawCentredString(150, 693, "4")
        canvas.drawString(162, 700, "of a tablet.")
    canvas.save()
    with open_pdf(path, path.name) as document:
        page = on_one_line(read_page(document, 0))
    return [line.text for line in build_lines(page, upright(page), 0, text_style([page]))]


def test_a_drawn_fraction_is_read(tmp_path: Path) -> None:
    assert printed(tmp_path / "one.pdf", underlined=False) == ["The dose is 3/4 of a tablet."]


def test_an_underlined_word_is_no_fraction(tmp_path: Path) -> None:
    assert printed(tmp_path / "one.pdf", underlined=True) == [
        "Which of these is NOT a vitamin of this group",
        "that dissolves in water, as all others do here?",
    ]


def test_signs_of_known_fonts_are_read_and_others_stay() -> None:
    codes = np.array([0xF06D, 0xF0B3, 0xE034, 0xF06D, 0xE900], dtype=np.float64)
    told, fonts = public_signs(codes, ["abcdef+symbolmt", "symbol", "x+hyhwpeq", "wingdings", "symbol"])
    assert [chr(int(code)) for code in told] == ["μ", "≥", "1", "\uf06d", "\ue900"]
    assert fonts == ["hyhwpeq", "symbol", "symbolmt"]
    assert public_signs(codes[:1], ["segoe ui symbol"])[1] == []


@pytest.mark.parametrize(
    ("font", "code", "read"),
    [("Symbol", "F06D", "μ"), ("Symbol", "6D", "μ"), ("Symbol", "F0A2", "′"), ("Wingdings", "F0FC", "\uf0fc")],
)
def test_signs_of_word_files_are_read_by_the_same_table(font: str, code: str, read: str) -> None:
    assert _symbol(Element(f"{W}sym", {f"{W}font": font, f"{W}char": code})) == read
