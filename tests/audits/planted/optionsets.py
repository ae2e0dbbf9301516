"""Defects for the audit `optionsets`."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant


def _above(place: int, phrase: str, language: str = "es", severity: str | None = None) -> Plant:
    texts = ["fiebre", "tos", "dolor", "disnea"]
    texts[place] = phrase
    one = item(language=language, texts=tuple(texts))
    option = "ABCD"[place]
    return Plant([one], one.id, f"option:{option}", [(f"option:{option}", 0, len(phrase))], severity)


def _set(*texts: str, stem: str | None = None, field: str = "options", **rest: object) -> Plant:
    one = item(texts=texts, stem=stem)
    return Plant([one], one.id, field, **rest)  # type: ignore[arg-type]


STATEMENTS = "Señale lo correcto:\n1. Es benigno.\n2. Es frecuente.\n3. Es hereditario."

PLANTED = {
    "S121": [
        _above(1, "Todas las anteriores."),
        _above(0, "None of the above", "en", "major"),
        _above(2, "以上皆是", "zh-Hant"),
        _above(1, "جميع ما سبق", "ar"),
        _above(2, "उपरोक्त सभी", "hi"),
        _above(1, "Всё вышеперечисленное", "ru"),
        _above(2, "上記のすべて"),
        _above(1, "Alle oben genannten"),
        _above(1, "Toutes les réponses ci-dessus"),
        _above(2, "위의 모두"),
        _above(1, "Tất cả các đáp án trên"),
    ],
    "S122": [
        _set("1 y 2", "2 y 3", "1 y 4", "sólo 1 y 3", stem=STATEMENTS, field="option:C", spans=[("option:C", 0, 5)]),
        _set("I, II", "II, III", "II and IV", stem="Which?\nI. First. II. Second. III. Third.", field="option:C"),
        _set("1、2", "2、3", "3、5", stem="正しいのは？\n1. 発熱\n2. 咳嗽\n3. 疼痛", field="option:C"),
        _set("1 и 2", "только 2 и 6", "1 и 3", stem="Верно:\n1) боль 2) жар 3) кашель", field="option:B"),
        _set("fiebre", "tos", "A y E", "dolor", field="option:C"),
        _set("fever", "cough", "pain", "Both A and D", field="option:D"),
    ],
    "S123": [
        _set("Verdadero", "Verdadero."),
        _set("True", "Maybe"),
        _set("Верно", "Верно", "Неверно"),
        _set("صح", "صح"),
        _set("正", "正"),
    ],
    "S124": [_set("5 mg", "2 mg", "10 mg"), _set("0,5", "0,1", "1"), _set("−3", "−5", "2")],
    "S125": [
        _set("3:02", "1:01", "2:03", "ninguna", spans=[("option:A", 0, 4), ("option:B", 0, 4), ("option:C", 0, 4)]),
        _set("BRCA1", "2-Sep", "TP53", spans=[("option:B", 0, 5)]),
    ],
}
