"""Markup, formulas, placeholders and named terms come back as they were; long texts are cut where a sentence ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.builder.translate._protect import needs_words, protection
from benchwright.builder.translate._sentences import pieces_of, sentences
from tests.builder.translate.test_run import english
from tests.builder.translate.toy import Bench

PIECES = [
    "<b>", "</b>", '<img src="a b.png">', "<br/>", "&nbsp;", "&#8805;", "$x^2$", "$$a<b$$", r"\(a+b\)", r"\frac{1}{2}",
    r"\begin{cases}x\end{cases}", "^(−3)", "_(2)", "{{IMG_1}}", "{name}", "%(dose)s", "[IMG_2]", "https://a.org/b?c=1",
    "10.1000/xyz123", "a.b@c.org", "⟦7⟧", "\x07",
]  # fmt: skip
PLAIN = ["1 < 2 and a > b", "costs $5 and $6", "if x<y then", "{see below}", "10 % of all", "a^b", "[1]", "x", "5 mg"]


@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_stays(piece: str) -> None:
    guard = protection("⟦{}⟧")
    masked = guard.masked(f"the {piece} value")
    assert masked.pieces == (piece,)
    assert masked.text == "the ⟦0⟧ value"
    assert masked.restored("EL VALOR ⟦0⟧", "⟦{}⟧") == f"EL VALOR {piece}"


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_no_piece(text: str) -> None:
    assert protection("⟦{}⟧").masked(text).pieces == ()


@given(st.lists(st.sampled_from([*PIECES, *PLAIN, " ", "\n", "wort", "血"]), max_size=8).map("".join))
def test_a_text_put_back_is_the_text(text: str) -> None:
    masked = protection("⟦{}⟧", ["wort"], numbers=True).masked(text)
    assert masked.restored(masked.text, "⟦{}⟧") == text
    assert masked.joined(masked.parts("⟦{}⟧")) == text


@pytest.mark.parametrize("made", ["value", "⟦0⟧ ⟦0⟧ ⟦1⟧", "⟦0⟧ ⟦2⟧"])
def test_a_lost_or_doubled_piece_is_noticed(made: str) -> None:
    assert protection("⟦{}⟧").masked("<b>value</b>").restored(made, "⟦{}⟧") is None


def test_numbers_with_units_and_terms_stay_where_that_is_asked() -> None:
    masked = protection("⟦{}⟧", ["pH", "Helicobacter pylori"], numbers=True).masked(
        "Give 2.5 mg/kg at pH 7.35, ≥ 3 µg against Helicobacter pylori in 10 patients; T12 stays"
    )
    assert masked.pieces == ("2.5 mg/kg", "pH", "7.35", "≥ 3 µg", "Helicobacter pylori", "10")


@pytest.mark.parametrize(
    ("text", "words"),
    [("A", False), ("A/B", False), ("⟦0⟧", False), ("pH", True), ("血", True), ("5 mg", True), ("3-5", False)],
)
def test_a_text_without_a_word_is_left_alone(text: str, words: bool) -> None:
    assert needs_words(text, "⟦{}⟧") is words


@pytest.mark.parametrize("whole", ["yes", "no"])
def test_an_engine_that_loses_a_piece_gets_the_texts_between_or_is_refused(bench: Bench, whole: str) -> None:
    source = english(texts=("poison <b>rat</b>", "cat"))
    run = bench.run([source], set=["fault=placeholder", f"whole={whole}"])
    if whole == "yes":
        assert run.rejects["reason"].to_list() == ["protected-lost"]
        return
    (made,) = bench.items().values()
    assert [one.text for one in made.options] == ["POISON <b>RAT</b>", "CAT"]
    assert run.told.select("what", "outcome").rows() == [("text", "split at protected pieces")]


def test_glossary_terms_that_must_stay_do(bench: Bench) -> None:
    glossary = bench.folder / "terms.csv"
    glossary.write_text("source,target,status\ntrout gill,,\nfin,aleta,\nscale,,no accepted term\n", encoding="utf-8")
    run = bench.run([english(texts=("trout gill", "old trout gill", "fin", "scale"))], glossary=glossary)
    (made,) = bench.items().values()
    assert [one.text for one in made.options] == ["trout gill", "OLD trout gill", "FIN", "SCALE"]
    assert made.derived_from is not None
    assert made.derived_from.method == "toy|protect:trout gill|version:1"
    assert run.made == 1


@given(st.text(st.sampled_from('aB .!?。\n5;,血"')), st.integers(1, 12), st.booleans())
def test_pieces_put_together_are_the_text(text: str, most: int, each: bool) -> None:
    found = pieces_of(text, lambda one: len(one) <= most, each=each)
    assert found.joined(found.parts) == text
    assert all(len(one) <= most for one in found.parts)
    parts, between = sentences(text)
    assert "".join([between[0], *(a + b for a, b in zip(parts, between[1:], strict=True))]) == text


def test_sentences_end_where_they_do() -> None:
    text = "Dr. Gill saw 2.5 mg. Why? “Since e.g. Salmo S. trutta.” Then\nmore。血。水"
    assert sentences(text)[0] == [
        "Dr. Gill saw 2.5 mg.",
        "Why?",
        "“Since e.g. Salmo S. trutta.”",
        "Then",
        "more。",
        "血。",
        "水",
    ]


def test_a_sentence_that_does_not_fit_is_told() -> None:
    assert pieces_of("one two three. Four.", lambda one: len(one) <= 9).rough
    assert not pieces_of("one two. Three.", lambda one: len(one) <= 9).rough
