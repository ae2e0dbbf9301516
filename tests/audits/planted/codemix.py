"""Defects for the audit `codemix`: a stem in Spanish and its translation with a word left over."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant


def plant(source: str, target: str, spans: list[str], languages: tuple[str, str] = ("es", "en")) -> Plant:
    """An item whose stem was translated; the spans are given as the texts that they cover."""
    made = item(1, stem=target, language=languages[1], origin="official_translation")
    places = [("stem", target.index(one), target.index(one) + len(one)) for one in spans]
    original = item(1, stem=source, language=languages[0])
    return Plant([made], made.id, "stem", places, sources=[original])


PLANTED = {
    "T411": [
        plant("El médico llamó al enfermo por la tarde", "The doctor called the enfermo in the afternoon", ["enfermo"]),
        plant("La herida era profunda y sucia", "The herida was deep and sucia", ["herida", "sucia"]),
        plant("Врач осмотрел больного", "The doctor examined больного", ["больного"], ("ru", "en")),
        plant("Die Patientin und ihr Kind", "The patient und her child", ["und"], ("de", "en")),
        plant("Gestern kam eine Schwellung dazu", "Yesterday a Schwellung was added", ["Schwellung"], ("de", "en")),
        plant("患者は糖尿病です", "The patient has 糖尿病", ["糖尿病"], ("ja", "en")),
        plant("रोगी को बुखार है", "The patient has बुखार", ["बुखार"], ("hi", "en")),
        plant("The patient felt weakness", "El paciente sentía weakness", ["weakness"], ("en", "es")),
    ]
}
