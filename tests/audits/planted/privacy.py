"""Defects for the audit `privacy`."""

from __future__ import annotations

from benchwright.schemas import Context, Rationale
from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id


def _stem(text: str, *values: str) -> Plant:
    return Plant([item(stem=text)], ID, "stem", [("stem", text.index(v), text.index(v) + len(v)) for v in values])


PLANTED = {
    "P101": [
        _stem("Estimada doctora Quintanilla, ¿qué dosis conviene?", "Quintanilla"),
        _stem("您好，我叫王小明，请问吃什么药？", "王小明"),
        Plant(
            [item(rationales=(Rationale(text="La B.\nUn saludo,\nLucía Armendáriz", language="es"),))],
            ID,
            "rationale:1",
            [("rationale:1", 17, 33)],
        ),
    ],
    "P102": [
        _stem("Llame al 612 345 678 o escriba a ana.g@example.org", "612 345 678", "ana.g@example.org"),
        Plant([item(texts=("uno", "+49 30 901820", "tres", "no"))], ID, "option:B", [("option:B", 0, 13)]),
    ],
    "P103": [_stem("Vive en Calle Mayor 12, 28013 Madrid, con tos.", "Calle Mayor 12, 28013 Madrid")],
    "P104": [
        _stem("Varón con DNI 12345678Z y tos", "12345678Z"),
        Plant([item(context=Context(id="c", text="CPF 529.982.247-25"))], ID, "context", [("context", 4, 18)]),
    ],
    "P105": [_stem("Historia clínica nº 4471239: disnea", "4471239")],
    "P106": [_stem("Paciente, fecha de nacimiento: 12/03/1975, con tos", "12/03/1975")],
}
