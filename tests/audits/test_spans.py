"""Places are code points of the text as it is stored, checked against Python's own regular expressions."""

from __future__ import annotations

import re

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.audits._texts import comparable_text, spans_of

TEXT = st.text(
    st.one_of(st.sampled_from("ab\ufffdÃ©𝒳\U0010ffff\U0010fffe \n"), st.characters(codec="utf-8")), max_size=30
)


@given(st.lists(TEXT, min_size=1, max_size=5), st.sampled_from(["\ufffd", "a|b+", "[\ufffd𝒳]+", "Ã."]))
@settings(max_examples=150)
def test_places_are_those_of_another_implementation(texts: list[str], pattern: str) -> None:
    frame = pl.LazyFrame({"subject": [str(n) for n in range(len(texts))], "field": "stem", "text": texts})
    found = {
        row["subject"]: [(span["start"], span["end"], span["text"]) for span in row["spans"]]
        for row in spans_of(frame, pattern).collect().iter_rows(named=True)
    }
    expected = {
        str(n): [(match.start(), match.end(), match.group()) for match in re.finditer(pattern, text)]
        for n, text in enumerate(texts)
    }
    assert found == {subject: places for subject, places in expected.items() if places}


@given(TEXT)
def test_comparable_text_is_stable(text: str) -> None:
    once = pl.select(comparable_text(pl.lit(text))).item()
    assert pl.select(comparable_text(pl.lit(once))).item() == once
    spaced = pl.select(comparable_text(pl.lit(f" {text}\u00a0\n"))).item()
    assert spaced == once
