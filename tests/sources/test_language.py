"""The language of a paper is told from enough of it, else not at all."""

from __future__ import annotations

import pytest

from benchwright.sources._language import language_of


@pytest.mark.parametrize(
    "text",
    ["Clave de respuestas 2031. " + " ".join(f"{n}. {'ABCD'[n % 4]}" for n in range(1, 60)), "IMAGEN 1 IMAGEN 2 " * 5],
)
def test_a_table_of_answers_or_captions_tells_no_language(text: str) -> None:
    assert language_of(text) is None


def test_a_few_sentences_tell_it() -> None:
    text = "¿Cuál de las siguientes afirmaciones sobre la corteza es la correcta? En el adulto se une a la valva."
    assert language_of(text) == "es"
