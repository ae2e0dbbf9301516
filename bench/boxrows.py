"""The text in a box by its printed rows, from PDFium's own character boxes: what a person reads there.

The order of characters in a PDF is that in which a program drew them, which need not be that of the page. Here they
are put into rows by their heights and read across; nothing of the parser is used.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

EDGE = 0.5
"""Points by which a box is widened: a box may end on the last pixel of a letter."""
WORD_GAP = 0.12
"""Share of the height of a row from which a gap parts words."""
SAME_ROW = 0.35
"""Share of the height of a row within which the middles of its signs lie; fonts are taller than the space of a line."""
RTL = frozenset({"R", "AL"})


@dataclass(frozen=True)
class Char:
    """One printed character, as wide and as high as its font has it, in points from the bottom left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def page_chars(page: Any) -> list[Char]:
    """Return the printed characters of a page, those printed twice on one spot once."""
    sheet = page.get_textpage()
    text = [sheet.get_text_range(k, 1) for k in range(sheet.count_chars())]
    result: list[Char] = []
    for k, sign in enumerate(text):
        if not sign.strip():
            continue
        x0, y0, x1, y1 = sheet.get_charbox(k, loose=True)
        char = Char(sign, x0, y0, x1, y1)
        if not any(_same_spot(char, other) for other in result[-4:]):
            result.append(char)
    return result


def _same_spot(a: Char, b: Char) -> bool:
    near = 0.3 * max(a.x1 - a.x0, 1.0)
    return a.text == b.text and abs(a.x0 - b.x0) < near and abs(a.y0 - b.y0) < near


def rows_in(page: Any, chars: list[Char], box: dict[str, Any]) -> list[str]:
    """Return the rows of text in a box (points from the top left), each as seen from left to right."""
    left, _, _, top = page.get_cropbox()
    x0, x1 = left + box["x0"] - EDGE, left + box["x1"] + EDGE
    y0, y1 = top - box["y1"] - EDGE, top - box["y0"] + EDGE
    inside = [c for c in chars if x0 <= (c.x0 + c.x1) / 2 <= x1 and y0 <= (c.y0 + c.y1) / 2 <= y1]
    return [_across(row) for row in _rows(inside)]


def _across(row: list[Char]) -> str:
    """Return a row from left to right, with a space where a gap parts two words."""
    order = sorted(row, key=lambda c: (c.x0 + c.x1) / 2)
    gap = WORD_GAP * max(c.y1 - c.y0 for c in order)
    parted = [" " if b.x0 - a.x1 > gap else "" for a, b in itertools.pairwise(order)]
    return "".join(c.text + space for c, space in zip(order, [*parted, ""], strict=True))


def _rows(chars: list[Char]) -> list[list[Char]]:
    """Part characters by height: tall ones make the rows, and every sign goes to the row that its middle is in."""
    rows: list[tuple[float, float, list[Char]]] = []
    for char in sorted(chars, key=lambda c: c.y0 - c.y1):
        middle = (char.y0 + char.y1) / 2
        near = [row for row in rows if abs(row[0] - middle) <= SAME_ROW * row[1]]
        if near:
            min(near, key=lambda row: abs(row[0] - middle))[2].append(char)
        else:
            rows.append((middle, char.y1 - char.y0, [char]))
    return [row for _, _, row in sorted(rows, key=lambda row: -row[0])]


def words(text: str, *, seen: bool) -> list[str]:
    """Return the runs of letters and digits of one direction; with ``seen`` the text is as it meets the eye."""
    runs: list[tuple[bool, list[str]]] = []
    open_run = False
    for sign in text:
        plain = "".join(c for c in unicodedata.normalize("NFKC", sign).casefold() if c.isalnum())
        if not plain:
            open_run = open_run and unicodedata.category(sign)[0] == "M"
            continue
        backwards = unicodedata.bidirectional(plain[0]) in RTL
        if open_run and runs[-1][0] == backwards:
            runs[-1][1].append(plain)
        else:
            runs.append((backwards, [plain]))
        open_run = True
    return ["".join(reversed(run) if seen and backwards else run) for backwards, run in runs]


def holds(rows: list[str], wanted: str) -> bool:
    """Tell whether the rows hold a text row by row: its next words, as many as stand there, in whatever order.

    The order of words in a row of mixed directions is a matter of rules; that no word of another row is among them is
    what a box has to show. Words of a font without space between them may be seen as one.
    """
    rest = words(wanted, seen=False)
    at = 0
    for row in rows:
        here = Counter(words(row, seen=True))
        while at < len(rest):
            taken = next((n for n in (1, 2, 3) if here["".join(rest[at : at + n])]), 0)
            if not taken:
                break
            here["".join(rest[at : at + taken])] -= 1
            at += taken
    return at == len(rest)
