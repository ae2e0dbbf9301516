"""Defects for the audit `markup`."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id


def _stem(text: str, *spans: tuple[int, int], severity: str | None = None) -> Plant:
    return Plant([item(stem=text)], ID, "stem", [("stem", start, end) for start, end in spans], severity)


PLANTED = {
    "S251": [
        _stem("Tiene <b>fiebre</b> y<br/>tos", (15, 19), (21, 26)),
        _stem("発熱</p>[/b]", (2, 6), (6, 10)),
        Plant([item(texts=("<span class='x'>uno</span>", "dos"))], ID, "option:A"),
    ],
    "S252": [
        _stem("Señale lo **NO** cierto", (10, 16)),
        _stem("ما **غير** الصحيح", (3, 10)),
        _stem("Vea [la guía](https://example.org/a)", (4, 36)),
    ],
    "S253": [
        _stem(r"La dosis es \frac{1}{2}", (12, 18)),
        _stem("Ион $Na^+$ в клетке", (4, 10)),
        _stem(r"लंबाई \(x^2\) है", (6, 13)),
        _stem(r"Son $3,0\cdot10^{12 por litro", (8, 14), severity="major"),
    ],
    "S254": [
        _stem("¿Qué dosis? Página 3 de 20", (12, 26)),
        _stem("Какая доза? Страница 4 из 30", (12, 28)),
        _stem("ما الجرعة؟ صفحة ٣ من ٢٠", (11, 23)),
        _stem("何か。第3頁，共20頁", (3, 11)),
        _stem("Véase https://example.org/x hoy", (6, 27)),
    ],
    "S255": [
        _stem("Pregunta 12: ¿Qué dosis?", (0, 12)),
        _stem("Вопрос № 7. Какая доза?", (0, 11)),
        _stem("問題5．どれか。", (0, 4)),
        _stem("سؤال 3: ما الجرعة؟", (0, 7)),
        _stem("1. Qué dosis conviene", (0, 2)),
    ],
}
