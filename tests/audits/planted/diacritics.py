"""Defects for the audit `diacritics`."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant

BARE = "La medicacion no podia administrarse segun el esquema habitual despues de la operacion quirurgica del higado"
WHOLE = "La medicación del paciente número {}"

PLANTED = {
    "L131": [Plant([item(number, stem=f"{BARE} {number}", texts=()) for number in range(1, 40)], "dataset")],
    "L132": [
        Plant(
            [
                item(stem="La medicacion del paciente"),
                *(item(number, stem=WHOLE.format(number)) for number in range(2, 14)),
            ],
            item().id,
            "stem",
            [("stem", 3, 13)],
        )
    ],
}
