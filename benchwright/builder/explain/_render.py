"""The survey and the views of its files as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchwright import __version__, sources
from benchwright.builder.explain._pictures import page_uris
from benchwright.schemas.languages import is_rtl, language_name
from benchwright.schemas.papers import FileReport, Survey

__all__ = ["FilePart", "render"]

_BEFORE: Final = frozenset({"number", "option"})
"""Kinds whose tag stands in the margin, where the line begins."""
_BEHIND: Final = frozenset({"key"})
"""Kinds whose tag stands behind them; all others have it over their far corner."""
_SHORT: Final = 9
_MOST: Final = 0.5
"""Share of a page; a larger block is only outlined."""
_SHOWN: Final = 600
"""Signs of a block's text that are shown."""


@dataclass(frozen=True)
class Shape:
    """A block with the place of its tag."""

    kind: str
    """As CSS classes; the first is the kind of the block."""
    x: float
    y: float
    width: float
    height: float
    tag: str
    text: str
    why: str
    tag_x: float
    tag_y: float
    anchor: str


@dataclass(frozen=True)
class Sheet:
    """A page that is drawn."""

    number: int
    width: float
    height: float
    picture: str | None
    ocr: str | None
    summary: str
    missing: tuple[int, ...]
    shapes: tuple[Shape, ...]
    type_size: float


@dataclass(frozen=True)
class FilePart:
    """One file of the page; the view is None where the file was not read again."""

    report: FileReport
    view: sources.FileView | None
    sheets: tuple[Sheet, ...]

    @classmethod
    def of(cls, report: FileReport, view: sources.FileView, path: Path, limit: int) -> FilePart:
        """Draw at most ``limit`` pages of a file."""
        rtl = bool(report.language and is_rtl(report.language))
        pages = _chosen(view, limit)
        uris = page_uris(path, [(page.number, page.width) for page in pages])
        return cls(report, view, tuple(_sheet(page, view, uri, rtl=rtl) for page, uri in zip(pages, uris, strict=True)))

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Blocks by kind, over all pages."""
        found: Counter[str] = Counter(
            block.kind for page in (self.view.pages if self.view else ()) for block in page.blocks
        )
        return [(kind, found[kind]) for kind in sources.BLOCK_KINDS if found[kind]]

    @property
    def left_out(self) -> int:
        """Pages that are not drawn."""
        return (len(self.view.pages) if self.view else self.report.pages or 0) - len(self.sheets)


def _chosen(view: sources.FileView, limit: int) -> list[sources.PageView]:
    """Return the pages to draw: those where numbers are missing first, then from the front."""
    pages = {page for _, page in view.missing}
    order = sorted(view.pages, key=lambda page: (page.number not in pages, page.number))
    return sorted(order[:limit], key=lambda page: page.number)


def _sheet(page: sources.PageView, view: sources.FileView, uri: str | None, *, rtl: bool) -> Sheet:
    size = page.width / 95
    order = list(sources.BLOCK_KINDS)
    blocks = sorted(page.blocks, key=lambda block: order.index(block.kind))
    return Sheet(
        number=page.number,
        width=round(page.width, 1),
        height=round(page.height, 1),
        picture=uri,
        ocr=page.ocr,
        summary=_summary(page),
        missing=tuple(number for number, near in view.missing if near == page.number),
        shapes=tuple(_shapes(blocks, size, page.width, page.height, rtl=rtl)),
        type_size=round(size, 2),
    )


def _summary(page: sources.PageView) -> str:
    found: Counter[str] = Counter(block.kind for block in page.blocks)
    words = (("number", "question"), ("key", "place of a key"), ("figure", "figure"))
    told = [f"{found[kind]} {word}{'s' if found[kind] != 1 else ''}" for kind, word in words if found[kind]]
    return ", ".join(told).replace("place of a keys", "places of a key") or f"{len(page.blocks)} blocks"


def _shapes(blocks: Sequence[sources.Block], size: float, width: float, height: float, *, rtl: bool) -> Iterator[Shape]:
    for block in blocks:
        x0, y0, x1, y1 = block.box
        tag_x, tag_y, anchor = _tag_place(block, size, width, rtl=rtl)
        yield Shape(
            kind=block.kind if (x1 - x0) * (y1 - y0) < _MOST * width * height else f"{block.kind} wide",
            x=round(x0 - 1, 1),
            y=round(y0 - 1, 1),
            width=round(max(x1 - x0, 1.0) + 2, 1),
            height=round(max(y1 - y0, 1.0) + 2, 1),
            tag=block.tag,
            text=block.text if len(block.text) <= _SHOWN else block.text[:_SHOWN] + " …",
            why=block.why,
            tag_x=round(tag_x, 1),
            tag_y=round(tag_y, 1),
            anchor=anchor,
        )


def _tag_place(block: sources.Block, size: float, width: float, *, rtl: bool) -> tuple[float, float, str]:
    """Return where the tag of a block stands and which end of it is there; it stays on the page."""
    x0, y0, x1, y1 = block.box
    before, behind = block.kind in _BEFORE, block.kind in _BEHIND and len(block.tag) < _SHORT
    if not before and not behind:
        return (x0 if rtl else x1), (y0 - 1.5 if y0 > size + 2 else y1 + size), "start" if rtl else "end"
    room = len(block.tag) * size * 0.6
    if before != rtl:
        return (x0 - 2, y0 + size, "end") if x0 - 2 > room else (1.0, y0 + size, "start")
    return (x1 + 2, y0 + size, "start") if x1 + 2 + room < width else (width - 1, y0 + size, "end")


def render(survey: Survey, parts: Sequence[FilePart], title: str) -> str:
    """Return the page; the same survey and files give the same text."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("benchwright.builder.explain", "_template")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("explain.html.j2").render(
        title=title or "Raw files",
        version=__version__,
        kinds=sources.BLOCK_KINDS,
        parts=parts,
        layouts=[_layout(name, layout) for name, layout in survey.layouts.items()],
        languages={tag: language_name(tag) for tag in {part.report.language for part in parts} if tag},
        pages_left_out=sum(part.left_out for part in parts),
    )


def _layout(name: str, layout: Any) -> dict[str, Any]:
    number, options, key = layout.number, layout.options, layout.key
    return {
        "name": name,
        "score": layout.score,
        "runner_up": dict(layout.runner_up or {}),
        "columns": layout.columns,
        "number": number.style if number else None,
        "marks": " ".join(options.marks) if options else "",
        "key": key.where if key else "no key in the booklet",
    }
