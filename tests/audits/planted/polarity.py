"""Defects for the audit `polarity`; the words of the sources and translations are ours."""

from __future__ import annotations

from benchwright.schemas import Item, Mark
from tests.audits.clean import item
from tests.audits.plant import Plant


def plant(
    source: str, target: str, severity: str | None = None, *spans: tuple[int, int], languages: str = "es en"
) -> Plant:
    """A stem and its translation."""
    first, second = languages.split()
    translated = pair(target, second)
    places = [("stem", start, end) for start, end in spans]
    return Plant([translated], translated.id, "stem", places, severity, sources=[pair(source, first)])


def pair(text: str, language: str) -> Item:
    """One version of question 1, with options that say nothing."""
    return item(1, language, stem=text, texts=("10", "20", "30", "40"))


PLANTED = {
    "T201": [
        plant("El paciente no tiene fiebre.", "The patient has fever."),
        plant("患者没有发热。", "The patient has a fever.", languages="zh en"),
        plant("患者には発熱がない。", "The patient has a fever.", languages="ja en"),
        plant("У больного нет лихорадки.", "Der Kranke hat Fieber.", languages="ru de"),
        plant("रोगी को बुखार नहीं है।", "The patient has a fever.", languages="hi en"),
    ],
    "T202": [
        plant("El paciente tiene fiebre.", "The patient does not have fever.", None, (17, 20)),
        plant("The patient has fever.", "Le patient n'a pas de fièvre.", None, (15, 18), languages="en fr"),
        plant("환자는 열이 있다.", "The patient has no fever.", None, (16, 18), languages="ko en"),
    ],
    "T203": [
        plant("Todas son causas, EXCEPTO:", "All of these are causes:"),
        plant("¿Cuál es la afirmación falsa?", "Which is the statement?"),
        plant("Which is a cause?", "Quale NON è corretta?", None, languages="en it"),
        plant("下列何者錯誤？", "Which of the following?", languages="zh-Hant en"),
    ],
    "T204": [
        plant("Aumenta la presión arterial.", "It decreases arterial pressure.", None, (3, 12)),
        plant("Hypertension is frequent.", "La hipotensión es frecuente.", None, (3, 14), languages="en es"),
        plant("血糖値が上昇する。", "Blood glucose decreases.", None, (14, 23), languages="ja en"),
    ],
    "T205": [
        plant("Dolor en la pierna izquierda.", "Pain in the right leg.", None, (12, 17)),
        plant("右肺", "left lung", None, (0, 4), languages="zh-Hans en"),
        plant(
            "Arteria del brazo derecho e izquierdo.", "Artery of the left and the left arm.", None, (14, 18), (27, 31)
        ),
    ],
    "T206": [
        plant("Mujer de 40 años.", "A 40-year-old man.", None, (14, 17)),
        plant("Su padre es asmático.", "Her mother is asthmatic.", None, (4, 10)),
    ],
    "T207": [plant("Lactante con tos.", "Adult with cough.", None, (0, 5))],
    "T208": [
        plant("Leucemia aguda", "Chronic leukaemia", None, (0, 7)),
        plant("Tumor benigno", "Malignant tumour", None, (0, 9)),
    ],
    "T209": [
        plant("¿Cuál NO es correcta?", "Which is not correct?"),
        Plant(
            [pair("Which is not correct?", "en")],
            pair("", "en").id,
            "stem",
            sources=[
                pair("¿Cuál no es correcta?", "es").replace(marks=(Mark(field="stem", start=6, end=8, kind="bold"),))
            ],
        ),
    ],
    "T211": [plant("Un ácido graso saturado", "An unsaturated fatty acid", None, (3, 14))],
    "T210": [Plant([pair("Saluton", "eo")], "dataset", severity="info", sources=[pair("Hola", "es")])],
}
