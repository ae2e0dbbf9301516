"""A run: what it writes, what it skips, what it does with bad files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.builder.gate import raise_for_gate
from benchwright.builder.run import BuildResult, run_build
from benchwright.builder.status import project_status
from benchwright.builder.store import read_json
from benchwright.schemas import Item, Reject
from benchwright.schemas.errors import (
    DefectError,
    GateError,
    LedgerError,
    MissingDependencyError,
    NotFoundError,
    OutputError,
)
from benchwright.schemas.rows import check_columns, from_frame
from tests.builder.fakes import RECIPE, answers, questions, write_project
from tests.builder.helpers import file_size_limit, run_program

pytestmark = pytest.mark.usefixtures("toy")

FILES = {
    "1.txt": questions(3, figures=[2]),
    "2.txt": questions(5),
    "key1.txt": answers(3),
    "key2.txt": answers(5),
    "index.html": "<p>",
}


def project(tmp_path: Path, changes: dict[str, str] | None = None, recipe: str = RECIPE) -> Path:
    return write_project(tmp_path / "p", {**FILES, **(changes or {})}, recipe)


def build(folder: Path, **options: Any) -> BuildResult:
    return run_build(folder, jobs=1, **options)


def snapshot(folder: Path) -> dict[str, object]:
    """All that a build leaves, without log, clock times and the lock."""
    root = folder / "build"
    files: dict[str, object] = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name not in {"log.txt", ".lock", "manifest.json"}
    }
    return {**files, "manifest": {**(read_json(root / "manifest.json") or {}), "run": None}}


def rejects(folder: Path) -> list[Reject]:
    return from_frame(pl.read_parquet(folder / "build" / "rejects.parquet"), Reject)


def test_papers_become_tables(tmp_path: Path) -> None:
    folder = project(tmp_path)
    result = build(folder)
    items = pl.read_parquet(folder / "build" / "items.parquet")
    check_columns(items.schema, Item)
    assert items["id"].to_list() == sorted(items["id"])
    assert items["id"][0] == "toy/2024/1/001@es"
    assert items.height == 8
    assert result.gate_met
    raise_for_gate(result.gate)
    assert [(e.stage, e.unit, e.rows_in, e.rows_out, e.rows_rejected) for e in result.ledger] == [
        ("place", "file", 5, 4, 1),
        ("parse", "file", 2, 2, 0),
        ("parse", "question", 8, 8, 0),
        ("keys", "file", 2, 2, 0),
        ("keys", "key entry", 8, 8, 0),
        ("join", "item", 8, 8, 0),
        ("join", "key entry", 8, 8, 0),
        ("audit", "item", 8, 8, 0),
    ]
    rows = {row["file"]: row for row in result.files}
    assert (rows["1.txt"]["expected"], rows["1.txt"]["found"], rows["1.txt"]["keyed"]) == (3, 3, 3)
    assert rows["1.txt"]["figures"] == 1
    manifest = read_json(folder / "build" / "manifest.json")
    assert {entry["name"] for entry in manifest["files"]} >= {"items.parquet", "report.html"}
    assert {entry["name"] for entry in manifest["inputs"]} >= {"recipe.yaml", "raw/1.txt"}
    assert manifest["counts"]["items"] == 8
    assert (folder / "build" / "report.html").is_file()


def test_a_second_run_does_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path)
    build(folder)
    before = snapshot(folder)
    again = build(folder)
    assert again.done == []
    assert snapshot(folder) == before
    assert project_status(folder).current


def test_force_does_everything_and_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = project(tmp_path)
    build(folder)
    before = snapshot(folder)
    assert len(build(folder, force=True).done) == 7
    assert snapshot(folder) == before


def test_a_new_file_is_read_alone(tmp_path: Path) -> None:
    folder = project(tmp_path)
    build(folder)
    (folder / "raw" / "3.txt").write_text(questions(2))
    state = project_status(folder)
    assert {one.stage: one.state for one in state.stages}["parse"] == "missing"
    assert not state.current
    again = build(folder)
    assert [name for name in again.done if name.startswith(("parse", "keys"))] == ["parse 3.txt"]
    assert again.counts["items"] == 10


def test_another_layout_reads_its_own_files_again(tmp_path: Path) -> None:
    recipe = (
        RECIPE.replace("role: booklet}", "role: booklet, layout: other}", 1).replace(
            "- {match: '(?P<part>",
            r"- {match: '(?P<part>1)\.txt', role: booklet, layout: plain}" + "\n      - {match: '(?P<part>",
            1,
        )
        + "  other: {columns: 2}\n"
    )
    folder = project(tmp_path, recipe=recipe)
    build(folder)
    (folder / "recipe.yaml").write_text(recipe.replace("columns: 2", "columns: 3"))
    again = build(folder)
    assert [name for name in again.done if name.startswith("parse")] == ["parse 2.txt"]


def test_what_the_recipe_says_of_a_paper_reads_nothing_again(tmp_path: Path) -> None:
    """Licence, body, dates, points and the remarks on a layout are no matter of the reader, and reach the items."""
    folder = project(tmp_path)
    build(folder)
    told = RECIPE.replace("score: 0.9", "score: 0.1").replace('release_date: "2024-05"', 'release_date: "2024-06"')
    told += "licence: {id: CC-BY-4.0}\ndefaults: {body: Board, points: 2.0, contributor: us, origin_language: pt}\n"
    (folder / "recipe.yaml").write_text(told)
    assert [name for name in build(folder).done if " " in name] == []
    items = from_frame(pl.read_parquet(folder / "build" / "items.parquet"), Item)
    assert {
        (one.licence.id, one.exam.body, one.exam.points, one.contributor, one.origin_language) for one in items
    } == {("CC-BY-4.0", "Board", 2.0, "us", "pt")}
    assert {(str(one.exam.release_date), one.origin) for one in items} == {("2024-06", "official_translation")}
    before = snapshot(folder)
    shutil.rmtree(folder / "build")
    build(folder)
    assert snapshot(folder) == before


def test_a_file_that_is_gone_takes_its_items_with_it(tmp_path: Path) -> None:
    folder = project(tmp_path)
    build(folder)
    (folder / "raw" / "2.txt").unlink()
    (folder / "raw" / "key2.txt").unlink()
    assert build(folder).counts["items"] == 3
    fresh = write_project(tmp_path / "q", {name: FILES[name] for name in ("1.txt", "key1.txt", "index.html")})
    (fresh / "recipe.yaml").write_text(RECIPE)
    build(fresh)
    assert snapshot(folder) == snapshot(fresh)


def test_parts_and_tables_that_were_damaged_are_made_again(tmp_path: Path) -> None:
    folder = project(tmp_path)
    build(folder)
    before = snapshot(folder)
    for damaged in ("items.parquet", "findings.parquet", "report.html"):
        (folder / "build" / damaged).write_bytes(b"damage")
        assert not project_status(folder).current
        build(folder)
        assert snapshot(folder) == before
    for part in (folder / "build" / "stages").rglob("*.parquet"):
        part.write_bytes(b"damage")
    for picture in (folder / "build" / "media").iterdir():
        picture.unlink()
    build(folder)
    assert snapshot(folder) == before


def test_any_number_of_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = project(tmp_path / "a"), project(tmp_path / "b")
    assert run_program("build", str(one), "--jobs", "1").returncode == 0
    assert run_program("build", str(two), "--jobs", "2").returncode == 0
    assert snapshot(one) == snapshot(two)


def test_a_damaged_file_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.txt": "DAMAGED"})
    result = build(folder)
    assert result.counts["items"] == 5
    found = rejects(folder)
    assert [(one.reason, one.number) for one in found if one.file == "1.txt"] == [
        ("file-unreadable", None),
        ("number-missing", "1"),
        ("number-missing", "2"),
        ("number-missing", "3"),
    ]
    with pytest.raises(GateError) as caught:
        raise_for_gate(result.gate)
    assert [one.place for one in caught.value.problems] == ["gate.missing_numbers", "gate.unreadable_files"]
    assert project_status(folder).missing_numbers[0] == "toy/2024/1/001@es"


def test_a_damaged_key_is_rejected_and_the_items_have_no_key(tmp_path: Path) -> None:
    folder = project(tmp_path, {"key1.txt": "DAMAGED"})
    result = build(folder)
    assert result.counts["key.unknown"] == 3
    assert [one.file for one in rejects(folder) if one.reason == "file-unreadable"] == ["key1.txt"]


def test_a_bug_of_a_reader_costs_its_own_file_and_exits_as_a_defect(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.txt": "BUG"})
    with pytest.raises(DefectError) as caught:
        build(folder)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("stage-failed", "1.txt")
    assert "log.txt" in str(problem.remedy)
    assert "ZeroDivisionError" in (folder / "build" / "log.txt").read_text()
    assert pl.read_parquet(folder / "build" / "items.parquet").height == 5
    assert not project_status(folder).current
    (folder / "raw" / "1.txt").write_text(FILES["1.txt"])
    assert build(folder).counts["items"] == 8


def test_a_reader_that_needs_a_program_is_tried_again(tmp_path: Path) -> None:
    folder = project(tmp_path, {"2.txt": "NEEDS"})
    for _ in range(2):
        with pytest.raises(MissingDependencyError) as caught:
            build(folder)
        assert [problem.file for problem in caught.value.problems] == ["2.txt"]
        assert "all others were built" in caught.value.problems[0].message
        assert pl.read_parquet(folder / "build" / "items.parquet").height == 3


def test_a_process_that_dies_costs_its_own_file(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.txt": "DIE"})
    done = run_program("build", str(folder), "--jobs", "2")
    assert done.returncode == 2
    assert "1.txt" in done.stderr
    assert pl.read_parquet(folder / "build" / "items.parquet").height == 5


def test_missing_numbers_fail_the_gate_unless_they_are_excused(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.txt": questions(3, skip=[2])})
    with pytest.raises(GateError, match="toy/2024/1/002@es"):
        raise_for_gate(build(folder).gate)
    excuses = "excuse: [{group: toy/2024/1/002, reason: withdrawn}, {group: toy/2024/1/003, reason: by mistake}]\n"
    (folder / "recipe.yaml").write_text(RECIPE + excuses)
    result = build(folder)
    raise_for_gate(result.gate)
    assert [(one.subject, one.reason) for one in result.waivers] == [
        ("toy/2024/1/002", "excused"),
        ("toy/2024/1/003", "nothing to excuse"),
    ]


def test_a_reader_that_loses_a_question_breaks_the_ledger(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.txt": questions(3).replace("pregunta 2", "LOSE")})
    with pytest.raises(LedgerError, match="unbalanced"):
        build(folder)


def test_key_entries_without_a_question_are_rejects(tmp_path: Path) -> None:
    folder = project(tmp_path, {"key1.txt": answers(4)})
    build(folder)
    assert [(one.reason, one.file, one.number) for one in rejects(folder)] == [("key-unmatched", "key1.txt", "4")]


def test_a_revised_key_wins_and_keeps_the_history(tmp_path: Path) -> None:
    folder = project(tmp_path, {"fix1.txt": "2 D\n"})
    build(folder)
    items = from_frame(pl.read_parquet(folder / "build" / "items.parquet"), Item)
    key = next(item.key for item in items if item.id == "toy/2024/1/002@es")
    assert (key.status, key.answers, key.history[-1].status) == ("revised", (("D",),), "official")


def test_the_second_item_of_an_id_is_a_reject(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.txt": questions(3) + "2 otra vez\n"})
    result = build(folder)
    assert result.counts["items"] == 8
    assert [(one.reason, one.number, one.text) for one in rejects(folder)] == [("number-repeated", "2", "otra vez")]


def test_origin_and_kind_come_from_the_recipe(tmp_path: Path) -> None:
    recipe = (
        RECIPE.replace("[es]", "[es, en]")
        .replace(r"(?P<part>\d+)\.txt', role: booklet", r"(?P<part>1)\.txt', role: booklet, language: es")
        .replace("    files:\n", "    files:\n      - {match: 'en(?P<part>1)\\.txt', role: booklet, language: en}\n")
        + "pairing: {languages: [es, en], origin: {es: native, en: official_translation}}\n"
    )
    folder = write_project(
        tmp_path / "p", {"1.txt": questions(3), "en1.txt": questions(3), "key1.txt": answers(3)}, recipe
    )
    build(folder)
    items = pl.read_parquet(folder / "build" / "items.parquet")
    assert items.group_by("language", "origin", "origin_language").len().sort("language").rows() == [
        ("en", "official_translation", "es", 3),
        ("es", "native", "es", 3),
    ]
    assert items["key"].struct.field("status").to_list() == ["official"] * 6


def test_unknown_audits_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    folder = project(tmp_path, recipe=RECIPE + "audits: {select: [Z999]}\n")
    with pytest.raises(NotFoundError):
        build(folder)
    assert not (folder / "build").exists()


def test_a_build_that_cannot_be_written(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "build").write_text("a file in its place")
    with pytest.raises(OutputError) as caught:
        build(folder)
    assert caught.value.problems[0].code == "output-not-writable"


def test_a_full_disk_stops_the_build_and_the_next_one_goes_on(tmp_path: Path) -> None:
    folder, calm = project(tmp_path / "a"), project(tmp_path / "b")
    with file_size_limit(32 * 1024), pytest.raises(OutputError) as caught:
        build(folder)
    assert caught.value.problems[0].code == "output-disk-full"
    again = build(folder)
    assert again.kept > 0
    build(calm)
    assert snapshot(folder) == snapshot(calm)


def test_two_builds_of_one_project_at_once(tmp_path: Path) -> None:
    import fcntl

    folder = project(tmp_path)
    (folder / "build").mkdir()
    with (folder / "build" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="another build"):
            build(folder)
    build(folder)


def test_a_moved_project_is_current(tmp_path: Path) -> None:
    folder = project(tmp_path)
    build(folder)
    shutil.move(folder, tmp_path / "elsewhere")
    assert build(tmp_path / "elsewhere").done == []


def test_a_limit_and_include_leave_files_out_and_say_so(tmp_path: Path) -> None:
    folder = project(tmp_path)
    build(folder)
    before = snapshot(folder)
    trial = build(folder, overrides=["limit=1"])
    assert [row["file"] for row in trial.files] == ["1.txt", "index.html", "key1.txt"]
    assert [name for name in trial.done if " " in name] == []
    assert next(one for one in trial.ledger if one.stage == "place").rows_rejected == 3
    assert project_status(folder).current
    whole = build(folder)
    assert [name for name in whole.done if " " in name] == []
    assert snapshot(folder) == before
    (folder / "recipe.yaml").write_text(RECIPE + "include: ['(key)?2\\.txt']\n")
    assert [row["file"] for row in build(folder).files] == ["2.txt", "key2.txt"]


def test_a_paper_without_a_key_says_so_once(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "raw" / "key2.txt").unlink()
    result = build(folder)
    assert {row["file"]: row["doubts"] for row in result.files}["2.txt"] == ["no key found"]


def test_a_page_that_looks_like_a_key_is_named_where_none_was_found(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "raw" / "key2.txt").unlink()
    with (folder / "raw" / "2.txt").open("a", encoding="utf-8") as booklet:
        booklet.write("KEY 7\nKEY 8\n")
    doubts = {row["file"]: row["doubts"] for row in build(folder).files}["2.txt"]
    assert doubts == ["no key found; it may be on page 7, 8, which could not be read"]


def test_files_with_the_same_bytes_are_told(tmp_path: Path) -> None:
    folder = project(tmp_path, {"3.txt": FILES["2.txt"]})
    rows = {row["file"]: row for row in build(folder).files}
    assert "the same bytes as 2.txt" in rows["3.txt"]["doubts"]
    assert not any("same bytes" in doubt for doubt in rows["2.txt"]["doubts"])
