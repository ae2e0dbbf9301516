"""Patches and verdicts of a project change what `build` makes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.fixes import write_patches
from benchwright.builder.run import run_build
from benchwright.builder.status import project_status
from benchwright.schemas import Patch
from tests.builder import fakes

ID = "toy/2024/1/002@es"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    fakes.install(lambda name, function: monkeypatch.setattr(f"benchwright.sources.{name}", function))
    files = {"1.txt": fakes.questions(3), "key1.txt": fakes.answers(3)}
    return fakes.write_project(tmp_path / "project", files)


def patch(before: str, after: str, name: str = ID) -> Patch:
    told = {"id": name, "field": "stem", "hash_before": "", "before": before, "after": after}
    return Patch.model_validate({**told, "reason": "r", "by": "ana", "at": "2026-01-01"})


def test_a_build_applies_patches_and_stops_at_a_conflict(project: Path) -> None:
    first = run_build(project, jobs=1)
    assert first.gate_met
    write_patches(project / "patches/a.jsonl", [patch("pregunta 2", "pregunta dos")])
    assert not project_status(project).current
    done = run_build(project, jobs=1)
    items = pl.read_parquet(project / "build/items.parquet")
    assert dict(items.select("id", "stem").iter_rows())[ID] == "pregunta dos"
    assert done.gate_met
    assert [(one.rows_in, one.rows_out) for one in done.ledger if one.stage == "patch"] == [(1, 1)]
    before = (project / "build/items.parquet").read_bytes()
    assert "join" not in run_build(project, jobs=1).done
    assert project_status(project).current
    run_build(project, jobs=1, force=True)
    assert (project / "build/items.parquet").read_bytes() == before
    write_patches(project / "patches/b.jsonl", [patch("pregunta 2", "otra", "toy/2024/1/001@es")])
    conflict = run_build(project, jobs=1)
    assert not conflict.gate_met
    assert [check.found for check in conflict.gate if check.name == "patch_conflicts"] == [1]
    ledger = pl.read_parquet(project / "build/ledger.parquet")
    assert ledger.filter(pl.col("reason") == "conflict")["subject"].to_list() == ["toy/2024/1/001@es"]
