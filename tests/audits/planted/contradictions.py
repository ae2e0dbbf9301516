"""Defects for the audit `contradictions`."""

from __future__ import annotations

from typing import Any

from benchwright.schemas import Key
from tests.audits.clean import item
from tests.audits.plant import Plant

GROUP = item(1).group
B = Key(status="official", answers=(("B",),))


def _pair(first: str, second: str, severity: str | None = None, **changes: Any) -> Plant:
    texts = ("fiebre", "tos", "dolor")
    other = item(2, stem=second, **{"texts": texts, "key": B, **changes})
    return Plant([item(1, stem=first, texts=texts), other], GROUP, "key", (), severity)


SAME = "¿Cuál es el primer signo de la frenolitis?"

PLANTED = {
    "S511": [
        _pair(SAME, SAME),
        _pair(SAME, "cuál es el primer signo de la  FRENOLITIS"),
        _pair(SAME, SAME, texts=("tos", "fiebre", "dolor"), key=Key(status="official", answers=(("A",),))),
        _pair("ما هي أول علامة لالتهاب الفرينو؟", "ما هي أول علامة لالتهاب الفرينو"),
        _pair("フレノリチスの最初の徴候として正しいのはどれか。", "フレノリチスの最初の徴候として正しいのはどれか"),
        _pair(SAME, SAME, "major", texts=("fiebre", "ictericia", "disnea")),
    ],
    "S512": [
        Plant([item(1, stem=SAME), item(2, stem=SAME.upper())], GROUP, "stem"),
        Plant(
            [item(1, stem="Каков первый признак френолита?"), item(2, stem="Каков первый признак френолита")],
            GROUP,
            "stem",
        ),
    ],
}
