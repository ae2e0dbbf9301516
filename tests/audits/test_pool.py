"""Distinct texts, words and pairs: what is made once is what was made for each row."""

from __future__ import annotations

from itertools import groupby

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.audits import run_audits
from benchwright.audits._paired import prepare
from benchwright.audits._pairs import PAIR_FIELDS, pair_fields
from benchwright.audits._pool import NUMBER, each_text, holds, is_wanted, matching, run_texts
from benchwright.audits._texts import by_text
from benchwright.audits._words import WORD, told_apart, words_of
from benchwright.audits.degenerate import LOOP, SIGNS, _perhaps_thrice
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import exam, item, table

TEXTS = st.lists(st.none() | st.text("aAé 1.’'\nの\u0301", max_size=12), max_size=30)
LETTERED = st.text("abB '’.1\n\u00a0éΣ", max_size=60)


def rows_of(texts: list[str | None], *, many: int = 1) -> pl.DataFrame:
    rows = pl.DataFrame({"text": texts * many}, schema={"text": pl.String})
    return rows.with_columns(told_apart(rows["text"])[0].cast(pl.UInt32).alias(NUMBER))


@given(TEXTS)
def test_rows_with_one_text_and_no_others_have_one_number(texts: list[str | None]) -> None:
    numbers, distinct = told_apart(pl.Series(texts, dtype=pl.String))
    assert sorted(distinct.to_list()) == sorted({text for text in texts if text is not None})
    assert [None if number is None else distinct[number] for number in numbers] == texts


@given(TEXTS, st.integers(1, 5))
def test_a_text_is_asked_once_and_answered_in_each_of_its_rows(texts: list[str | None], many: int) -> None:
    rows = rows_of(texts, many=many)
    test = pl.col("text").str.contains("a")
    assert holds(rows, test).to_list() == [text is not None and "a" in text for text in texts * many]
    assert matching(rows.lazy(), test).collect().equals(rows.filter(test))
    bare = rows.drop(NUMBER)
    assert matching(bare.lazy(), test).collect().equals(bare.filter(test))


@given(TEXTS, st.integers(1, 5))
def test_a_column_that_is_made_once_is_that_of_each_row(texts: list[str | None], many: int) -> None:
    rows = rows_of(texts, many=many)
    made = pl.col("text").str.to_uppercase().alias("upper")
    assert each_text(rows.lazy(), [made]).collect().equals(rows.with_columns(made))


def test_how_often_a_text_is_asked() -> None:
    asked: list[int] = []

    def counted(texts: pl.Series) -> pl.Series:
        asked.append(len(texts))
        return texts.str.contains("a")

    rows = rows_of(["a", "b", None, "ab"], many=50)
    matching(rows.lazy(), pl.col("text").map_batches(counted, return_dtype=pl.Boolean)).collect()
    assert asked == [3]


@given(st.lists(LETTERED, min_size=1, max_size=8))
def test_words_of_pieces_are_the_words_of_the_texts(texts: list[str]) -> None:
    words = words_of(pl.Series(texts, dtype=pl.String))
    forms = words.forms["form"].gather(words.form).to_list()
    cut = [forms[begin:end] for begin, end in zip(words.start[:-1], words.start[1:], strict=True)]
    assert cut == pl.Series(texts, dtype=pl.String).str.extract_all(WORD).to_list()
    assert words.text_of.tolist() == [number for number, some in enumerate(cut) for _ in some]


@given(st.lists(st.sampled_from(["va", "Va", "d'va", "va'x", "x", "1", "va’va", ".", "vá"]), max_size=9).map(" ".join))
def test_the_quick_look_for_a_word_three_times_misses_none(text: str) -> None:
    cut = pl.Series([text.lower()]).str.extract_all(r"[\p{L}\p{M}]{2,}|[^\p{L}\p{M}\s]").to_list()[0]
    thrice = any(len(list(run)) >= 3 and word[0].isalpha() for word, run in groupby(cut))
    assert not thrice or _perhaps_thrice(words_of(pl.Series([text]))).tolist() == [0]


