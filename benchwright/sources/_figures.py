"""Figures: pictures on the pages, cut out and tied to the question or option beside which they stand."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchwright.sources._blocks import Block
from benchwright.sources._gutters import Gutters
from benchwright.sources._lines import Line
from benchwright.sources._pdfium import Box, PageChars

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["Figure", "cut_out", "dropped_pictures", "find_figures", "pictures_of", "place_figures"]

_SMALLEST: Final = 16.0
"""Points; a smaller picture is a sign or a rule."""
RENDER_SCALE: Final = 200 / 72


@dataclass(frozen=True)
class Figure:
    """A picture on a page."""

    page: int
    box: Box


def find_figures(pages: Sequence[PageChars]) -> list[Figure]:
    """Return the pictures of a paper without logos and page backgrounds; pieces of one picture are joined."""
    repeated = _repeated(pages)
    result: list[Figure] = []
    for page in pages:
        result += pictures_of(page, repeated)
    return result


def pictures_of(page: PageChars, without: AbstractSet[tuple[int, ...]] = frozenset()) -> list[Figure]:
    """Return the pictures of a page without its background; pieces of one picture are joined.

    Args:
        page: the page.
        without: places to leave out, as edges in steps of four points.
    """
    boxes = []
    for picture in page.pictures:
        if picture.kind != "image" or _key(picture.box) in without:
            continue
        box = _clipped(picture.box, page)
        if box and not _covers_page(box, page):
            boxes.append(box)
    return [Figure(page.number, box) for box in _joined(boxes) if _large(box)]


def dropped_pictures(pages: Sequence[PageChars]) -> list[tuple[Figure, str]]:
    """Return the large pictures of a paper that are no figures, each with the reason."""
    repeated = _repeated(pages)
    result: list[tuple[Figure, str]] = []
    for page in pages:
        for picture in page.pictures:
            box = _clipped(picture.box, page) if picture.kind == "image" else None
            if box and _large(box) and _covers_page(box, page):
                result.append((Figure(page.number, box), "a picture as large as the page"))
            elif box and _large(box) and _key(picture.box) in repeated:
                result.append((Figure(page.number, box), "a picture stands at this place on many pages"))
    return result


def _key(box: Box) -> tuple[int, ...]:
    return tuple(round(edge / 4) for edge in box)


def _repeated(pages: Sequence[PageChars]) -> set[tuple[int, ...]]:
    """Return places where a picture stands on many pages: logos and frames."""
    if len(pages) < 3:
        return set()
    counts = Counter(key for page in pages for key in {_key(p.box) for p in page.pictures if p.kind == "image"})
    return {key for key, n in counts.items() if n >= max(3, 0.4 * len(pages))}


def _clipped(box: Box, page: PageChars) -> Box | None:
    x0, y0, x1, y1 = max(box[0], 0.0), max(box[1], 0.0), min(box[2], page.width), min(box[3], page.height)
    return (x0, y0, x1, y1) if x1 - x0 > 0.5 and y1 - y0 > 0.5 else None


def _covers_page(box: Box, page: PageChars) -> bool:
    return (box[2] - box[0]) * (box[3] - box[1]) > 0.7 * page.width * page.height


def _large(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) >= _SMALLEST


def _joined(boxes: Sequence[Box], slack: float = 2.0) -> list[Box]:
    """Join boxes that touch: one picture stored in strips or tiles."""
    result: list[Box] = []
    for box in boxes:
        merged = box
        while True:
            touching = [b for b in result if _touch(b, merged, slack)]
            if not touching:
                break
            for other in touching:
                result.remove(other)
                merged = _union(merged, other)
        result.append(merged)
    return sorted(result, key=lambda b: (b[1], b[0]))


def _touch(a: Box, b: Box, slack: float) -> bool:
    return a[0] <= b[2] + slack and b[0] <= a[2] + slack and a[1] <= b[3] + slack and b[1] <= a[3] + slack


def _union(a: Box, b: Box) -> Box:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def place_figures(
    figures: Sequence[Figure], blocks: Sequence[Block], lines: Sequence[Line], gutters: Gutters
) -> tuple[dict[int, list[tuple[Figure, int | None]]], list[Figure]]:
    """Tie each figure to a block (by position) and to an option (by index) or to the stem (None).

    Returns:
        The figures of each block, and those that stand before the first question or on a page without any.
    """
    anchors = _anchors(blocks, lines)
    from_right = bool(gutters) and _from_right(lines, gutters)
    placed: dict[int, list[tuple[Figure, int | None]]] = {}
    homeless: list[Figure] = []
    for figure in figures:
        place = _block_of(figure, anchors, gutters, from_right)
        if place is None:
            homeless.append(figure)
            continue
        placed.setdefault(place, []).append((figure, _option_of(figure, blocks[place], lines)))
    return placed, homeless


def _anchors(blocks: Sequence[Block], lines: Sequence[Line]) -> list[tuple[int, int, float, int]]:
    """Return (page, column, top, block) of every question, in reading order."""
    return [
        (lines[block.first].page, lines[block.first].column, lines[block.first].y0, k) for k, block in enumerate(blocks)
    ]


def _from_right(lines: Sequence[Line], gutters: Gutters) -> bool:
    """Tell whether the right column is read first."""
    first = [line for line in lines if line.column == 0]
    last = [line for line in lines if line.column == len(gutters)]
    right = sum(line.x0 > gutters[-1] - 2 for line in first) + sum(line.x1 < gutters[0] + 2 for line in last)
    return right > 0.5 * (len(first) + len(last))


def _block_of(
    figure: Figure, anchors: Sequence[tuple[int, int, float, int]], gutters: Gutters, from_right: bool
) -> int | None:
    middle_x, middle_y = (figure.box[0] + figure.box[2]) / 2, (figure.box[1] + figure.box[3]) / 2
    from_left = sum(middle_x >= gutter for gutter in gutters)
    column = len(gutters) - from_left if from_right else from_left
    before = [anchor for anchor in anchors if anchor[:2] < (figure.page, column) or (
        anchor[:2] == (figure.page, column) and anchor[2] <= middle_y
    )]  # fmt: skip
    if not before:
        return None
    return before[-1][3]


def _option_of(figure: Figure, block: Block, lines: Sequence[Line]) -> int | None:
    """Return the option a figure belongs to: the one with no or little text whose mark stands beside or above it."""
    best: tuple[float, int] | None = None
    bare = [k for k, option in enumerate(block.options) if _letters(option.pieces, lines) <= 2]
    if len(bare) < max(2, 0.5 * len(block.options)):
        return None
    for k in bare:
        mark = block.options[k].mark
        line = lines[mark.line]
        if line.page != figure.page:
            continue
        left = line.lefts[line.starts.index(mark.start)] if mark.start in line.starts else line.x0
        inside = figure.box[1] - 12 <= line.y1 and line.y0 <= figure.box[3] + 12
        distance = abs(left - figure.box[0]) + (
            0.0 if inside else 3 * min(abs(line.y0 - figure.box[3]), abs(line.y1 - figure.box[1]))
        )
        if best is None or distance < best[0]:
            best = (distance, k)
    return best[1] if best else None


def _letters(pieces: Sequence[tuple[int, int, int]], lines: Sequence[Line]) -> int:
    return sum(len(lines[i].text[a:b].strip()) for i, a, b in pieces)


def cut_out(document: pypdfium2.PdfDocument, figure: Figure) -> bytes:
    """Return the region of a figure as printed, as PNG at 200 dpi."""
    page = document[figure.page - 1]
    try:
        width, height = page.get_size()
        x0, y0, x1, y1 = figure.box
        crop = (x0, height - y1, width - x1, y0)
        scale: Any = RENDER_SCALE
        bitmap = page.render(scale=scale, crop=tuple(max(edge, 0.0) for edge in crop))
        stream = io.BytesIO()
        # Text on white: level 3 takes two thirds of the time of level 6 and gives no larger files.
        bitmap.to_pil().save(stream, format="PNG", optimize=False, compress_level=3)
        return stream.getvalue()
    finally:
        page.close()


def pages_by_number(pages: Sequence[PageChars]) -> Mapping[int, PageChars]:
    """Return the pages by their printed order, 1-based."""
    return {page.number: page for page in pages}
