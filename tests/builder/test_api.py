"""The public functions."""

from __future__ import annotations

from pathlib import Path

import pytest

import benchwright
from benchwright.schemas.errors import GateError, NotFoundError
from tests.builder.fakes import answers, questions, write_project


def test_the_public_list() -> None:
    assert set(benchwright.__all__) == {
        "__version__", "audit", "build", "new", "read_items", "release", "verify",
    }  # fmt: skip
    for name in benchwright.__all__:
        assert getattr(benchwright, name)
    assert set(benchwright.__all__) <= set(dir(benchwright))
    with pytest.raises(AttributeError):
        benchwright.spare  # noqa: B018 - the access is the test


@pytest.mark.usefixtures("toy")
def test_from_papers_to_items(tmp_path: Path) -> None:
    papers = write_project(tmp_path / "a", {"1.txt": questions(3), "key1.txt": answers(3)}) / "raw"
    project = tmp_path / "p"
    benchwright.new(project, [papers])
    benchwright.build(project, jobs=1)
    items = benchwright.read_items(project)
    assert [item.exam.number for item in items] == ["1", "2", "3"]
    assert benchwright.read_items(project / "build" / "items.parquet") == items
    assert benchwright.audit(items).scores is not None
    with pytest.raises(GateError):
        benchwright.build(project, {"exams[0].parts.1.expect": 9}, jobs=1)
    assert not benchwright.build(project, {"exams[0].parts.1.expect": 9}, jobs=1, gate=False).gate_met


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        benchwright.read_items(tmp_path)
