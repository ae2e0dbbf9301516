"""Writes a scoring: Markdown, CSV, LaTeX, plots and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchwright.builder.results._plots import accuracy_plot, items_plot
from benchwright.builder.store import write_bytes, write_json

if TYPE_CHECKING:
    from benchwright.builder.results.run import Scored

__all__ = ["write_all"]

Rows = Sequence[dict[str, Any]]
_LATEX: Final = {
    **{one: f"\\{one}" for one in "&%_#${}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}
_MODELS: Final = (
    "model", "setting_hash", "n", "accuracy", "low", "high", "credit", "f1", "unanswered", "prohibited", "worst",
    "worst_accuracy", "worst_low", "worst_high", "worst_n",
)  # fmt: skip


def write_all(folder: Path, scored: Scored) -> list[Path]:
    """Write every table and return the files."""
    tables: dict[str, Rows] = {
        "models": [{name: row.get(name) for name in _MODELS} for row in scored.worst()],
        "cells": scored.cells.to_dicts(),
        "pairs": scored.pairs,
        "passes": scored.passes.to_dicts(),
        "people": scored.human.to_dicts(),
        "judgements": scored.judgements,
        "items": scored.items.to_dicts(),
    }
    files = {f"{name}.csv": _csv(rows) for name, rows in tables.items() if rows}
    shown = {name: rows for name, rows in tables.items() if rows and name != "items"}
    files["scores.md"] = _markdown(scored, shown)
    files["tables.tex"] = "\n".join(_latex(name, rows) for name, rows in shown.items())
    files["accuracy.svg"] = accuracy_plot(scored.cells)
    files["items.svg"] = items_plot(scored.items)
    if scored.subset:
        files["subset.txt"] = "".join(f"{one}\n" for one in scored.subset)
    for name, text in files.items():
        write_bytes(folder / name, text.encode())
    write_json(folder / "scores.json", scored.document())
    return [folder / name for name in [*sorted(files), "scores.json"]]


def _csv(rows: Rows) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


_TITLES: Final = {
    "models": "Models, with the worst cell beside the mean",
    "cells": "Cells",
    "pairs": "Models compared: paired bootstrap by question, exact McNemar",
    "passes": "Exams by their pass rule",
    "people": "Beside the people who sat the exam",
    "judgements": "Beside judgements of people",
}


def _markdown(scored: Scored, tables: dict[str, Rows]) -> str:
    parts = [f"# Scores on {scored.release}", ""]
    parts.append(f"Answers: {scored.answers}; scored: {scored.scored}. Intervals are at 95 %.")
    parts += [f"- left out, {why}: {n}" for why, n in scored.left_out.items()]
    for name, rows in tables.items():
        columns = list(rows[0])
        parts += ["", f"## {_TITLES[name]}", "", f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
        parts += [f"| {' | '.join(_cell(row[one]) for one in columns)} |" for row in rows]
    return "\n".join([*parts, ""])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return " ".join(str(value).split()).replace("|", "\\|")


def _latex(name: str, rows: Rows) -> str:
    columns = list(rows[0])
    align = "".join("r" if isinstance(rows[0][one], int | float) else "l" for one in columns)
    head = " & ".join(_tex(one) for one in columns)
    body = [" & ".join(_tex(_cell(row[one])) for one in columns) + r" \\" for row in rows]
    lines = [f"% {_TITLES[name]}", rf"\begin{{tabular}}{{{align}}}", r"\hline", rf"{head} \\", r"\hline", *body]
    return "\n".join([*lines, r"\hline", r"\end{tabular}", ""])


def _tex(text: str) -> str:
    return "".join(_LATEX.get(one, one) for one in text)
