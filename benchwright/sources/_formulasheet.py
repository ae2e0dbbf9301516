"""The characters of a page while formulas are set on lines: places and baselines that move, signs that are added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._pdfium import SPACES, PageChars

__all__ = ["SMALL", "Bar", "Rows", "Sheet"]

SMALL: Final = 0.86
"""A sign of at most that share of the size beside it is a raised or lowered one."""
_HEAD: Final = 0x20D7
"""The head of the arrow over a vector: no letter that stands over or under anything."""
_NOTHING: Final = 0x200B
_TOP: Final = 0.72
"""Height of capitals and digits above the baseline, in font sizes."""
_TOUCH: Final = 0.28
"""Gap, in font sizes, up to which a sign beside a fraction is a factor: words are parted by more."""
_SIDE: Final = 0.3

Rows = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bar:
    """A level stroke of a formula."""

    x0: float
    x1: float
    y: float
    size: float
    """Size of the letters that belong to it, in points."""
    char: int | None
    """The character that it is, or None where it is drawn."""


class Sheet:
    """The characters of one page as arrays that may be changed; what is added stands at their end."""

    def __init__(self, page: PageChars) -> None:
        self._page = page
        self.code = page.code.copy()
        self.x0, self.x1, self.base, self.size = (
            one.astype(np.float64) for one in (page.x0, page.x1, page.base, page.size)
        )
        self.like = np.arange(page.count)
        """For each character the printed one whose box, style and colour it has."""
        self.raised = np.zeros(page.count, dtype=np.int8)
        """1 for raised signs, -1 for lowered ones; they stand on the baseline of their line."""
        self.blank = page.unprinted | (page.code == _HEAD)
        self.changed = False

    def page(self) -> PageChars:
        """Return the page as it stands now."""
        like, page = self.like, self._page
        return replace(
            page,
            code=self.code,
            x0=self.x0,
            x1=self.x1,
            y0=page.y0[like],
            y1=page.y1[like],
            base=self.base,
            size=self.size,
            raised=self.raised,
            style=page.style[like],
            colour=page.colour[like],
            angle=page.angle[like],
            confidence=None if page.confidence is None else page.confidence[like],
            stamped=None if page.stamped is None else page.stamped[like],
        )

    def under(self, bar: Bar) -> Rows:
        """Return what stands right under a stroke, from left to right."""
        top = self.base - _TOP * self.size
        return self._beside(bar, (top >= bar.y - 0.25 * bar.size) & (self.base <= bar.y + 1.45 * bar.size))

    def over(self, bar: Bar) -> Rows:
        """Return what stands right over a stroke, from left to right."""
        low, high = bar.y - 0.8 * bar.size, bar.y + 0.05 * bar.size
        return self._beside(bar, (self.base >= low) & (self.base <= high))

    def _beside(self, bar: Bar, near: npt.NDArray[np.bool_]) -> Rows:
        middle = (self.x0 + self.x1) / 2
        inside = near & (middle >= bar.x0 - _SIDE) & (middle <= bar.x1 + _SIDE) & ~self.blank
        if bar.char is not None:
            inside[bar.char] = False
        return self.sorted(np.flatnonzero(inside))

    def closest(self, bar: Bar) -> float | None:
        """Return the size of the letters next to a stroke, or None where none stand within two lines of it."""
        middle = (self.x0 + self.x1) / 2
        there = (middle >= bar.x0) & (middle <= bar.x1) & ~self.blank & (np.abs(self.base - bar.y) < 30.0)
        if not there.any():
            return None
        near = np.flatnonzero(there)
        closest = near[np.argsort(np.abs(self.base[near] - bar.y), kind="stable")[:4]]
        return float(self.size[closest].max())

    def width(self, some: Rows) -> float:
        """Return how wide some characters are together."""
        return float(self.x1[some].max() - self.x0[some].min())

    def middle(self, some: Rows) -> float:
        """Return the middle of some characters, from the left of the page."""
        return float(self.x1[some].max() + self.x0[some].min()) / 2

    def is_alone(self, bar: Bar, some: Rows) -> bool:
        """Tell whether nothing on the line of some characters goes on beside a stroke, as words do."""
        line, reach = self.line_of(some), 0.6 * bar.size
        level = (np.abs(self.base - line) < 0.2 * bar.size) & ~self.blank
        level[some] = False
        beside = (self.x1 > bar.x0 - reach) & (self.x0 < bar.x1 + reach)
        return not bool((level & beside).any())

    def touches(self, bar: Bar, line: float) -> bool:
        """Tell whether a number, a letter or a bracket stands right before or after a fraction, as a factor does."""
        level = (np.abs(self.base - line) < 0.35 * bar.size) & (self.size > SMALL * bar.size) & ~self.blank
        before = np.abs(self.x1 - bar.x0) < _TOUCH * bar.size
        after = np.abs(self.x0 - bar.x1) < _TOUCH * bar.size
        signs = [(before, ")]}"), (after, "([{√")]
        return any(
            chr(code).isalnum() or chr(code) in brackets
            for where, brackets in signs
            for code in self.code[level & where].tolist()
        )

    def sorted(self, some: Rows) -> Rows:
        """Return characters from left to right."""
        return some[np.lexsort((self.x1[some], self.x0[some]))]

    def printed(self, some: Rows) -> Iterator[int]:
        """Yield the code points of some characters."""
        return iter(self.code[some].tolist())

    def top_of(self, some: Rows) -> float:
        """Return the upper edge of some characters."""
        return float((self.base[some] - _TOP * self.size[some]).min())

    def line_of(self, some: Rows) -> float:
        """Return the baseline of some characters: that of the large ones."""
        sizes = self.size[some]
        return float(np.median(self.base[some][sizes > SMALL * sizes.max()]))

    def level(self, char: int) -> float:
        """Return the baseline of the line in which a letter stands: the middle of those of its size around it."""
        size = float(self.size[char])
        near = (np.abs(self.base - self.base[char]) < 0.3 * size) & (self.size > SMALL * size) & ~self.blank
        near &= np.abs(self.x0 - self.x0[char]) < 12.0 * size
        return float(np.median(self.base[near])) if near.any() else float(self.base[char])

    def with_spaces(self, some: Rows) -> Rows:
        """Return the characters of a line with the spaces between them."""
        line, size = self.line_of(some), float(self.size[some].max())
        low, high = float(self.x0[some].min()), float(self.x1[some].max())
        space = self._space & (np.abs(self.base - line) < 0.5 * size) & (self.x0 > low) & (self.x1 < high)
        return self.sorted(np.concatenate([some, np.flatnonzero(space)]))

    @property
    def _space(self) -> npt.NDArray[np.bool_]:
        spaces: npt.NDArray[np.bool_] = np.isin(self.code, SPACES)
        return spaces

    def lay(self, some: Rows, base: float) -> None:
        """Move characters up or down, so that the large ones stand on a baseline."""
        self.base[some] += base - self.line_of(some)
        self.changed = True

    def squeeze(self, some: Rows, left: float, right: float) -> None:
        """Move characters sideways into a stretch, in their order."""
        low, high = float(self.x0[some].min()), float(self.x1[some].max())
        share = (right - left) / max(high - low, 0.1)
        self.x0[some] = left + (self.x0[some] - low) * share
        self.x1[some] = left + (self.x1[some] - low) * share
        self.changed = True

    def add(self, code: int, x: float, *, like: int, right: float | None = None) -> int:
        """Add a character beside one whose baseline, size and looks it takes; return its place."""
        ends: Sequence[tuple[str, float | int]] = (
            ("code", code),
            ("x0", x),
            ("x1", x if right is None else right),
            ("base", float(self.base[like])),
            ("size", float(self.size[like])),
            ("raised", int(self.raised[like])),
            ("like", int(self.like[like])),
            ("blank", False),
        )
        for name, value in ends:
            kept = getattr(self, name)
            setattr(self, name, np.append(kept, np.array([value], dtype=kept.dtype)))
        self.changed = True
        return len(self.code) - 1

    def enclose(self, some: Rows) -> None:
        """Put round brackets around characters that stand on one line."""
        largest, first = int(some[np.argmax(self.size[some])]), int(some[0])
        # A sign that is printed twice on one spot counts once: brackets must not stand on those that are there.
        room = 0.35 * float(self.x1[first] - self.x0[first]) + 0.1
        left, right = float(self.x0[some].min()), float(self.x1[some].max())
        for sign, start, stop in (("(", left - room, left), (")", right, right + 0.4)):
            self.add(ord(sign), start, like=largest, right=stop)
            self.base[-1] = self.line_of(some)

    def drop(self, char: int) -> None:
        """Leave a character out of the text."""
        self.code[char] = _NOTHING
        self.blank[char] = True
        self.changed = True
