"""Defects for the audit `quantities`: a stem in Spanish and its translation."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant


def plant(
    source: str, target: str, spans: list[str] | None = None, language: str = "en", severity: str | None = None
) -> Plant:
    """An item whose stem was translated; the spans are given as the texts that they cover."""
    places = [("stem", target.index(one), target.index(one) + len(one)) for one in spans or []]
    made = item(1, language if language in {"en", "ru"} else "en", stem=target)
    if made.language != language:
        made = made.replace(language=language, id=f"{made.group}@{language}")
    return Plant([made], made.id, "stem", places, severity, sources=[item(1, stem=source)])


def _unknown() -> Plant:
    made = item(1, "en", stem="Nga 5 mg te 8 mg?").replace(language="mi", id=f"{item(1).group}@mi")
    return Plant([made], "dataset", sources=[item(1, stem="¿Entre 5 mg y 8 mg?")])


PLANTED = {
    "T101": [
        plant("Un hombre con 3 hijos", "A man with 4 children", ["4"]),
        plant("Toma tres comprimidos", "Takes four tablets", ["four"]),
        plant("Estadio II del tumor", "Stage III of the tumour", ["III"]),
    ],
    "T102": [
        plant("Administrar 10 mg", "Give 100 mg", ["100 mg"]),
        plant("Administrar 10mg", "Give 100mg", ["100mg"]),
        plant("Dosis de 1,5 mg", "Dose of 15 mg", ["15 mg"]),
    ],
    "T103": [
        plant("Administrar 5 mg", "Give 5 g", ["5 g"]),
        plant("Administrar 5 mcg", "Give 5 mg", ["5 mg"]),
        plant("Fiebre de 39 ºC", "Fever of 39 °F", ["39 °F"]),
    ],
    "T104": [plant("Glucosa 126 mg/dl y fiebre", "Glucose and fever")],
    "T105": [plant("Glucosa alta", "High glucose of 126 mg/dl", ["126 mg/dl"])],
    "T106": [plant("Temperatura de −5 °C", "Temperature of 5 °C", ["5 °C"])],
    "T107": [plant("Entre 5-10 mg", "Some 5 mg"), plant("Unos 5 mg", "Some 5-10 mg", ["10 mg"])],
    "T108": [
        plant("Na 135, K 3,5", "Na 3.5, K 135", ["3.5", "135"]),
        plant("Sodio 135, potasio 4", "Sodium 4, potassium 135"),
        plant("TA 135/85", "BP 85/135", ["85", "135"]),
    ],
    "T109": [plant("Mujer de 35 años de edad", "A 53-year-old woman", ["53-year"])],
    "T110": [plant("Fiebre de 3 días", "Fever for 3 hours", ["3 hours"])],
    "T111": [
        plant("Glucosa 126 mg/dl", "Glucose 7.0 mmol/L", ["7.0 mmol/L"]),
        plant("Pesa 70 kg", "Weighs 154 lb", ["154 lb"]),
        plant("Fiebre de 39 ºC", "Fever of 102.2 °F", ["102.2 °F"]),
    ],
    "T112": [plant("Plaquetas < 50.000", "Platelets > 50,000", ["50,000"])],
    "T113": [plant("Déficit de vitamina B12", "Vitamin B6 deficiency", ["6"])],
    "T114": [plant("Dos pacientes con fiebre", "Patients with fever")],
    "T190": [_unknown()],
}
