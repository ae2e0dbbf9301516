"""Defects for the audit `references`."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant


def _says(language: str, text: str, words: str) -> Plant:
    start = text.index(words)
    one = item(language="es", stem=text).replace(language=language, id=f"{item().group}@{language}")
    return Plant([one], one.id, "stem", [("stem", start, start + len(words))])


PLANTED = {
    "S311": [
        _says("es", "Según la siguiente tabla, ¿qué dosis?", "Según la siguiente tabla"),
        _says("en", "Which dose fits the table below?", "table below"),
        _says("ru", "Какая доза указана в таблице 2?", "таблице 2"),
        _says("ar", "ما الجرعة حسب الجدول التالي؟", "الجدول التالي"),
        _says("hi", "नीचे दी गई तालिका से सही मात्रा?", "नीचे दी गई तालिका"),
        _says("ja", "次の表を見て答えよ。", "次の表を"),
        _says("vi", "Liều nào theo bảng sau?", "theo bảng"),
    ],
    "S312": [
        _says("en", "In this chapter's interview, what is advised?", "In this chapter's"),
        _says("es", "En el paciente del caso anterior, ¿qué dosis?", "caso anterior"),
        _says("ru", "Какой диагноз у больного из предыдущей задачи?", "предыдущей задачи"),
        _says("ar", "ما العلاج في الحالة السابقة؟", "الحالة السابقة"),
        _says("hi", "पिछले प्रश्न के रोगी के लिए क्या सही है?", "पिछले प्रश्न"),
        _says("ja", "前問の患者に行うのはどれか。", "前問"),
        _says("de", "Welche Therapie hat der Patient aus Frage 12?", "aus Frage 12"),
    ],
}
