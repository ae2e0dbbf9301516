"""Numeric options of the last questions are no key behind the booklet."""

from __future__ import annotations

from pathlib import Path

from benchwright.sources._paper import read_paper
from tests.typesetter.layout import Layout
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam


def test_last_questions_with_numbers_for_options_stay(tmp_path: Path) -> None:
    layout = Layout(number_style="{} -", option_style="digit:{}.", columns=1, key_format="bold")
    printed = print_exam(random_exam(1, "ko", 6), layout, tmp_path)
    paper = read_paper(printed.booklet, "paper.pdf")
    assert paper is not None
    assert [(block.number, len(block.options)) for block in paper.blocks] == [(n, 4) for n in range(1, 7)]
