"""Lines in visual order come back in the order in which they are read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.sources._bidi import GAP, logical_order, turned_brackets
from benchwright.sources._units import is_unit

HEBREW = ("גבר", "אישה", "נמצא", "חום", "בדיקה", "של")
ARABIC = ("رجل", "امرأة", "حمى", "فوق", "سنة", "من")


def read(visual: str, rtl: bool = True) -> str:
    """Return a visual line as it is read."""
    codes = [GAP if char == "|" else ord(char) for char in visual]
    return "".join(visual[k] for k in logical_order(codes, rtl))


def shown(logical: str, level: int = 1) -> str:
    """Reorder a line as UAX #9 does, without brackets and explicit signs: rules W1 to W7, N1, N2, I1, I2, L2."""
    kinds = _weak([unicodedata.bidirectional(char) for char in logical], "R" if level else "L")
    kinds = _neutral(kinds, "R" if level else "L")
    levels = [
        (level | 1 if kind == "R" else level + (2 - level % 2 if kind in ("EN", "AN") else level % 2)) for kind in kinds
    ]
    order = list(range(len(logical)))
    for low in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            stop = start
            while stop < len(order) and levels[order[stop]] >= low:
                stop += 1
            order[start:stop] = reversed(order[start:stop])
            start = max(stop, start + 1)
    return "".join(logical[k] for k in order)


def _weak(kinds: list[str], base: str) -> list[str]:
    result = list(kinds)
    for k, kind in enumerate(result):  # W1
        if kind == "NSM":
            result[k] = result[k - 1] if k else base
    result = _after_strong(result, base, "AL", "AN")  # W2
    result = ["R" if kind == "AL" else kind for kind in result]  # W3
    for k in range(1, len(result) - 1):  # W4
        before, sign, after = result[k - 1 : k + 2]
        if before == after and ((before == "EN" and sign in ("ES", "CS")) or (before == "AN" and sign == "CS")):
            result[k] = before
    for step in (1, -1):  # W5
        for k in range(len(result))[::step]:
            if result[k] == "ET" and 0 <= k - step < len(result) and result[k - step] == "EN":
                result[k] = "EN"
    result = ["ON" if kind in ("ES", "ET", "CS") else kind for kind in result]  # W6
    return _after_strong(result, base, "L", "L")  # W7


def _after_strong(kinds: list[str], base: str, strong: str, becomes: str) -> list[str]:
    """Change European numbers that follow a strong character of one kind."""
    result, last = list(kinds), base
    for k, kind in enumerate(result):
        if kind in ("L", "R", "AL"):
            last = kind
        elif kind == "EN" and last == strong:
            result[k] = becomes
    return result


def _neutral(kinds: list[str], base: str) -> list[str]:
    result = list(kinds)
    side = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
    k = 0
    while k < len(result):
        if result[k] in side:
            k += 1
            continue
        stop = k
        while stop < len(result) and result[stop] not in side:
            stop += 1
        before = side[result[k - 1]] if k else base
        after = side[result[stop]] if stop < len(result) else base
        result[k:stop] = [before if before == after else base] * (stop - k)
        k = stop
    return result


def test_the_reference_reorders_the_examples_of_the_standard() -> None:
    """``car is THE CAR in arabic`` of UAX #9, with Hebrew letters for the capitals."""
    assert shown("car is אבג in arabic", 0) == "car is גבא in arabic"
    assert shown("אבג car is") == "car is גבא"
    assert shown("א 12-15") == "12-15 א"
    assert shown("ا 12-15") == "15-12 ا"


NUMBER = st.integers(1, 99).map(str)
DECIMAL = st.tuples(NUMBER, st.sampled_from((".", ",")), NUMBER).map("".join)
UNIT = st.sampled_from(("mg", "mL/h", "mg/kg", "mmHg", "µg/mL", "U/L"))
TERM = st.sampled_from(("veltrocin", "pH", "BK virus", "Na⁺", "CO₂", "HbA1c", "Anti RNA Polymerase III"))
PHRASE = st.one_of(
    NUMBER,
    DECIMAL,
    TERM,
    st.tuples(NUMBER | DECIMAL, UNIT).map(" ".join),
    st.tuples(TERM, NUMBER).map(" ".join),
    st.tuples(TERM, NUMBER, UNIT).map(" ".join),
    st.tuples(st.integers(1, 40), st.integers(41, 99), UNIT).map(lambda part: f"{part[0]}–{part[1]} {part[2]}"),
    NUMBER.map(lambda number: f"4.{number} × 10⁹/L"),
    NUMBER.map(lambda number: f"{number}%"),
)


