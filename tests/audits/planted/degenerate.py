"""Defects for the audit `degenerate`."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id


def _stem(text: str, language: str = "es", severity: str | None = None) -> Plant:
    return Plant([item(language=language, stem=text)], item(1, language).id, "stem", (), severity)


PLANTED = {
    "S241": [
        _stem("......"),
        _stem("？！、。"),
        _stem("a" * 30),
        _stem("ああああああああああああああああああああああ熱"),
        _stem("El " + "." * 40),
        Plant([item(texts=("e" * 25 + " mal", "dos", "tres"))], ID, "option:A"),
    ],
    "S242": [
        _stem("Paciente " + "con fiebre y tos " * 12),
        _stem("患者は" + "発熱があります" * 20),
        _stem("Пациент " + "жалуется на боль, " * 15),
        _stem("ما هو العلاج العلاج العلاج المناسب لهذا المريض المصاب بالحمى؟", severity="minor"),
        _stem(
            "El paciente tiene fiebre desde hace tres días. Tose. El paciente tiene fiebre desde hace tres días. ¿Qué?",
            severity="minor",
        ),
    ],
    "S243": [
        _stem("I'm sorry, but I cannot translate this text.", "en"),
        _stem("Lo siento, no puedo traducir el texto."),
        _stem("К сожалению, невозможно перевести без контекста.", "ru"),
        _stem("عذرا، لا أستطيع ترجمة هذا النص", "ar"),
        _stem("抱歉，無法翻譯此內容", "zh-Hant"),
        _stem("कृपया पाठ प्रदान करें", "hi"),
        Plant(
            [item(1, "en", texts=("Please provide more context.", "cough", "pain"))],
            item(1, "en").id,
            "option:A",
            [("option:A", 0, 27)],
        ),
    ],
}
