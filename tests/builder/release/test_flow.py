"""From raw files to a verified release with the commands, and what the tables of a finished build are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from benchwright.builder.run import run_build
from tests.builder.fakes import RECIPE, answers, questions, write_project

pytestmark = pytest.mark.usefixtures("toy")

FILES = {"1.txt": questions(3, figures=[2]), "key1.txt": answers(3)}


def run(*words: object) -> Result:
    from benchwright.builder.cli import app

    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = write_project(tmp_path / "p", FILES, f"{RECIPE}licence: {{id: CC0-1.0}}\n")
    run_build(folder, jobs=1)
    return folder


def test_build_release_verify(built: Path) -> None:
    made = run("release", built, "--version", "1.0.0", "--json")
    assert made.exit_code == 0, made.output
    document = json.loads(made.stdout)
    assert document["counts"]["items"] == 3
    assert document["licences"][0]["published"] is True
    checked = run("verify", document["release"])
    assert checked.exit_code == 0
    assert "toy 1.0.0 is what its manifest says" in checked.output
    ledger = pl.read_parquet(Path(document["release"]) / "ledger.parquet").filter(pl.col("event") == "count")
    assert ledger.height > 5
    out = pl.col("rows_out") + pl.col("rows_rejected") + pl.col("rows_merged")
    assert ledger.filter(pl.col("rows_in") != out).is_empty()


def test_a_changed_release_exits_with_one_and_names_the_file(built: Path) -> None:
    run("release", built, "--version", "1.0.0")
    card = built / "release" / "1.0.0" / "README.md"
    card.write_text(card.read_text().replace("Items: 3", "Items: 4"))
    checked = run("verify", card.parent, "--json")
    assert checked.exit_code == 1
    problems = json.loads(checked.stdout)["problems"]
    assert {problem["code"] for problem in problems} == {"verify-failed"}
    assert "README.md" in {problem["file"] for problem in problems}
    assert "Items: 4" in str([problem["found"] for problem in problems])


@pytest.mark.parametrize("where", ["recipe.yaml", "raw/1.txt", "build/items.parquet", "build/findings.parquet"])
def test_a_build_that_is_not_that_of_todays_files_is_refused(built: Path, where: str) -> None:
    path = built / where
    path.write_bytes(path.read_bytes() + b"\n")
    made = run("release", built, "--version", "1.0.0")
    assert made.exit_code == 2
    assert "release-not-built" in made.output
    assert not (built / "release").exists()


def test_a_project_that_was_never_built_is_refused(tmp_path: Path) -> None:
    made = run("release", write_project(tmp_path / "p", FILES), "--version", "1.0.0")
    assert made.exit_code == 2
    assert "benchwright build" in made.output


def test_a_gate_that_is_not_met_exits_with_one(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "p", {**FILES, "1.txt": questions(3, skip=[2])})
    run_build(folder, jobs=1)
    made = run("release", folder, "--version", "1.0.0")
    assert made.exit_code == 1
    assert "toy/2024/1/002" in made.output
    assert not (folder / "release").exists()


def test_the_version_must_be_given_and_the_folder_be_there(built: Path, tmp_path: Path) -> None:
    assert "version-invalid" in run("release", built).output
    assert run("verify", tmp_path / "nowhere").exit_code == 2


SCALARS: dict[str, Any] = {"String": pl.String, "Int64": pl.Int64, "Float64": pl.Float64, "Boolean": pl.Boolean}


def documented(page: str, title: str) -> dict[str, Any]:
    """Return the columns of one section of docs/schema.md as polars types."""
    section = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^##)", page, flags=re.MULTILINE | re.DOTALL)
    assert section, title
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section[1], flags=re.MULTILINE)
    return {name: column_type(page, words.strip()) for name, words in rows}


def column_type(page: str, words: str) -> Any:
    words = words.removesuffix(" or null")
    if words.startswith("list of "):
        return pl.List(column_type(page, words.removeprefix("list of ")))
    link = re.fullmatch(r"\[(\w+)\]\(#\w+\)", words)
    return pl.Struct(documented(page, link[1])) if link else SCALARS[words]


def test_a_finished_build_has_the_documented_names_and_types(built: Path, root: Path) -> None:
    page = (root / "docs" / "schema.md").read_text(encoding="utf-8")
    for name, record in (("items", "Item"), ("rejects", "Reject"), ("scores", "Score"), ("findings", "Finding")):
        found = dict(pl.read_parquet_schema(built / "build" / f"{name}.parquet"))
        assert found == documented(page, f"`{name}.parquet`: {record}"), name
    ledger = dict(pl.read_parquet_schema(built / "build" / "ledger.parquet"))
    assert ledger == documented(page, "`ledger.parquet`: LedgerEntry")