def sentences(words: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return lines in which words of one script and phrases in Latin letters and digits take turns."""
    turn = st.tuples(st.sampled_from(words), PHRASE).map(" ".join)
    last = st.tuples(st.sampled_from(words), st.sampled_from(("", ".", "?"))).map("".join)
    return st.tuples(st.lists(turn, max_size=4).map(" ".join), last).map(lambda parts: " ".join(parts).strip())


@given(sentences(HEBREW))
def test_hebrew_lines_come_back(line: str) -> None:
    """What UAX #9 shows is read as it was written, numbers, units, terms and ranges included."""
    assert read(shown(line)) == line


@given(sentences(ARABIC))
def test_arabic_lines_come_back(line: str) -> None:
    """Numbers after Arabic letters follow other rules: percent signs and hyphens turn round."""
    assert read(shown(line)) == line


@given(st.lists(st.sampled_from([*HEBREW, *ARABIC, "|", "(", "1", "mg", "٣", "–", "ab", "%", ".", " "]), max_size=20))
def test_nothing_is_lost_or_doubled(parts: list[str]) -> None:
    """Every character has one place, whatever the line holds, in papers of both directions."""
    codes = [GAP if char == "|" else ord(char) for char in "".join(parts)]
    for rtl in (True, False):
        assert sorted(logical_order(codes, rtl)) == list(range(len(codes)))


@given(st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S", "Zs")), max_size=40))
def test_latin_lines_of_latin_papers_stay(line: str) -> None:
    """A paper that runs from left to right has nothing to turn round."""
    assert read(line, rtl=False) == line


@pytest.mark.parametrize(
    ("visual", "logical"),
    [
        ("BK virus .א", "א. BK virus"),
        ("BK virus .1", "1. BK virus"),
        ("5 mg .A", "A. 5 mg"),
        ("5 mg - A", "A - 5 mg"),
        ("81–117 U/L .1", "1. 81–117 U/L"),
        ("L/10⁹ × 4.5 אב", "בא 4.5 × 10⁹/L"),
        ("?Definite virus -כ", "כ- Definite virus?"),
        ("23 pCO2 ,14 אב", "בא 14, pCO2 23"),
        ("HA1c .Metformin-ו", "ו-Metformin. HA1c"),
        ("12 g/dl אב", "בא 12 g/dl"),
        ("% 7,5 mg 67 veltrocin", "veltrocin 67 mg 7,5 %"),
        ("20% אב", "בא 20%"),
        ("%20 ا", "ا 20%"),
        ("Plain English stays as it is.", "Plain English stays as it is."),
        ("٪۵ ا", "ا ۵٪"),
        ("1/5/2020 ا", "ا 1/5/2020"),
    ],
)
def test_single_lines(visual: str, logical: str) -> None:
    """Marks, signs at line ends, units, and numbers that a word processor set by the keyboard."""
    assert read(visual) == logical


def test_stretches_between_wide_gaps_are_ordered_by_themselves() -> None:
    """Options that stand beside each other do not mix: the right one is read first."""
    assert read("38.5 אב .B|ab 5 .A") == "A. ab 5|B. בא 38.5"


def test_a_row_of_names_and_values_keeps_the_name_first() -> None:
    """A table in Latin letters inside a right-to-left paper runs from left to right."""
    assert read("pH|7.1|Glucose|300 mg/dL") == "pH|7.1|Glucose|300 mg/dL"
    assert read("7.1|pH|גב") == "בג|pH|7.1"


def test_right_to_left_words_in_a_latin_line() -> None:
    """In a paper that runs from left to right, from the first such letter to the last the line turns round."""
    assert read("the word גב 12 אב here", rtl=False) == "the word בא 12 בג here"


@pytest.mark.parametrize(
    ("given_line", "meant"),
    [
        (")1( אב", "(1) אב"),
        ("A( אב", "A) אב"),
        ("אב )גד( הו", "אב (גד) הו"),
        ("]A[ אב", "[A] אב"),
        ("אב (גד)", "אב (גד)"),
        ("f(x) אב", "f(x) אב"),
        ("אב (גד.", "אב (גד."),
    ],
)
def test_brackets_turn_the_way_they_enclose(given_line: str, meant: str) -> None:
    """Whatever the text layer holds, a bracket with room before it opens, one with room after it closes."""
    assert turned_brackets(given_line) == meant


@pytest.mark.parametrize("word", ["mg", "mL/h", "mg/kg", "mmHg", "U/L", "g", "µg", "mEq/L", "IU", "kg/m²"])
def test_units_are_units(word: str) -> None:
    """With prefixes, fractions and exponents."""
    assert is_unit(word)


@pytest.mark.parametrize("word", ["Na⁺", "pH", "Mg", "Ca", "vitamin", "HbA1c", "T", "K", "in", "PaCO2"])
def test_terms_are_no_units(word: str) -> None:
    """Elements and findings stand before their numbers."""
    assert not is_unit(word)
