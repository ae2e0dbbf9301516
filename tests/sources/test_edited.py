"""What a person edits in a layout wins over inference, also where it is like nothing in the paper; that is said."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.new import new_project
from benchwright.builder.run import run_build
from benchwright.schemas.errors import RecipeError
from benchwright.schemas.papers import Layout, NumberLayout, OptionLayout
from benchwright.sources._edited import wanted_marks
from benchwright.sources._infer import read_layout
from benchwright.sources._paper import read_pages
from benchwright.sources._pdfium import open_pdf
from tests.typesetter.layout import draw
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam

FORMS = {"pdf": "upper:{})", "other": "lower:{}."}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    exam = random_exam(11, "es", 15, options=(4, 4), parts=1, figures=False)
    layout = draw(4, "es", key_format="csv", option_style="upper:{})", number_style="{}.", columns=1)
    print_exam(exam, layout, tmp_path / "papers")
    (tmp_path / "papers" / "truth.json").unlink()
    new_project(tmp_path / "p", [tmp_path / "papers"])
    return tmp_path / "p"


def edited(project: Path, pattern: str, value: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    recipe = project / "recipe.yaml"
    text, count = re.subn(pattern, value, recipe.read_text(encoding="utf-8"))
    assert count == 1
    recipe.write_text(text, encoding="utf-8")
    run_build(project, jobs=1)
    return pl.read_parquet(project / "build/items.parquet"), pl.read_parquet(project / "build/rejects.parquet")


def test_marks_that_are_not_in_the_paper_win_and_are_told(project: Path) -> None:
    items, rejects = edited(project, r'marks: \["A\)".*?\]', 'marks: ["(1)", "(2)", "(3)", "(4)"]')
    assert items.height == 0
    refused = rejects.filter(pl.col("reason") == "no-options")
    assert refused.height == 15
    assert refused["detail"].str.contains(r"options\.marks .*'\(1\)'.* nothing in the paper").all()


def test_a_number_style_that_is_not_in_the_paper_is_told(project: Path) -> None:
    items, rejects = edited(project, r'style: "1\."', 'style: "Frage 1"')
    assert items.height == 0
    assert rejects.filter(pl.col("reason") == "file-unreadable")["detail"].str.contains("Frage 1").all()


def test_the_same_marks_written_again_change_nothing(project: Path) -> None:
    items, _ = edited(project, r'marks: \["A\)".*?\]', 'marks: ["A)", "B)", "C)", "D)"]')
    assert items.height == 15
    assert items["options"].list.len().unique().to_list() == [4]


def test_another_year_that_is_printed_otherwise_is_searched_anew(project: Path, tmp_path: Path) -> None:
    exam = random_exam(12, "es", 15, options=(4, 4), parts=1, figures=False)
    layout = draw(5, "es", key_format="csv", option_style="lower:({})", number_style="Pregunta {}", columns=1)
    print_exam(exam, layout, tmp_path / "next")
    for name in ("booklet.pdf", "key.csv"):
        (project / "raw" / name).unlink()
        (tmp_path / "next" / name).rename(project / "raw" / name)
    run_build(project, jobs=1)
    items = pl.read_parquet(project / "build/items.parquet")
    assert items.height == 15
    assert items["options"].list.len().unique().to_list() == [4]


def test_signs_that_no_one_knows_can_be_named(tmp_path: Path) -> None:
    """A paper whose options are marked P, Q, R, S: inference does not know the series, an edit does."""
    from reportlab.pdfgen.canvas import Canvas

    (tmp_path / "papers").mkdir()
    canvas = Canvas(str(tmp_path / "papers" / "test.pdf"))
    y = 780
    for number in range(1, 13):
        for text in (
            f"{number}. Which of these is the sum of {number} and seven?",
            *(f"{s}) value {s * 3}" for s in "PQRS"),
        ):
            canvas.drawString(72, y, text)
            y -= 14
        y -= 10
        if y < 120:
            canvas.showPage()
            y = 780
    canvas.save()
    new_project(tmp_path / "p", [tmp_path / "papers"], language="en")
    items, _ = edited(tmp_path / "p", r"options: .*", 'options: {marks: ["P)", "Q)", "R)", "S)"]}')
    assert items.height == 12
    assert [one["label"] for one in items["options"][0]] == ["P)", "Q)", "R)", "S)"]


def test_a_block_is_edited_when_a_value_changes() -> None:
    layout = Layout(number=NumberLayout(style="1."), options=OptionLayout(marks=("A)", "B)")))
    chosen = layout.model_copy(update={"chosen": layout.digest()})
    assert layout.is_edited()
    assert not chosen.is_edited()
    assert chosen.model_copy(update={"columns": 2}).is_edited()
    assert not chosen.model_copy(update={"score": 0.3}).is_edited()


def test_series_are_told_by_all_their_signs() -> None:
    def kinds(*marks: str) -> tuple[str, ...]:
        wanted = wanted_marks(Layout(options=OptionLayout(marks=marks)))
        assert wanted is not None
        return tuple(kind[0] for kind in wanted.kinds)

    assert kinds("А", "Б", "В", "Г", "Д") == ("cyrillic_upper",)
    assert kinds("А.", "Б.", "В.", "Г.", "Ґ.") == ("ukrainian_upper",)
    assert kinds("P.", "Q.") == ("edited",)


def test_what_repeats_on_pages_can_be_kept(tmp_path: Path) -> None:
    exam = random_exam(11, "es", 25, options=(4, 4), parts=1, figures=False)
    layout = draw(4, "es", key_format="csv", option_style="upper:{})", number_style="{}.", columns=1)
    layout = replace(layout, running_header=True, page_number="")
    print_exam(exam, layout, tmp_path)
    with open_pdf(next(tmp_path.glob("*.pdf")), "paper.pdf") as document:
        pages = read_pages(document)

    def headers(told: Layout | None) -> int:
        reading = read_layout(pages, told)
        assert reading is not None
        assert reading.found == 25
        return sum(line.text == exam.header for line in reading.lines)

    assert len(pages) > 1
    assert headers(None) == headers(Layout()) == headers(Layout(drop=("header", "cover"))) == 0
    assert headers(Layout(drop=("footer",))) == len(pages)


def test_the_number_of_options_is_heeded(project: Path) -> None:
    """Fewer than there are: marks beyond are text, and none is lost. More than there are: every question is told."""
    items, rejects = edited(project, r"count: \[4\]", "count: [3]")
    assert items["options"].list.len().to_list() == [3] * 15
    assert "options-count" not in rejects["reason"].to_list()
    outside = rejects.filter(pl.col("reason") == "text-outside")["text"].to_list()
    kept = [option["text"] for options in items["options"] for option in options] + outside
    assert sum("D)" in text for text in kept) == 15
    items, rejects = edited(project, r"count: \[3\]", "count: [5, 6]")
    assert items["options"].list.len().to_list() == [4] * 15
    told = rejects.filter(pl.col("reason") == "options-count")
    assert sorted(map(int, told["number"])) == list(range(1, 16))
    assert set(told["detail"]) == {"4 options; options.count of the layout allows 5, 6"}


def test_all_values_that_nothing_could_heed_are_told_at_once(project: Path) -> None:
    recipe = project / "recipe.yaml"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(re.sub(r"columns: 1", "columns: 7", re.sub(r"count: \[4\]", "count: [4, 99]", text)))
    with pytest.raises(RecipeError) as caught:
        run_build(project, jobs=1)
    assert [problem.found for problem in caught.value.problems] == ["7", "99"]


@pytest.mark.parametrize(
    ("pattern", "value", "key"),
    [
        (r"restart: part", "restart: section", "restart"),
        (r"drop: \[header,", "drop: [banner,", "drop"),
        (r"columns: 1", "columns: 4", "columns"),
        (r"count: \[4\]", "count: [11]", "count"),
        (r"count: \[4\]", "count: [-1]", "count"),
    ],
)
def test_values_that_nothing_could_heed_are_refused(project: Path, pattern: str, value: str, key: str) -> None:
    with pytest.raises(RecipeError, match=key) as caught:
        edited(project, pattern, value)
    assert caught.value.problems[0].code == "recipe-wrong-value"
