"""Terms: what is the same in another spelling is silent, and what is not is told."""

from __future__ import annotations

import polars as pl
import pytest

from benchwright.audits import terms
from benchwright.audits._terms.drugs import drugs_of
from benchwright.audits._terms.glossary import glossary_misses
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import item, table


def codes(source: str, target: str, languages: str = "es en") -> list[str]:
    """Return the codes of findings that are major or critical."""
    first, second = languages.split()
    sides = [
        item(1, language, stem=text, texts=("1", "2"), origin="native", origin_language=language)
        for language, text in ((first, source), (second, target))
    ]
    found = terms.AUDIT.run(table(sides[1:]), AuditContext(sources=table(sides[:1]))).findings
    return found.filter(pl.col("severity").is_in(["major", "critical"]))["code"].to_list()


@pytest.mark.parametrize(
    ("source", "target", "languages"),
    [
        ("amoxicilina", "Amoxicillin", "es de"),
        ("amoxicillin", "amoxicilline", "en fr"),
        ("amoksycyliny", "amoxicillin", "pl en"),
        ("амоксициллином", "amoxicillin", "ru en"),
        ("αμοξικιλλίνη", "amoxicillin", "el en"),
        ("paracetamol", "acetaminophen", "es en"),
        ("adrenalina", "epinephrine", "es en"),
        ("furosemida y enalapril", "enalapril and furosemide", "es en"),
        ("ciprofloxacino", "ciprofloxacin", "es en"),
        ("метформин", "Metformin", "ru de"),
        ("hidroclorotiazida", "hydrochlorothiazide", "pt en"),
        ("ácido acetilsalicílico", "acetylsalicylic acid", "es en"),
        ("omeprazolu", "omeprazole", "pl en"),
        ("en abril", "in April", "es en"),
        ("cefalea", "headache", "es en"),
        ("colesterol", "cholesterol", "es en"),
        ("preparing", "la preparación", "en es"),
        ("アモキシシリン", "nothing", "ja en"),
        ("VIH-1", "HIV-1", "es en"),
        ("COVID-19", "Covid 19", "en es"),
        ("CD4+", "CD 4", "en es"),
        ("HbA1c", "HbA1c", "en es"),
        ("ADN y ARN", "DNA and RNA", "es en"),
        ("EPOC", "COPD", "es en"),
        ("TAC", "CT", "es en"),
        ("СПИД", "AIDS", "ru en"),
        ("vitamina B12", "витамин В12", "es ru"),
    ],
)
def test_other_spellings_are_silent(source: str, target: str, languages: str) -> None:
    assert codes(source, target, languages) == []


@pytest.mark.parametrize(
    ("source", "target", "languages", "code"),
    [
        ("vincristina", "vinblastine", "es en", "T301"),
        ("cefotaxima", "ceftazidime", "es en", "T301"),
        ("clonidine", "clonazépam", "en fr", "T301"),
        ("преднизолон", "prednisone", "ru en", "T301"),
        ("losartán 50 mg", "50 mg", "es en", "T302"),
        ("gen BRCA1", "gene BRCA2", "es en", "T303"),
        ("vértebra L4", "L5 vertebra", "es en", "T303"),
        ("EPOC", "ICU", "es en", "T304"),
        ("МРТ", "CT", "ru en", "T304"),
    ],
)
def test_other_things_are_told(source: str, target: str, languages: str, code: str) -> None:
    assert codes(source, target, languages) == [code]


def test_each_drug_of_a_text_is_found() -> None:
    found = drugs_of("Tomó aspirina, warfarina y un antidepresivo.")
    assert [(drug.start, drug.text) for drug in found] == [(5, "aspirina"), (15, "warfarina")]


def misses(source: str, target: str, rows: list[tuple[str, str | None]], languages: str = "en de") -> list[str]:
    """Return the terms that the target lacks."""
    first, second = languages.split()
    pairs = pl.DataFrame(
        [(source, target, first, second)],
        schema=["source", "target", "source_language", "target_language"],
        orient="row",
    )
    schema = pl.Schema([(name, pl.String()) for name in ("source", "target", "source_language", "target_language")])
    glossary = pl.DataFrame([(*row, first, f"{second}-XX") for row in rows], schema=schema, orient="row")
    return glossary_misses(pairs, glossary)["term"].to_list()


@pytest.mark.parametrize(
    ("source", "target", "languages"),
    [
        ("peptic ulcers", "peptische Geschwüre", "en de"),
        ("The Peptic ulcer", "eines peptischen Geschwürs", "en de"),
        ("no such thing", "nichts", "en de"),
        ("peptic ulceration of", "…", "en de"),
    ],
)
def test_inflected_terms_are_taken_for_used(source: str, target: str, languages: str) -> None:
    assert misses(source, target, [("peptic ulcer", "peptisches Geschwür")], languages) == []


def test_alternatives_and_terms_that_must_stay() -> None:
    rows: list[tuple[str, str | None]] = [("stroke", "Schlaganfall"), ("stroke", "Apoplex"), ("E. coli", None)]
    assert misses("A stroke by E. coli.", "Ein Apoplex durch E. coli.", rows) == []
    assert misses("A stroke by E. coli.", "Ein Hirnschlag durch e.coli.", rows) == ["E. coli", "stroke"]
    assert misses("strokes", "Hirnschlag", rows) == ["stroke"]


def test_terms_of_unspaced_languages_are_found_anywhere() -> None:
    assert misses("肺炎の患者", "patient with pneumonia", [("肺炎", "pneumonia")], "ja en") == []
    assert misses("肺炎の患者", "patient with fever", [("肺炎", "pneumonia")], "ja en") == ["肺炎"]
    assert misses("patient with pneumonia", "肺炎の患者", [("pneumonia", "肺炎")], "en ja") == []


@pytest.mark.parametrize(
    "text", ["amoxicillin " * 80_000, "A1" * 500_000, "HIV " * 250_000, "A" * 1_000_000, "\x00" * 9]
)
def test_a_megabyte_passes(text: str) -> None:
    assert len(codes(text, "Nichts.", "en de")) <= 2