def naive(items: pl.LazyFrame, sources: pl.LazyFrame, pairs: list[tuple[str, str]]) -> set[tuple[str | None, ...]]:
    sides = []
    for frame in (items, sources):
        found: dict[str, dict[str, str]] = {}
        for subject, field, text in by_text(frame).select("subject", "field", "text").collect().iter_rows():
            found.setdefault(subject, {})[field] = text
        sides.append(found)
    return {
        (target, source, field, sides[1][source].get(field), sides[0][target].get(field))
        for target, source in pairs
        for field in sides[0][target].keys() | sides[1][source].keys()
    }


def test_fields_of_pairs_are_those_of_both_sides() -> None:
    made = [item(1, "en", texts=("x", "y")), item(2, "en"), item(3, "en", stem=""), item(1, "ru")]
    originals = [item(1, texts=("x", "y", "z")), item(2), item(3, texts=())]
    items, sources = table(made), table(originals)
    found = pair_fields(items, AuditContext(sources=sources)).collect()
    assert list(found.schema.items())[: len(PAIR_FIELDS)] == list(PAIR_FIELDS.items())
    rows = set(found.select("subject", "source_id", "field", "source", "target").iter_rows())
    expected = [(one.id, originals[int(one.exam.number) - 1].id) for one in made if one.exam.number]
    assert rows == naive(items, sources, expected)


def test_of_two_items_with_one_id_the_first_text_stands_for_both() -> None:
    twice = [item(1, "en", stem="b"), item(1, "en", stem="a")]
    for order in (twice, twice[::-1]):
        found = pair_fields(table(order), AuditContext(sources=table([item(1)]))).collect()
        assert found.filter(pl.col("field") == "stem")["target"].to_list() == ["a"]


def test_a_pair_stands_once_for_all_its_fields() -> None:
    made = [item(number, "en", stem="same") for number in range(1, 5)]
    originals = [item(number, stem="igual") for number in range(1, 5)]
    context = AuditContext(sources=table(originals))
    with run_texts(table(made), context.sources):
        pairs = prepare(table(made), context)
    stems = pairs.in_fields(pairs.rows.filter(pl.col("source") == "igual"))
    assert stems.height == 4
    assert pairs.rows["pair"].to_list() == list(range(pairs.rows.height))
    texts = pairs.pool.texts
    assert texts.gather(pairs.rows["source_text"]).to_list() == pairs.rows["source"].to_list()
    assert texts.gather(pairs.rows["target_text"]).to_list() == pairs.rows["target"].to_list()


def test_pairs_that_come_without_numbers_are_the_same() -> None:
    items, sources = table(exam(3, ("en",))), table(exam(3))
    given_ = pair_fields(items, AuditContext(sources=sources)).select(PAIR_FIELDS.names()).collect().lazy()
    with_numbers = prepare(items, AuditContext(sources=sources))
    without = prepare(items, AuditContext(sources=sources, pairs=given_))
    keys = ["source", "target", "source_language", "target_language"]
    assert set(with_numbers.rows.select(keys).iter_rows()) == set(without.rows.select(keys).iter_rows())
    assert with_numbers.fields.height == without.fields.height


def test_codes_that_are_not_chosen_are_not_wanted() -> None:
    items = table(exam(1))
    assert is_wanted(SIGNS)
    with run_texts(items, codes=frozenset({SIGNS.code})):
        assert is_wanted(SIGNS)
        assert not is_wanted(LOOP)


@pytest.mark.parametrize("chosen", [("T422", "T10", "L122"), ("L121", "T2"), ("L123", "T421", "S2")])
def test_chosen_codes_are_found_as_among_all(chosen: tuple[str, ...], planted: pl.DataFrame) -> None:
    items, sources = mixed()
    some = run_audits(items, AuditContext(sources=sources), select=chosen).findings
    wanted = pl.any_horizontal(pl.col("code").str.starts_with(code) for code in chosen)
    assert some.equals(planted.filter(wanted))
    assert some.height


def mixed() -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Items with faults of several kinds, and their sources."""
    stem = "Dosis de {} mg cada hora y no más el lunes Ã© "
    items = table([item(n, "en", stem=f"Dose of {n} g each hour el lunes the week of the day Ã©") for n in range(1, 4)])
    return items, table([item(n, stem=stem.format(n)) for n in (1, 2, 3)])


@pytest.fixture(scope="module")
def planted() -> pl.DataFrame:
    """What all audits find in them."""
    items, sources = mixed()
    return run_audits(items, AuditContext(sources=sources)).findings
