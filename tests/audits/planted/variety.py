"""Defects for the audit `variety`."""

from __future__ import annotations

from benchwright.schemas import Item
from tests.audits.clean import item
from tests.audits.plant import Plant

SIMPLIFIED = "关于成人之用药,何者正确?请选择检查与诊断 {}"
TRADITIONAL = "關於成人之用藥,何者正確?請選擇檢查與診斷"
SERBIAN = "Koja je doza lijeka za odrasle osobe"
PORTUGUESE = "O senhor tem um facto e um género {}"


def told(number: int, language: str, text: str) -> Item:
    return item(number, language, stem=text, texts=())


PLANTED = {
    "L141": [
        Plant([told(number, "zh-Hant", SIMPLIFIED.format(number)) for number in range(1, 8)], "dataset"),
        Plant([told(number, "pt-BR", PORTUGUESE.format(number)) for number in range(1, 8)], "dataset"),
    ],
    "L142": [
        Plant([told(1, "zh-Hant", SIMPLIFIED), told(2, "zh-Hant", TRADITIONAL)], told(1, "zh-Hant", "?").id),
        Plant([told(1, "sr-Cyrl", SERBIAN)], told(1, "sr-Cyrl", "?").id),
    ],
    "L143": [
        Plant([told(number, "zh", SIMPLIFIED if number % 2 else TRADITIONAL) for number in range(1, 13)], "dataset")
    ],
    "L144": [Plant([told(1, "fa", "داروي مناسب كدام است؟")], told(1, "fa", "?").id, "stem")],
}
