"""A key printed at the end of a booklet: found across the page, and taken off before the questions are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from benchwright.sources._columns import lines_across
from benchwright.sources._keygrid import grid_table
from benchwright.sources._keys import KeyTable
from benchwright.sources._lines import Line
from benchwright.sources._mixedkeys import key_tables
from benchwright.sources._pdfium import PageChars
from benchwright.sources._sideways import quarter_turns
from benchwright.sources._tailversions import named_version, printed_version, side_tables
from benchwright.sources._versionkeys import version_columns
from benchwright.sources._words import has_word

__all__ = ["TailKey", "find_tail_key", "without_lines", "without_tail"]

Keep = npt.NDArray[np.bool_]
_LAST_PAGES = 4
_HEADING_LINES = 6


@dataclass(frozen=True)
class TailKey:
    """The key at the end of a booklet, and where it begins."""

    table: KeyTable
    lines: tuple[Line, ...]
    page: int
    top: float
    versions: Mapping[str, KeyTable] = field(default_factory=dict)
    """A key for each printed version, by its name, where the pages hold several."""
    printed: str | None = None
    """The version that the booklet says it is."""

    def of(self, booklet: str | None) -> TailKey | None:
        """Return the key of a version: the one that a recipe names, else the one printed; None where neither tells."""
        if not self.versions:
            return self
        name = named_version(self.versions, booklet) or self.printed
        return None if name is None else replace(self, table=self.versions[name], versions={})


def find_tail_key(pages: Sequence[PageChars], found: int) -> TailKey | None:
    """Return the key on the last pages of a booklet, or None.

    Args:
        pages: all pages.
        found: number of questions of the booklet; the key must cover at least half of them, without many gaps.
    """
    tail = list(pages[-_LAST_PAGES:])
    lines = lines_across(tail)
    least = max(5, round(0.5 * found))
    versions = {name: one for name, one in side_tables(lines).items() if len(one.cells) >= least}
    if versions:
        table: KeyTable | None = next(iter(versions.values()))
    else:
        tables = [one for one in key_tables(lines) if len(one.cells) >= least and one.coverage >= 0.8]
        table = _best(tables[-1] if tables else None, grid_table(lines, found))
        versions = version_columns(table, lines) if table is not None else {}
    if table is None:
        return None
    first = min(cell.line for cell in table.cells.values())
    start = _with_heading(lines, first)
    last_number = max(table.cells)
    if last_number > 1.5 * found + 5:
        return None
    top = min(line.y0 for line in lines[start : first + 1] if line.page == lines[start].page)
    sideways = any(quarter_turns(page) for page in tail if page.number == lines[start].page)
    body = [page for page in pages if page.number < lines[start].page]
    printed = printed_version(list(versions), body) if versions else None
    table = versions[printed] if printed else table
    return TailKey(table, tuple(lines), lines[start].page, 0.0 if sideways else top - 1.0, versions, printed)


def _best(plain: KeyTable | None, grid: KeyTable | None) -> KeyTable | None:
    """Return the key read by columns where it says more than the one read along lines, and nothing else."""
    if plain is None or grid is None:
        return plain or grid
    both = [(plain.cells[n].printed, cell.printed) for n, cell in grid.cells.items() if n in plain.cells]
    same = all(_sign(a) == _sign(b) for a, b in both)
    return grid if same and len(grid.cells) > len(plain.cells) else plain


def _sign(printed: str) -> str:
    return printed.strip("().: ").casefold()


def _with_heading(lines: Sequence[Line], first: int) -> int:
    """Return the first line of the key's heading: number rows and words for a key directly above its cells."""
    start = first
    for k in range(first - 1, max(first - 1 - _HEADING_LINES, -1), -1):
        line = lines[k]
        if line.page != lines[first].page:
            break
        words = line.text.split()
        numeric = sum(1 for word in words if word.strip("().-").isdigit()) >= 0.6 * len(words)
        if numeric or has_word(line.text, "key") or has_word(line.text, "number_words"):
            start = k
    return start


def without_tail(pages: Sequence[PageChars], tail: TailKey, read: Sequence[Line]) -> list[PageChars]:
    """Return the pages up to where the key begins; what stands below or after it is left out.

    Page furniture is left out too, as it was found with all pages (``read`` are the lines without it): with fewer
    pages it might no longer be seen to repeat.
    """
    kept: dict[int, set[int]] = {}
    for line in read:
        kept.setdefault(line.page, set()).update(line.chars)
    result = []
    for page in pages:
        bottom = page.height if page.number < tail.page else tail.top if page.number == tail.page else 0.0
        keep = np.isin(np.arange(page.count), sorted(kept.get(page.number, ()))) | page.blank
        result.append(_cut(page, keep & (page.y1 <= bottom + 2.0), bottom))
    return result


def without_lines(pages: Sequence[PageChars], kept: Sequence[Line]) -> list[PageChars]:
    """Return the pages with nothing but some lines on them, and the pictures beside or above these."""
    chars: dict[int, set[int]] = {}
    bottom: dict[int, float] = {}
    for line in kept:
        chars.setdefault(line.page, set()).update(line.chars)
        bottom[line.page] = max(bottom.get(line.page, 0.0), line.y1)
    last = max((line.page for line in kept), default=0)
    result = []
    for page in pages:
        keep = np.isin(np.arange(page.count), sorted(chars.get(page.number, ()))) | page.blank
        edge = page.height if page.number < last else bottom.get(page.number, 0.0)
        result.append(_cut(page, keep, edge))
    return result


def _cut(page: PageChars, keep: Keep, bottom: float) -> PageChars:
    """Blank the characters that are not kept, so that indices of characters stay what they were."""
    code = np.where(keep, page.code, 0).astype(np.uint32)
    size = np.where(keep, page.size, 0.0)
    pictures = tuple(picture for picture in page.pictures if picture.box[3] <= bottom + 2.0)
    return replace(page, code=code, size=size, pictures=pictures)
