"""Distributions as SVG that needs no script; each plot is told in words beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from benchwright.builder.report._tables import Tables

__all__ = ["Bar", "Line", "Plot", "risk_plots", "severity_plot"]

_BINS: Final = 20
_LANGUAGES: Final = 30
"""Languages that get a plot; those with the most items."""
_SEVERITIES: Final = ("critical", "major", "minor", "info")


@dataclass(frozen=True)
class Bar:
    """One bar in units of its plot, 100 wide and 40 high, with what it means."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str


@dataclass(frozen=True)
class Line:
    """One curve: its points as SVG has them, in the units of bars, with what it means."""

    points: str
    kind: str
    title: str


@dataclass(frozen=True)
class Plot:
    """One plot: its bars and curves, and what they say in words."""

    name: str
    words: str
    bars: list[Bar]
    lines: list[Line] = field(default_factory=list)


def risk_plots(tables: Tables) -> list[Plot]:
    """Return a histogram of ``risk`` for each language; heights are square roots, so that few items can be seen."""
    risks = tables.scores.filter(pl.col("name") == "risk").select(pl.col("item_id").alias("id"), "value").drop_nulls()
    of_items = risks.join(tables.items.select("id", "language"), on="id")
    plots = []
    for language, n in _greatest(of_items):
        values = of_items.filter(pl.col("language") == language)["value"]
        counts = [0] * _BINS
        for place, count in (values * _BINS).floor().clip(0, _BINS - 1).cast(pl.Int64).value_counts().iter_rows():
            counts[place] = count
        above = int((values >= 0.5).sum())
        middle = float(values.median() or 0.0)  # type: ignore[arg-type]
        words = f"{n} items, median risk {middle:.3f}, {above} with risk 0.5 or more"
        plots.append(Plot(language, words, _histogram(counts)))
    return plots


def _histogram(counts: list[int]) -> list[Bar]:
    most = max(counts) ** 0.5 or 1.0
    width = 100 / len(counts)
    return [
        Bar(
            round(place * width, 2),
            round(40 - 40 * count**0.5 / most, 2),
            round(width * 0.9, 2),
            round(40 * count**0.5 / most, 2),
            "high" if place >= len(counts) / 2 else "low",
            f"{place / len(counts):.2f} to {(place + 1) / len(counts):.2f}: {count} items",
        )
        for place, count in enumerate(counts)
        if count
    ]


def severity_plot(tables: Tables) -> list[Plot]:
    """Return for each language a bar of its findings by severity, per 100 items."""
    languages = tables.items.select("id", "language")
    sizes = dict(languages.group_by("language").len().iter_rows())
    found = (
        tables.findings.filter(~pl.col("waived"))
        .select(pl.col("item_id").alias("id"), "severity")
        .drop_nulls("id")
        .join(languages, on="id")
    )
    counts = {(language, name): n for language, name, n in found.group_by("language", "severity").len().iter_rows()}
    most = max(
        (sum(counts.get((one, name), 0) for name in _SEVERITIES) / size for one, size in sizes.items()), default=0.0
    )
    plots = []
    for language, size in _greatest(languages):
        left, bars = 0.0, []
        for name in _SEVERITIES:
            n = counts.get((language, name), 0)
            width = 100 * n / size / most if most else 0.0
            if n:
                bars.append(Bar(round(left, 2), 0, round(width, 2), 40, name, f"{n} {name}"))
            left += width
        words = ", ".join(f"{counts.get((language, name), 0)} {name}" for name in _SEVERITIES)
        plots.append(Plot(language, f"{words}; {size} items", bars))
    return plots


def _greatest(rows: pl.DataFrame) -> list[tuple[str, int]]:
    sized: list[Any] = rows.group_by("language").len().sort("len", "language", descending=[True, False]).rows()
    return [(str(language), int(n)) for language, n in sized[:_LANGUAGES]]
