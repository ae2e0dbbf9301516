"""Reopens the boxes of items with plain PDFium calls: does the text inside hold the text of the field?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.check_text import fold

Row = dict[str, Any]
EDGE = 0.5
"""Points by which a box is widened: a box may end on the last pixel of a letter."""


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
    for item in items:
        fields: dict[str, list[Row]] = defaultdict(list)
        for place in item["provenance"]:
            fields[place["field"]].append(place)
        for name, places in fields.items():
            wanted = fold(field_text(item, name) or "", fixes)
            if not wanted or any(place["ocr"] or place["page"] is None for place in places):
                count["boxes_left_out"] += bool(wanted)
                continue
            for place in places:
                if place["file"] not in documents:
                    documents[place["file"]] = pypdfium2.PdfDocument(raw / place["file"])
            texts = [in_box(documents[p["file"]][p["page"] - 1], p) for p in places if p["x0"] is not None]
            found = fold("".join(texts), fixes)
            right = wanted in found
            letters = not Counter(wanted) - Counter(found)
            count += Counter(boxes=1, boxes_right=int(right), boxes_letters=int(right or letters))
            if not (right or letters):
                place = Path(places[0]["file"]).name, f"{item['exam']['number']} {name}"
                misses.append((place, found, wanted))
    return {**count, "misses": misses}
