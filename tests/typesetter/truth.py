"""The ground truth of a printed booklet: what stands on the pages, where, and what is correct."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, PrintItem, Responses
from tests.typesetter.pages import Box
from tests.typesetter.styles import option_label, option_mark, position_of, printed_number


def exam_truth(exam: PrintExam, layout: Layout, route: str, boxes: list[Box]) -> dict[str, Any]:
    """The truth as JSON-ready values. `boxes` may lack entries where a route cannot tell the place."""
    return {
        "title": exam.title,
        "language": exam.language,
        "version": exam.version,
        "route": route,
        "layout": layout.to_plain(),
        "items": [_item(exam, item, layout, boxes) for item in exam.items],
    }


def _item(exam: PrintExam, item: PrintItem, layout: Layout, boxes: list[Box]) -> dict[str, Any]:
    own = [box for box in boxes if (box.tag.part, box.tag.number) == (item.part, item.number)]
    pages = {name: sorted({box.page for box in own if box.tag.field == name}) for name in _fields(own)}
    return {
        "part": item.part,
        "number": item.number,
        "printed_number": printed_number(item.number, layout.number_style, exam.language, layout.local_digits),
        "context": item.context,
        "stem": item.stem,
        "table": None if item.table is None else [list(row) for row in item.table],
        "options": [
            {
                "label": _label(option.label, layout),
                "mark": option_mark(position_of(option.label), layout.option_style),
                "text": option.text,
                "figure": option.figure is not None,
            }
            for option in item.options
        ],
        "key": _labels(item.key, layout),
        "revised_key": _labels(item.revised_key, layout),
        "status": item.status,
        "note": item.note,
        "figures": _figures(item, layout, pages),
        "page": _first(pages, "stem"),
        "pages": sorted({box.page for box in own}),
        "boxes": _merged(own),
    }


def _fields(boxes: list[Box]) -> list[str]:
    return sorted({box.tag.field for box in boxes})


def _first(pages: dict[str, list[int]], name: str) -> int | None:
    found = pages.get(name)
    return found[0] if found else None


def _label(canonical: str, layout: Layout) -> str:
    return option_label(position_of(canonical), layout.option_style)


def _labels(key: Responses | None, layout: Layout) -> list[list[str]] | None:
    return None if key is None else [[_label(one, layout) for one in response] for response in key]


def _figures(item: PrintItem, layout: Layout, pages: dict[str, list[int]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"attached": "stem", "place": figure.place, "page": _first(pages, f"figure:{position}")}
        for position, figure in enumerate(item.figures)
    ]
    found += [
        {"attached": _label(option.label, layout), "place": "option", "page": _first(pages, f"figure:{option.label}")}
        for option in item.options
        if option.figure is not None
    ]
    return found


def _merged(boxes: list[Box]) -> list[dict[str, Any]]:
    """One box for each field, page and column (boxes of one column share no side with those of another)."""
    merged: dict[tuple[str, int, bool], list[float]] = {}
    for box in boxes:
        key = (box.tag.field, box.page, box.x0 > _MIDDLE)
        known = merged.setdefault(key, [box.x0, box.y0, box.x1, box.y1])
        known[:] = [min(known[0], box.x0), min(known[1], box.y0), max(known[2], box.x1), max(known[3], box.y1)]
    return [
        {"field": name, "page": page, **dict(zip(("x0", "y0", "x1", "y1"), _rounded(sides), strict=True))}
        for (name, page, _), sides in merged.items()
    ]


_MIDDLE = 297.0


def _rounded(sides: list[float]) -> list[float]:
    return [round(side, 2) for side in sides]


@dataclass(frozen=True)
class Printed:
    """What `print_exam` wrote: the booklet, the key files (none when the key stands in the booklet), the truth."""

    booklet: Path
    keys: tuple[Path, ...]
    revised_keys: tuple[Path, ...]
    truth: dict[str, Any]
    truth_path: Path

    def to_plain(self) -> dict[str, Any]:
        """Paths as strings, for messages."""
        return {name: str(value) for name, value in asdict(self).items() if name != "truth"}
