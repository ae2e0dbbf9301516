"""Defects for the audit `codebooks`."""

from __future__ import annotations

from benchwright.schemas import Item, Label
from tests.audits.clean import item
from tests.audits.plant import Plant

SUBJECTS = {"subject": ("Anatomy", "Cardiología", "解剖学")}


def _labelled(number: int, value: str) -> Item:
    return item(number, labels=(Label(taxonomy="subject", value=value, source="printed"),))


def _outside(value: str) -> Plant:
    own = [_labelled(1, "Anatomy"), _labelled(2, "Cardiología"), _labelled(3, value)]
    return Plant(own, "dataset", f"subject={value}", codebooks=SUBJECTS)


def _fact(value: str) -> Plant:
    exam = item().exam.model_copy(update={"specialty": value})
    return Plant([item(1, exam=exam)], "dataset", f"specialty={value}", codebooks={"specialty": ("surgery",)})


PLANTED = {"C122": [_outside("Anatmy"), _outside("anatomy"), _outside("解剖"), _outside("Botany"), _fact("urology")]}
