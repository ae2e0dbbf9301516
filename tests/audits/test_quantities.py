"""Quantities: a table of pairs of texts in many languages, and what must be said of each."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.audits._quantities.gate import to_read
from benchwright.audits._quantities.lexicon import lexicon_of
from benchwright.audits._quantities.parse import quantities
from benchwright.audits._quantities.verdict import judge
from benchwright.audits.quantities import AUDIT
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import item, table
from tests.audits.steps import is_linear

ALARMS = {"major", "critical"}


def _cases() -> list[tuple[str, str, str, str, str]]:
    lines = Path(__file__).with_name("quantity_cases.txt").read_text(encoding="utf-8").splitlines()
    cases: list[tuple[str, str, str, str, str]] = []
    for line in lines:
        if line and not line.startswith("#"):
            languages, source, target, codes = line.split(" | ")
            left, _, right = languages.partition(">")
            cases.append((left, right, source, target, codes))
    return cases


CASES = _cases()


def test_table_is_as_wide_as_promised() -> None:
    assert len(CASES) >= 300
    assert len({language for case in CASES for language in case[:2]}) >= 25


@pytest.mark.parametrize(
    ("left", "right", "source", "target", "codes"), CASES, ids=[f"{c[0]}-{c[1]}-{n}" for n, c in enumerate(CASES)]
)
def test_case(left: str, right: str, source: str, target: str, codes: str) -> None:
    found = {one.code for one in judge(source, target, left, right)}
    assert found == set(codes.split()) - {"-"}


def test_gate_lets_no_alarm_of_the_table_pass() -> None:
    rows = [(source, target, left, right) for left, right, source, target, _ in CASES]
    table_of_pairs = pl.DataFrame(
        rows, schema=["source", "target", "source_language", "target_language"], orient="row"
    ).unique()
    read = set(to_read(table_of_pairs).iter_rows())
    for left, right, source, target, _ in CASES:
        alarms = [one for one in judge(source, target, left, right) if one.severity in ALARMS]
        assert not alarms or (source, target, left, right) in read, (source, target)


# A number as countries write it: decimal mark, mark of thousands, digits.
STYLES = {
    "en": (".", ",", "0123456789"),
    "de": (",", ".", "0123456789"),
    "fr": (",", "\u202f", "0123456789"),
    "ru": (",", "\u00a0", "0123456789"),
    "ar": ("٫", "٬", "٠١٢٣٤٥٦٧٨٩"),
    "fa": ("٫", "٬", "۰۱۲۳۴۵۶۷۸۹"),
    "hi": (".", ",", "०१२३४५६७८९"),
    "ja": (".", ",", "０１２３４５６７８９"),
    "es": (",", ".", "0123456789"),
}
UNITS = {
    "mg": {"ru": "мг", "ar": "ملغ", "fa": "میلیگرم", "hi": "मिग्रा"},
    "mL": {"ru": "мл", "ar": "مل", "fa": "میلیلیتر", "hi": "मिलीलीटर"},
    "%": {},
    "kg": {"ru": "кг", "ar": "كغ", "fa": "کیلوگرم", "hi": "किग्रा"},
}


def _written(whole: int, decimals: str, unit: str, language: str) -> str:
    point, comma, digits = STYLES[language]
    text = f"{whole:,}".replace(",", comma) + (point + decimals if decimals else "")
    shown = "".join(digits[int(one)] if one.isascii() and one.isdigit() else one for one in text)
    return f"x {shown} {UNITS[unit].get(language, unit)} y"


numbers = st.tuples(st.integers(2, 9_999_999), st.sampled_from(["", "5", "25", "07"]), st.sampled_from(sorted(UNITS)))
languages = st.sampled_from(sorted(STYLES))


@given(numbers, languages, languages)
@settings(max_examples=120)
def test_same_quantity_in_two_styles_is_silent(number: tuple[int, str, str], left: str, right: str) -> None:
    source, target = _written(*number, left), _written(*number, right)
    assert judge(source, target, left, right) == [], (source, target)


@given(numbers, languages, languages, st.integers(1, 9_999_999), st.sampled_from(sorted(UNITS)))
@settings(max_examples=120)
def test_another_quantity_is_found(number: tuple[int, str, str], left: str, right: str, more: int, unit: str) -> None:
    whole, decimals, own = number
    changed = (whole + more, decimals, own) if unit == own else (whole, decimals, unit)
    source, target = _written(*number, left), _written(*changed, right)
    sides = ((source, left), (target, right))
    # One mark and three digits can be read two ways: 1.234 may be what the other side writes as 1,234.
    readings = [{value for one in quantities(text, name) for value in one.values} for text, name in sides]
    same = bool(readings[0] & readings[1]) and unit == own
    alarms = [one for one in judge(source, target, left, right) if one.severity in ALARMS]
    assert alarms or same, (source, target)
    rows = pl.DataFrame(
        [(source, target, left, right)],
        schema=["source", "target", "source_language", "target_language"],
        orient="row",
    )
    assert not alarms or to_read(rows).height == 1


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["en", "de", "zh", "ar", "th", "ko", "xx"]))
@settings(max_examples=120)
def test_any_text_is_read_and_agrees_with_itself(source: str, target: str, language: str) -> None:
    judge(source, target, language, "en")
    assert [one for one in judge(source, source, language, language) if one.severity in ALARMS] == []
    for one in quantities(source, language):
        assert 0 <= one.start < one.end <= len(source)


HOSTILE = {
    "digits": "7" * 1_000_000,
    "separators": ".," * 500_000,
    "ones": "1," * 500_000,
    "myriads": "万" * 1_000_000,
    "numerals": "二三" * 500_000,
    "dashes": "5-" * 500_000,
    "signs": "5 -" * 330_000,
    "words": "two hundred " * 80_000,
    "compound": "zwei" * 250_000,
    "units": "5 mg/" * 200_000,
    "spaces": "1 000 " * 160_000,
    "letters": "a" * 1_000_000 + "1",
    "nul": "\x005" * 500_000,
}


def read(text: str, language: str) -> None:
    rows = pl.DataFrame(
        {"source": [text], "target": [text + " 8"], "source_language": [language], "target_language": ["en"]}
    )
    to_read(rows)
    judge(text, text + " 8", language, "en")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_takes_linear_steps(name: str, language: str) -> None:
    assert is_linear(lambda text: read(text, language), HOSTILE[name][:16_000])


@pytest.mark.parametrize("name", ["digits", "letters"])
def test_a_megabyte_passes(name: str) -> None:
    read(HOSTILE[name], "ja")


def test_language_without_words_is_said_once() -> None:
    group = [item(n, "en", stem=f"{n + 10} mg").replace(language="mi", id=f"{item(n).group}@mi") for n in range(1, 4)]
    sources = table([item(n, stem=f"{n + 10} mg") for n in range(1, 4)])
    found = AUDIT.run(table(group), AuditContext(sources=sources)).findings
    assert found["code"].to_list() == ["T190"]
    assert "mi" in found["message"][0]
    assert not lexicon_of("mi").known


def test_fields_are_compared_one_by_one_and_spans_lie_in_the_translation() -> None:
    source = item(1, stem="Un paciente", texts=("10 mg", "20 mg", "30 mg", "40 mg"))
    target = item(1, "en", stem="A patient", texts=("10 mg", "20 mg", "300 mg", "40 mg"))
    found = AUDIT.run(table([target]), AuditContext(sources=table([source]))).findings
    assert found.select("code", "field").rows() == [("T102", "option:C")]
    (span,) = found["spans"][0]
    assert span == {"field": "option:C", "start": 0, "end": 6, "text": "300 mg"}
    assert "30 mg" in found["evidence"][0]
