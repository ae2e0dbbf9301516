"""The page that shows what `new` saw: every block drawn on the pages, beside the hypotheses of the search."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchwright.schemas.papers import FileReport, Role, Survey

__all__ = ["EXPLANATION", "write_explanation"]

EXPLANATION: Final = "explain.html"
_FILES: Final = 80
_PAGES: Final = 240
"""Pages in all; a page takes about a tenth of a megabyte."""
_PAGES_OF_A_FILE: Final = 30
_LEAST: Final = 3
_ORDER: Final[dict[Role, int]] = {"booklet": 0, "key": 1, "images": 2, "human": 3, "ignore": 4}
"""The order in which files are shown; those of one role in the order of their names."""


def write_explanation(
    raw: Path,
    survey: Survey,
    out: Path,
    *,
    title: str = "",
    whole: bool = False,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Read the files of a survey again and write one HTML file that needs nothing outside itself.

    Args:
        raw: folder of the raw files.
        survey: what was seen in them.
        out: the HTML file.
        title: name of the project.
        whole: draw every page of every file; else of each file as many as keep the page small, at most 30, those
            with doubts first.
        progress: called with the name of each file.

    Raises:
        OutputError: the file cannot be written.
    """
    from benchwright import sources
    from benchwright.builder.explain._render import FilePart, render
    from benchwright.builder.store import write_bytes

    chosen = survey.files if whole else sorted(survey.files, key=lambda report: _rank(report, survey))[:_FILES]
    with_pages = sum(1 for report in chosen if report.pages)
    share = max(_LEAST, min(_PAGES_OF_A_FILE, _PAGES // max(with_pages, 1)))
    names = {report.file for report in chosen}
    parts: list[FilePart] = []
    for report in survey.files:
        if report.file not in names:
            parts.append(FilePart(report, None, ()))
            continue
        if progress:
            progress(report.file)
        view = sources.view_file(
            raw / report.file,
            report.file,
            report.role,
            language=report.language,
            layout=survey.layouts.get(report.layout or ""),
            table=_table(report.file, survey),
            whole=whole,
        )
        limit = len(view.pages) if whole else share
        parts.append(FilePart.of(report, view, raw / report.file, limit))
    parts.sort(key=lambda part: _ORDER.get(part.report.role, len(_ORDER)))
    write_bytes(out, render(survey, parts, title).encode("utf-8"))


def _rank(report: FileReport, survey: Survey) -> tuple[bool, bool, int]:
    """Put files with doubts first, then the first file of each layout, then the others as they come."""
    first = next((one.file for one in survey.files if one.layout and one.layout == report.layout), None)
    return (not report.doubts, first != report.file, survey.files.index(report))


def _table(file: str, survey: Survey) -> str | None:
    """Return the heading of the key that was chosen among several of a file."""
    rules = (rule for exam in survey.exams for rule in exam.files if re.fullmatch(rule.match, file))
    return next((rule.table for rule in rules), None)
