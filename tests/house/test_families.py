"""Families of national papers: what `new` writes for one year builds that year and the next, to the letter.

`BENCHWRIGHT_REGENERATE=1` writes the golden items of tests/golden/families anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import benchwright
from benchwright.builder.recipe import parse_recipe
from benchwright.builder.recipe._profiles import profiles
from benchwright.schemas.item import Item
from benchwright.schemas.papers import Layout
from tests.typesetter.families.book import FAMILIES
from tests.typesetter.families.keysheet import KeyStyle
from tests.typesetter.families.model import YEARS, Family, Papers, print_year

GOLDEN = Path(__file__).parent.parent / "golden/families"
NAMES = [family.name for family in FAMILIES]
PLACE = "exams[0].parts.1.expect"


def family_of(name: str) -> Family:
    return next(family for family in FAMILIES if family.name == name)


def golden(name: str) -> list[dict[str, Any]]:
    lines = (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def letters(text: str, language: str) -> str:
    """A text as it is compared: where lines break, spaces cannot be told in scripts that print none between words.

    Joiners without width are not in the text layer of a PDF.
    """
    text = text.replace("\u200c", "")
    return "".join(text.split()) if language in {"th", "ja", "zh-Hant", "zh-Hans"} else text


def as_read(item: Item) -> dict[str, Any]:
    """One item in the form of the golden files."""
    labels = {option.id: option.label.strip(".)(- ") for option in item.options}
    return {
        "number": item.exam.number.strip("."),
        "stem": letters(item.stem, item.language),
        "context": letters(item.context.text, item.language) if item.context else "",
        "options": [(labels[option.id], letters(option.text, item.language)) for option in item.options],
        "answers": sorted([labels.get(one, one) for one in response] for response in item.key.answers),
        "annulled": item.key.status == "annulled",
        "language": item.language,
    }


def as_printed(row: dict[str, Any]) -> dict[str, Any]:
    """One golden row in the same form."""
    return {
        "number": row["number"],
        "stem": letters(row["stem"], row["language"]),
        "context": letters(row.get("context") or "", row["language"]),
        "options": [(option["label"], letters(option["text"], row["language"])) for option in row["options"]],
        "answers": sorted(row["answers"]),
        "annulled": row["answers"] == [],
        "language": row["language"],
    }


def rows_of(project: Path) -> list[dict[str, Any]]:
    return [as_read(item) for item in benchwright.read_items(project / "build/items.parquet")]


def agree(read: list[dict[str, Any]], printed: list[dict[str, Any]]) -> None:
    """Every row is as printed; a shared case is read with the line that names its questions."""
    assert len(read) == len(printed)
    for one, other in zip(read, printed, strict=True):
        assert one["context"].endswith(other["context"])
        assert bool(one["context"]) == bool(other["context"])
        assert one | {"context": ""} == other | {"context": ""}


def rejects_of(project: Path) -> list[str]:
    return pl.read_parquet(project / "build/rejects.parquet")["reason"].to_list()


def build(project: Path, recipe: Path, papers: Papers, count: int) -> None:
    """Build a year with a recipe that was written for another."""
    (project / "raw").mkdir(parents=True)
    for path in papers.files:
        shutil.copy(path, project / "raw")
    shutil.copy(recipe, project / "recipe.yaml")
    benchwright.build(project, [f"{PLACE}={count}"], jobs=1)


@pytest.mark.parametrize("name", NAMES)
def test_two_years_come_back_to_the_letter(tmp_path: Path, name: str) -> None:
    family = family_of(name)
    papers = [print_year(family, year, tmp_path / YEARS[year]) for year in (0, 1)]
    if os.environ.get("BENCHWRIGHT_REGENERATE") == "1" and not os.environ.get("CI"):
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for one in papers for row in one.gold]
        GOLDEN.joinpath(f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = golden(name)
    assert rows == json.loads(json.dumps([row for one in papers for row in one.gold])), "BENCHWRIGHT_REGENERATE=1"
    first, second = ([as_printed(row) for row in rows if YEARS[year] in row["file"]] for year in (0, 1))

    project = tmp_path / "project"
    benchwright.new(project, list(papers[0].files), language=family.language)
    benchwright.build(project, jobs=1)
    agree(rows_of(project), first)
    assert not {"number-missing", "key-missing", "key-unmatched", "key-unreadable"} & set(rejects_of(project))

    build(tmp_path / "next", project / "recipe.yaml", papers[1], family.counts[1])
    agree(rows_of(tmp_path / "next"), second)


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_that_names_the_profile_builds_the_family(tmp_path: Path, name: str) -> None:
    family = family_of(name)
    papers = print_year(family, 1, tmp_path / "papers")
    project = tmp_path / "project"
    benchwright.new(project, list(papers.files), language=family.language)
    recipe = project / "recipe.yaml"
    head, _, rest = recipe.read_text("utf-8").partition("layouts:")
    written = parse_recipe(head + "layouts:" + rest).layouts["layout-1"]
    assert _hypothesis(written) == _hypothesis(profiles()[name].layout), "what new finds is what the profile says"
    after = rest[rest.index("\nexcuse:") :]
    recipe.write_text(f"{head}layouts:\n  layout-1: {{profile: {name}}}{after}", encoding="utf-8")
    benchwright.build(project, jobs=1)
    agree(rows_of(project), [as_printed(row) for row in golden(name) if YEARS[1] in row["file"]])


def _hypothesis(layout: Layout) -> tuple[object, ...]:
    return layout.columns, layout.number, layout.options and layout.options.marks, layout.key and layout.key.where


def test_every_profile_has_a_family_and_every_family_a_profile_and_a_page() -> None:
    assert set(profiles()) == set(NAMES)
    assert {path.stem for path in GOLDEN.glob("*.jsonl")} == set(NAMES)
    page = (Path(__file__).parent.parent.parent / "docs/families.md").read_text("utf-8")
    assert {f"| `{profile.name}` | {profile.about} |" for profile in profiles().values()} <= set(page.splitlines())


def test_a_final_key_wins_and_the_provisional_one_is_history(tmp_path: Path) -> None:
    family = next(family for family in FAMILIES if family.provisional)
    papers = print_year(family, 0, tmp_path / "papers")
    benchwright.new(tmp_path / "project", list(papers.files), language=family.language)
    benchwright.build(tmp_path / "project", jobs=1)
    items = benchwright.read_items(tmp_path / "project/build/items.parquet")
    changed = {item.exam.number: item.key.history for item in items if item.key.history}
    assert set(changed) == set(papers.changed)
    assert all(history[0].status == "provisional" for history in changed.values())


@pytest.mark.parametrize("name", [family.name for family in FAMILIES if family.versions])
def test_the_items_of_all_printed_versions_are_one(tmp_path: Path, name: str) -> None:
    family = family_of(name)
    papers = print_year(family, 0, tmp_path / "papers")
    benchwright.new(tmp_path / "project", list(papers.files), language=family.language)
    benchwright.build(tmp_path / "project", jobs=1)
    items = list(benchwright.read_items(tmp_path / "project/build/items.parquet"))
    assert len(items) == family.counts[0]
    assert {one.partition(":")[0] for item in items for one in item.exam.printed_numbers} == set(family.versions)


def test_the_key_of_the_right_speciality_is_chosen_and_the_reason_is_said(tmp_path: Path) -> None:
    family = next(family for family in FAMILIES if family.others)
    papers = print_year(family, 0, tmp_path / "papers")
    made = benchwright.new(tmp_path / "project", list(papers.files), language=family.language)
    why = next(report.why for report in made.survey.files if report.role == "key")
    assert any(family.others[0] in one and "cover" in one for one in why), why
    assert f'table: "{family.others[0]}' in (tmp_path / "project/recipe.yaml").read_text("utf-8")


def test_entries_without_a_question_and_questions_without_an_entry_are_told(tmp_path: Path) -> None:
    family = replace(family_of("one-column-key-on-its-side"), key_style=KeyStyle("across", pairs=4, answers="upper:{}"))
    papers = print_year(family, 0, tmp_path / "papers")
    shorter = print_year(replace(family, counts=(family.counts[0] - 3, 20)), 0, tmp_path / "shorter")
    mixed = [shorter.files[0], *papers.files[1:]]
    benchwright.new(tmp_path / "project", mixed, language=family.language)
    benchwright.build(tmp_path / "project", jobs=1, gate=False)
    assert rejects_of(tmp_path / "project").count("key-unmatched") == 3
    other = [papers.files[0], *shorter.files[1:]]
    benchwright.new(tmp_path / "other", other, language=family.language)
    benchwright.build(tmp_path / "other", jobs=1, gate=False)
    assert rejects_of(tmp_path / "other").count("key-missing") == 3


@pytest.mark.parametrize(
    ("name", "block", "edit"),
    [
        ("right-option-in-bold", "layout-1: {profile: right-option-in-bold}", "key: {where: none}"),
        ("two-columns-key-runs", "layout-1: {profile: two-columns-key-runs}", "columns: 1"),
    ],
)
def test_an_edit_of_the_recipe_wins_over_inference_and_over_the_profile(
    tmp_path: Path, name: str, block: str, edit: str
) -> None:
    """An edit to what is wrong makes the reading wrong: nothing overrules it."""
    family = family_of(name)
    papers = print_year(family, 0, tmp_path / "papers")
    project = tmp_path / "project"
    benchwright.new(project, list(papers.files), language=family.language)
    recipe = project / "recipe.yaml"
    written = recipe.read_text("utf-8")
    field = edit.partition(":")[0]
    inferred = re.sub(rf"(?m)^    {field}: .*$", f"    {edit}", written)
    assert inferred != written
    named = re.sub(r"(?s)layouts:.*?\nexcuse:", f"layouts:\n  {block[:-1]}, {edit}}}\nexcuse:", written)
    right = rows_of_build(project, recipe, written)
    assert rows_of_build(project, recipe, inferred) != right
    assert rows_of_build(project, recipe, named) != right


def rows_of_build(project: Path, recipe: Path, text: str) -> list[dict[str, Any]]:
    """The items that a text of the recipe gives."""
    recipe.write_text(text, encoding="utf-8")
    benchwright.build(project, jobs=1, gate=False)
    return rows_of(project)
