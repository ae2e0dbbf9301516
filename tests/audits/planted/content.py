"""Defects for the audit `content`: a hole in a sentence, a text cut short, a text that grew."""

from __future__ import annotations

from tests.audits.planted.codemix import plant

LONG = (
    "Un varón de mediana edad acude a urgencias por dolor torácico opresivo de dos horas de evolución, con sudoración "
    "fría y náuseas, sin fiebre ni tos."
)
WHOLE = (
    "A middle-aged man comes to the emergency room with crushing chest pain that began two hours ago, with cold sweat "
    "and nausea, without fever or cough."
)

PLANTED = {
    "T421": [
        plant(
            "El médico entró en la habitación y habló con la familia.",
            "The doctor entered the and spoke with the family.",
            ["the", "and"],
        ),
        plant("El niño se sentó en la silla de su madre.", "The child sat down on the of his mother.", []),
    ],
    "T422": [plant(LONG, "A middle-aged man.", [])],
    "T423": [plant("Un varón de mediana edad acude a urgencias.", " ".join([WHOLE] * 3), [])],
}
