"""Booklets printed in several versions: one item each, with all printed numbers, and keys that check each other."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.new import new_project
from benchwright.builder.run import BuildResult, run_build
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, PrintItem
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam
from tests.typesetter.versions import booklet_version, print_versions

COUNT = 12
LAYOUT = Layout(key_format="columns")


def exam() -> PrintExam:
    plain = random_exam(7, "es", COUNT, options=(4, 4), parts=1, figures=False, tables=False, contexts=False)
    single = [item for item in plain.items if item.key is not None]
    items = tuple(replace(item, key=(("B",),), revised_key=None, note=None) for item in plain.items)
    assert single
    return plain.with_items(items)


def wrong(item: PrintItem) -> PrintItem:
    letter = "A" if item.key != (("A",),) else "C"
    return replace(item, key=((letter,),))


def _question(item: PrintItem) -> tuple[str, ...]:
    return (item.stem, *sorted(option.text for option in item.options))


def project(folder: Path, versions: dict[str, PrintExam], *, keys: str) -> Path:
    raw = folder / "exam" / "raw"
    raw.mkdir(parents=True)
    for name, version in versions.items():
        printed = print_exam(version, LAYOUT, folder / name)
        shutil.copy(printed.booklet, raw / f"examen-2030-{name}.pdf")
        if name in keys:
            shutil.copy(printed.keys[0], raw / f"clave-2030-{name}.pdf")
    new_project(folder / "exam")
    return folder / "exam"


def items_of(built: BuildResult) -> pl.DataFrame:
    return pl.read_parquet(built.project / "build" / "items.parquet").unnest("exam", "key", separator=".")


@pytest.fixture(scope="module")
def versions() -> dict[str, PrintExam]:
    return {name: booklet_version(exam(), name, 3) for name in "AB"}


def test_new_names_the_versions(tmp_path: Path, versions: dict[str, PrintExam]) -> None:
    made = project(tmp_path, versions, keys="AB")
    recipe = (made / "recipe.yaml").read_text("utf-8")
    assert r"match: 'examen\-(?P<edition>\d{4})\-(?P<booklet>[^\W\d_]+)\.pdf', role: booklet" in recipe
    assert r"match: 'clave\-(?P<edition>\d{4})\-(?P<booklet>[^\W\d_]+)\.pdf', role: key" in recipe


def test_versions_become_one_item_with_all_printed_numbers(tmp_path: Path, versions: dict[str, PrintExam]) -> None:
    built = run_build(project(tmp_path, versions, keys="AB"), jobs=1)
    items = items_of(built)
    assert items.height == COUNT
    assert items["exam.part"].unique().to_list() == ["1"]
    there = {_question(item): str(item.number) for item in versions["B"].items}
    for row, item in zip(items.iter_rows(named=True), versions["A"].items, strict=True):
        numbers = [one.strip(".") for one in row["exam.printed_numbers"]]
        assert numbers == [f"A:{item.number}", f"B:{there[_question(item)]}"]
        assert row["key.answers"] == [list(response) for response in item.key or ()]
        assert row["key.status"] == "official"
    assert {row["file"]: row["found"] for row in built.files if row["role"] == "booklet"} == {
        "examen-2030-A.pdf": COUNT,
        "examen-2030-B.pdf": COUNT,
    }
    merged = next(entry for entry in built.ledger if entry.stage == "versions")
    assert (merged.rows_in, merged.rows_out, merged.rows_merged) == (COUNT, 0, COUNT)
    assert built.counts["rejects"] == 0


def test_a_key_of_another_version_serves_where_the_first_has_none(
    tmp_path: Path, versions: dict[str, PrintExam]
) -> None:
    items = items_of(run_build(project(tmp_path, versions, keys="B"), jobs=1))
    wanted = [[list(response) for response in item.key or ()] for item in versions["A"].items]
    assert items["key.answers"].to_list() == wanted
    assert items["key.source"].unique().to_list() == ["clave-2030-B.pdf"]


def test_keys_that_disagree_are_contested_and_told(tmp_path: Path, versions: dict[str, PrintExam]) -> None:
    second = versions["B"]
    other = second.with_items((wrong(second.items[0]), *second.items[1:]))
    built = run_build(project(tmp_path, {"A": versions["A"], "B": other}, keys="AB"), jobs=1)
    items = items_of(built)
    contested = items.filter(pl.col("key.status") == "contested")
    assert contested.height == 1
    assert contested["exam.printed_numbers"].to_list()[0][1].strip(".") == "B:1"
    assert contested["key.history"].list.len().to_list() == [1]
    rejects = pl.read_parquet(built.project / "build" / "rejects.parquet")
    (reject,) = rejects.rows(named=True)
    assert (reject["reason"], reject["file"], reject["group"]) == (
        "key-unreadable",
        "clave-2030-B.pdf",
        contested["group"][0],
    )
    assert "official" in reject["text"]
    assert "B:1" in reject["text"]


def test_a_question_of_one_version_only_stays_an_item(tmp_path: Path, versions: dict[str, PrintExam]) -> None:
    second = versions["B"]
    stranger = random_exam(99, "es", 1, options=(4, 4), parts=1, figures=False, tables=False, contexts=False).items[0]
    number = second.items[-1].number
    changed = second.with_items((*second.items[:-1], replace(stranger, number=number, key=(("A",),))))
    built = run_build(project(tmp_path, {"A": versions["A"], "B": changed}, keys="AB"), jobs=1)
    items = items_of(built)
    assert items.height == COUNT + 1
    apart = items.filter(pl.col("exam.part") == "1+B")
    assert apart["exam.number"].to_list() == [str(number)]
    row = next(row for row in built.files if row["file"] == "examen-2030-B.pdf")
    assert row["doubts"] == [f"1 of {COUNT} items are not those of the first version and stay apart"]


def test_one_key_with_a_column_for_each_version(tmp_path: Path, versions: dict[str, PrintExam]) -> None:
    made = project(tmp_path, versions, keys="")
    _, key = print_versions(list(versions.values()), LAYOUT, tmp_path / "printed")
    shutil.copy(key, made / "raw" / "clave-2030.pdf")
    new_project(made, force=True)
    built = run_build(made, jobs=1)
    items = items_of(built)
    assert items["key.answers"].to_list() == [[list(one) for one in item.key or ()] for item in versions["A"].items]
    assert items["key.status"].unique().to_list() == ["official"]
    assert built.counts["rejects"] == 0
    assert sum(entry.rows_out for entry in built.ledger if entry.stage == "keys" and entry.unit == "key entry") == 24


def test_a_simple_key_is_of_the_first_version_only(tmp_path: Path, versions: dict[str, PrintExam]) -> None:
    made = project(tmp_path, versions, keys="A")
    (made / "raw" / "clave-2030-A.pdf").rename(made / "raw" / "clave-2030.pdf")
    new_project(made, force=True)
    built = run_build(made, jobs=1)
    items = items_of(built)
    assert items["key.status"].unique().to_list() == ["official"]
    assert built.counts["rejects"] == 0
