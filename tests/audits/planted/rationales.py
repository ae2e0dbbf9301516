"""Defects for the audit `rationales`."""

from __future__ import annotations

from benchwright.schemas import Rationale, Span
from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id


def _why(place: int = 1, **fields: object) -> Plant:
    rationale = Rationale.model_validate({"text": "porque sí", "language": "es", **fields})
    before = (Rationale(text="a", language="es", option="A", stance="supports"),) * (place - 1)
    return Plant([item(rationales=(*before, rationale))], ID, f"rationale:{place}")


PLANTED = {
    "C151": [
        _why(option="B", stance="supports"),
        _why(2, option="A", stance="refutes"),
        _why(spans=(Span(start=0, end=6, stance="supports", option="C"),)),
    ],
    "C152": [_why(spans=(Span(start=0, end=10),)), _why(text="なぜなら", spans=(Span(start=3, end=3),))],
    "C153": [_why(option="Z")],
}
