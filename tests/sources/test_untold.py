"""A paper whose language nobody can tell is a paper all the same: `new` and `build` go to their end with its items."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.new import NewProject, new_project
from benchwright.builder.run import BuildResult, run_build
from benchwright.sources._language import language_of, likely_language
from tests.typesetter.layout import draw
from tests.typesetter.model import PrintExam
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam

OTHER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "exvtiquplkzghraownmyobcfsd")
"""Letters of another language: as words of this alphabet may look, and in no list of frequent words."""


def invented(exam: PrintExam) -> PrintExam:
    """The same exam in a language that does not exist."""

    def words(text: str) -> str:
        return "".join(letter.translate(OTHER) for letter in text)

    items = tuple(
        replace(
            item,
            stem=words(item.stem),
            options=tuple(replace(option, text=words(option.text)) for option in item.options),
        )
        for item in exam.items
    )
    return replace(exam, title="Zyq", header="", footer="", instructions=(), part_titles=(), items=items)


def made(folder: Path, exam: PrintExam, language: str | None = None) -> tuple[NewProject, BuildResult]:
    print_exam(exam, draw(3, "en", key_format="csv", cover=False, running_header=False), folder / "papers")
    (folder / "papers" / "truth.json").unlink()
    new = new_project(folder / "p", [folder / "papers"], language=language)
    return new, run_build(folder / "p", jobs=1)


def test_a_paper_in_an_unknown_language_is_built(tmp_path: Path) -> None:
    exam = invented(random_exam(5, "en", 20, options=(4, 4), parts=1, figures=False))
    new, result = made(tmp_path, exam)
    items = pl.read_parquet(tmp_path / "p" / "build" / "items.parquet")
    assert items["language"].unique().to_list() == ["und"]
    assert items.height == 20
    assert any("und" in line and "language" in line for line in new.questions)
    (row,) = [one for one in result.files if one["role"] == "booklet"]
    assert any("language could not be told" in doubt for doubt in row["doubts"])


def test_a_language_that_was_named_is_no_doubt(tmp_path: Path) -> None:
    exam = invented(random_exam(5, "en", 20, options=(4, 4), parts=1, figures=False))
    new, result = made(tmp_path, exam, language="eo")
    assert not any("language not certain" in line for line in new.questions)
    (row,) = [one for one in result.files if one["role"] == "booklet"]
    assert not any("language" in doubt for doubt in row["doubts"])


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("f(x)=sin x + cos x, g(x)=log x의 값은? x>0일 때 n의 최솟값은? " + "xyz abc def ghi jkl mno " * 12, "ko"),
        ("Решите ур: " + "ABCD xyz fgh sin cos tan lim log " * 20 + "чему равно", "ru"),
        ("sin cos tan lim log xyz abc " * 20, None),
        ("IMAGEN IMAGEN", None),
    ],
)
def test_letters_of_formulas_do_not_hide_the_language(text: str, tongue: str | None) -> None:
    assert language_of(text) is None
    assert likely_language(text) == tongue
