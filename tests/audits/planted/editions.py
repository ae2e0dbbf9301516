"""Defects for the audit `editions`."""

from __future__ import annotations

from benchwright.schemas import Key
from tests.audits.clean import exam, item
from tests.audits.plant import Plant

GROUP = item(1).group
REST = exam(4)[1:]
C = Key(status="official", answers=(("C",),))
CA = Key(status="official", answers=(("A", "C"),))

PLANTED = {
    "G101": [
        Plant([item(1, "es", key=C), *(one for one in exam(4) if one.id != item(1).id)], GROUP, "key"),
        Plant([item(1, "en", key=CA), *(one for one in exam(4) if one.id != item(1, "en").id)], GROUP, "key"),
    ],
    "G102": [
        Plant(
            [item(1, "en", texts=("1", "2", "3")), *(one for one in exam(4) if one.id != item(1, "en").id)],
            GROUP,
            "options",
        )
    ],
    "G103": [Plant([one for one in exam(4) if one.id != item(1, "en").id], GROUP)],
    "G104": [
        Plant(
            [item(1, "en", key=Key(status="annulled")), *(one for one in exam(4) if one.id != item(1, "en").id)],
            GROUP,
            "key",
        )
    ],
    "G106": [
        Plant(
            [
                item(1, "en", texts=("2.5 mg", "10 mg", "20 mg", "30 mg")),
                item(1, "es", texts=("10 mg", "2,5 mg", "20 mg", "30 mg")),
                *(one for one in exam(4) if one.group != GROUP),
            ],
            GROUP,
            "options",
        )
    ],
    "G105": [Plant([*exam(4), item(1, stem="otra")], item(1).id, "id")],
}
