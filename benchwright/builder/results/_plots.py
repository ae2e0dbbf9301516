"""Plots as SVG that need no script and no library; each is told in words for those who do not see it."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import polars as pl

__all__ = ["accuracy_plot", "items_plot"]

_ROW: Final = 18
_LEFT: Final = 260
_WIDTH: Final = 420
_MOST: Final = 120
_STYLE: Final = (
    "text{font:12px system-ui,sans-serif;fill:#222}line{stroke:#888;stroke-width:1}"
    ".bar{stroke:#1f6feb;stroke-width:2}circle{fill:#1f6feb}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)


def accuracy_plot(cells: pl.DataFrame) -> str:
    """Return accuracy with its interval for each model and cell, the cells of a model together."""
    rows = cells.head(_MOST).to_dicts()
    parts = [_axis(len(rows))]
    for place, row in enumerate(rows):
        y = 30 + place * _ROW
        name = f"{row['model']}: {row['dimension']} {row['cell']}" if row["cell"] != "all" else str(row["model"])
        share, low, high = (f"{100 * row[one]:.1f}" for one in ("accuracy", "low", "high"))
        words = f"{name}: {share} %, {low} to {high}, n {row['n']}"
        ends = f'x1="{_x(row["low"])}" x2="{_x(row["high"])}" y1="{y}" y2="{y}"'
        parts.append(
            f'<g><title>{escape(words)}</title><text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">'
            f'{escape(name[:44])}</text><line class="bar" {ends}/>'
            f'<circle cx="{_x(row["accuracy"])}" cy="{y}" r="3.5"/></g>'
        )
    return _svg(parts, 40 + len(rows) * _ROW, "Accuracy with 95 % intervals")


def items_plot(items: pl.DataFrame) -> str:
    """Return how many items there are by difficulty, in twenty bins."""
    counts = [0] * 20
    for value in items["difficulty"].to_list():
        counts[min(19, int(value * 20))] += 1
    most = max(counts) or 1
    width = _WIDTH / 20
    parts = [
        f'<g><title>{place / 20:.2f} to {(place + 1) / 20:.2f}: {n} items</title><rect x="{_LEFT + place * width:.1f}" '
        f'y="{130 - 100 * n / most:.1f}" width="{width - 2:.1f}" height="{100 * n / most:.1f}" fill="#1f6feb"/></g>'
        for place, n in enumerate(counts)
    ]
    parts.append(f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="130" y2="130"/>')
    parts += [f'<text x="{_x(one)}" y="146" text-anchor="middle">{one:g}</text>' for one in (0, 0.5, 1)]
    parts.append(f'<text x="{_LEFT - 8}" y="84" text-anchor="end">items by share of models wrong</text>')
    return _svg(parts, 160, "Items by difficulty")


def _axis(rows: int) -> str:
    bottom = 30 + rows * _ROW
    marks = "".join(
        f'<line x1="{_x(one)}" x2="{_x(one)}" y1="20" y2="{bottom}" opacity=".3"/>'
        f'<text x="{_x(one)}" y="14" text-anchor="middle">{100 * one:.0f} %</text>'
        for one in (0, 0.25, 0.5, 0.75, 1)
    )
    return f"<g>{marks}</g>"


def _x(share: Any) -> str:
    return f"{_LEFT + _WIDTH * float(share):.1f}"


def _svg(parts: list[str], height: int, title: str) -> str:
    width = _LEFT + _WIDTH + 30
    inner = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img">\n<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n{inner}\n</svg>\n'
    )
