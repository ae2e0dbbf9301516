"""The form of comparison: what is the same text is told, and nothing else."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from benchwright.builder.clean._compare import NOT_NFC, cleaned, compared, in_nfc

TEXTS = st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=30), max_size=12)


@given(TEXTS)
def test_nfc_is_that_of_unicode(texts: list[str]) -> None:
    assert in_nfc(pl.Series("t", texts, dtype=pl.String)).to_list() == [unicodedata.normalize("NFC", t) for t in texts]


def test_every_character_that_can_change_is_looked_at() -> None:
    known = regex.compile(NOT_NFC)
    missed = [
        code
        for code in range(0x110000)
        if not 0xD800 <= code < 0xE000
        and unicodedata.normalize("NFC", chr(code)) != chr(code)
        and not known.search(chr(code))
    ]
    assert missed == []


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once_and_rows_do_not_mix(texts: list[str]) -> None:
    plain = [text.replace("<", "").replace("&", "") for text in texts]
    series = pl.Series("t", plain, dtype=pl.String)
    once = cleaned(series, addresses=False)
    assert cleaned(once, addresses=False).to_list() == once.to_list()
    assert once.to_list() == [cleaned(pl.Series("t", [text]), addresses=False).item() for text in plain]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a\u00a0 b ", "a b"),
        ("a\r\n\r\n b", "a\nb"),
        ("<p>p &lt; 0.05</p>", "p < 0.05"),
        ("if p < 0.05 and x > 3", "if p < 0.05 and x > 3"),
        ("BP <120 mmHg, pulse >60", "BP <120 mmHg, pulse >60"),
        ("<script>alert(1)</script>yes<!-- no -->", "yes"),
        ("R&D; AT&T", "R&D; AT&T"),
        ("x&#8722;y &eacute;", "x−y é"),
        (None, ""),
    ],
)
def test_markup_goes_and_text_stays(text: str | None, expected: str) -> None:
    assert cleaned(pl.Series("t", [text, "plain"], dtype=pl.String), addresses=False).to_list() == [expected, "plain"]


def test_addresses_go_only_where_asked() -> None:
    texts = pl.Series("t", ["see https://a.example/x?y=1 and www.b.example now"])
    assert cleaned(texts, addresses=False).to_list() == texts.to_list()
    assert cleaned(texts, addresses=True).to_list() == ["see and now"]


def test_case_form_and_breaks_do_not_count() -> None:
    texts = pl.Series("t", ["Ge\u0301ne\nX", "gÉne x"])
    assert compared(texts).n_unique() == 1
