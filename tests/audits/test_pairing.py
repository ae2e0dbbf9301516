"""Pairing: what must not be an alarm, and what tells an exchange of options."""

from __future__ import annotations

import pytest

from benchwright.audits.pairing import AUDIT
from benchwright.schemas import Key
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import item, table

B = Key(status="official", answers=(("B",),))


def _codes(source: dict[str, object], target: dict[str, object], language: str = "en") -> list[str]:
    made = item(1, language, **target)  # type: ignore[arg-type]
    context = AuditContext(sources=table([item(1, **source)]))  # type: ignore[arg-type]
    return sorted(AUDIT.run(table([made]), context).findings["code"].to_list())


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (("5 mg", "10 mg", "20 mg"), ("5 mg", "10 mg", "20 mg")),
        (("1,5 mg", "10 mg"), ("1.5 mg", "10 mg")),
        # The same number in two options is no witness.
        (("5 mg al día", "5 mg por hora"), ("5 mg an hour", "5 mg daily")),
        (("aumenta", "disminuye", "no cambia"), ("rises", "falls", "stays")),
        # A name of two words is the same in both languages.
        (
            ("Klebsiella ozaenae", "otra bacteria", "ningún agente"),
            ("Klebsiella ozaenae", "other bacteria", "no agent"),
        ),
        # Equal in the source already, but for a space.
        (("sp.", "sp .", "uno"), ("sp.", "sp.", "one")),
        (("Hepatitis A", "Hepatitis B", "Hepatitis C"), ("Hepatitis A", "Hepatitis B", "Hepatitis C")),
    ],
)
def test_options_that_are_right_are_silent(source: tuple[str, ...], target: tuple[str, ...]) -> None:
    assert _codes({"texts": source}, {"texts": target}) == []


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        (("5 mg", "10 mg", "20 mg"), ("20 mg", "5 mg", "10 mg"), ["T503"]),
        (("٥ mg", "10 mg"), ("10 mg", "5 mg"), []),
        (("TSH alta", "FSH baja", "otra"), ("low FSH", "high TSH", "other"), ["T503"]),
        (("diabetes", "nefritis", "otra"), ("Diabetes", "Nephritis", "other"), []),
        (("aorta", "vena", "nervio"), ("vein", "vein", "nerve"), ["T504"]),
        (("aorta", "vena"), ("vein", "Vein"), []),
    ],
)
def test_exchanged_and_equal_options(source: tuple[str, ...], target: tuple[str, ...], codes: list[str]) -> None:
    assert _codes({"texts": source}, {"texts": target}) == codes


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("La ______ late", "The ____ beats", []),
        ("Un {drug} y otro {drug}", "One {drug}", ["T506"]),
        ("El 20 % de los casos", "20 %s of cases", ["T506"]),
        ("Lea:\n1. fiebre\n2. tos", "Read:\n1. fever\n2. cough", []),
        ("Lea:\n1. fiebre\n2. tos\n3. dolor", "Read:\n1. fever\n2. cough", ["T507"]),
        ("Señale la **falsa**", "Mark the **false** one", []),
        ("uno\ndos", "one two", []),
    ],
)
def test_structure_of_the_stem(source: str, target: str, codes: list[str]) -> None:
    assert _codes({"stem": source}, {"stem": target}) == codes


def test_an_obvious_key_speaks_only_of_the_key() -> None:
    source = ("insuficiencia renal aguda", "embolia pulmonar masiva", "infarto agudo de miocardio")
    target = ("insuficiencia renal aguda", "massive pulmonary embolism", "acute myocardial infarction")
    assert _codes({"texts": source}, {"texts": target}) == ["T505"]
    assert _codes({"texts": source, "key": B}, {"texts": target, "key": B}) == []
    assert _codes({"texts": source}, {"texts": source}) == []


def test_without_a_source_there_is_nothing_to_say() -> None:
    assert AUDIT.run(table([item(1), item(2)]), AuditContext()).findings.height == 0
