"""Defects for the audit `keypairs`."""

from __future__ import annotations

from benchwright.schemas import Key
from tests.audits.clean import item
from tests.audits.plant import Plant

B = Key(status="official", answers=(("B",),))
AB = Key(status="official", answers=(("A",), ("B",)))
BA = Key(status="official", answers=(("B",), ("A",)))
SET = Key(status="official", answers=(("A", "B"),))

PLANTED = {
    "T601": [
        Plant([item(language="en", key=B)], item(language="en").id, "key", sources=[item()]),
        Plant([item(language="en", key=AB)], item(language="en").id, "key", sources=[item()]),
        Plant([item(language="en", key=SET, kind="multiple")], item(language="en").id, "key", sources=[item(key=BA)]),
    ],
    "T602": [Plant([item(language="en", key=Key())], item(language="en").id, "key", sources=[item()])],
}
