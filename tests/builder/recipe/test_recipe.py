"""The recipe: what it refuses, all at once, and where."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import benchwright.builder.recipe as room
from benchwright.builder._render import _flow
from benchwright.builder.recipe import Recipe, load_recipe, parse_recipe
from benchwright.builder.recipe._json_schema import recipe_json_schema
from benchwright.builder.recipe._yaml import MAX_NODES, parse_yaml
from benchwright.schemas.errors import Problem, RecipeError
from tests.builder.fakes import RECIPE


def problems(text: str, *overrides: str) -> tuple[Problem, ...]:
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text, overrides)
    return caught.value.problems


def test_five_mistakes_are_five_problems() -> None:
    text = r"""
recipe: 1
dataset: {name: toy, langages: [es]}
defaults: {country: UK}
exams:
  - id: toy
    layout: plian
    files:
      - {match: '(?P<part>\d+.txt', role: booklet}
    parts: {"1": {expect: eighty}}
layouts:
  plain: {number: {style: "1."}}
"""
    found = problems(text)
    assert [(one.code, one.place) for one in found] == [
        ("recipe-unknown-key", "line 3, dataset.langages"),
        ("recipe-wrong-value", "line 4, defaults.country"),
        ("recipe-reference", "line 7, exams[0].layout"),
        ("recipe-wrong-value", "line 9, exams[0].files[0].match"),
        ("recipe-wrong-value", "line 10, exams[0].parts.1.expect"),
    ]
    assert all(one.file == "recipe.yaml" and one.found and one.expected for one in found)
    assert "'languages'" in str(found[0].remedy)
    assert "'plain'" in str(found[2].remedy)


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "word"),
    [
        ("recipe: 1", "recipe: 2", "recipe-version", "recipe", "2"),
        ("recipe: 1", "", "recipe-missing-key", "recipe", "recipe"),
        ("name: toy", "name: Toy Exam", "recipe-wrong-value", "dataset.name", "Toy Exam"),
        ("languages: [es]", "languages: [qqq-nothing]", "recipe-wrong-value", "dataset.languages[0]", "qqq"),
        ('release_date: "2024-05"', 'release_date: "2024-13"', "recipe-wrong-value", "editions.2024", "2024-13"),
        ('release_date: "2024-05"', "release_date: 2024", "recipe-wrong-value", "editions.2024", "2024"),
        ("role: ignore", "role: ignored", "recipe-wrong-value", "files[3].role", "ignored"),
        ("role: ignore", "rolle: ignore", "recipe-unknown-key", "files[3].rolle", "rolle"),
        ("status: revised", "status: annulled", "recipe-wrong-value", "files[2].status", "annulled"),
        (r"fix(?P<part>", r"fix(?P<prat>", "recipe-wrong-value", "files[2].match", "prat"),
        ("expect: 3", "expect: 0", "recipe-wrong-value", "parts.1.expect", "0"),
        ("layout: plain", "layout: other", "recipe-reference", "exams[0].layout", "other"),
        ("score: 0.9", "columns: 7", "recipe-wrong-value", "layouts.plain.columns", "7"),
        ("recipe: 1", "recipe: 1\nrecipe: 1", "recipe-syntax", "recipe", "recipe"),
        ("title: Toy exam", "title: !!python/name:os.system x", "recipe-syntax", "dataset.title", "python"),
        ("layouts:", "excuse: [{group: tay/1/1/1, reason: x}]\nlayouts:", "recipe-reference", "excuse[0]", "tay"),
        (
            "layouts:",
            "waivers: [{code: S101, reason: x, by: y}]\nlayouts:",
            "recipe-missing-key",
            "waivers[0]",
            "neither",
        ),
        ("layouts:", "pairing: {languages: [es, en]}\nlayouts:", "recipe-reference", "pairing.languages[1]", "en"),
    ],
)
def test_one_mistake_is_one_problem(old: str, new: str, code: str, place: str, word: str) -> None:
    (found,) = problems(RECIPE.replace(old, new, 1))
    assert found.code == code
    assert place in str(found.place)
    assert word in f"{found.found} {found.message} {found.place}"


def test_values_outside_a_codebook_are_told_with_the_nearest() -> None:
    books = "codebooks: {subject: [Anatomy, Surgery], specialty: [cardiology]}\n"
    text = RECIPE.replace('parts: {"1": {expect: 3}}', 'parts: {"1": {expect: 3, subject: Anatmy}}') + books
    found = problems(text + "defaults: {specialty: botany}\n")
    assert [(one.code, str(one.place).split(", ")[-1]) for one in found] == [
        ("recipe-reference", "exams[0].parts.1.subject"),
        ("recipe-reference", "defaults.specialty"),
    ]
    assert "did you mean 'Anatomy'?" in str(found[0].remedy)
    assert "codebooks.specialty" in str(found[1].remedy)
    good = parse_recipe(text.replace("Anatmy", "Anatomy"))
    assert good.codebooks["subject"] == ("Anatomy", "Surgery")


def test_a_codebook_has_values() -> None:
    (found,) = problems(RECIPE + "codebooks: {subject: []}\n")
    assert (found.code, str(found.place).split(", ")[-1]) == ("recipe-wrong-value", "codebooks.subject")


def test_a_recipe_that_is_no_mapping_or_no_yaml() -> None:
    assert problems("")[0].code == "recipe-wrong-value"
    assert problems("- a\n- b")[0].code == "recipe-wrong-value"
    (syntax,) = problems("recipe: 1\ndataset: {name: [")
    assert syntax.code == "recipe-syntax"
    assert str(syntax.place).startswith("line ")


def test_no_recipe_and_no_folder(tmp_path: Path) -> None:
    for folder, found in ((tmp_path, "no such file"), (tmp_path / "nowhere", "no such folder")):
        with pytest.raises(RecipeError) as caught:
            load_recipe(folder)
        assert (caught.value.problems[0].code, caught.value.problems[0].found) == ("recipe-not-found", found)


def test_a_recipe_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "recipe.yaml").write_bytes("recipe: 1 # año".encode("latin-1"))
    with pytest.raises(RecipeError, match="UTF-8"):
        load_recipe(tmp_path)


def test_null_is_a_value_that_is_not_known_yet() -> None:
    recipe = parse_recipe(RECIPE.replace("title: Toy exam", "title: null") + "pairing: null\nlicence: {id: null}\n")
    assert recipe.dataset.title is None
    assert recipe.licence.id == "unknown"


def test_null_in_the_gate_switches_a_check_off() -> None:
    assert parse_recipe(RECIPE).gate.critical == 0
    assert parse_recipe(RECIPE + "gate: {critical: null}\n").gate.critical is None


def test_overrides_change_values_of_any_depth() -> None:
    recipe = parse_recipe(
        RECIPE, ["gate.critical=3", "exams[0].expect=80", "exams.0.parts.2.expect=9", "dataset.title='a: b'"]
    )
    assert (recipe.gate.critical, recipe.exams[0].expect, recipe.exams[0].parts["2"].expect) == (3, 80, 9)
    assert recipe.dataset.title == "a: b"


def test_overrides_that_cannot_be_applied_are_told_with_everything_else() -> None:
    found = problems(
        RECIPE.replace("recipe: 1", "recipe: 1\nspare: 2"), "nonsense", "exams[4].id=x", "recipe=[", "a.b=1"
    )
    codes = [one.code for one in found]
    assert codes.count("override-syntax") == 3
    assert codes.count("recipe-unknown-key") == 2


def test_anchors_and_merges_unfold() -> None:
    text = RECIPE.replace("languages: [es]", "languages: &l [es]") + "release: {configs: *l}\n"
    assert parse_recipe(text).release.configs == ("es",)
    merged = parse_yaml("base: &b {x: 1, y: 2}\nmine: {<<: *b, y: 3}", file="f")
    assert merged.data["mine"] == {"x": 1, "y": 3}


def test_aliases_inside_of_each_other_are_stopped() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    parsed = parse_yaml("\n".join(rows), file="recipe.yaml")
    assert [one.code for one in parsed.problems] == ["recipe-syntax"]
    assert str(MAX_NODES) in str(parsed.problems[0].found)


_SCALARS = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=20,
)


@given(_VALUES)
def test_what_new_writes_is_read_as_the_same_value(value: object) -> None:
    parsed = parse_yaml(_flow(value), file="f")
    assert not parsed.problems
    assert parsed.data == value


@given(
    st.recursive(
        _SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*Recipe.model_fields, "id", "files", "match", "role"]), inner, max_size=5
            )
        ),
        max_leaves=25,
    )
)
def test_any_data_is_a_recipe_or_a_recipe_error(value: object) -> None:
    text = json.dumps(value)
    with contextlib.suppress(RecipeError):
        assert isinstance(parse_recipe(text), Recipe)


def test_the_json_schema_is_that_of_the_models() -> None:
    stored = Path(room.__file__).with_name("recipe.schema.json").read_text(encoding="utf-8")
    assert stored == recipe_json_schema(), "write it anew: recipe_json_schema() -> recipe.schema.json"


def test_the_json_schema_accepts_what_the_models_accept() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(recipe_json_schema())
    data = parse_yaml(RECIPE, file="f").data
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "spare": 1}, schema)
