"""The scores as one HTML page that needs nothing else, and as Markdown."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder.score._table import DISAGREEMENT
from benchwright.builder.store import write_bytes

if TYPE_CHECKING:
    from benchwright.builder.score._summary import Cell
    from benchwright.builder.score.run import ScoreRun

__all__ = ["markdown", "write_pages"]

_SHOWN: Final = 20
_HEIGHT: Final = 28.0


def write_pages(run: ScoreRun, out: Path) -> list[Path]:
    """Write ``report.html`` and ``report.md`` and return their paths.

    Raises:
        OutputError: a file cannot be written.
    """
    write_bytes(out / "report.html", _html(run).encode())
    write_bytes(out / "report.md", markdown(run).encode())
    return [out / "report.html", out / "report.md"]


def _html(run: ScoreRun) -> str:
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("benchwright.builder.score", "_template"), autoescape=True)
    environment.filters["number"] = _number
    by_language = groupby(run.cells, key=lambda one: one.language)
    apart = run.table("scores").filter((pl.col("name") == DISAGREEMENT) & pl.col("value").is_not_null())
    worst = apart.select("item_id", "value").sort(["value", "item_id"], descending=[True, False]).head(_SHOWN)
    codes = run.table("findings").group_by("code", "severity").len().sort("code", "severity").collect()
    return environment.get_template("scores.html.j2").render(
        items=run.items,
        alone=len(run.alone),
        languages=[(language, [_shown(one) for one in cells]) for language, cells in by_language],
        gaps=run.gaps,
        codes=list(codes.iter_rows()),
        apart=list(worst.collect(engine="streaming").iter_rows()),
        infos=run.facts["metrics"],
    )


def _shown(cell: Cell) -> dict[str, Any]:
    most = max(cell.bins) or 1
    bars = [
        {"x": 6 * place, "y": round(_HEIGHT - height, 2), "height": height}
        for place, n in enumerate(cell.bins)
        if (height := round(_HEIGHT * (n / most) ** 0.5, 2))
    ]
    words = f"{cell.name}: {cell.n} items, median {_number(cell.median)}"
    return {
        "engine": cell.engine,
        "name": cell.name,
        "n": cell.n,
        "without": cell.without,
        "mean": cell.mean,
        "p5": cell.p5,
        "median": cell.median,
        "p95": cell.p95,
        "bars": bars,
        "words": words,
    }


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def markdown(run: ScoreRun) -> str:
    """Return the tables of the page as Markdown."""
    lines = [
        "# Scores of translations",
        "",
        f"{run.items:,} items; {len(run.alone):,} without a source have no score.",
        "A number is that of the worst field of an item.",
        "",
        "| language | engine | score | items | without | mean | 5 % | median | 95 % |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {one.language} | {_cell(one.engine)} | {_cell(one.name)} | {one.n} | {one.without} "
            f"| {_number(one.mean)} | {_number(one.p5)} | {_number(one.median)} | {_number(one.p95)} |"
            for one in run.cells
        ),
    ]
    if run.gaps:
        lines += [
            "",
            "## Machines beside people",
            "",
            "| language | engine | score | questions | people | machine | gap | from | to |",
            "|---|---|---|---:|---:|---:|---:|---:|---:|",
            *(
                f"| {one.language} | {_cell(one.engine)} | {_cell(one.name)} | {one.n} | {_number(one.people)} "
                f"| {_number(one.machine)} | {_number(one.gap)} | {_number(one.low)} | {_number(one.high)} |"
                for one in run.gaps
            ),
        ]
    lines += ["", "## What the scores are", "", "| score | better | what | signature |", "|---|---|---|---|"]
    lines += [
        f"| {_cell(one['name'])} | {'higher' if one['higher'] else 'lower'} | {_cell(one['what'])} "
        f"| {'<br>'.join(f'`{_cell(text)}`' for text in one['signatures'])} |"
        for one in run.facts["metrics"]
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
