"""Twelve sentences in each language beside English: six that are right, six that say the opposite; both ways round."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from benchwright.audits import polarity
from benchwright.audits._polarity.lexicon import languages
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import item, table

FOLDER = Path(__file__).parent / "polarity_sources"
SOURCES = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in sorted(FOLDER.glob("*.txt"))}
RIGHT = (
    "The patient has no symptoms.",
    "The disease affects not only adults but also children.",
    "He came without fever.",
    "It is impossible to treat this disease.",
    "Insulin decreases glucose and glucagon increases it.",
    "All of the following are true EXCEPT:",
    "The drug does not cause pain.",
    "The patient has fever.",
    "All of the following are symptoms except:",
    "Pain in the left leg.",
    "It increases blood pressure.",
    "A 40-year-old woman.",
)
WRONG = (
    "The drug causes pain.",
    "The patient has no fever.",
    "All of the following are symptoms:",
    "Pain in the right leg.",
    "It decreases blood pressure.",
    "A 40-year-old man.",
)
INTO_ENGLISH = ("T201", "T202", "T203", "T205", "T204", "T206")
FROM_ENGLISH = ("T202", "T201", "T203", "T205", "T204", "T206")
SHARED = {"bs", "ms", "nn", "no", "sh"}
"""Languages that only name the lexicon of another."""


CASES = [line.split("\t") for line in (FOLDER / "cases.tsv").read_text(encoding="utf-8").splitlines()]
"""Words that only look like negators, in sentences as the news has them, beside real ones."""


def alarms(pairs: Sequence[tuple[str, str]], source_language: str, target_language: str) -> list[list[str]]:
    """Return the codes of alarms for each pair of sentences."""
    sides = [
        [
            item(n, language, stem=pair[side], texts=("1", "2", "3", "4"), origin="native", origin_language=language)
            for n, pair in enumerate(pairs, 1)
        ]
        for side, language in enumerate((source_language, target_language))
    ]
    found = polarity.AUDIT.run(table(sides[1]), AuditContext(sources=table(sides[0]))).findings
    serious = found.filter(pl.col("severity").is_in(["major", "critical"]))
    return [serious.filter(pl.col("subject") == one.id)["code"].sort().to_list() for one in sides[1]]


def test_every_lexicon_has_its_sentences() -> None:
    assert set(SOURCES) == set(languages()) - SHARED - {"en"}
    assert {len(lines) for lines in SOURCES.values()} == {12}


@pytest.mark.parametrize("language", SOURCES)
def test_right_translations_are_silent(language: str) -> None:
    pairs = list(zip(SOURCES[language], RIGHT, strict=True))
    assert alarms(pairs, language, "en") == [[]] * 12
    assert alarms([(target, source) for source, target in pairs], "en", language) == [[]] * 12


@pytest.mark.parametrize("language", SOURCES)
def test_opposites_are_found(language: str) -> None:
    pairs = list(zip(SOURCES[language][6:], WRONG, strict=True))
    assert alarms(pairs, language, "en") == [[code] for code in INTO_ENGLISH]
    assert alarms([(target, source) for source, target in pairs], "en", language) == [[code] for code in FROM_ENGLISH]


@pytest.mark.parametrize(("language", "source", "target", "codes"), CASES)
def test_words_that_only_look_like_negators(language: str, source: str, target: str, codes: str) -> None:
    assert alarms([(source, target)], language, "en") == [codes.split(",") if codes else []]


HOW_OFTEN = (
    ("es", "Se administra metotrexato semanal.", "Methotrexate is given daily.", "Methotrexate is given weekly."),
    ("de", "Methotrexat wird wöchentlich gegeben.", "Methotrexate is given daily.", "Methotrexate is given weekly."),
    ("fr", "Une dose mensuelle suffit.", "A daily dose is enough.", "A monthly dose is enough."),
    ("pt", "A dose diária é suficiente.", "The weekly dose is enough.", "The daily dose is enough."),
    ("ru", "Препарат принимают еженедельно.", "The drug is taken monthly.", "The drug is taken every week."),
    ("pl", "Lek przyjmuje się codziennie.", "The drug is taken weekly.", "The drug is taken every day."),
    ("ru", "Период менее 5 дней.", "A period of more than 5 days.", "A period of less than 5 days."),
    ("es", "Una presión menor de 5 mmHg.", "A pressure of more than 5 mmHg.", "A pressure of less than 5 mmHg."),
)


@pytest.mark.parametrize(("language", "source", "wrong", "right"), HOW_OFTEN)
def test_how_often_and_comparisons_are_compared_in_words(language: str, source: str, wrong: str, right: str) -> None:
    (found, silent) = alarms([(source, wrong), (source, right)], language, "en")
    assert found in (["T204"], ["T208"])
    assert silent == []


@pytest.mark.parametrize(
    ("language", "source", "target"),
    [
        ("es", "¿Cuál de los siguientes diagnósticos es MENOS probable?", "Which of these diagnoses is LESS likely?"),
        ("fr", "Lequel de ces diagnostics est le moins probable ?", "Which of these diagnoses is less probable?"),
    ],
)
def test_a_comparative_may_stand_for_the_least_of_all(language: str, source: str, target: str) -> None:
    assert alarms([(source, target)], language, "en") == [[]]
    assert alarms([(source, "Which of these diagnoses is likely?")], language, "en") == [["T203"]]
