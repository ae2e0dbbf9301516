"""Keys of shapes drawn at random are read cell by cell; what cannot be told is unknown, never a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.keydesigns import judged, read_entries
from tests.typesetter.keydesigns import FORMS, draw_design, truth_of


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(40, 46))
def test_every_cell_is_read(tmp_path: Path, form: str, seed: int) -> None:
    design = draw_design(seed, form=form)
    entries, version = read_entries(design, tmp_path)
    wrong = {
        number: entries[number].printed if number in entries else None
        for number, answer in truth_of(design, version).items()
        if (found := judged(entries.get(number), answer, design)) != "exact"
        and not (found == "unknown" and design.several == "{}-{}" and len(design.cells[number]) == 2)
    }
    assert wrong == {}, design
    assert entries.keys() <= design.cells.keys()


def test_rows_that_print_all_letters_alike_are_no_key(tmp_path: Path) -> None:
    design = draw_design(1, form="marked", mark="none", count=40)
    entries, _ = read_entries(design, tmp_path)
    assert all(entry.status == "unknown" for entry in entries.values())
