"""Page furniture: headers, footers, page numbers and watermarks, found because they repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import regex

from benchwright.sources._lines import Line

__all__ = ["furniture"]

_DIGITS = regex.compile(r"\p{Nd}+")
_EDGE_LINES = 4


def furniture(pages: Sequence[Sequence[Line]], *, numbered: bool = True) -> set[tuple[int, int]]:
    """Return (page index, line index) of the lines that are page furniture.

    A line is furniture when the same text stands at the same height on many pages: among the outermost lines of a
    page, or anywhere if it does so on nearly all pages. With ``numbered``, texts that differ only in their digits
    (page numbers) count as the same.
    """
    seen: dict[tuple[str, bool], list[tuple[int, int, float, bool]]] = defaultdict(list)
    for page, lines in enumerate(pages):
        order = sorted(range(len(lines)), key=lambda i: lines[i].y0)
        edge = {*order[:_EDGE_LINES], *order[-_EDGE_LINES:]}
        for i, line in enumerate(lines):
            text = regex.sub(r"\s+", "", line.text)
            masked = _DIGITS.sub("#", text)
            if numbered or masked == text:
                seen[masked, masked != text].append((page, i, line.y0, i in edge))
    filled = sum(1 for lines in pages if lines)
    result: set[tuple[int, int]] = set()
    for (text, has_digits), places in seen.items():
        result.update(_repeated(places, filled, text, has_digits))
    return result


def _repeated(
    places: list[tuple[int, int, float, bool]], filled: int, text: str, has_digits: bool
) -> list[tuple[int, int]]:
    if filled < 2 or len(places) < 2:
        return []
    bands: dict[int, list[tuple[int, int, float, bool]]] = defaultdict(list)
    for place in places:
        bands[round(place[2] / 8)].append(place)
    result: list[tuple[int, int]] = []
    for band in bands:
        near = [place for key in (band - 1, band, band + 1) for place in bands.get(key, ())]
        at_edge = sum(1 for place in near if place[3])
        pages = len({place[0] for place in near})
        needed = max(2, 0.4 * filled) if at_edge > 0.7 * len(near) else max(4, 0.75 * filled)
        if filled == 2 and has_digits and len(text) > 12:
            needed = 3
        if pages >= needed:
            result.extend((place[0], place[1]) for place in near)
    return result
