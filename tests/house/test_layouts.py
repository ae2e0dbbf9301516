"""Made-up exams, printed in the layouts that the issues name, come back as the items that were printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings

import benchwright
from benchwright.builder.evaluate import evaluate, read_gold
from tests.typesetter.fixture import kept_on_failure
from tests.typesetter.layout import Layout, settle
from tests.typesetter.model import PrintExam
from tests.typesetter.press import print_exam
from tests.typesetter.strategies import exams, layouts
from tests.typesetter.text import random_exam

QUESTIONS = 20
LAYOUTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "two columns": {"columns": 2},
    "two options to a line": {"options_per_line": 2},
    "four options to a line": {"options_per_line": 4},
    "private-use option marks": {"option_style": "private:{}"},
    "circled option marks": {"option_style": "circled:{}"},
    "numbers on their own line": {"number_style": "Question {}", "number_own_line": True},
    "header, footer, cover": {"running_header": True, "page_number": "- {page} -", "cover": True},
    "hyphens and justified lines": {"hyphenate": True, "justify": True, "columns": 2},
    "key as rows": {"key_format": "rows"},
    "key as columns": {"key_format": "columns"},
    "key as a list": {"key_format": "list"},
    "key as lines": {"key_format": "lines"},
    "key on the last page": {"key_format": "last-page"},
    "key under each question": {"key_format": "under-question"},
    "key by bold options": {"key_format": "bold"},
}


PRINTED_KEYS = ("rows", "columns", "list", "lines", "under-question", "last-page")
"""Key formats of a booklet or of a PDF of its own."""


def gold_of(truth: dict[str, Any], file: str, language: str) -> list[dict[str, Any]]:
    """Return the truth of the typesetter in the gold format."""
    return [
        {
            "file": file,
            "part": item["part"],
            "number": item["number"],
            "language": language,
            "stem": item["stem"],
            "options": [{"label": option["label"], "text": option["text"]} for option in item["options"]],
            "answers": item["key"],
            "status": item["status"],
            "figures": len(item["figures"]),
        }
        for item in truth["items"]
    ]


def read_back(folder: Path, layout: Layout, exam: PrintExam) -> tuple[dict[str, Any], Any]:
    """Print, survey, build and compare; return the shares and the causes of what differs."""
    language = exam.language
    printed = print_exam(exam, settle(layout, language), folder / "papers")
    project = folder / "project"
    benchwright.new(project, [printed.booklet, *printed.keys], language=language)
    benchwright.build(project, jobs=1, gate=False)
    gold = folder / "gold.jsonl"
    rows = gold_of(json.loads(json.dumps(printed.truth)), printed.booklet.name, language)
    gold.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = evaluate(benchwright.read_items(project / "build/items.parquet"), read_gold(gold))
    return result.shares(), result.document()["causes"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_is_read_back(tmp_path: Path, name: str) -> None:
    shares, causes = read_back(tmp_path, Layout(**LAYOUTS[name]), random_exam(7, "en", QUESTIONS))
    assert shares == {"gold": QUESTIONS} | dict.fromkeys(("item_recall", "exact_stem", "exact_options", "key"), 1.0) | {
        "figures": shares["figures"]
    }, causes


@pytest.mark.parametrize("language", ["es", "ru", "el", "zh-Hant", "ja", "ko"])
def test_language_is_read_back(tmp_path: Path, language: str) -> None:
    shares, causes = read_back(tmp_path, Layout(), random_exam(3, language, QUESTIONS))
    assert (shares["item_recall"], shares["exact_stem"], shares["exact_options"], shares["key"]) == (1, 1, 1, 1), causes


def test_figures_are_cut_out_and_attached(tmp_path: Path) -> None:
    shares, causes = read_back(tmp_path, Layout(), random_exam(5, "en", QUESTIONS, figures=True))
    assert (shares["item_recall"], shares["figures"]) == (1, 1), causes


@pytest.mark.slow
@settings(max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(exam=exams("es", min_items=10, max_items=20), layout=layouts("es", key_format=PRINTED_KEYS))
def test_parse_gives_the_printed_items_back(
    tmp_path_factory: pytest.TempPathFactory, exam: PrintExam, layout: Layout
) -> None:
    """Not shrunk, as each example is a whole build; the failing case is kept as a fixture."""
    folder = tmp_path_factory.mktemp("drawn")
    with kept_on_failure(folder / "failed", exam, layout):
        shares, causes = read_back(folder, layout, exam)
        assert (shares["item_recall"], shares["exact_stem"], shares["exact_options"]) == (1, 1, 1), causes
