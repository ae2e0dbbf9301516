"""Defects for the audit `labels`."""

from __future__ import annotations

from benchwright.schemas import Item, Label
from tests.audits.clean import item
from tests.audits.plant import Plant


def _labelled(number: int, value: str) -> Item:
    return item(number, labels=(Label(taxonomy="subject", value=value, source="printed"),))


def _slip(good: str, bad: str) -> Plant:
    return Plant([_labelled(n, good) for n in range(1, 9)] + [_labelled(9, bad)], "dataset", f"subject={bad}")


def _many(value: str, first: int, count: int) -> list[Item]:
    exam = item().exam
    return [item(n, exam=exam.model_copy(update={"specialty": value})) for n in range(first, first + count)]


PLANTED = {
    "C121": [
        _slip("Cardiology", "Cardiolgy"),
        _slip("bad question clarity", "bad_question_clarity"),
        _slip("Cardiología", "CARDIOLOGÍA"),
        _slip("кардиология", "кардиологя"),
        _slip("طب القلب والأوعية", "طب القلب والاوعية"),
    ],
    "C131": [Plant([*_many("urology", 1, 31), *_many("surgery", 40, 2)], "dataset", "cells")],
}
