"""Tables made piece by piece: the same table as at once, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.stages._spill import spilled
from benchwright.builder.store import TEMPORARY
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import Reject


def reject(number: int) -> Reject:
    return Reject(file=f"{number % 3}.pdf", reason="number-missing", number=str(number), text="é" * number)


def test_pieces_are_the_table_made_at_once(tmp_path: Path) -> None:
    records = [reject(number) for number in range(20)]
    with spilled(tmp_path, Reject) as spill:
        for start in range(0, 20, 6):
            spill.add(records[start : start + 6])
        spill.add([])
        assert len(list(tmp_path.iterdir())) == 4
        assert spill.frame().equals(to_frame(records, Reject))
    assert list(tmp_path.iterdir()) == []


def test_no_pieces_are_an_empty_table(tmp_path: Path) -> None:
    with spilled(tmp_path, Reject) as spill:
        assert spill.frame().schema == to_frame([], Reject).schema
        assert isinstance(spill.frame(), pl.DataFrame)


def test_an_error_leaves_no_pieces(tmp_path: Path) -> None:
    def stop() -> None:
        with spilled(tmp_path, Reject) as spill:
            spill.add([reject(1)])
            raise ValueError("stopped")

    with pytest.raises(ValueError, match="stopped"):
        stop()
    assert list(tmp_path.iterdir()) == []


def test_pieces_have_names_that_the_next_run_sweeps(tmp_path: Path) -> None:
    with spilled(tmp_path, Reject) as spill:
        spill.add([reject(1)])
        assert [path.match(f".*{TEMPORARY}") for path in tmp_path.iterdir()] == [True]
