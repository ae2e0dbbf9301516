"""The kit of polarity: normal forms, places, and lexicons that hold together."""

from __future__ import annotations

import polars as pl
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from benchwright.audits._polarity.axes import AXES, CLASSES
from benchwright.audits._polarity.compare import compared
from benchwright.audits._polarity.lexicon import languages, lexicon, read_lines
from benchwright.audits._polarity.normal import normal_forms, normal_texts, word_runs
from benchwright.audits._polarity.places import readings

SOME = ("en", "fr", "de", "tr", "ar", "he", "sr", "zh", "ja", "vi", "hi")
# Libraries of other Unicode versions disagree on the letters that came last.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cn"], max_codepoint=0x2FFF), max_size=60) | st.text(
    "ab 'é,.-|()’\u200b\n%\u0301", max_size=30
)


@given(TEXTS, st.sampled_from(SOME))
def test_quick_and_careful_forms_are_the_same(text: str, language: str) -> None:
    (form,) = normal_forms(pl.Series([text]), language)["form"].to_list()
    assert form.strip(" ") == normal_texts([text], language)[0]


@given(TEXTS | st.text("あa（），．｜|'＇…½℃ no", max_size=12), st.sampled_from(SOME))
def test_words_of_a_text_are_those_of_its_form(text: str, language: str) -> None:
    (form,) = normal_forms(pl.Series([text]), language)["form"].to_list()
    assert len(regex.findall(word_runs(language), text)) == len(form.split())


@given(TEXTS, st.sampled_from(SOME))
def test_places_lie_in_the_text_and_in_order(text: str, language: str) -> None:
    for reading in readings(pl.DataFrame({"language": [language], "text": [text]})).values():
        found = reading.places
        for place in found:
            assert text[place.start : place.end] == place.text
            assert place.text.strip()
        assert [place.start for place in found] == sorted(place.start for place in found)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("ja", "ＡＢＣは３７℃…½で発熱がない。", ["ない"]),
        ("en", "37℃ … ½ NOT… ₂ ｎｏｔ", ["NOT", "ｎｏｔ"]),
        ("fr", "Il n’a pas 5 %", ["pas"]),
        ("ko", "열이 없다", ["없다"]),
        ("he", "ולא נמצא", ["ולא"]),
    ],
)
def test_places_of_words_beside_rare_characters(language: str, text: str, words: list[str]) -> None:
    reading = readings(pl.DataFrame({"language": [language], "text": [text]}))[language, text]
    assert [place.text for place in reading.places if place.meaning["neg"]] == words


@pytest.mark.parametrize("language", languages())
def test_lines_of_a_lexicon_are_known_and_have_two_poles(language: str) -> None:
    axes = {axis.name for axis in AXES}
    names = [name for name, _ in read_lines(language)]
    assert {"neg", "soft", "except", "rise", "left", "sex", "child", "acute"} <= set(names)
    for name, groups in read_lines(language):
        assert name in axes or name in CLASSES
        assert len(groups) == (2 if name in axes else 1)
        assert all(groups)


@pytest.mark.parametrize("language", languages())
def test_no_entry_stands_on_both_poles(language: str) -> None:
    for name, groups in read_lines(language):
        if name not in CLASSES:
            assert not set(groups[0]) & set(groups[1]), name


@pytest.mark.parametrize("language", languages())
def test_each_negator_is_found_alone(language: str) -> None:
    for negator in lexicon(language).negators:
        found = readings(pl.DataFrame({"language": [language], "text": [negator]}))[language, negator].places
        assert any(place.meaning["neg"] or place.meaning["except"] or place.meaning["soft"] for place in found), negator


def pair(source: str, target: str, languages_: str = "en de") -> pl.DataFrame:
    first, second = languages_.split()
    columns = ("pair", "source", "target", "source_language", "target_language", "source_text", "target_text")
    return pl.DataFrame([(0, source, target, first, second, 0, int(source != target))], schema=columns, orient="row")


@pytest.mark.parametrize(
    "text", ["not " * 250_000, "\x00" * 1_000_000, "n't" * 300_000, "aaa'" * 250_000, "()" * 500_000]
)
def test_a_megabyte_passes(text: str) -> None:
    assert compared(pair(text, "links")).height <= 1


def test_the_same_text_is_not_compared() -> None:
    assert compared(pair("not left", "not left", "en en")).height == 0


def test_unknown_languages_are_left_out() -> None:
    assert compared(pair("not", "yes", "en tlh")).height == 0


def test_serbian_is_read_in_both_scripts() -> None:
    assert compared(pair("Пацијент нема болове.", "The patient has pain.", "sr en"))["lost"].to_list() == [True]
    assert compared(pair("Pacijent nema bolove.", "The patient has pain.", "sr en"))["lost"].to_list() == [True]


@pytest.mark.parametrize(
    ("before", "after", "lost", "added"),
    [
        ("He did not eat and did not sleep.", "He did not eat and he slept.", True, False),
        ("He did not eat and he slept.", "He did not eat and did not sleep.", False, True),
        ("It is not uncommon.", "It is common.", False, False),
        ("He did not eat.", "He didn't eat.", False, False),
    ],
)
def test_negations_are_counted_within_one_language(before: str, after: str, lost: bool, added: bool) -> None:
    found = compared(pair(before, after, "en en"))
    assert (found["lost"].any(), found["added"].any()) == (lost, added)
