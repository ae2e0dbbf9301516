"""What options look like: how much of each is highlighted, coloured, bold or underlined.

Every look is measured for the text of the options and for their marks alone, since some papers set only the letter
of the right option in bold. A share is the part of an option's printed characters that has the look, 0 to 1.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from benchwright.sources._blocks import Block
from benchwright.sources._lines import Line
from benchwright.sources._pdfium import BOLD, PageChars, PagePicture

if TYPE_CHECKING:
    from benchwright.sources._paper import Paper

__all__ = ["Look", "looks_of", "looks_of_stretches"]

Bools = npt.NDArray[np.bool_]
Where = Literal["highlighted", "coloured", "bold", "underlined"]
_COLOURS: Final = 4
"""Colours that are tried one by one, the most frequent first."""
_DISTINCT: Final = 40
"""Least difference of one channel between two colours that a reader tells apart."""
_THIN: Final = 2.5
"""Greatest height in points of a line that underlines."""


@dataclass(frozen=True)
class Look:
    """One look, measured for every option of every question."""

    where: Where
    detail: str
    shares: tuple[tuple[float, ...], ...]
    """By position of the block and index of the option."""


@dataclass(frozen=True)
class _Scope:
    """The characters of all options, one stretch after the other, as positions in the characters of all pages."""

    name: str
    chars: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    sizes: npt.NDArray[np.intp]
    blocks: tuple[int, ...]
    """Number of options of each block."""

    def shares(self, has: Bools) -> tuple[tuple[float, ...], ...]:
        """Return the share of each option's characters that have a look."""
        sums = np.concatenate([[0], np.cumsum(has[self.chars])])
        share = ((sums[self.starts + self.sizes] - sums[self.starts]) / np.maximum(self.sizes, 1)).tolist()
        edges = np.cumsum([0, *self.blocks]).tolist()
        return tuple(tuple(share[a:b]) for a, b in itertools.pairwise(edges))


def looks_of(paper: Paper) -> Iterator[Look]:
    """Yield every look that at least one option of a paper has and another has not."""
    pages = list(paper.pages.values())
    offsets = dict(zip(paper.pages, np.cumsum([0, *(page.count for page in pages)]).tolist(), strict=False))
    scopes = [_scope(paper.lines, paper.blocks, offsets, name) for name in ("text", "mark")]
    for where, detail, has in _masks(pages, scopes[0]):
        for scope in scopes:
            shares = scope.shares(has)
            if any(share >= 0.5 for some in shares for share in some):
                yield Look(where, f"{detail}{' of the mark' if scope.name == 'mark' else ''}", shares)


def looks_of_stretches(
    groups: Sequence[Sequence[Sequence[tuple[int, int]]]], pages: Sequence[PageChars]
) -> Iterator[tuple[tuple[float, ...], ...]]:
    """Yield, for every look, the share of each stretch of characters that has it.

    Args:
        groups: for each question its options, each as page numbers and positions of characters on them.
        pages: the pages.
    """
    offsets = dict(zip([p.number for p in pages], np.cumsum([0, *(p.count for p in pages)]).tolist(), strict=False))
    stretches = [[offsets[page] + char for page, char in option] for group in groups for option in group]
    sizes = np.array([len(some) for some in stretches], dtype=np.intp)
    chars = np.array([char for some in stretches for char in some], dtype=np.intp)
    scope = _Scope("mark", chars, np.cumsum(sizes) - sizes, sizes, tuple(len(group) for group in groups))
    for _, _, has in _masks(pages, scope):
        yield scope.shares(has)


def _scope(lines: Sequence[Line], blocks: Sequence[Block], offsets: dict[int, int], name: str) -> _Scope:
    stretches: list[list[int]] = []
    for block in blocks:
        for option in block.options:
            mark = [(option.mark.line, option.mark.start, option.mark.end)]
            pieces = option.pieces if name == "text" else mark
            chars = _chars(lines, pieces, offsets) or _chars(lines, mark, offsets)
            stretches.append(chars)
    sizes = np.array([len(some) for some in stretches], dtype=np.intp)
    return _Scope(
        name,
        np.array([char for some in stretches for char in some], dtype=np.intp),
        np.cumsum(sizes) - sizes,
        sizes,
        tuple(len(block.options) for block in blocks),
    )


