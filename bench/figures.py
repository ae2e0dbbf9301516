"""Says to which transcribed questions the pictures of a one-column booklet belong, from plain PDFium calls.

A picture belongs to the last question whose stem begins above its middle. Pictures that stand at the same place on
three or more pages are ornaments; those below a size are rules, bullets and formulas of one
character; one that covers most of a page is a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.check_text import fold

Row = dict[str, Any]
SMALLEST = 20.0
ORNAMENT = 3
WHOLE = 0.6
HEAD = 15


def pictures(document: Any) -> list[tuple[int, float]]:
    """Return page index and middle height of every picture that is no ornament."""
    import pypdfium2.raw as raw

    seen: list[tuple[int, tuple[float, ...]]] = []
    for index, page in enumerate(document):
        for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
            left, bottom, right, top = thing.get_bounds()
            covered = (right - left) * (top - bottom) / (page.get_width() * page.get_height())
            if right - left >= SMALLEST and top - bottom >= SMALLEST and covered <= WHOLE:
                seen.append((index, (round(left), round(bottom), round(right), round(top))))
    places = Counter(box for _, box in seen)
    return [(index, (box[1] + box[3]) / 2) for index, box in seen if places[box] < ORNAMENT]


def letters(textpage: Any) -> Iterator[tuple[str, int]]:
    """Yield the compared letters of a page with their character index."""
    for index in range(textpage.count_chars()):
        for letter in fold(textpage.get_text_range(index, 1)):
            yield letter, index


def beginnings(document: Any, rows: Sequence[Row]) -> list[tuple[int, float, str]]:
    """Return page index, height and number of the beginnings of stems, in order of pages and down the page."""
    found: list[tuple[int, float, str]] = []
    heads = Counter(fold(row["stem"])[:HEAD] for row in rows)
    for index, page in enumerate(document):
        textpage = page.get_textpage()
        known = list(letters(textpage))
        text = "".join(letter for letter, _ in known)
        for row in rows:
            head = fold(row["stem"])[:HEAD]
            at = text.find(row["number"] + head)
            at = at if at >= 0 or heads[head] > 1 else text.find(head)
            if head and at >= 0:
                found.append((index, textpage.get_charbox(known[at][1])[3], row["number"]))
    return sorted(found, key=lambda one: (one[0], -one[1]))


def count(rows: Sequence[Row], paths: dict[str, Path]) -> None:
    """Set `figures` of transcribed questions to the number of pictures that stand at them."""
    import pypdfium2

    for file, path in paths.items():
        document = pypdfium2.PdfDocument(path)
        mine = [row for row in rows if row["file"] == file]
        for row in mine:
            row["figures"] = 0
        begins = beginnings(document, mine)
        by_number = {row["number"]: row for row in mine}
        for page, middle in pictures(document):
            owners = [number for at, height, number in begins if (at, -height) <= (page, -middle)]
            if owners:
                by_number[owners[-1]]["figures"] += 1
