"""Options in two columns: the lines in which an option goes on belong to the option of their column."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas.item import Item
from tests.sources.printed import read_printed

LEFT, HANG = 70.0, 12.0
WIDTH = 215.0


def wrapped(text: str) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and stringWidth(f"{lines[-1]} {word}", "Helvetica", 10) <= WIDTH - HANG:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def options(number: int) -> list[str]:
    """Five options, some of which need two lines."""
    return [
        f"The rule of palm number {number}",
        f"The volume of fluid that is needed depends on the depth of the burn in case {number}",
        f"The volume depends on the age of the patient and nothing else but {number}",
        f"Only the extent of the lesion decides about the volume in question {number} of all",
        f"Method {number}",
    ]


@pytest.mark.parametrize("right", [300.0, 279.0])
@pytest.mark.parametrize("order", ["ABC-DE", "AB-CD-E"])
def test_a_second_line_goes_with_the_option_above_it(tmp_path: Path, order: str, right: float) -> None:
    """Printed down the columns (A D / B E / C) and along the rows (A B / C D / E), far apart and close together."""
    path = tmp_path / "grid.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    canvas.setFont("Helvetica", 10)
    y = 60.0
    for number in range(1, 9):
        if number == 5:
            canvas.showPage()
            canvas.setFont("Helvetica", 10)
            y = 60.0
        canvas.drawString(50, 842 - y, f"{number}. How is the volume of fluid found after a burn in case {number}?")
        y += 13
        texts = dict(zip("ABCDE", options(number), strict=True))
        columns = ("ABC", "DE") if order == "ABC-DE" else ("ACE", "BD")
        ends = []
        for x, letters in zip((LEFT, right), columns, strict=True):
            here = y
            for letter in letters:
                lines = wrapped(texts[letter])
                canvas.drawString(x, 842 - here, f"{letter}.")
                for line in lines:
                    canvas.drawString(x + HANG, 842 - here, line)
                    here += 13
            ends.append(here)
        y = max(ends) + 14
    canvas.save()
    items = [one for one in read_printed(path, "en") if isinstance(one, Item)]
    read = {item.exam.number: [option.text for option in item.options] for item in items}
    assert read == {str(number): options(number) for number in range(1, 9)}
