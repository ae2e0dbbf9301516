"""Defects for the audit `options`."""

from __future__ import annotations

from benchwright.schemas import Key, Option
from tests.audits.clean import figure, item
from tests.audits.plant import Plant

REST = [item(number) for number in range(2, 6)]
B = Key(status="official", answers=(("B",),))
AB = Key(status="revised", answers=(("A",), ("B",)))
TWINS = ("dos", " dos\u00a0", "tres", "cuatro")
TWIN_SPANS = [("option:A", 0, 3), ("option:B", 0, 5)]
SAME = (Option(id="A", label="A.", text=""), Option(id="B", label="B.", text=""))
LABELS = tuple(
    Option(id=one, label=label, text=one) for one, label in zip("ABCD", ("A.", "B.", "B.", "D."), strict=True)
)

PLANTED = {
    "S101": [
        Plant([item(texts=TWINS), *REST], item().id, "options", TWIN_SPANS, "critical"),
        Plant([item(texts=TWINS, key=B), *REST], item().id, "options", TWIN_SPANS, "critical"),
        Plant([item(texts=TWINS, key=AB), *REST], item().id, "options", TWIN_SPANS, "major"),
        Plant(
            [item(texts=("uno", "dos", "ｘ２", "x2")), *REST],
            item().id,
            "options",
            [("option:C", 0, 2), ("option:D", 0, 2)],
            "major",
        ),
        Plant(
            [item(options=SAME, media=(figure("option:A"), figure("option:B")))],
            item().id,
            "options",
            [("option:A", 0, 0), ("option:B", 0, 0)],
            "critical",
        ),
    ],
    "S102": [
        Plant([item(texts=("uno", "dos", "", "cuatro")), *REST], item().id, "option:C"),
        Plant([item(texts=("uno", "dos", "tres", "\u200b \n")), *REST], item().id, "option:D"),
    ],
    "S103": [
        Plant([item(texts=("uno", "dos", "tres")), *REST], item().id, "options", severity="major"),
        Plant([item(texts=("uno", "dos", "tres", "cuatro", "cinco")), *REST], item().id, "options", severity="minor"),
    ],
    "S104": [Plant([item(texts=("uno",))], item().id, "options"), Plant([item(texts=())], item().id, "options")],
    "S105": [Plant([item(options=LABELS), *REST], item().id, "options")],
}
