"""`new`: files are brought in and never changed, and the recipe says what is not known."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.builder._render import render_recipe
from benchwright.builder.new import bring_in, new_project
from benchwright.builder.recipe import load_recipe, parse_recipe, place_files
from benchwright.schemas.errors import InputError, OutputError, SchemaError
from benchwright.schemas.papers import (
    ExamGuess,
    FileReport,
    FileRule,
    KeyLayout,
    Layout,
    NumberLayout,
    OptionLayout,
    PartGuess,
    Survey,
)
from benchwright.schemas.tables import Reject
from tests.builder.fakes import answers, questions

pytestmark = pytest.mark.usefixtures("toy")


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "sub").mkdir(parents=True)
    (folder / "1.txt").write_text(questions(3))
    (folder / "key1.txt").write_text(answers(3))
    (folder / "sub" / "about.html").write_text("<p>")
    (folder / ".DS_Store").write_text("x")
    return folder


def test_a_recipe_that_builds(tmp_path: Path, papers: Path) -> None:
    made = new_project(tmp_path / "My Exam", [papers], language="Spanish")
    recipe = load_recipe(tmp_path / "My Exam")
    assert recipe.dataset.name == "my-exam"
    assert recipe.dataset.languages == ("es",)
    assert made.unplaced == ()
    placed = place_files(recipe, tmp_path / "My Exam" / "raw")
    assert [(file.name, file.role) for file in placed.files] == [
        ("1.txt", "booklet"),
        ("key1.txt", "key"),
        ("sub/about.html", "ignore"),
    ]
    assert any("licence" in line or "unknown" in line for line in made.questions)


def test_a_recipe_is_never_replaced_unless_asked(tmp_path: Path, papers: Path) -> None:
    project = tmp_path / "p"
    new_project(project, [papers])
    (project / "recipe.yaml").write_text("mine")
    with pytest.raises(OutputError) as caught:
        new_project(project, [papers])
    assert caught.value.problems[0].code == "output-exists"
    assert (project / "recipe.yaml").read_text() == "mine"
    new_project(project, force=True)
    assert load_recipe(project).exams[0].id == "toy"


def test_raw_files_that_are_there_are_used(tmp_path: Path, papers: Path) -> None:
    project = tmp_path / "p"
    project.mkdir()
    papers.rename(project / "raw")
    assert new_project(project).recipe.is_file()
    assert new_project(project, [project / "raw"], force=True).recipe.is_file()


def test_a_file_of_raw_is_never_replaced(tmp_path: Path, papers: Path) -> None:
    folder = tmp_path / "raw"
    bring_in([papers / "1.txt"], folder)
    bring_in([papers / "1.txt"], folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "1.txt").write_text("other bytes")
    with pytest.raises(OutputError) as caught:
        bring_in([tmp_path / "other" / "1.txt"], folder)
    assert caught.value.problems[0].code == "output-exists"
    assert (folder / "1.txt").read_text() == questions(3)


def test_all_paths_that_do_not_exist_are_named(tmp_path: Path, papers: Path) -> None:
    with pytest.raises(InputError) as caught:
        new_project(tmp_path / "p", [tmp_path / "a", papers, tmp_path / "b"])
    assert [one.file for one in caught.value.problems] == [str(tmp_path / "a"), str(tmp_path / "b")]
    assert not (tmp_path / "p").exists()


def test_an_empty_folder_a_folder_without_exams_and_a_language_that_is_none(tmp_path: Path, papers: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no raw files"):
        new_project(tmp_path / "p", [tmp_path / "empty"])
    with pytest.raises(InputError, match="no exam was found"):
        new_project(tmp_path / "q", [papers / "sub"])
    with pytest.raises(SchemaError):
        new_project(tmp_path / "r", [papers], language="zz-not-one")
    assert not (tmp_path / "r").exists()


def test_a_project_below_a_file(tmp_path: Path, papers: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        new_project(tmp_path / "file" / "p", [papers])


def test_a_file_that_cannot_be_read_is_left_to_the_user() -> None:
    survey = Survey(
        exams=(ExamGuess(id="e", files=(FileRule(match="a", role="booklet", edition="1"),)),),
        layouts={},
        files=(FileReport(file="a", role="booklet"), FileReport(file="b.pdf", role="ignore")),
        rejects=(Reject(file="b.pdf", reason="file-unreadable", detail="needs a\npassword"),),
    )
    text = render_recipe(survey, name="x", language="es", files=["a", "b.pdf"])
    assert "# - {match: 'b\\.pdf', role: ignore}  # ? needs a password" in text
    assert len(parse_recipe(text).exams[0].files) == 1


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
_NAME = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
_LAYOUT = st.builds(
    Layout,
    score=st.none() | st.floats(0, 1),
    runner_up=st.none() | st.dictionaries(_TEXT, st.floats(0, 1), max_size=2),
    number=st.none() | st.builds(NumberLayout, style=_TEXT, indent=st.none() | st.floats(-10, 500)),
    options=st.none()
    | st.builds(
        OptionLayout,
        marks=st.lists(_TEXT, max_size=4).map(tuple),
        glyphs=st.dictionaries(_TEXT, _TEXT, max_size=3),
        count=st.lists(st.integers(0, 9), max_size=3).map(tuple),
    ),
    key=st.none()
    | st.builds(KeyLayout, where=st.just("table"), pages=st.lists(st.integers(1, 99), max_size=2).map(tuple)),
)


@given(layouts=st.dictionaries(_TEXT, _LAYOUT, max_size=3), parts=st.lists(_TEXT, unique=True, max_size=3),
       editions=st.lists(_TEXT, unique=True, max_size=2), name=_NAME, files=st.lists(_TEXT, unique=True, max_size=3),
       doubt=_TEXT)  # fmt: skip
def test_any_survey_is_written_as_a_recipe_that_says_the_same(
    layouts: dict[str, Layout], parts: list[str], editions: list[str], name: str, files: list[str], doubt: str
) -> None:
    import re

    exam = ExamGuess(
        id=name,
        files=tuple(FileRule(match=re.escape(file), role="booklet", layout=next(iter(layouts), None)) for file in files)
        or (FileRule(match=".*", role="ignore"),),
        editions=tuple(editions),
        parts=tuple(PartGuess(part=part, expect=7) for part in parts),
        layout=next(iter(layouts), None),
    )
    reports = tuple(FileReport(file=file, role="ignore", why=(doubt,)) for file in (*files, "spare"))
    survey = Survey(exams=(exam,), layouts=layouts, files=reports, languages=("es", "en"))
    recipe = parse_recipe(render_recipe(survey, name=name, language=None, files=[*files, "spare"]))
    assert {name: one.model_copy(update={"chosen": None}) for name, one in recipe.layouts.items()} == layouts
    assert not any(one.is_edited() for one in recipe.layouts.values())
    assert list(recipe.exams[0].parts) == parts
    assert list(recipe.exams[0].editions) == editions
    assert recipe.exams[0].files[: len(exam.files)] == exam.files


def test_pairing_is_proposed_where_two_languages_share_an_edition_and_part() -> None:
    def of(*rules: FileRule) -> str:
        exam = ExamGuess(id="toy", files=rules, editions=("1", "2"), parts=(PartGuess(part="1", expect=3),))
        survey = Survey(exams=(exam,), layouts={}, files=(), languages=("en", "es"))
        return render_recipe(survey, name="toy", language=None, files=[rule.match for rule in rules])

    both = [
        FileRule(match=name, role="booklet", edition=name[0], part="1", language=name[1:]) for name in ("1en", "1es")
    ]
    shared = of(*both)
    assert "pairing:\n  languages: [en, es]\n" in shared
    assert "origin: null  # ?" in shared
    apart = of(both[0], both[1].model_copy(update={"edition": "2"}))
    assert "# pairing: no edition and part is there in two languages" in apart
    assert parse_recipe(apart).pairing is None