def _chars(lines: Sequence[Line], pieces: Sequence[tuple[int, int, int]], offsets: dict[int, int]) -> list[int]:
    return [offsets[lines[i].page] + char for i, a, b in pieces for char in lines[i].chars[a:b] if char >= 0]


def _masks(pages: Sequence[PageChars], scope: _Scope) -> Iterator[tuple[Where, str, Bools]]:
    if not len(scope.chars):
        return
    fills = [_fills(page) for page in pages]
    kinds = Counter(fill.colour for some in fills for fill in some)
    if kinds:
        yield (
            "highlighted",
            "any colour",
            np.concatenate([_covered(page, some) for page, some in zip(pages, fills, strict=True)]),
        )
    for colour in [c for c, _ in kinds.most_common(_COLOURS)] if len(kinds) > 1 else []:
        chosen = [[fill for fill in some if fill.colour == colour] for some in fills]
        mask = np.concatenate([_covered(page, some) for page, some in zip(pages, chosen, strict=True)])
        yield "highlighted", "#{:02x}{:02x}{:02x}".format(*(colour or (0, 0, 0))), mask
    colours = np.concatenate([page.colour for page in pages])
    yield from _coloured(colours, scope)
    yield "bold", "", np.concatenate([(page.style & BOLD) > 0 for page in pages])
    yield "underlined", "", np.concatenate([_underlined(page) for page in pages])


def _coloured(colours: npt.NDArray[np.uint32], scope: _Scope) -> Iterator[tuple[Where, str, Bools]]:
    counts = Counter(colours[scope.chars].tolist())
    usual = counts.most_common(1)[0][0]
    away = _distance(colours, usual) >= _DISTINCT
    others = [colour for colour, _ in counts.most_common() if int(_distance(np.array([colour]), usual)[0]) >= _DISTINCT]
    if others:
        yield "coloured", "other than usual", away
    for colour in others[:_COLOURS] if len(others) > 1 else []:
        yield "coloured", f"#{colour:06x}", _distance(colours, colour) < _DISTINCT


def _distance(colours: npt.NDArray[np.uint32] | npt.NDArray[np.int64], other: int) -> npt.NDArray[np.int64]:
    """Return the greatest difference of a channel from another colour."""
    plain = colours.astype(np.int64)
    channels = [np.abs(((plain >> shift) & 255) - ((other >> shift) & 255)) for shift in (0, 8, 16)]
    result: npt.NDArray[np.int64] = np.maximum(np.maximum(channels[0], channels[1]), channels[2])
    return result


def _fills(page: PageChars) -> list[PagePicture]:
    """Return filled boxes that could highlight a line: light, not white, and no taller than a few lines."""
    size = float(np.median(page.size)) if page.count else 0.0
    return [picture for picture in page.pictures if picture.kind == "fill" and _is_highlight(picture, size)]


def _is_highlight(picture: PagePicture, size: float) -> bool:
    x0, y0, x1, y1 = picture.box
    red, green, blue = picture.colour or (255, 255, 255)
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return light > 90 and min(red, green, blue) < 246 and 0.4 * size < y1 - y0 < 6 * size and x1 - x0 > 0.3 * size


def _covered(page: PageChars, fills: Sequence[PagePicture]) -> Bools:
    """Tell which characters have their middle in one of some boxes."""
    result = np.zeros(page.count, dtype=np.bool_)
    x, y = (page.x0 + page.x1) / 2, page.base - 0.3 * page.size
    for fill in fills:
        x0, y0, x1, y1 = fill.box
        result |= (x > x0) & (x < x1) & (y > y0) & (y < y1)
    return result


def _underlined(page: PageChars) -> Bools:
    """Tell which characters have a thin line just below them that is no wider than their text: no rule, no table."""
    result = np.zeros(page.count, dtype=np.bool_)
    x = (page.x0 + page.x1) / 2
    for picture in page.pictures:
        x0, y0, x1, y1 = picture.box
        if picture.kind == "image" or y1 - y0 > _THIN or x1 - x0 < 2.0:
            continue
        middle = (y0 + y1) / 2
        below = (middle > page.base - 0.05 * page.size) & (middle < page.base + 0.35 * page.size)
        near = below & (x > x0 - 1.0) & (x < x1 + 1.0)
        if (
            near.any()
            and page.x0[near].min() - x0 < page.size[near][0]
            and x1 - page.x1[near].max() < page.size[near][0]
        ):
            result |= near
    return result
