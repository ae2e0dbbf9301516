"""The table of words that a file teaches, and what it says of a hole in a translation."""

from __future__ import annotations

import random
from collections.abc import Sequence

import polars as pl
import pytest

from benchwright.audits import content
from benchwright.audits._content.leftout import left_out
from benchwright.audits._content.wordtable import ENOUGH_TEXTS, WordTable, word_table
from benchwright.audits._optionwords import word_votes
from benchwright.audits._paired import Pairs, prepare
from benchwright.audits._pairs import PAIR_FIELDS
from benchwright.schemas.plugins import AuditContext

SEED = 5
NOUNS = (("habitación", "room"), ("sangre", "blood"), ("herida", "wound"), ("prueba", "test"), ("madre", "mother"))
OTHERS = tuple(
    (f"palabra{chr(97 + n // 26)}{chr(97 + n % 26)}", f"word{chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(400)
)
Sentences = list[tuple[str, str]]


def taught(count: int = ENOUGH_TEXTS) -> Sentences:
    """Sentences of words that have one translation each; every noun stands in some of them."""
    chooser = random.Random(SEED)
    made: dict[str, str] = {}
    while len(made) < count:
        chosen = chooser.sample(OTHERS, 3)
        if len(made) % 25 == 0:
            chosen[1] = NOUNS[len(made) // 25 % len(NOUNS)]
        made["el " + " ".join(one for one, _ in chosen)] = "the " + " ".join(other for _, other in chosen)
    return list(made.items())


def pairs_of(sentences: Sentences) -> tuple[pl.LazyFrame, AuditContext]:
    rows = [
        dict(
            zip(
                PAIR_FIELDS.names(),
                (f"g/{n}@en", "h", f"g/{n}", f"g/{n}@es", "stem", *two, "es", "en", "es", "en"),
                strict=True,
            )
        )
        for n, two in enumerate(sentences)
    ]
    items = pl.LazyFrame({"id": [row["subject"] for row in rows]})
    return items, AuditContext(pairs=pl.LazyFrame(rows, schema=PAIR_FIELDS))


def prepared(sentences: Sentences) -> Pairs:
    return prepare(*pairs_of(sentences))


def table_of(pairs: Pairs) -> WordTable:
    table = word_table(pairs, "es", "en")
    assert table is not None
    return table


def translations(pairs: Pairs, table: WordTable, word: str) -> Sequence[str]:
    forms = pairs.words.forms
    number = forms["form"].to_list().index(word)
    best = table.shares.filter(pl.col("source") == number).sort("share", descending=True).head(1)
    return forms["form"].gather(best["target"]).to_list()


def test_words_that_always_meet_translate_each_other() -> None:
    pairs = prepared(taught())
    table = table_of(pairs)
    right = [translations(pairs, table, word) == [other] for word, other in (*NOUNS, *OTHERS)]
    assert sum(right) >= 0.99 * len(right)
    assert table.shares["share"].is_between(0, 1).all()


def test_a_file_of_few_texts_has_no_table() -> None:
    assert word_table(prepared(taught(ENOUGH_TEXTS - 1)), "es", "en") is None


def test_many_translations_of_one_text_are_one_text() -> None:
    few = [(f"la herida {n % 7}", f"the wound {n}") for n in range(ENOUGH_TEXTS)]
    assert word_table(prepared(few), "es", "en") is None


def test_a_language_without_spaces_has_no_table() -> None:
    assert word_table(prepared(taught(10)), "ja", "en") is None


def test_the_order_of_the_pairs_changes_nothing() -> None:
    sentences = taught()
    one, other = (table_of(prepared(some)) for some in (sentences, sentences[::-1]))
    assert one.shares.equals(other.shares)
    assert one.words.equals(other.words)


@pytest.mark.parametrize(
    ("target", "lost"),
    [
        ("The doctor entered the and spoke with the family.", "habitación"),
        ("The doctor entered the room and spoke with the family.", None),
    ],
)
def test_a_word_that_nothing_stands_for_is_left_out(target: str, lost: str | None) -> None:
    pairs = prepared([*taught(), ("El médico entró en la habitación y habló con la familia.", target)])
    holes = pairs.rows.filter(pl.col("target") == target)
    places = holes.with_columns(
        pl.Series("at", pairs.words.start[holes["target_text"].to_numpy()].astype("int64") + 4)
    ).select("pair", "source_text", "target_text", "at")
    assert left_out(pairs, places, table_of(pairs))["lost"].to_list() == ([] if lost is None else [lost])


@pytest.mark.parametrize(
    ("source", "severity"),
    [
        ("El médico entró en la habitación y habló con la familia.", "major"),
        ("El médico entró en la y habló con la familia.", "minor"),
    ],
)
def test_a_hole_is_major_where_the_file_tells_what_is_left_out(source: str, severity: str) -> None:
    sentences = [*taught(), (source, "The doctor entered the and spoke with the family.")]
    found = content.AUDIT.run(*pairs_of(sentences)).findings.filter(pl.col("code") == "T421")
    assert found["severity"].to_list() == [severity]
    assert ("habitación" in found["message"][0]) == (severity == "major")


def test_a_hole_of_a_small_file_is_major() -> None:
    one = [("El médico entró en la y habló con la familia.", "The doctor entered the and spoke with the family.")]
    assert content.AUDIT.run(*pairs_of(one)).findings["severity"].to_list() == ["major"]


def test_exchanged_options_are_told_by_words_that_the_file_translates_alike() -> None:
    sentences = taught()
    options = [("A", "B"), ("B", "A"), ("C", "C")]
    made = [(source, sentences[place][1]) for source, place in ((sentences[1][0], 2), (sentences[2][0], 1))]
    items, context = pairs_of([*sentences, *made, sentences[3]])
    assert context.pairs is not None
    last = pl.col("subject").is_in([f"g/{len(sentences) + n}@en" for n in range(len(options))])
    number = pl.int_range(pl.len()) - len(sentences)
    told = context.pairs.with_columns(
        pl.when(last).then(pl.lit("one@en")).otherwise("subject").alias("subject"),
        pl.when(last)
        .then(pl.format("option:{}", pl.lit("ABC").str.slice(number, 1)))
        .otherwise("field")
        .alias("field"),
    )
    votes = word_votes(prepare(items, AuditContext(pairs=told)))
    assert sorted(votes.iter_rows()) == [("one@en", "A", "B"), ("one@en", "B", "A"), ("one@en", "C", "C")]
