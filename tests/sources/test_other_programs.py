"""What other programs print that the typesetter does not: ligatures of one glyph, options that run on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas.item import Item
from benchwright.sources._accents import with_accents
from benchwright.sources._lines import TextStyle, build_lines
from benchwright.sources._pdfium import _TEX_BOLD, PageChars, open_pdf, read_page
from benchwright.sources._spans import twice_told
from benchwright.sources._textlayer import usable
from tests.sources.printed import plain, read_printed

SENTENCE = "pressure of the left lung rises while serum sodium falls after one hour and then nothing is seen"
WORDS = SENTENCE.split()
LEFT, RIGHT = 60.0, 530.0


def items_of(path: Path) -> dict[str, Item]:
    return {one.exam.number or "": one for one in read_printed(path, "en") if isinstance(one, Item)}


def glyph_pdf(path: Path, lines: list[str]) -> Path:
    """Print lines with a font whose sign ~ stands for two letters f, and whose sign ^ stands for two letters t."""
    shown = "".join(f"1 0 0 1 60 {780 - 14 * k} Tm ({line}) Tj\n" for k, line in enumerate(lines))
    text = f"BT /F1 10 Tf\n{shown}ET".encode("latin-1")
    meant = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n1 beginbfrange <20> <5D> <0020> endbfrange\n"
        b"1 beginbfrange <5F> <7D> <005F> endbfrange\n2 beginbfchar <7E> <00660066> <5E> <00740074> endbfchar\n"
        b"endcmap end end"
    )
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % fonts,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(meant), meant),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    path.write_bytes(body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail)
    return path


def test_a_ligature_of_two_equal_letters_is_two_letters(tmp_path: Path) -> None:
    lines = []
    for number in range(1, 8):
        lines.append(f"{number}. Which a~ected hospital o~ers the e~ective a^ack plan number {number}?")
        lines += [f"{mark}\\) The di~erent o~ice {mark} of the a^endant" for mark in "ABCD"]
    items = items_of(glyph_pdf(tmp_path / "glyphs.pdf", lines))
    assert sorted(items) == [str(number) for number in range(1, 8)]
    assert items["3"].stem == "Which affected hospital offers the effective attack plan number 3?"
    assert [option.text for option in items["3"].options] == [
        f"The different office {mark} of the attendant" for mark in "ABCD"
    ]


def options_of(number: int) -> list[str]:
    """Five options of a few words each, other ones for every question."""
    pick = random.Random(number)
    return [f"{' '.join(pick.sample(WORDS, pick.randint(2, 9)))} {number}{mark}" for mark in "abcde"]


def print_running(path: Path, gap: float, *, foot: bool) -> None:
    """Print options one after the other, broken where a line is full."""
    canvas, y, page = Canvas(str(path)), 800.0, 1
    for number in range(1, 25):
        if y < 120:
            if foot:
                canvas.drawString(290, 30, str(page))
            canvas.showPage()
            y, page = 800.0, page + 1
        canvas.setFont("Helvetica", 10)
        canvas.drawString(LEFT, y, f"{number}. What is seen in case number {number} of the ward?")
        x, y = LEFT, y - 13
        for mark, text in zip("ABCDE", options_of(number), strict=True):
            for word in f"{mark}) {text}".split():
                width = stringWidth(word, "Helvetica", 10)
                if x + width > RIGHT:
                    x, y = LEFT, y - 13
                canvas.drawString(x, y, word)
                x += width + 2.8
            x += gap
        y -= 22
    if foot:
        canvas.drawString(290, 30, str(page))
    canvas.save()


@pytest.mark.parametrize("gap", [2.0, 9.0, 16.0])
@pytest.mark.parametrize("foot", [False, True])
def test_options_that_run_on_keep_the_words_of_the_next_line(gap: float, foot: bool, tmp_path: Path) -> None:
    path = tmp_path / "running.pdf"
    print_running(path, gap, foot=foot)
    items = items_of(path)
    assert sorted(items, key=int) == [str(number) for number in range(1, 25)]
    for number in range(1, 25):
        read = [plain(option.text) for option in items[str(number)].options]
        assert read == [plain(text) for text in options_of(number)]


def test_the_number_of_a_page_is_no_text_though_some_questions_have_fewer_options(tmp_path: Path) -> None:
    path = tmp_path / "feet.pdf"
    canvas, y, page = Canvas(str(path)), 800.0, 1
    for number in range(1, 33):
        for at, text in enumerate([f"{number}.- What is seen in case number {number}?", *options_of(number)]):
            if y < 90:
                canvas.drawString(290, 30, str(page))
                canvas.showPage()
                y, page = 800.0, page + 1
            if at < 5 or number % 4:
                canvas.setFont("Helvetica", 10)
                canvas.drawString(LEFT, y, f"[{at}] {text}" if at else text)
                y -= 15
    canvas.drawString(290, 30, str(page))
    canvas.save()
    items = items_of(path)
    for number in range(1, 33):
        wanted = options_of(number)[: 5 if number % 4 else 4]
        assert [option.text for option in items[str(number)].options] == wanted
    assert all(before.group < after.group for before, after in pairwise(items[str(n)] for n in range(1, 10)))


def test_a_raised_figure_that_is_hardly_smaller_stays_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "raised.pdf"
    canvas = Canvas(str(path))
    for number in range(1, 8):
        top = 800.0 - 90 * number
        canvas.setFont("Helvetica", 10)
        canvas.drawString(LEFT, top, f"{number}. A woman of 32 years is seen with her mother on the ward, and her mass")
        canvas.drawString(LEFT, top - 14, "is 32 kg/m")
        canvas.setFont("Helvetica", 9)
        canvas.drawString(LEFT + stringWidth("is 32 kg/m", "Helvetica", 10), top - 9.5, "2")
        canvas.setFont("Helvetica", 10)
        canvas.drawString(LEFT + 60, top - 14, "today. What now?")
        for at, mark in enumerate("ABCD"):
            canvas.drawString(LEFT, top - 28 - 13 * at, f"{mark}) plan {mark.lower()}{number}")
    canvas.save()
    items = items_of(path)
    assert items["2"].stem.endswith("and her mass is 32 kg/m² today. What now?")
    assert len(items) == 7


def test_numbers_that_hang_before_the_second_column_and_a_title_over_both(tmp_path: Path) -> None:
    path = tmp_path / "hanging.pdf"
    canvas = Canvas(str(path))
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawCentredString(297, 810, "National examination of the year for specialists")
    canvas.setFont("Helvetica", 10)
    for number in range(1, 17):
        column, row = divmod(number - 1, 8)
        left, top = (57.0, 309.0)[column], 770.0 - 84 * row - 5 * column
        canvas.drawString(left, top, f"{number}.")
        for at, text in enumerate(["When such a patient comes to the ward,", "what is the finding of this case?"]):
            canvas.drawString(left + 16, top - 12 * at, text)
        for at, mark in enumerate("ABCD"):
            canvas.drawString(left + 16, top - 26 - 12 * at, f"{mark} - the finding {mark.lower()} of {number}")
    canvas.save()
    items = items_of(path)
    assert sorted(items, key=int) == [str(number) for number in range(1, 17)]
    for printed, item in items.items():
        assert item.stem == "When such a patient comes to the ward, what is the finding of this case?"
        assert [option.text for option in item.options] == [f"the finding {mark} of {printed}" for mark in "abcd"]


def test_the_last_row_of_a_key_may_be_short(tmp_path: Path) -> None:
    path = tmp_path / "booklet.pdf"
    canvas = Canvas(str(path))
    answers = {number: "ABCD"[number * 7 % 4] for number in range(1, 28)}
    for number in answers:
        if number % 9 == 1 and number > 1:
            canvas.showPage()
        top = 800.0 - 80 * ((number - 1) % 9)
        canvas.drawString(LEFT, top, f"{number}. What is seen in case number {number}?")
        for at, mark in enumerate("ABCD"):
            canvas.drawString(LEFT, top - 14 - 13 * at, f"{mark}) finding {mark.lower()}{number}")
    canvas.showPage()
    canvas.drawString(LEFT, 800, "Answer key")
    for number, answer in answers.items():
        row, column = divmod(number - 1, 5)
        canvas.drawCentredString(LEFT + 40 * column, 770 - 34 * row, str(number))
        canvas.drawCentredString(LEFT + 40 * column, 755 - 34 * row, answer)
    canvas.save()
    items = items_of(path)
    assert {number: item.key.answers for number, item in items.items()} == {
        str(number): ((answer,),) for number, answer in answers.items()
    }


def test_rows_of_a_key_that_were_read_as_questions_do_not_hide_the_key(tmp_path: Path) -> None:
    path = tmp_path / "bare.pdf"
    canvas = Canvas(str(path))
    answers = {number: "ABCD"[number * 7 % 4] for number in range(1, 37)}
    for number in answers:
        if number % 9 == 1 and number > 1:
            canvas.showPage()
        top = 800.0 - 80 * ((number - 1) % 9)
        canvas.drawString(LEFT, top, f"{number} What is seen in case number {number}?")
        for at, mark in enumerate("ABCD"):
            canvas.drawString(LEFT, top - 14 - 13 * at, f"{mark}. finding {mark.lower()}{number}")
    canvas.showPage()
    for number, answer in answers.items():
        column, row = divmod(number - 1, 4)
        canvas.drawString(LEFT + 50 * column, 790 - 15 * row, str(number))
        canvas.drawString(LEFT + 22 + 50 * column, 790 - 15 * row, answer)
    canvas.save()
    items = items_of(path)
    assert sorted(items, key=int) == [str(number) for number in answers]
    assert {number: item.key.answers for number, item in items.items()} == {
        str(number): ((answer,),) for number, answer in answers.items()
    }


def page_of(signs: Sequence[tuple[str, float, float]]) -> PageChars:
    """Return a page with some signs on one line: each with its left and right edge."""
    count = len(signs)
    left, right = (np.array([sign[k] for sign in signs], dtype=np.float64) for k in (1, 2))
    return PageChars(
        number=1,
        width=600.0,
        height=800.0,
        code=np.array([ord(sign) for sign, _, _ in signs], dtype=np.uint32),
        x0=left,
        y0=np.full(count, 90.0),
        x1=right,
        y1=np.full(count, 102.0),
        base=np.full(count, 100.0),
        size=np.full(count, 10.0),
        style=np.zeros(count, dtype=np.uint8),
        colour=np.zeros(count, dtype=np.uint32),
        angle=np.zeros(count),
        pictures=(),
    )


@pytest.mark.parametrize(
    ("signs", "text"),
    [
        ([("ร", 67.7, 72.1), ("ี", 67.4, 71.5), ("เ", 72.1, 74.9), ("ฟ", 75.0, 81.0)], "รีเฟ"),
        ([("a", 130.0, 136.0), (" ", 141.8, 141.8), ("v", 141.78, 147.4), ("e", 147.4, 153.3)], "a ve"),
    ],
)
def test_marks_and_spaces_that_begin_beside_their_letter_stand_in_order(
    signs: list[tuple[str, float, float]], text: str
) -> None:
    page = page_of(signs)
    lines = build_lines(page, np.arange(page.count), 0, TextStyle(real_spaces=True, rtl=False))
    assert [line.text for line in lines] == [text]


def test_a_cluster_that_two_glyphs_tell_is_told_once() -> None:
    rows = np.zeros((5, 10))
    rows[:, 0] = [0x64B, 0x627, 0x627, 0x64B, 0x631]
    rows[:, 1] = [474.1, 474.1, 475.9, 475.3, 477.0]
    rows[:, 3] = [477.6, 477.6, 476.4, 475.9, 483.3]
    rows[:, 5] = [118.0, 118.0, 120.7, 120.7, 120.7]
    rows[:, 6] = 12.0
    assert twice_told(rows, np.array([1, 1, 2, 2, 3])).tolist() == [True, True, False, False, False]


def test_units_beside_another_script_do_not_make_a_text_layer_wrong(tmp_path: Path) -> None:
    path = tmp_path / "units.pdf"
    pdfmetrics.registerFont(TTFont("gothic", "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf"))
    canvas = Canvas(str(path))
    canvas.setFont("gothic", 9)
    for row in range(24):
        canvas.drawString(
            50,
            800 - 15 * row,
            "体温は三十六度。血圧は正常であり、mEqとmmHgとPaCOとHbAとSpOを測定した。次にどうするか。",
        )
    canvas.save()
    with open_pdf(path, path.name) as document:
        assert usable(read_page(document, 0)).usable


def test_vowel_signs_of_another_script_make_a_text_layer_wrong() -> None:
    """A font whose map of characters is wrong in a few glyphs: Hebrew accents where Devanagari has its signs."""
    right, wrong = "दिन में दो बार", "֛दन में दो बार"
    for text, fine in ((right, True), (wrong, False)):
        signs = [(sign, 20.0 + 5 * k, 25.0 + 5 * k) for k, sign in enumerate(text * 9)]
        assert usable(page_of(signs)).usable is fine


def test_accents_laid_over_letters_make_one_letter_of_them() -> None:
    rows = np.zeros((9, 10))
    signs = [("j", 10, 13), ("a", 13, 18), ("¨", 13, 18), ("h", 18, 23), ("´", 23.5, 28), ("ı", 24, 27)]
    signs += [("O", 40, 48), ("¨", 60, 65), ("^", 70, 75)]
    for k, (sign, left, right) in enumerate(signs):
        rows[k, :7] = [ord(sign), left, 90, right, 102, 100, 10]
    rows[7, [1, 3, 5]] = [41.5, 46.5, 98.0]
    read, kept = with_accents(rows)
    assert "".join(chr(int(code)) for code in read[:, 0]) == "jähíÖ^"
    assert kept.tolist() == [True, True, False, True, False, True, True, False, True]


@pytest.mark.parametrize("glyph", ["لإ", "إل"])
def test_letters_of_one_glyph_run_leftwards_in_arabic(glyph: str) -> None:
    signs = [("ا", 60.0, 62.0), *((letter, 52.0, 60.0) for letter in glyph), ("ن", 46.0, 52.0)]
    lines = build_lines(page_of(signs), np.arange(4), 0, TextStyle(real_spaces=True, rtl=True))
    assert [line.text for line in lines] == ["الإن"]


@pytest.mark.parametrize(("name", "bold"), [("CMBX12", True), ("ABCDEF+SFBX1095", True), ("CMR10", False)])
def test_bold_fonts_of_tex_are_bold(name: str, bold: bool) -> None:
    assert (_TEX_BOLD.fullmatch(name.lower()) is not None) is bold
