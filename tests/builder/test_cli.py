"""The program: exit codes, one JSON document, help with examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from benchwright.builder.cli import app
from tests.builder.fakes import RECIPE, answers, questions, write_project

pytestmark = pytest.mark.usefixtures("toy")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def document(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    data: dict[str, Any] = json.loads(result.stdout)
    assert data["exit_code"] == result.exit_code
    return data


@pytest.fixture
def project(tmp_path: Path) -> str:
    return str(write_project(tmp_path / "p", {"1.txt": questions(3, figures=[1]), "key1.txt": answers(3)}))


def test_from_papers_to_a_clean_build(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "1.txt").write_text(questions(3))
    (papers / "key1.txt").write_text(answers(3))
    folder = str(tmp_path / "exam")
    made = run("new", folder, "--raw", str(papers / "1.txt"), str(papers / "key1.txt"), "--explain")
    assert made.exit_code == 0, made.output
    assert "its name says booklet" in made.stdout
    assert run("build", folder, "--jobs", "1").exit_code == 0
    assert "the build is current" in run("status", folder).stdout


def test_the_reply_as_json(project: str) -> None:
    built = document("build", project, "--jobs", "1")
    assert (built["exit_code"], built["problems"], built["counts"]["items"]) == (0, [], 3)
    assert built["gate_met"]
    assert document("status", project)["current"]
    assert document("show", "toy/2024/1/002@es", "-C", project)["item"]["stem"] == "pregunta 2"
    assert any(part["name"] == "polars" and part["version"] for part in document("doctor")["parts"])


def test_people_see_tables(project: str) -> None:
    built = run("build", project, "--jobs", "1")
    for word in ("1.txt", "booklet", "Ledger", "question", "report.html"):
        assert word in built.stdout
    assert built.stderr == ""
    assert run("build", project, "--quiet").stdout == ""


def test_a_gate_that_is_not_met_exits_with_1(project: str) -> None:
    built = document("build", project, "exams[0].parts.1.expect=4", "--jobs", "1")
    assert built["exit_code"] == 1
    assert [one["place"] for one in built["problems"]] == ["gate.missing_numbers"]
    assert document("status", project)["missing_numbers"] == ["toy/2024/1/004@es"]
    assert run("build", project, "exams[0].parts.1.expect=4", "gate.missing_numbers=1").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("build", "nowhere"),
        ("status", "nowhere"),
        ("show", "toy/1", "-C", "nowhere"),
        ("new", "p", "--raw", "nowhere"),
        ("build", "a", "b"),
        ("build", "--no-such-option"),
        ("buidl",),
    ],
)
def test_user_errors_exit_with_2(words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_five_mistakes_are_reported_at_once(project: str) -> None:
    recipe = RECIPE.replace("name: toy", "nmae: toy").replace("role: ignore", "role: no").replace("columns", "column")
    recipe = (
        recipe.replace("layout: plain", "layout: plian")
        .replace("expect: 3", "expect: x")
        .replace("score: 0.9", "scroe: 1")
    )
    (Path(project) / "recipe.yaml").write_text(recipe)
    problems = document("build", project)["problems"]
    assert len(problems) == 5
    assert all(one["file"] == "recipe.yaml" and str(one["place"]).startswith("line ") for one in problems)


def test_a_defect_exits_with_3(project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import benchwright.builder.status as status

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(status, "project_status", broken)
    result = run("status", project)
    assert result.exit_code == 3
    assert "stage-failed" in result.stderr
    (Path(project) / "raw" / "1.txt").write_text("BUG")
    assert run("build", project, "--jobs", "1").exit_code == 3


def test_dry_run_writes_nothing(project: str) -> None:
    found = document("build", project, "--dry-run")
    assert [(file["name"], file["role"]) for file in found["files"]] == [("1.txt", "booklet"), ("key1.txt", "key")]
    assert not (Path(project) / "build").exists()


def test_show_writes_the_page(project: str, tmp_path: Path) -> None:
    run("build", project, "--jobs", "1")
    shown = run("show", "toy/2024/1/001", "-C", project, "--source", "--png", str(tmp_path / "q.png"))
    assert shown.exit_code == 0, shown.output
    assert "* B B. opcion B de 1" in shown.stdout.replace("* B. ", "* B B. ")
    assert (tmp_path / "q.png").read_bytes().startswith(b"1.txt 1 [((10.0, 20.0, 30.0, 40.0), 'stem')")


def test_show_names_the_nearest_id(project: str) -> None:
    run("build", project, "--jobs", "1")
    result = run("show", "toy/2024/1/02@es", "-C", project)
    assert result.exit_code == 2
    assert "toy/2024/1/002@es" in result.stderr


def test_every_command_has_help_with_examples() -> None:
    for command in ("new", "build", "status", "show", "doctor"):
        text = run(command, "--help").stdout
        assert "Examples:" in text
        assert f"  benchwright {command}" in text


def test_the_version() -> None:
    from benchwright import __version__

    assert run("--version").stdout.strip() == f"benchwright {__version__}"
