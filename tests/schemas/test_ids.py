"""Ids go round: any text in, plain ASCII in the id, the same text out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.schemas.ids import GROUP_PATTERN, ID_PATTERN, make_group, make_id, segment, split_group, split_id
from tests.schemas.strategies import LANGUAGES, texts

any_text = st.one_of(texts(), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))


@given(any_text)
def test_a_segment_is_a_plain_name_and_decodes_to_the_text(text: str) -> None:
    encoded = segment(text)
    assert encoded.isascii()
    assert not set("/@# \n") & set(encoded)
    assert encoded not in {"", ".", ".."}
    if text != "\x00":
        assert split_group(encoded) == (text,)


@given(any_text, any_text, any_text, st.sampled_from(["a", "A-1", "Ω", "12a"]), st.sampled_from(LANGUAGES))
def test_groups_and_ids_come_apart_again(exam: str, edition: str, part: str, number: str, language: str) -> None:
    group = make_group(exam, edition, part, number)
    assert re.fullmatch(GROUP_PATTERN, group)
    if "\x00" not in {exam, edition, part}:
        assert split_group(group) == (exam, edition, part, number)
    for variant in (None, "nllb-1", "año/2"):
        item_id = make_id(group, language, variant)
        assert re.fullmatch(ID_PATTERN, item_id)
        assert split_id(item_id) == (group, language, variant)


@given(st.lists(st.tuples(any_text, any_text, any_text, any_text), max_size=4, unique=True))
def test_different_questions_have_different_groups(places: list[tuple[str, str, str, str]]) -> None:
    unpadded = {(a, b, c, d.lstrip("0") if d.isascii() and d.isdigit() else d) for a, b, c, d in places}
    if not any("\x00" in place for place in places):
        assert len({make_group(*place) for place in places}) >= len(unpadded)


@pytest.mark.parametrize(
    ("number", "last"),
    [("7", "007"), ("1234", "1234"), ("7a", "7a"), ("٧", "%D9%A7"), ("", "%00")],
)
def test_plain_numbers_are_padded_so_that_ids_sort(number: str, last: str) -> None:
    assert make_group("tw-moex", "108-1", "11", number) == f"tw-moex/108-1/11/{last}"


@pytest.mark.parametrize(("text", "encoded"), [(".", "%2E"), ("..", "%2E%2E"), ("a b", "a%20b"), ("é", "%C3%A9")])
def test_names_of_file_systems_and_other_letters_are_encoded(text: str, encoded: str) -> None:
    assert segment(text) == encoded
