"""Defects for the audit `names`: a name replaced, added or lost."""

from __future__ import annotations

from tests.audits.planted.codemix import plant

PLANTED = {
    "T401": [
        plant("El paciente vive en Portugal con su hijo", "The patient lives in Norway with his son", ["Norway"]),
        plant(
            "Женщина вернулась из Аргентины с лихорадкой",
            "A woman came back from Finland with fever",
            ["Finland"],
            ("ru", "en"),
        ),
    ],
    "T402": [
        plant(
            "El enfermo vive solo desde hace un año",
            "The sick man has lived alone in Mulberrytown for a year",
            ["Mulberrytown"],
        )
    ],
    "T403": [
        plant("Uma doente chegou de Wrocław com febre", "A sick woman arrived with fever", [], ("pt", "en")),
        plant("Der Mann kam gestern aus Kroatien zurück", "The man came back yesterday", [], ("de", "en")),
    ],
}
