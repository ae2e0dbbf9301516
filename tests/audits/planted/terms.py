"""Defects for the audit `terms`; a glossary is tried in `tests/audits/test_terms.py` and by the two codes here."""

from __future__ import annotations

import polars as pl

from benchwright.schemas import Item
from tests.audits.clean import item
from tests.audits.plant import Plant

GLOSSARY = pl.LazyFrame(
    {
        "source": ["úlcera péptica", "Helicobacter pylori"],
        "target": ["peptic ulcer", None],
        "source_language": ["es", "es"],
        "target_language": ["en", "en"],
    }
)


def pair(text: str, language: str) -> Item:
    return item(1, language, stem=text, texts=("10", "20", "30", "40"))


def plant(
    source: str, target: str, severity: str | None = None, *spans: tuple[int, int], languages: str = "es en"
) -> Plant:
    """A stem and its translation."""
    first, second = languages.split()
    translated = pair(target, second)
    places = [("stem", start, end) for start, end in spans]
    return Plant([translated], translated.id, "stem", places, severity, sources=[pair(source, first)])


def with_glossary(source: str, target: str) -> Plant:
    """A stem and its translation, with a glossary."""
    translated = pair(target, "en")
    return Plant([translated], translated.id, "stem", sources=[pair(source, "es")], glossary=GLOSSARY)


PLANTED = {
    "T301": [
        plant("Se administró amoxicilina.", "Ampicillin was given.", None, (0, 10)),
        plant("Tratamiento con prednisona", "Treatment with prednisolone", None, (15, 27)),
        plant("Больной получал эналаприл.", "The patient took captopril.", None, (17, 26), languages="ru en"),
        plant("Hydralazine was given.", "Se dio hidroxicina.", None, (7, 18), languages="en es"),
    ],
    "T302": [plant("Se administró amoxicilina.", "It was administered.")],
    "T303": [
        plant("Mutación de BRCA1", "Mutation of BRCA2", None, (12, 17)),
        plant("Linfocitos CD4", "CD8 lymphocytes", None, (0, 3)),
        plant("Interleucina IL-6", "Interleukin", "minor"),
    ],
    "T304": [plant("Se pidió una RM.", "A CT was ordered.", None, (2, 4)), plant("Infección por VIH", "HPV infection")],
    "T305": [with_glossary("Tiene una úlcera péptica.", "He has a stomach sore.")],
    "T306": [with_glossary("Infección por Helicobacter pylori", "Infection by helicobacter")],
}
