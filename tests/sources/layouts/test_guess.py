"""The layout is told or asked about, never told wrong; the reasons and doubts are there to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchwright.schemas.errors import InputError
from benchwright.sources import guess_layout, shipped_layouts
from tests.sources.layouts.bank import FIXTURES, comma
from tests.sources.layouts.kit import CASES
from tests.sources.layouts.matrix import outcomes, tally


def test_the_layout_is_told_or_asked_about_and_never_told_wrong() -> None:
    found = list(outcomes(seeds=(1,)))
    wrong = [one for one in found if one.result in {"wrong", "undecidable"}]
    assert not wrong
    counts = tally(found)
    assert set(counts["published"]) == {"right"}
    assert counts["no header"]["right"] >= 25, "most layouts are told by what their columns hold"
    by_name = {one.case for one in found if one.way == "shuffled" and one.result == "asked"}
    assert {name.split(":")[0] for name in by_name} <= {"mmlu_csv", "exams"}, "names tell the rest, in any order"


def test_a_tie_is_asked_about_with_both_names(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    (case,) = (one for one in CASES if one.name == "turkishmmlu:Biology_test.csv")
    path.write_bytes(comma(case.rows))
    one = shipped_layouts()["turkishmmlu"]
    twin = one.model_copy(update={"name": "twin"})
    with pytest.raises(InputError) as raised:
        guess_layout(path, "table.csv", [one, twin])
    (problem,) = raised.value.problems
    assert problem.code == "layout-ambiguous"
    assert problem.remedy == "say which: --layout turkishmmlu or --layout twin"


def test_reasons_and_doubts_are_said() -> None:
    guess = guess_layout(FIXTURES / "medmcqa/dev.json", "medmcqa/dev.json", shipped_layouts().values())
    assert guess.chosen.layout.name == "medmcqa"
    assert any("has the columns" in reason for reason in guess.chosen.reasons)
    assert any("are the number of options" in reason for reason in guess.chosen.reasons)
    name = "mmlu_csv/test/zoology_test.csv"
    headless = guess_layout(FIXTURES / name, name, shipped_layouts().values())
    assert any("no header" in reason for reason in headless.chosen.reasons)
    assert any("published order" in doubt for doubt in headless.chosen.doubts)


def test_a_key_that_fits_from_0_and_from_1_is_asked_about(tmp_path: Path) -> None:
    rows = [row for row in next(one.rows for one in CASES if one.name == "medmcqa:hub.csv") if row["cop"] in {1, 2}]
    path = tmp_path / "dev.csv"
    path.write_bytes(comma(rows))
    from benchwright.sources import IntakeOptions, take_in

    layout = guess_layout(path, "dev.csv", shipped_layouts().values()).chosen.layout
    assert layout.name == "medmcqa"
    with pytest.raises(InputError) as raised:
        take_in(path, "dev.csv", layout)
    assert raised.value.problems[0].code == "key-unclear"
    assert take_in(path, "dev.csv", layout, IntakeOptions(key_base=1)).key.base == 1


def test_a_file_that_no_layout_fits_says_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(b"problem_id,choices,colour\n1,x,red\n2,y,blue\n")
    with pytest.raises(InputError) as raised:
        guess_layout(path, "odd.csv", shipped_layouts().values())
    (problem,) = raised.value.problems
    assert problem.code == "layout-unknown"
    assert "igakuqa lacks" in problem.message
