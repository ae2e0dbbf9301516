"""Defects for the audit `runon`."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id


def _stem(text: str, *spans: tuple[int, int]) -> Plant:
    return Plant([item(stem=text)], ID, "stem", [("stem", start, end) for start, end in spans])


PLANTED = {
    "S217": [
        _stem(" ¿Qué  dosis?", (0, 1), (4, 8)),
        _stem("どれか。\u00a0", (4, 5)),
        Plant([item(texts=("uno ", "dos", "tres"))], ID, "option:A", [("option:A", 3, 4)]),
    ],
    "S231": [
        _stem("Hematocrit 42%Leukocyte count 5000", (11, 23)),
        _stem("Temperatura 38.5°CTensión 120", (12, 25)),
        _stem("Гемоглобин 120 g/LЛейкоциты 5", (11, 27)),
        _stem("Na 140Potassium 4", (2, 15)),
    ],
    "S232": [
        _stem("con dolor2. Fiebre alta", (4, 18)),
        _stem("Tiene dolor.Luego fiebre y tos.", (6, 18)),
        _stem("Жалуется на боль.Затем жар.", (12, 23)),
    ],
}
