"""Defects for the audit `scripts`."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant

LATIN_A = "Какaя доза подходит взрослому?"
CYRILLIC_A = "La dosis pаra el adulto"

PLANTED = {
    "L111": [
        Plant([item(1, "ru", stem=LATIN_A)], item(1, "ru").id, "stem", [("stem", 0, 5)]),
        Plant([item(stem=CYRILLIC_A)], item().id, "stem", [("stem", 9, 13)]),
    ],
    "L112": [
        Plant([item(stem="La dosis de лекарство para el adulto")], item().id, "stem", [("stem", 12, 21)]),
        Plant([item(1, "ar", stem="ما הכי الجرعة המינון المناسبة")], item(1, "ar").id, "stem"),
        Plant([item(1, "en", texts=("腎不全", "two"))], item(1, "en").id, "option:A", [("option:A", 0, 3)]),
    ],
    "L113": [Plant([item(1, "ar", stem="ما \u202bالجرعة")], item(1, "ar").id, "stem")],
}
