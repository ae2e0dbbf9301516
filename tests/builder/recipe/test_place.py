"""Every raw file has its place, or the recipe is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchwright.builder.recipe import Placed, parse_recipe, place_files
from benchwright.schemas.errors import InputError, Problem, RecipeError
from tests.builder.fakes import RECIPE, write_project

MANY = r"""
recipe: 1
dataset: {name: many, languages: [pl, en]}
defaults: {country: PL, body: B, profession: physician}
exams:
  - id: lek
    layout: a
    expect: 200
    pass_rule: {share: 0.56}
    editions: {"2014w": {edition: "2014-1", session_date: 2014-02-15}}
    files:
      - {match: '(?P<edition>\d+[wj])_(?P<language>pl|en)_(?P<booklet>[12])\.pdf', role: booklet}
      - {match: '(?P<edition>\d+[wj])_(?P<language>pl|en)\.pdf', role: booklet}
      - {match: '(?P<edition>\d+[wj])_key(?P<booklet>[12])?\.pdf', role: key, layout: b}
      - {match: 'pictures/.*', role: images}
layouts: {a: {columns: 1}, b: {columns: 2}}
pairing: {languages: [pl, en], origin: {pl: native, en: official_translation}}
"""


def placed(tmp_path: Path, recipe: str, *names: str) -> Placed:
    write_project(tmp_path, dict.fromkeys(names, "x"), recipe)
    return place_files(parse_recipe(recipe), tmp_path / "raw")


def refused(tmp_path: Path, recipe: str, *names: str) -> tuple[Problem, ...]:
    with pytest.raises(RecipeError) as caught:
        placed(tmp_path, recipe, *names)
    return caught.value.problems


def test_files_become_jobs(tmp_path: Path) -> None:
    found = placed(tmp_path, MANY, "2014w_pl.pdf", "2014w_en.pdf", "2014w_key.pdf", "pictures/a.png", ".hidden")
    assert [file.role for file in found.files] == ["booklet", "key", "booklet", "images"]
    english, polish = sorted(found.papers, key=lambda job: job.language)
    assert (polish.edition, polish.part, polish.expect, polish.session_date) == ("2014-1", "1", 200, "2014-02-15")
    assert (polish.country, polish.body, polish.profession) == ("PL", "B", "physician")
    assert (polish.origin_language, english.origin_language) == (None, "pl")
    assert polish.layout is not None
    assert polish.layout.columns == 1
    assert [(key.language, key.part, key.status) for key in found.keys] == [
        ("en", "1", "official"),
        ("pl", "1", "official"),
    ]
    assert all(key.layout is not None and key.layout.columns == 2 for key in found.keys)
    assert found.hidden == 1


def test_printed_versions_of_a_booklet_are_parts_of_their_own(tmp_path: Path) -> None:
    found = placed(
        tmp_path, MANY, "2014w_pl_1.pdf", "2014w_pl_2.pdf", "2014w_key1.pdf", "2014w_key2.pdf",
    )  # fmt: skip
    assert sorted((job.file, job.part) for job in found.papers) == [("2014w_pl_1.pdf", "1"), ("2014w_pl_2.pdf", "1+2")]
    assert sorted((job.file, job.part) for job in found.keys) == [("2014w_key1.pdf", "1"), ("2014w_key2.pdf", "1+2")]


def test_a_key_that_names_no_version_is_asked_for_each(tmp_path: Path) -> None:
    found = placed(tmp_path, MANY, "2014w_pl_1.pdf", "2014w_pl_2.pdf", "2014w_key.pdf")
    asked = [(job.file, job.part, job.booklet, job.shared) for job in found.keys]
    assert asked == [("2014w_key.pdf", "1", "1", True), ("2014w_key.pdf", "1+2", "2", True)]


def test_a_key_without_a_part_serves_all_parts(tmp_path: Path) -> None:
    recipe = RECIPE.replace(r"key(?P<part>\d+)\.txt", r"key\.txt")
    found = placed(tmp_path, recipe, "1.txt", "2.txt", "key.txt")
    assert [job.part for job in found.keys] == ["1", "2"]


def test_all_files_without_a_place_are_named(tmp_path: Path) -> None:
    found = refused(tmp_path, RECIPE, "1.txt", "notes.doc", "deep/other.pdf")
    assert [(one.code, one.file) for one in found] == [
        ("file-unplaced", "deep/other.pdf"),
        ("file-unplaced", "notes.doc"),
    ]
    assert "role: ignore" in str(found[0].remedy)


def test_two_booklets_of_one_place(tmp_path: Path) -> None:
    recipe = RECIPE.replace(r"(?P<part>\d+)\.txt', role: booklet", r"(?P<part>\d)b?\.txt', role: booklet")
    (found,) = refused(tmp_path, recipe, "1.txt", "1b.txt")
    assert (found.code, found.file) == ("booklet-ambiguous", "1.txt, 1b.txt")


def test_two_keys_of_one_status(tmp_path: Path) -> None:
    recipe = RECIPE.replace(r"key(?P<part>\d+)\.txt", r"key(?P<part>\d)b?\.txt")
    (found,) = refused(tmp_path, recipe, "1.txt", "key1.txt", "key1b.txt", "fix1.txt")
    assert (found.code, found.file) == ("key-ambiguous", "key1.txt, key1b.txt")


def test_a_key_without_a_booklet(tmp_path: Path) -> None:
    (found,) = refused(tmp_path, RECIPE, "1.txt", "key1.txt", "key7.txt")
    assert (found.code, found.file) == ("recipe-reference", "key7.txt")


def test_a_key_that_does_not_say_its_edition(tmp_path: Path) -> None:
    recipe = MANY.replace(r"(?P<edition>\d+[wj])_key", "key")
    (found,) = refused(tmp_path, recipe, "2014w_pl.pdf", "2015w_pl.pdf", "key.pdf")
    assert (found.code, found.file) == ("recipe-missing-key", "key.pdf")


def test_a_part_or_edition_without_a_booklet_would_vanish(tmp_path: Path) -> None:
    recipe = RECIPE.replace('"1": {expect: 3}', '"1": {expect: 3}, "2": {expect: 3}')
    recipe = recipe.replace('"2024": {release_date: "2024-05"}', '"2024": {}, "2025": {}')
    recipe = recipe.replace("role: booklet}", 'role: booklet, edition: "2024"}', 1)
    found = refused(tmp_path, recipe, "1.txt")
    assert [one.place for one in found] == ["exams[0].editions.2025", "exams[0].parts.2"]


def test_a_paper_whose_language_nothing_says_is_read_all_the_same(tmp_path: Path) -> None:
    (job,) = placed(tmp_path, RECIPE.replace("[es]", "[es, en]"), "1.txt").papers
    assert job.language == "und"


def test_no_raw_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no raw files"):
        place_files(parse_recipe(RECIPE), tmp_path / "raw")
