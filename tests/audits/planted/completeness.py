"""Defects for the audit `completeness`."""

from __future__ import annotations

from typing import Any

from benchwright.schemas import DerivedFrom, Exam, Item, Key
from tests.audits.clean import item
from tests.audits.plant import Plant

GROUP = item(1).group
C = Key(status="official", answers=(("C",),))


def _translated(number: int, language: str = "en", **changes: Any) -> Item:
    source = item(number)
    derived = DerivedFrom(id=source.id, text_hash=source.hashes.text_hash)
    return item(number, language, origin="machine_translation", derived_from=derived, **changes)


PAIRS = [one for number in range(2, 6) for one in (item(number), _translated(number))]


def _without(name: str) -> Plant:
    one = item()
    if name == "provenance":
        return Plant([one.replace(provenance=())], "dataset", name)
    exam = Exam.model_validate({**one.exam.model_dump(), name.removeprefix("exam."): None})
    return Plant([one.replace(exam=exam)], "dataset", name)


PLANTED = {
    "C101": [
        Plant([item(1), *PAIRS], "dataset", "language:en"),
        Plant([item(1), *PAIRS, *(_translated(n, "ru") for n in range(1, 6))], "dataset", "language:en"),
    ],
    "C102": [Plant([item(1), _translated(1, texts=("1", "2", "3")), *PAIRS], GROUP, "options")],
    "C103": [
        Plant([item(1), _translated(1, key=C), *PAIRS], GROUP, "key"),
        Plant([item(1), _translated(1, "hi", key=C)], GROUP, "key"),
    ],
    "C111": [_without(name) for name in ("exam.profession", "exam.specialty", "exam.release_date", "provenance")],
}
