"""Reopens the boxes of items with plain PDFium calls: does the text inside hold the text of the field?

Right is a field whose text stands in its boxes as PDFium gives it, or in the printed rows read across, or row by row
where directions are mixed. Letters alone, in any order, are counted apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.boxrows import EDGE, Char, holds, page_chars, rows_in
from bench.check_text import fold

Row = dict[str, Any]


def field_text(item: Row, name: str) -> str | None:
    """Return the text of a field that a box is about; null for fields without text."""
    if name == "stem":
        return str(item["stem"])
    if name == "context" and item["context"]:
        return str(item["context"]["text"])
    if name.startswith("option:"):
        return next((str(o["text"]) for o in item["options"] if o["id"] == name.removeprefix("option:")), None)
    return None


def in_box(page: Any, box: Row) -> str:
    """Return the plain text in a box given in points from the top left corner of the page."""
    left, _, _, top = page.get_cropbox()
    text = page.get_textpage().get_text_bounded(
        left=left + box["x0"] - EDGE,
        bottom=top - box["y1"] - EDGE,
        right=left + box["x1"] + EDGE,
        top=top - box["y0"] + EDGE,
    )
    return str(text)


def reopen(items: Iterable[Row], raw: Path, fixes: dict[int, str]) -> dict[str, Any]:
    """Count the fields with boxes, and those whose boxes hold their text in order, or at least all of its letters.

    Fields that were read by OCR, have no page (Word files) or have no letters are left out.
    """
    import pypdfium2

    count: Counter[str] = Counter()
    misses: list[tuple[tuple[str, str], str, str]] = []
    documents: dict[str, Any] = {}
    pages: dict[tuple[str, int], tuple[Any, list[Char]]] = {}
    for item in items:
        fields: dict[str, list[Row]] = defaultdict(list)
        for place in item["provenance"]:
            fields[place["field"]].append(place)
        for name, places in fields.items():
            wanted = fold(field_text(item, name) or "", fixes)
            if not wanted or any(place["ocr"] or place["page"] is None for place in places):
                count["boxes_left_out"] += bool(wanted)
                continue
            boxed = [place for place in places if place["x0"] is not None]
            for place in boxed:
                if (at := (place["file"], place["page"])) not in pages:
                    document = documents.setdefault(at[0], pypdfium2.PdfDocument(raw / at[0]))
                    pages[at] = (document[at[1] - 1], [])
            texts = [in_box(pages[p["file"], p["page"]][0], p) for p in boxed]
            found = fold("".join(texts), fixes)
            right = wanted in found or _in_rows(boxed, pages, field_text(item, name) or "", fixes)
            letters = not Counter(wanted) - Counter(found)
            count += Counter(boxes=1, boxes_right=int(right), boxes_letters=int(right or letters))
            if not right:
                place = Path(places[0]["file"]).name, f"{item['exam']['number']} {name}"
                misses.append((place, found, wanted))
    return {**count, "misses": misses}


def _in_rows(
    places: list[Row], pages: dict[tuple[str, int], tuple[Any, list[Char]]], text: str, fixes: dict[int, str]
) -> bool:
    """Tell whether the printed rows in some boxes hold a text."""
    rows: list[str] = []
    for place in places:
        page, chars = pages[place["file"], place["page"]]
        if not chars:
            chars.extend(page_chars(page))
        rows += rows_in(page, chars, place)
    return fold(text, fixes) in fold("".join(rows), fixes) or holds(
        [row.translate(fixes) for row in rows], text.translate(fixes)
    )
