"""Planters change what they say and nothing else."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.builder.calibrate.planters import KINDS, Change, Draft, DraftOption, Tools
from benchwright.builder.calibrate.planters._forms import Half, forms_of, halved, languages_with_forms, replaced

SOURCE = Draft(
    "q@es",
    "es",
    "Un hombre de 45 años recibe 5 mg de insulina cada 8 horas. ¿Cuál es verdadero?",
    tuple(DraftOption(one, one, f"opción larga de texto {one}") for one in "ABCD"),
    (("B",),),
)
DRAFT = Draft(
    "q@en",
    "en",
    "A man of 45 years is given -5 mg of insulin, with 2-4 tablets on the left side, every 8 hours "
    "(pH < 7.1), without fever. "
    "Which of the following is not true, as shown by the ECG of this adult with acute hypertension?",
    tuple(DraftOption(one, one, f"“dose” of {n} g with naïve physician") for n, one in enumerate("ABCD", 2)),
    (("B",),),
    SOURCE,
)
OTHER = Draft("r@en", "en", "The other question speaks of something else entirely. What is it that it speaks of?")


def tools(seed: int = 1) -> Tools:
    strangers = (("de", "Die Schwester ging leise durch den Saal."), ("de", "Niemand hatte das erwartet."))
    return Tools(random.Random(seed), forms_of("en"), (DRAFT, OTHER), strangers)


def planted(kind: str, seed: int = 1) -> Change:
    change = KINDS[kind].plant(DRAFT, tools(seed))
    assert change is not None, kind
    return change


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"wrong_variety"}))
def test_every_kind_changes_an_item_that_can_carry_it(kind: str) -> None:
    change = planted(kind)
    assert change.draft != DRAFT
    assert change.draft.id == DRAFT.id


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_same_seed_plants_the_same(kind: str) -> None:
    assert KINDS[kind].plant(DRAFT, tools(5)) == KINDS[kind].plant(DRAFT, tools(5))


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=15)
@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4), st.integers(0, 50))
def test_any_text_is_taken(kind: str, stem: str, texts: list[str], seed: int) -> None:
    options = tuple(DraftOption(letter, letter, text) for letter, text in zip("ABCD", texts, strict=False))
    draft = Draft("x@en", "en", stem, options, (("A",),), SOURCE)
    change = KINDS[kind].plant(draft, tools(seed))
    assert change is None or change.draft.id == "x@en"


def numbers(text: str) -> list[float]:
    return [float(one) for one in re.findall(r"\d+(?:\.\d+)?", text)]


def all_numbers(draft: Draft) -> list[float]:
    return sorted(numbers(" ".join(text for _, text in draft.fields)))


@pytest.mark.parametrize(("kind", "factor"), [("dose_x10", 10.0), ("decimal_shift", 0.1)])
@pytest.mark.parametrize("seed", range(6))
def test_a_decimal_shift_is_one(kind: str, factor: float, seed: int) -> None:
    before, after = all_numbers(DRAFT), all_numbers(planted(kind, seed).draft)
    gone = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    assert len(gone) <= 1
    assert len(new) <= 1
    if gone and new:
        assert new[0] == pytest.approx(gone[0] * factor)


def test_key_shifted_leaves_the_texts() -> None:
    change = planted("key_shifted")
    assert change.draft.answers == (("C",),)
    assert change.draft.fields == DRAFT.fields


def test_swapped_options_keep_their_ids() -> None:
    change = planted("options_swapped")
    assert [one.id for one in change.draft.options] == list("ABCD")
    assert sorted(one.text for one in change.draft.options) == sorted(one.text for one in DRAFT.options)


def test_dropped_option_is_never_the_key() -> None:
    for seed in range(20):
        assert "B" in {one.id for one in planted("option_dropped", seed).draft.options}


def test_replaced_keeps_capitals_and_word_borders() -> None:
    assert replaced("Left and lefty", [("left", "right")], "en") == ("Right and lefty", "left")
    assert replaced("THE LEFT", [("left", "right")], "en") == ("THE RIGHT", "left")
    assert replaced("leftover", [("left", "right")], "en") is None
    assert replaced("他不吃药", [("不", "")], "zh") == ("他吃药", "不")


@pytest.mark.parametrize("language", languages_with_forms())
def test_words_of_a_language_are_whole(language: str) -> None:
    forms = forms_of(language)
    for kind in ("negation", "except", "side", "sex", "direction", "opposite", "time", "synonym", "phrase"):
        assert forms.of(kind), (language, kind)
        for left, right in forms.of(kind):
            assert left != right, (language, kind, left)
    for kind in ("synonym", "phrase"):
        assert len(forms.of(kind)) >= 10, (language, kind)
    assert len(forms.numbers) >= 11
    assert len(forms.sentences) >= 3


@given(st.lists(st.tuples(st.text(max_size=4), st.text(max_size=4)), unique=True, max_size=20), st.randoms())
def test_halves_are_two_whatever_the_order(rows: list[tuple[str, str]], draw: random.Random) -> None:
    first: dict[Half, tuple[tuple[str, str], ...]] = {half: halved(rows, half, "side") for half in ("open", "held")}
    assert sorted(first["open"] + first["held"]) == sorted(rows)
    assert 0 <= len(first["open"]) - len(first["held"]) <= 1
    shuffled = draw.sample(rows, len(rows))
    assert set(halved(shuffled, "held", "side")) == set(first["held"])
    # One form less moves at most one other.
    assert len(set(halved(rows[1:], "held", "side")) ^ (set(first["held"]) - set(rows[:1]))) <= 1


@pytest.mark.parametrize("language", languages_with_forms())
def test_a_form_of_one_half_is_not_planted_in_the_other(language: str) -> None:
    both = [forms_of(language, half) for half in ("open", "held")]
    for kind, rows in forms_of(language).pairs.items():
        assert not set(both[0].of(kind)) & set(both[1].of(kind))
        assert len(both[0].of(kind)) + len(both[1].of(kind)) == len(rows), (language, kind)
