"""Defects for the audit `scan`."""

from __future__ import annotations

from benchwright.schemas import Item, Provenance
from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id


def _read(stem: float, option: float, ocr: str = "tesseract|mode:6|version:5") -> Item:
    """An item whose stem and first option were read with these confidences."""
    places = tuple(
        Provenance(field=field, file="a.pdf", page=3, ocr=ocr, confidence=sure)
        for field, sure in (("stem", stem), ("option:A", option))
    )
    return item(provenance=places)


PLANTED = {
    "S401": [
        Plant([_read(0.7, 0.95)], ID, "stem"),
        Plant([_read(0.95, 0.6)], ID, "option:A"),
        Plant([_read(0.9, 0.95, "tesseract|mode:6|review_below:0.92|version:5")], ID, "stem"),
    ],
}
