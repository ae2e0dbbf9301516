"""The long tables of items: made once in a run, and the same as when they are made each time."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from benchwright.audits import _texts
from benchwright.audits._optionrows import keyed_options
from benchwright.audits._pool import run_texts
from benchwright.audits._texts import by_option, by_text, comparable_text
from tests.audits.clean import exam, item, table

SIGNS = st.sampled_from(" \u00a0\t\nabAé1²₂½ﬁ\u0301\u0300각\u1100\u1161かが\u3099ケﾞ（Ａ\u200b\u2003ŀ")


def told(table_: pl.LazyFrame) -> pl.DataFrame:
    """The rows without the numbers that tell texts and items apart, which may be any."""
    return table_.collect().drop("number", "item", "version", strict=False)


@pytest.mark.parametrize("make", [by_text, by_option, keyed_options])
def test_a_table_is_made_once_for_its_items_and_anew_for_others(make: Any) -> None:
    items, others = table(exam(3)), table([item(7)])
    plain = told(make(items))
    with run_texts(items):
        first, second = make(items), make(items)
        assert_frame_equal(told(first), plain, check_row_order=False)
        assert_frame_equal(told(second), plain, check_row_order=False)
        assert_frame_equal(told(make(others)), told(make(table([item(7)]))), check_row_order=False)
        filtered = items.filter(pl.col("id") == item(1).id)
        assert set(make(filtered).collect()["subject"]) == {item(1).id}


def test_a_table_is_kept_for_the_run_alone() -> None:
    items = table(exam(3))
    calls: list[int] = []

    def make(rows: pl.LazyFrame) -> pl.LazyFrame:
        calls.append(1)
        return rows.select("id")

    with run_texts(items):
        for _ in range(3):
            _texts.made_once("test", items, make)
    assert len(calls) == 1
    _texts.made_once("test", items, make)
    with run_texts(items):
        _texts.made_once("test", items, make)
    assert len(calls) == 3


@given(st.lists(st.one_of(st.none(), st.text(), st.text(SIGNS)), min_size=1, max_size=20))
def test_the_quick_look_spares_only_texts_that_stay_as_they_are(texts: list[str | None]) -> None:
    rows = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    text = pl.col("text")
    found = rows.select(comparable_text(text), whole=_texts._converted(text))
    assert found["text"].to_list() == found["whole"].to_list()


def test_every_sign_has_the_comparable_form_that_the_conversion_gives() -> None:
    signs = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
    texts = [f"{before}{sign}{after}" for before, after in (("", ""), ("a", "b"), ("가", " ")) for sign in signs]
    rows = pl.DataFrame({"text": texts})
    found = rows.select(comparable_text(pl.col("text")), whole=_texts._converted(pl.col("text")))
    assert found.filter(pl.col("text") != pl.col("whole")).height == 0
