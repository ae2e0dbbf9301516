"""Defects for the audit `text`."""

from __future__ import annotations

from benchwright.schemas import Context, Rationale
from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id


def _stem(text: str, *spans: tuple[int, int]) -> Plant:
    return Plant([item(stem=text)], ID, "stem", [("stem", start, end) for start, end in spans])


PLANTED = {
    "S201": [Plant([item(stem="")], ID, "stem"), Plant([item(stem=" \u200b\n")], ID, "stem")],
    "S211": [
        _stem("corazón derec\ufffdo", (13, 14)),
        _stem("𝒳\ufffd𝒴\ufffd", (1, 2), (3, 4)),
        Plant([item(texts=("uno", "d\ufffds", "tres", "no"))], ID, "option:B", [("option:B", 1, 2)]),
        Plant([item(context=Context(id="c", text="\ufffd"))], ID, "context", [("context", 0, 1)]),
        Plant(
            [item(rationales=(Rationale(text="a", language="es"), Rationale(text="b\ufffd", language="es")))],
            ID,
            "rationale:2",
            [("rationale:2", 1, 2)],
        ),
    ],
    "S212": [_stem("letra \ue18c", (6, 7)), _stem("\U000f0001 y \U00100000", (0, 1), (4, 5))],
    "S213": [_stem("a\x07b\x85", (1, 2), (3, 4)), _stem("guion\ufffe", (5, 6)), _stem("\U0010ffff", (0, 1))],
    "S214": [
        _stem(r"caf\u00e9 y \ud83d", (3, 9), (12, 18)),
        _stem("a &lt; b &#233;", (2, 6), (9, 15)),
    ],
    "S215": [
        _stem("corazÃ³n", (5, 7)),
        _stem("37 Â°C", (3, 5)),
        _stem("dijo â€œsÃ­", (5, 8), (9, 11)),
        _stem("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", (0, 12)),
        _stem("5 Î¼g", (2, 4)),
        _stem("Ø§Ù„Ø¯Ù…", (0, 8)),
        _stem("åœ–ç‰‡", (0, 6)),
    ],
    "S216": [_stem("\u0301acento", (0, 1)), _stem("uno\n\u0303dos", (4, 5))],
}
