"""Defects for the audit `language`."""

from __future__ import annotations

from benchwright.schemas import Context
from tests.audits.clean import item
from tests.audits.plant import Plant

ENGLISH = "Which of the following drugs should be avoided in patients with severe kidney failure?"
SPANISH = (
    "La dosis se reduce a la mitad durante el tratamiento",
    "El paciente debe permanecer en ayunas hasta el día siguiente",
    "No se recomienda su uso en niños menores de dos años",
    "Todas las respuestas anteriores son correctas",
)
HALF = (*SPANISH[:2], "The patient should be observed until the next day", "It is not recommended for young children")
TURKISH = "Aşağıdakilerden hangisi böbrek yetmezliği olan hastalarda kullanılmamalıdır?"

PLANTED = {
    "L101": [
        Plant([item(stem=ENGLISH, texts=("5 mg", "10 mg", "20 mg", "40 mg"))], item().id),
        Plant(
            [item(stem=ENGLISH, texts=("avoid it", "halve the dose", "give it with food", "none of these"))], item().id
        ),
        Plant([item(1, "ru", stem=TURKISH, texts=("5 мг", "10 мг"))], item(1, "ru").id),
        Plant([item(1, "ar", stem="Какое лекарство не следует назначать пожилым?", texts=())], item(1, "ar").id),
    ],
    "L102": [Plant([item(stem=ENGLISH, texts=SPANISH)], item().id, "stem")],
    "L103": [
        Plant([item(texts=HALF)], item().id, "options"),
        Plant([item(texts=("腎不全", "高血圧症", "reposo en cama", "dieta sin sal"))], item().id, "options"),
        Plant(
            [item(1, "en", texts=("Acortar la dosis diaria", "Reposo absoluto en cama", "Rest", "Surgery"))],
            item(1, "en").id,
            "options",
        ),
    ],
    "L104": [Plant([item(context=Context(id="c", text=ENGLISH))], item().id, "context")],
    "L105": [Plant([item(1, "zu", stem="Yini?")], "dataset")],
}
