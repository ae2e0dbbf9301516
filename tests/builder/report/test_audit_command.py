"""`benchwright audit` on tables and build folders."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from benchwright.builder.auditing import AuditWish, audit_files
from benchwright.builder.cli import app
from benchwright.schemas import Finding, Score
from benchwright.schemas.errors import InputError, NotFoundError, OutputError
from benchwright.schemas.rows import table_schema
from tests.audits.clean import exam, item
from tests.builder.report.folders import build_folder


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return build_folder(
        tmp_path / "build", [item(1, key={"status": "official", "answers": [["Z"]]}), *exam(3, ("es",))[1:]]
    )


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["audit", *(str(word) for word in words)])


def test_folder_and_table_give_the_same_files(build: Path, tmp_path: Path) -> None:
    assert run(build, "-o", tmp_path / "a").exit_code == 0
    assert run(build / "items.parquet", "-o", tmp_path / "b").exit_code == 0
    for name in ("findings.parquet", "scores.parquet", "report.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert pl.read_parquet_schema(tmp_path / "a" / "findings.parquet") == table_schema(Finding)
    assert pl.read_parquet_schema(tmp_path / "a" / "scores.parquet") == table_schema(Score)


def test_gate_is_asked_for(build: Path) -> None:
    assert run(build).exit_code == 0
    met = run(build, "--gate")
    assert met.exit_code == 1
    assert "gate-not-met" in met.output
    assert run(build, "--gate", "--ignore", "S002").exit_code == 0


def test_json_is_one_document(build: Path) -> None:
    done = run(build, "--json", "--select", "S0,S1")
    document = json.loads(done.stdout)
    assert document["by_code"] == [{"code": "S002", "severity": "critical", "open": 1, "waived": 0}]
    assert document["exit_code"] == 0
    assert document["written"] == []


def test_several_tables_are_one_set(build: Path, tmp_path: Path) -> None:
    other = build_folder(tmp_path / "other", exam(3, ("en",)))
    # The options of the test's exam are the same in every language: L122 rightly speaks.
    found = audit_files([build, other], wish=AuditWish(ignore=("L12",))).findings
    assert set(found["code"]) == {"S002", "G101"}


def test_wrong_names_are_user_errors(build: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        audit_files([tmp_path / "nothing"])
    with pytest.raises(NotFoundError):
        audit_files([build], wish=AuditWish(select=("Q1",)))
    (tmp_path / "items.xyz").write_text("x", encoding="utf-8")
    with pytest.raises(InputError):
        audit_files([tmp_path / "items.xyz"])
    assert run(tmp_path / "nothing").exit_code == 2


def test_tables_of_the_audited_build_are_not_replaced(build: Path) -> None:
    with pytest.raises(OutputError):
        audit_files([build], build)


RECIPE = """
recipe: 1
dataset: {name: made-up, title: A made-up exam}
exams: [{id: ex, files: [{match: '.*', role: ignore}]}]
audits: {select: [S0]}
waivers: [{code: S002, id: %s, reason: known, by: us}]
"""


def test_project_brings_its_audits_waivers_and_gate(build: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(RECIPE % f"'{item(1).id}'", encoding="utf-8")
    done = run(tmp_path, "--json", "-o", tmp_path / "out")
    document = json.loads(done.stdout)
    assert done.exit_code == 0, done.output
    assert document["by_code"] == [{"code": "S002", "severity": "critical", "open": 0, "waived": 1}]
    assert "A made-up exam" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    recipe.write_text(RECIPE % "other", encoding="utf-8")
    assert run(tmp_path).exit_code == 1
