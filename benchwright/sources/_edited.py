"""What a person wrote into the layout of a recipe: it wins over inference.

Where nothing in the paper is like it, that is said, instead of another reading being taken in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from benchwright.schemas.papers import Layout
from benchwright.sources._marks import CLOSE, EDITED, OPEN, SAME, MarkType, alphabets

__all__ = ["Wanted", "miscounted", "unmatched_edit", "wanted_counts", "wanted_marks"]

_MARK: Final = regex.compile(rf"(?P<open>{OPEN})?(?P<sign>.+?)(?P<close>{CLOSE})?")
_NO_MARK: Final = ("none", "", "")
_PRIVATE: Final = "private"


@dataclass(frozen=True)
class Wanted:
    """The option marks that a layout names."""

    kinds: tuple[MarkType, ...]
    """The kinds of mark that are written so, the likeliest first."""
    signs: tuple[str, ...] = ()
    """The series of signs, where it is none of those that are known."""
    printed: str = ""

    def among(self, marks: Mapping[MarkType, Sequence[object]]) -> MarkType:
        """Return the kind of which a paper has most marks; the likeliest where it has none."""
        glyphs = tuple(kind for kind in marks if kind[0] == _PRIVATE) if self.kinds[0][0] == _PRIVATE else ()
        return max(glyphs or self.kinds, key=lambda kind: len(marks.get(kind, ())))

    @property
    def unmatched(self) -> str:
        """What is said of a question when nothing in the paper is marked so."""
        return f"options.marks of the layout begins with {self.printed!r}, and nothing in the paper is marked so"


def wanted_marks(layout: Layout | None) -> Wanted | None:
    """Return the marks that a layout names, or None where it says nothing of them.

    Signs that are no known series are taken as they are written.
    """
    if layout is None or layout.options is None:
        return None
    if layout.options.glyphs:
        return Wanted(((_PRIVATE, "", ""),), printed=next(iter(layout.options.glyphs)))
    return _parsed(layout.options.marks) if layout.options.marks else None


def unmatched_edit(layout: Layout | None, kind: MarkType | None) -> str:
    """Return what is to be said where a paper was read without marks although an edited layout names some."""
    wanted = wanted_marks(layout)
    return wanted.unmatched if wanted and kind is None and layout and layout.is_edited() else ""


def wanted_counts(layout: Layout | None) -> tuple[int, ...]:
    """Return the numbers of options that an edited layout allows, the usual one first; none where it does not say.

    A question without options is none of them: whether its answer is to be written is told otherwise.
    """
    if layout is None or layout.options is None or not layout.is_edited():
        return ()
    return tuple(count for count in layout.options.count if count > 1)


def miscounted(layout: Layout | None, options: int) -> str:
    """Return what is to be said of a question with a number of options that an edited layout does not allow."""
    allowed = wanted_counts(layout)
    if not allowed or options < 2 or options in allowed:
        return ""
    return f"{options} options; options.count of the layout allows {', '.join(map(str, allowed))}"


@lru_cache(maxsize=64)
def _parsed(marks: tuple[str, ...]) -> Wanted:
    found = [match for mark in marks if (match := _MARK.fullmatch(mark.strip()))]
    if not found:
        return Wanted((_NO_MARK,), printed=marks[0])
    opening, closing = found[0]["open"] or "", (found[0]["close"] or "").replace(" ", "")
    signs = tuple(match["sign"] for match in found)
    if len(signs) > 1 and set(signs) == {signs[0]}:
        return Wanted(((SAME, signs[0], ""),), printed=marks[0])
    known = [name for name, series in alphabets().items() if series[: len(signs)] == signs]
    if known:
        return Wanted(tuple((name, opening, closing) for name in known), printed=marks[0])
    return Wanted(((EDITED, opening, closing),), signs, marks[0])
