"""The verdict as tables for a paper: CSV and LaTeX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from benchwright.builder.report._tables import Tables
from benchwright.builder.report._verdict import check_cells, criteria_of
from benchwright.builder.store import write_bytes

__all__ = ["as_csv", "as_latex", "write_paper_tables"]

_CHECKS: Final = ("code", "title", "language", "n", "flagged", "share", "low", "high")
_CRITERIA: Final = ("dataset", "criterion", "verdict", "n", "flagged", "share", "low", "high", "codes")
_SIGNS: Final = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_paper_tables(tables: Tables, folder: Path) -> list[Path]:
    """Write ``checks`` and ``criteria``, each as CSV and as LaTeX (booktabs).

    Raises:
        OutputError: the folder cannot be written.
    """
    written = []
    for name, columns, rows in (
        ("checks", _CHECKS, check_cells(tables)),
        ("criteria", _CRITERIA, criteria_of(tables)),
    ):
        for suffix, text in (("csv", as_csv(columns, rows)), ("tex", as_latex(columns, rows))):
            written.append(folder / f"{name}.{suffix}")
            write_bytes(written[-1], text.encode())
    return written


def as_csv(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    """Return rows as CSV; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_plain(row[name]) for name in columns])
    return stream.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return round(value, 6) if isinstance(value, float) else value


def as_latex(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    """Return rows as a LaTeX table; shares in per cent."""
    shown = list(rows)
    numbers = {name for name in columns if shown and isinstance(shown[0][name], int | float)}
    lines = [
        f"\\begin{{tabular}}{{{''.join('r' if name in numbers else 'l' for name in columns)}}}",
        "\\toprule",
        " & ".join(_escaped(f"{name} (%)" if name in {"share", "low", "high"} else name) for name in columns) + r" \\",
        "\\midrule",
        *(" & ".join(_cell(name, row[name]) for name in columns) + r" \\" for row in shown),
        "\\bottomrule",
        "\\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def _cell(name: str, value: Any) -> str:
    if name in {"share", "low", "high"}:
        return f"{100 * value:.2f}"
    return _escaped(" ".join(value) if isinstance(value, list) else str(value))


def _escaped(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text)
