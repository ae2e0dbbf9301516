"""A booklet in which no question has options says so: the marks may be ones that nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from benchwright.builder.new import new_project
from benchwright.builder.run import run_build


def print_booklet(path: Path, mark: str) -> None:
    canvas = Canvas(str(path))
    for number in range(1, 13):
        y = 790 - 120 * ((number - 1) % 6)
        canvas.drawString(60, y, f"{number}. Which of these drugs is the first choice for this patient with a fever?")
        for k, drug in enumerate(("amoxicillin by mouth", "gentamicin into a vein", "no drug at all", "a cream")):
            canvas.drawString(80, y - 16 * (k + 1), f"{mark.format('abcd'[k])} {drug} {number}")
        if number % 6 == 0:
            canvas.showPage()
    canvas.save()


@pytest.mark.parametrize(("mark", "told"), [("~{}~", True), ("{})", False)])
def test_a_paper_without_options_says_so(tmp_path: Path, mark: str, told: bool) -> None:
    print_booklet(tmp_path / "paper.pdf", mark)
    new_project(tmp_path / "project", [tmp_path / "paper.pdf"])
    doubts = run_build(tmp_path / "project", jobs=1).files[0]["doubts"]
    assert any("no question has options" in doubt for doubt in doubts) == told
