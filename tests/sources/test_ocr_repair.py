"""Marks that engines misread: raised letters, commas for points, asterisks, figures alone, sides of cells."""

from __future__ import annotations

import numpy as np

from benchwright.sources._ocrregions import regions, rules
from benchwright.sources._ocrrepair import repaired
from tests.sources.test_ocr import first_words, paper

MARKS = ["1.", "2.", "3.", "4."]


def test_numbers_with_a_raised_letter_are_read_whatever_it_was_taken_for() -> None:
    read = paper(["1*", "2°", "3?", "4%", "5º", "62", "7*"], [MARKS] * 7)
    words = first_words(repaired([read])[0])
    assert [word for word in words if word.endswith("º")] == ["1º", "2º", "3º", "4º", "5º", "6º", "7º"]


def test_footnotes_with_an_asterisk_are_no_questions() -> None:
    read = paper(["1)", "2)", "3)", "4)"], [["A.", "B.", "C.", "2*"]] * 4)
    assert not any(word.endswith("º") for word in first_words(repaired([read])[0]))


def test_a_comma_after_a_mark_is_a_point_and_an_asterisk_before_it_stays() -> None:
    rows = [["1.", "*2,", "3.", "4,"], MARKS, ["1.", "2.", "3.", "*4,"], MARKS]
    words = first_words(repaired([paper(["1)", "2)", "3)", "4)"], rows)])[0])
    assert words == ["1)", "1.", "*2.", "3.", "4.", "2)", *MARKS, "3)", "1.", "2.", "3.", "*4.", "4)", *MARKS]


def test_the_sides_of_low_cells_are_rules_and_letters_are_not() -> None:
    dark = np.zeros((300, 900), dtype=np.bool_)
    for y in (50, 110, 170):
        dark[y : y + 3, 50:850] = True
    for x in (50, 300, 600, 847):
        dark[50:173, x : x + 3] = True
    dark[65:95, 350:354] = True
    found = rules(dark, 300)
    assert found[60:105, 300:303].all()
    assert not found[65:95, 350:354].any()


def test_a_rule_between_columns_proves_a_short_second_column() -> None:
    dark = np.zeros((1100, 900), dtype=np.bool_)
    for k, y in enumerate(range(60, 1000, 26)):
        dark[y : y + 12, 60:420] = True
        dark[y : y + 12, 480:840] = k < 5
    ruled = np.zeros_like(dark)
    ruled[50:1000, 450:452] = True
    assert len(regions(dark, 100)) == 1
    assert len(regions(dark, 100, ruled)) == 2


def test_figures_alone_are_marks_where_every_question_has_them() -> None:
    figures = ["1", "2", "3", "4", "5"]
    rows = [figures, ["]", "2", "3", "4", "5"], figures, ["|", "2", "3", "4", "5"]]
    words = first_words(repaired([paper(["1)", "2)", "3)", "4)"], rows)])[0])
    assert words == ["1)", *figures, "2)", *figures, "3)", *figures, "4)", *figures]


def test_a_figure_alone_at_the_start_of_a_line_is_text() -> None:
    rows = [["A.", "B.", "]", "2"], ["A.", "B.", "C.", "D."], ["A.", "B.", "C.", "D."]]
    words = first_words(repaired([paper(["1)", "2)", "3)"], rows)])[0])
    assert words[3:5] == ["]", "2"]
