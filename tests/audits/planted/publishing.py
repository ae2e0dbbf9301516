"""Defects for the audit `publishing`."""

from __future__ import annotations

from benchwright.schemas import Licence
from tests.audits.clean import item
from tests.audits.plant import Plant


def _says(language: str, text: str, words: str) -> Plant:
    start = text.index(words)
    one = item(stem=text).replace(language=language, id=f"{item().group}@{language}")
    return Plant([one], one.id, "stem", [("stem", start, start + len(words))])


PLANTED = {
    "R101": [
        Plant([item(licence=Licence()), item(2)], "dataset", "licence"),
        Plant([item(licence=Licence(id=" Unknown "))], "dataset", "licence"),
    ],
    "R102": [
        _says("es", "Según el Real Decreto vigente, ¿qué dosis?", "Real Decreto"),
        _says("en", "Under Medicare, who pays the dose?", "Medicare"),
        _says("ja", "医師法に定められているのはどれか。", "医師法"),
        _says("ar", "متى يبلغ وزارة الصحة بالحالة؟", "وزارة الصحة"),
        _says("ru", "Что требует приказ Минздрава?", "приказ Минздрава"),
        _says("hi", "आयुष्मान भारत में कौन पात्र है?", "आयुष्मान भारत"),
        _says("pt", "Na unidade básica de saúde, o que fazer?", "unidade básica de saúde"),
    ],
}
