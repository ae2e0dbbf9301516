"""Amounts are said in other units, the key holds, and where anything is not certain there is no twin."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.audits._quantities.parse import quantities
from benchwright.builder.twins import make_twins
from benchwright.builder.twins._refuse import REASONS
from benchwright.builder.twins._units import _words, reworded
from benchwright.schemas import Mark
from tests.audits.clean import figure, item, table

POWERS = {"kg": 6, "g": 3, "mg": 0, "µg": -3, "L": 3, "mL": 0}
PLAIN = ("sleep", "a rash", "nothing", "fever")


@pytest.mark.parametrize(
    ("language", "stem", "options", "made"),
    [
        ("en", "He takes 500 mg twice a day.", PLAIN, ("He takes 0.5 g twice a day.", *PLAIN)),
        ("en", "Which dose?", ("5 mg", "10 mg", "250 mg"), ("Which dose?", "0.005 g", "0.01 g", "0.25 g")),
        ("es", "Toma 1,5 g en 250 mL.", ("500 mg", "1 g"), ("Toma 1500 mg en 0,25 L.", "0,5 g", "1000 mg")),
        ("de", "Er nimmt 2,5 mg täglich.", ("a", "5 mg"), ("Er nimmt 2500 µg täglich.", "a", "5000 µg")),
        ("fr", "On donne 20 mg par jour.", ("a", "b"), ("On donne 0,02 g par jour.", "a", "b")),
        ("en", "An LDL of 130 mg/dL; he gets 2 L.", ("a", "b"), ("An LDL of 130 mg/dL; he gets 2000 mL.", "a", "b")),
        (
            "en",
            "A man of 70 kg gets 5 mg/kg in 50 ml.",
            ("a", "b"),
            ("A man of 70 kg gets 5 mg/kg in 0.05 l.", "a", "b"),
        ),
    ],
)
def test_amounts_are_said_in_other_units(
    language: str, stem: str, options: tuple[str, ...], made: tuple[str, ...]
) -> None:
    found = reworded(language, stem, options)
    assert (found.stem, *found.options) == made


REFUSED: list[tuple[str, tuple[str, ...], str]] = [
    ("Which dose in mg?", ("5", "10"), "unit-asked"),
    ("How many grams are 500 mg?", ("a half", "five"), "unit-asked"),
    ("Which is the right way to express 500 mg?", PLAIN, "unit-asked"),
    ("How many significant figures has 0.50 mg?", PLAIN, "unit-asked"),
    ("He takes 5-10 mg.", PLAIN, "amount-unsure"),
    ("He takes 5 mg - 10 mg.", PLAIN, "amount-unsure"),
    ("He takes 5 or 10 mg.", PLAIN, "amount-unsure"),
    ("He takes 5, 10 or 20 mg.", PLAIN, "amount-unsure"),
    ("He takes 20 mg to 40.", PLAIN, "amount-unsure"),
    ("He takes 1,500 mg.", PLAIN, "amount-unsure"),
    ("He takes 1 500 mg.", PLAIN, "amount-unsure"),
    ("He takes 2 x 500 mg.", PLAIN, "amount-unsure"),
    ("Of 4000 mg a day, what is one dose?", ("500", "1000"), "options-bare"),
    ("Which dose?", ("500 mg", "0.5 g", "1 g"), "options-equal"),
    ("A pressure of 120 mmHg and 130 mg/dL.", PLAIN, "no-amount"),
    ("What does he have?", PLAIN, "no-amount"),
]


@pytest.mark.parametrize(("stem", "options", "reason"), REFUSED)
def test_what_is_not_certain_is_refused(stem: str, options: tuple[str, ...], reason: str) -> None:
    assert reworded("en", stem, options).reason == reason


def test_what_is_refused_is_told_with_its_reason() -> None:
    items = [item(n, "en", stem=stem, texts=options) for n, (stem, options, _) in enumerate(REFUSED, 1)]
    made = make_twins(table(items).collect(), "units")
    assert not made.items
    assert made.ledger.rows_in == made.ledger.rows_rejected == len(REFUSED)
    told = set(made.rejects.select("item_id", "reason").rows())
    assert {(one.id, reason) for one, (_, _, reason) in zip(items, REFUSED, strict=True)} <= told


def test_other_languages_pictures_and_marks_are_refused() -> None:
    stem = "He takes 500 mg of it."
    assert reworded("yo", stem, PLAIN).reason == "language-unknown"
    pictured = item(1, "en", stem=stem, texts=PLAIN, media=(figure(),))
    marked = item(2, "en", stem=stem, texts=PLAIN, marks=(Mark(field="stem", start=0, end=2, kind="bold"),))
    made = make_twins(table([pictured, marked]).collect(), "units")
    assert set(made.rejects["reason"]) == {"pictured", "marked"}


def test_the_key_of_a_twin_is_claimed_and_stays() -> None:
    source = item(
        1, "en", stem="Which dose is right for a man who had 250 mg?", texts=("5 mg", "10 mg", "20 mg", "1 mg")
    )
    (twin,) = make_twins(table([source]).collect(), "units").items
    assert twin.key.answers == source.key.answers
    assert [one.id for one in twin.options] == [one.id for one in source.options]
    assert [one.text for one in twin.options] == ["0.005 g", "0.01 g", "0.02 g", "0.001 g"]
    assert twin.derived_from is not None
    assert (twin.derived_from.edit, twin.derived_from.same_key) == ("units-reworded", True)


@given(
    st.lists(
        st.tuples(st.decimals(min_value=Decimal("0.01"), max_value=2000, places=2), st.sampled_from(sorted(POWERS))),
        min_size=1,
        max_size=4,
    )
)
def test_amounts_stay_what_they_are(amounts: list[tuple[Decimal, str]]) -> None:
    stem = "; then ".join(f"he got {value.normalize():f} {unit}" for value, unit in amounts) + ". What follows?"
    made = reworded("en", stem, ("he sleeps", "he wakes"))
    if made.reason:
        assert made.reason in REASONS
        return
    assert made.stem != stem
    # Read by another part of the package, both texts have the same amounts.
    assert _amounts(stem) == _amounts(made.stem)


def _amounts(text: str) -> list[float]:
    units = [word.rstrip(".;") for word in text.split() if word.rstrip(".;") in POWERS]
    return [
        round(float(one.value) * 10 ** POWERS[unit], 9) for one, unit in zip(quantities(text, "en"), units, strict=True)
    ]


def test_words_of_a_language_begin_with_a_letter() -> None:
    assert len(_words()) >= 10
    assert all(one == one.lower() and one[0].isalpha() for words in _words().values() for one in words)
