"""Masking changes nothing else, is idempotent, and its offsets are those of the text as it came."""

from __future__ import annotations

import ast
import importlib.util
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.audits._pii import KINDS, detect, gates, mask, restore
from benchwright.audits._pii.detect import PLACEHOLDER
from benchwright.audits._pii.relax import TURKISH, relaxed
from tests.pii.generate import letters
from tests.pii.registers import REGISTERS, draw

ROOT = Path(__file__).resolve().parents[2]
LETTERS = list(letters(360, 77))
PIECES = st.sampled_from(
    ["Dear Dr. Smith,", " 612 345 678 ", "a@b.com", "\n", "[NAME_1]", "[PHONE_07]", "Thanks, John", "DNI 12345678Z", "１２", "İ", "\ud7a3",
     "10.0.0.1", "MRN 123456", "DOB: 1/2/1980", "12 High Street", "+34", "谢谢，李明", "]", "["]
)  # fmt: skip
TEXT = st.one_of(
    st.lists(PIECES, max_size=8).map("".join), st.text(max_size=60), st.lists(PIECES, max_size=5).map(" ".join)
)


@given(st.lists(st.tuples(TEXT, st.sampled_from("ab")), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_text(rows: list[tuple[str, str]]) -> None:
    texts, threads = pl.Series([text for text, _ in rows]), pl.Series([thread for _, thread in rows])
    done = mask(texts, threads, keep_values=True)
    for row, (text, masked) in enumerate(zip(texts, done.texts, strict=True)):
        hits = done.hits.filter(pl.col("row") == row)
        for start, end, value in hits.select("start", "end", "value").iter_rows():
            assert text[start:end] == value
        assert restore(masked, hits) == text
    again = mask(done.texts, threads)
    assert again.hits.height == 0
    assert again.texts.equals(done.texts)


def test_the_quick_look_hides_nothing() -> None:
    texts = [letter.text for letter in LETTERS]
    for text, opened in zip(texts, gates(pl.Series(texts)), strict=True):
        assert detect(text, opened) == detect(text)


@given(st.lists(TEXT, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_quick_look_hides_nothing_of_any_text(texts: list[str]) -> None:
    for text, opened in zip(texts, gates(pl.Series(texts)), strict=True):
        assert detect(text, opened) == detect(text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?<![\p{L}])(?P<n>ab{2,3})(?!\d)\b", "xabb7"),
        (r"a(?=b)", "ab"),
        (r"[(\[&]{1,2}x", "[(x"),
        (r"(?i:d[ıi]ş)$", "DIŞ\n"),
        (r"[^\]\s]\s\u200c", "a\x1c\u200c"),
        (r"(?:a|(?<=[)])b)", "b"),
    ],
)
def test_a_relaxed_pattern_matches_at_least_what_the_pattern_does(pattern: str, text: str) -> None:
    found = pl.Series([text, ""]).str.replace_many(TURKISH).str.contains(relaxed(pattern))
    assert found.to_list() == [True, False]


def test_recall_on_letters_of_a_seed_of_its_own() -> None:
    whole = total = 0
    for letter in LETTERS:
        hits = detect(letter.text)
        for label in letter.labels:
            places = [place for place in range(label.start, label.end) if letter.text[place].isalnum()]
            whole += all(any(hit.start <= place < hit.end for hit in hits) for place in places)
            total += 1
    assert whole >= 0.96 * total


def test_the_same_value_has_the_same_number_in_a_thread_and_none_elsewhere() -> None:
    texts = pl.Series(["Call 612-555-0199.", "Or +1 612 555 0199, John", "Call 612-555-0199."])
    done = mask(texts, pl.Series(["a", "a", "b"]))
    assert done.texts.to_list()[0] == "Call [PHONE_1]."
    assert "[PHONE_1]" in done.texts[1]
    assert "value" not in done.hits.columns
    assert set(done.hits["kind"]) <= set(KINDS)


def test_numbers_go_on_after_placeholders_that_are_there() -> None:
    assert mask(pl.Series(["[PHONE_3] Call 612-555-0199."])).texts[0] == "[PHONE_3] Call [PHONE_4]."
    assert PLACEHOLDER.fullmatch("[PHONE_4]")


@pytest.mark.parametrize(
    "text",
    [
        "Parkinson disease, Crohn, Down syndrome",
        "Trousseau sign, 40 mg, Na 138, 145/92",
        "seen on 12/03/2020, 67 years",
        "EC 3.4.21.5",
        "PMID 12345678",
        "the cell line; call us: 2.400.000 IU of penicillin",
        "control por cel., dosis de 1.200.000 UI",
    ],
)
def test_medicine_is_left_alone(text: str) -> None:
    assert detect(text) == []


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.module)
def test_a_number_that_another_implementation_calls_valid_is_found(register: object) -> None:
    chance = random.Random(3)
    number = draw(register, chance)  # type: ignore[arg-type]
    named = f"{register.name}: {number}"  # type: ignore[attr-defined]
    assert any(hit.kind == "ID" and named[hit.start : hit.end] in number for hit in detect(named)), named


def test_generator_and_detector_share_no_import() -> None:
    for folder, banned in (("tests/pii", "benchwright"), ("benchwright/audits/_pii", "tests")):
        for path in (ROOT / folder).glob("*.py"):
            if path.name.startswith("test_"):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
                assert not [
                    name for name in names if name.split(".")[0] == banned or ("stdnum" in name and banned == "tests")
                ], path
    assert importlib.util.find_spec("stdnum") is not None
