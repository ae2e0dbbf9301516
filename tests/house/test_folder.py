"""A whole folder of papers, with copies and bad files: `new`, `build`, five more papers, another layout."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.new import NewProject, new_project
from benchwright.builder.recipe import load_recipe, place_files
from benchwright.builder.run import BuildResult, run_build
from benchwright.builder.store import read_json
from benchwright.schemas.papers import PaperJob
from tests.typesetter.folder import Folder, print_folder

QUESTIONS = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Two sittings of three exams: 40 files, and the copies, bad files, pictures and statistics."""
    return print_folder(tmp_path_factory.mktemp("papers") / "raw", years=2, questions=QUESTIONS)


@pytest.fixture(scope="module")
def made(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> NewProject:
    return new_project(tmp_path_factory.mktemp("folder") / "p", [folder.root])


@pytest.fixture(scope="module")
def built(made: NewProject) -> BuildResult:
    return run_build(made.recipe.parent, jobs=2)


def test_every_file_has_its_exam_edition_part_and_language(folder: Folder, made: NewProject) -> None:
    project = made.recipe.parent
    placed = {file.name: file for file in place_files(load_recipe(project), project / "raw").files}
    assert placed.keys() == set(folder.names)
    found = {
        name: (placed[name].exam, placed[name].edition, placed[name].part, placed[name].language)
        for name in folder.booklets
    }
    assert found == folder.booklets
    assert {name: placed[name].role for name in folder.keys} == dict.fromkeys(folder.keys, "key")
    assert {name: placed[name].role for name in folder.others} == folder.others
    assert {placed[name].role for name in folder.duplicates} == {"ignore"}
    text = made.recipe.read_text("utf-8")
    assert all(f"the same bytes as {original}" in text for original in folder.duplicates.values())


def test_files_printed_alike_share_one_layout_block(folder: Folder, made: NewProject) -> None:
    project = made.recipe.parent
    recipe = load_recipe(project)
    jobs = {job.file: job.layout for job in place_files(recipe, project / "raw").papers}
    blocks: dict[str, set[str]] = {}
    for name, layout in folder.layouts.items():
        chosen = jobs[name]
        assert chosen is not None
        blocks.setdefault(layout, set()).add(next(block for block, one in recipe.layouts.items() if one == chosen))
    assert all(len(names) == 1 for names in blocks.values()), blocks
    assert len(recipe.layouts) == len(set(folder.layouts.values()))


def test_rules_are_patterns_and_not_lists_of_files(folder: Folder, made: NewProject) -> None:
    rules = [rule for exam in load_recipe(made.recipe.parent).exams for rule in exam.files]
    assert len(rules) < len(folder.names) / 2
    assert len(rules) == len({rule.match for rule in rules})


def test_what_can_be_read_is_read_and_bad_files_stop_nothing(folder: Folder, built: BuildResult) -> None:
    rows = {row["file"]: row for row in built.files}
    assert {name for name, row in rows.items() if any("not read" in one for one in row["doubts"])} == set(
        folder.unreadable
    )
    items = sum(rows[name]["found"] for name in folder.booklets)
    assert items >= 0.99 * folder.questions
    assert sum(rows[name]["keyed"] for name in folder.booklets) == items
    assert next(check for check in built.gate if check.name == "unreadable_files").found == len(folder.unreadable)


def test_statistics_of_csv_and_pdf_reach_the_items(folder: Folder, built: BuildResult) -> None:
    items = pl.read_parquet(built.project / "build" / "items.parquet")
    known = items.filter(pl.col("human").struct.field("n") == 4021)
    parts = known.group_by(pl.col("exam").struct.field("part")).len().sort("part").rows()
    assert parts == [("1", QUESTIONS), ("2", QUESTIONS)]
    pages = {
        (place["file"].rpartition(".")[2], place["page"] is None)
        for places in known["provenance"].to_list()
        for place in places
        if place["field"] == "human"
    }
    assert pages == {("csv", True), ("pdf", False)}


def test_the_number_of_processes_changes_nothing(made: NewProject, built: BuildResult, tmp_path: Path) -> None:
    project = tmp_path / "p"
    shutil.copytree(made.recipe.parent, project, ignore=shutil.ignore_patterns("build"))
    run_build(project, jobs=1)
    first, second = (read_json(one / "build" / "manifest.json") for one in (built.project, project))
    assert first["files"] == second["files"]
    assert first["facts"] == second["facts"]


def test_new_papers_and_another_layout_read_their_own_files(made: NewProject, built: BuildResult) -> None:
    project = built.project
    text = made.recipe.read_text("utf-8")
    assert [name for name in run_build(project, jobs=2).done if " " in name] == []
    raw = project / "raw"
    for part in (1, 2, 3, 4):
        shutil.copyfile(raw / f"pharmacy-2010-paper-{part}.pdf", raw / f"pharmacy-2011-paper-{part}.pdf")
    recipe = text.replace("(?P<edition>2010)\\-paper", "(?P<edition>201\\d)\\-paper", 1)
    assert recipe != text
    made.recipe.write_text(recipe, "utf-8")
    done = [name for name in run_build(project, jobs=2).done if " " in name]
    assert sorted(done) == [f"parse pharmacy-2011-paper-{part}.pdf" for part in (1, 2, 3, 4)]
    licence = recipe.replace("  id: unknown", "  id: CC-BY-4.0", 1)
    made.recipe.write_text(licence, "utf-8")
    assert [name for name in run_build(project, jobs=2).done if " " in name] == []
    changed = licence.replace("    drop: [header, footer, cover]", "    drop: [header, footer]", 1)
    made.recipe.write_text(changed, "utf-8")
    touched = {name.partition(" ")[2] for name in run_build(project, jobs=2).done if name.startswith("parse ")}
    layouts = load_recipe(project).layouts
    edited = layouts[next(iter(layouts))]
    assert touched == {job.file for job in _papers(project) if job.layout == edited}
    made.recipe.write_text(text, "utf-8")


def _papers(project: Path) -> tuple[PaperJob, ...]:
    return place_files(load_recipe(project), project / "raw").papers
