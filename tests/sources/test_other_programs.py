"""What other programs print that the typesetter does not: ligatures of one glyph, options that run on."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas.item import Item
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
