"""Captions of an image booklet: lines that name a picture or a question, and the pictures beside which they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchwright.sources._figures import Figure
from benchwright.sources._imagenames import Name, bare_number, names_in
from benchwright.sources._lines import Line
from benchwright.sources._pdfium import Box

__all__ = ["Caption", "captions_of", "tie"]

_SHORT: Final = 70
"""Letters; a longer line is a caption only when it begins with the name."""
_FOOT: Final = 0.92
"""Share of the page height below which a number alone is a page number."""
_OVERLAP: Final = 8.0
"""Points by which a caption may reach into its picture."""
_CARRIED: Final = 0.5
"""What a picture is worth whose caption stands on an earlier page."""
_ASIDE: Final = 2.0
"""How much a point to the side counts more than a point up or down."""


@dataclass(frozen=True)
class Caption:
    """A printed name of one or several pictures."""

    page: int
    box: Box
    text: str
    names: tuple[Name, ...]

    def numbers(self, kind: str) -> tuple[str, ...]:
        """Return the numbers of one kind, each once."""
        return tuple(dict.fromkeys(name.number for name in self.names if name.kind == kind))


def captions_of(lines: Sequence[Line], heights: dict[int, float]) -> list[Caption]:
    """Return the captions of some pages in reading order.

    Numbers that stand alone count only where no caption has a word, and never at the foot of a page.
    """
    named = [caption for k, line in enumerate(lines) for caption in _named(line, lines[k + 1 :])]
    if named:
        return named
    found = []
    for line in lines:
        name = bare_number(line.text)
        if name is not None and line.y1 < _FOOT * heights[line.page]:
            found.append(Caption(line.page, _box(line), line.text.strip(), (name,)))
    return found


def _named(line: Line, following: Sequence[Line]) -> list[Caption]:
    """Return the captions that stand on a line: several when their names are far apart."""
    groups: list[list[Name]] = []
    for name in names_in(line.text):
        far = groups and _left(line, name.start) - _right(line, groups[-1][-1].end) > 3 * line.size
        if not groups or far:
            groups.append([])
        groups[-1].append(name)
    if not groups:
        return []
    head = line.text[: groups[0][0].start]
    if any(char.isalpha() for char in head) and len(line.text) > _SHORT and groups[0][0].start not in line.starts:
        return []
    if len(groups) == 1:
        text = " ".join([line.text.strip(), *(one.text.strip() for one in _rest(line, following))])
        return [Caption(line.page, _box(line), text, tuple(groups[0]))]
    result = []
    for k, group in enumerate(groups):
        end = groups[k + 1][0].start if k + 1 < len(groups) else len(line.text)
        box = (_left(line, group[0].start), line.y0, _right(line, group[-1].end), line.y1)
        result.append(Caption(line.page, box, line.text[group[0].start : end].strip(), tuple(group)))
    return result


def _rest(line: Line, following: Sequence[Line]) -> list[Line]:
    """Return the lines in which a caption goes on: directly below, of the same size, without a name of their own."""
    result: list[Line] = []
    last = line
    for one in following[:4]:
        gap = one.y0 - last.y1
        close = one.page == line.page and -0.5 <= gap / line.size <= 0.8 and abs(one.size - line.size) < 1
        if not close or names_in(one.text) or bare_number(one.text):
            break
        result.append(one)
        last = one
    return result


def _box(line: Line) -> Box:
    return (line.x0, line.y0, line.x1, line.y1)


def _left(line: Line, start: int) -> float:
    return min(line.spots[start : start + 1] or (line.x0,))


def _right(line: Line, end: int) -> float:
    return max(line.spots[end - 1 : end] or (line.x1,))


Cost = Callable[[Caption, Figure], float | None]


def tie(captions: Sequence[Caption], figures: Sequence[Figure]) -> dict[int, int]:
    """Return for each figure (by position) its caption (by position); figures without any are left out.

    A booklet prints its captions above, below or beside its pictures: the way that gives most pictures a caption
    and most captions a picture is taken for the whole booklet; what it leaves goes to the nearest free caption.
    """
    ways = [_by(_above, captions, figures, carry=True), _by(_below, captions, figures), _by(_beside, captions, figures)]
    tied, _ = max(ways, key=lambda way: way[1])
    free = set(range(len(captions))) - set(tied.values())
    for position, figure in enumerate(figures):
        if position in tied:
            continue
        near = [(_distance(captions[k], figure), k) for k in free if captions[k].page == figure.page]
        if near:
            tied[position] = min(near)[1]
            free.discard(tied[position])
    return tied


def _by(
    cost: Cost, captions: Sequence[Caption], figures: Sequence[Figure], *, carry: bool = False
) -> tuple[dict[int, int], float]:
    tied: dict[int, int] = {}
    carried = 0
    far = 0.0
    for position, figure in enumerate(figures):
        costs = [(value, k) for k, one in enumerate(captions) if (value := cost(one, figure)) is not None]
        if costs:
            value, tied[position] = min(costs)
            far += min(value, 400.0) / 400.0
        elif carry and not any(one.page == figure.page for one in captions):
            earlier = [k for k, one in enumerate(captions) if one.page == figure.page - 1]
            if earlier:
                tied[position] = earlier[-1]
                carried += 1
    value = len(tied) - _CARRIED * carried + len(set(tied.values())) - 0.5 * far / max(len(figures), 1)
    return tied, value


def _above(caption: Caption, figure: Figure) -> float | None:
    gap = figure.box[1] - caption.box[3]
    if caption.page != figure.page or gap < -_OVERLAP:
        return None
    return max(gap, 0.0) + _ASIDE * _aside(caption, figure)


def _below(caption: Caption, figure: Figure) -> float | None:
    gap = caption.box[1] - figure.box[3]
    if caption.page != figure.page or gap < -_OVERLAP:
        return None
    return max(gap, 0.0) + _ASIDE * _aside(caption, figure)


def _beside(caption: Caption, figure: Figure) -> float | None:
    if caption.page != figure.page or caption.box[3] < figure.box[1] or caption.box[1] > figure.box[3]:
        return None
    return _aside(caption, figure)


def _aside(caption: Caption, figure: Figure) -> float:
    return max(caption.box[0] - figure.box[2], figure.box[0] - caption.box[2], 0.0)


def _distance(caption: Caption, figure: Figure) -> float:
    up = max(caption.box[1] - figure.box[3], figure.box[1] - caption.box[3], 0.0)
    return up + _ASIDE * _aside(caption, figure)
