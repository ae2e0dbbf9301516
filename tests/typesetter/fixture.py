"""A failing case kept as JSON: the exam, the layout and the route, enough to print the same pages again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, exam_from_plain, to_plain


def save_fixture(folder: Path, exam: PrintExam, layout: Layout, route: str = "reportlab") -> Path:
    """Writes `case.json` into the folder and returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "case.json"
    case = {"route": route, "layout": layout.to_plain(), "exam": to_plain(exam)}
    path.write_text(json.dumps(case, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def load_fixture(folder: Path) -> tuple[PrintExam, Layout, str]:
    """The exam, layout and route that `save_fixture` wrote."""
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return exam_from_plain(case["exam"]), Layout(**case["layout"]), case["route"]


@contextmanager
def kept_on_failure(folder: Path, exam: PrintExam, layout: Layout, route: str = "reportlab") -> Iterator[None]:
    """Saves the case when the block fails; under Hypothesis the last failure, so the saved case, is the shrunk one."""
    try:
        yield
    except BaseException:
        save_fixture(folder, exam, layout, route)
        raise
