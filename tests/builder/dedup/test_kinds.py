"""Every kind of pair is told from the fields, and what differs is named."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchwright.builder.dedup import KINDS
from benchwright.schemas.tables import Duplicate
from tests.builder.dedup.tables import OPTIONS, STEM, item, kinds, made, only, search, with_context, with_picture

REORDERED = (OPTIONS[2], OPTIONS[0], OPTIONS[3], OPTIONS[1])


def test_the_kinds_of_the_record_are_those_of_the_rules() -> None:
    allowed = Duplicate.model_json_schema()["properties"]["kind"]["enum"]
    assert sorted(allowed) == sorted(KINDS)


@pytest.mark.parametrize(
    ("stem", "options", "kind", "told"),
    [
        (STEM, OPTIONS, "exact", "equal"),
        (STEM.upper().replace(" ", "\n  "), OPTIONS, "normalised", "punctuation"),
        (STEM.replace(".", " -- ").replace("?", "？"), OPTIONS, "normalised", "punctuation"),
        (STEM, REORDERED, "options_reordered", "2 4 1 3"),
        (STEM.replace("farmer", "keeper"), OPTIONS, "near", "'farmer' -> 'keeper'"),
        (STEM, (*OPTIONS[:2], "The crop", "The tarsus"), "same_stem", "2 of 4 and 4"),
        (STEM.replace("12", "21"), OPTIONS, "number_changed", "12 -> 21"),
        (STEM.replace("three", "four"), OPTIONS, "number_changed", "3 -> 4"),
        (
            STEM.replace("structure carries", "structure does not carry"),
            OPTIONS,
            "polarity_changed",
            "words that deny 0 -> 1",
        ),
        (STEM.replace("slow", "fast"), OPTIONS, "polarity_changed", "slow -> fast"),
        (STEM, (), "same_stem", "0 of 4 and 0"),
    ],
)
def test_a_copy_has_its_kind(tmp_path: Path, stem: str, options: tuple[str, ...], kind: str, told: str) -> None:
    pair = only(search(tmp_path, [item(1), item(2, stem, options)]))
    assert (pair["kind"], pair["id_a"], pair["id_b"]) == (kind, "made/one/test/001@en", "made/one/test/002@en")
    assert told in pair["evidence"]
    assert 0 < pair["score"] <= 1


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("a dose of 1.5 mg was given to every fish in the pond", "a dose of 15 mg was given to every fish in the pond"),
        (
            "the pH of the pond fell to <5 in the second week of it",
            "the pH of the pond fell to >5 in the second week of it",
        ),
        ("a balance of -3 was seen in the pond after the rain", "a balance of 3 was seen in the pond after the rain"),
        ("about 10² cells in each drop of the pond water here", "about 102 cells in each drop of the pond water here"),
        ("العمر ٢٣ سنة في البركة بعد المطر الشديد هذا", "العمر ٣٢ سنة في البركة بعد المطر الشديد هذا"),
        ("पिछले 5 दिनों में तालाब में मछलियों की संख्या", "पिछले 6 दिनों में तालाब में मछलियों की संख्या"),
    ],
)
def test_a_number_is_more_than_its_digits(tmp_path: Path, text: str, other: str) -> None:
    assert kinds(search(tmp_path, [item(1, text, ()), item(2, other, ())])) == ["number_changed"]


@pytest.mark.parametrize(
    ("language", "text", "other"),
    [
        (
            "es",
            "¿Cuál de las siguientes es correcta sobre el rumen?",
            "¿Cuál de las siguientes es incorrecta sobre el rumen?",
        ),
        ("zh-Hant", "下列關於鰓的敘述何者正確而且完整無缺", "下列關於鰓的敘述何者不正確而且完整無缺"),
        (
            "ja",
            "えらの構造について正しいのはどれか選べという問題",
            "えらの構造について誤っているのはどれか選べという問題",
        ),
        ("ar", "أي مما يلي صحيح بشأن الخياشيم في السمك", "أي مما يلي غير صحيح بشأن الخياشيم في السمك"),
        (
            "ko",
            "아가미의 구조에 대한 설명으로 옳은 것은 무엇입니까",
            "아가미의 구조에 대한 설명으로 옳지 않은 것은 무엇입니까",
        ),
        (
            "tr",
            "Solungaç yapısı için aşağıdakilerden hangisi doğrudur",
            "Solungaç yapısı için aşağıdakilerden hangisi doğru değildir",
        ),
        ("pl", "Które ze zdań o budowie skrzeli jest prawdziwe", "Które ze zdań o budowie skrzeli nie jest prawdziwe"),
    ],
)
def test_polarity_is_told_in_its_language(tmp_path: Path, language: str, text: str, other: str) -> None:
    run = search(tmp_path, [item(1, text, (), language=language), item(2, other, (), language=language)])
    assert kinds(run) == ["polarity_changed"]


def test_one_item_with_two_keys_is_an_error_that_is_found(tmp_path: Path) -> None:
    pair = only(search(tmp_path, [item(1, key="A"), item(2, key="B")]))
    assert pair["kind"] == "other_key"
    assert "key" in pair["differs"]


def test_keys_are_compared_by_what_they_say(tmp_path: Path) -> None:
    same = search(tmp_path / "same", [item(1, key="A"), item(2, options=REORDERED, key="B")])
    assert kinds(same) == ["options_reordered"]
    other = search(tmp_path / "other", [item(1, key="A"), item(2, options=REORDERED, key="A")])
    assert kinds(other) == ["other_key"]
    unknown = search(tmp_path / "unknown", [item(1, key="A"), item(2)])
    assert kinds(unknown) == ["exact"]


def test_numbers_in_options_count_where_the_options_are_the_same_ones(tmp_path: Path) -> None:
    doses, others = (
        ("5 mg of feed", "10 mg of feed", "20 mg of feed"),
        ("5 mg of feed", "15 mg of feed", "20 mg of feed"),
    )
    assert kinds(search(tmp_path, [item(1, options=doses), item(2, options=others)])) == ["number_changed"]


def test_an_item_of_another_edition_is_a_repeat(tmp_path: Path) -> None:
    pair = only(search(tmp_path, [item(1), item(1, exam=("made", "two", "test"))]))
    assert pair["kind"] == "cross_edition"
    assert "made one / made two" in pair["evidence"]


def test_versions_of_one_question_are_no_duplicates(tmp_path: Path) -> None:
    versions = [item(1), item(1, language="fr"), item(1, id="made/one/test/001@en#other")]
    assert kinds(search(tmp_path, versions)) == []


def test_a_text_left_in_another_language_is_told(tmp_path: Path) -> None:
    assert kinds(search(tmp_path, [item(1), item(2, language="fr")])) == ["cross_language"]


def test_two_questions_about_one_vignette_are_no_pair(tmp_path: Path) -> None:
    context = with_context("A pond of forty trout was drained in spring, and the keeper noted what he saw. " * 5)
    other = item(2, "Name the season in which the pond was drained.", ("Spring", "Autumn"), context=context)
    assert kinds(search(tmp_path, [item(1, context=context), other])) == []


def test_the_same_words_about_another_vignette_or_picture_are_not_the_same_item(tmp_path: Path) -> None:
    first, second = with_context("A trout with a pale gill."), with_context("A pike with a dark fin and a short tail.")
    for name, one, other in (
        ("context", item(1, context=first), item(2, context=second)),
        ("media", item(1, media=with_picture("a")), item(2, media=with_picture("b"))),
    ):
        found = search(tmp_path / name, [one, other]).pairs
        assert found["kind"].to_list() == ["near"]
        assert name in found["differs"][0]


def test_a_long_option_in_common_makes_no_pair(tmp_path: Path) -> None:
    long = "The keeper moves the whole stock into the second pond and waits until the water is clear again. " * 4
    one = item(1, "Which step follows a fish kill?", (long, "None", "Both"))
    other = item(2, "How is a new pond first filled?", (long, "Rain", "A well"))
    assert kinds(search(tmp_path, [one, other])) == []


def test_phrases_that_many_stems_share_make_no_pairs(tmp_path: Path) -> None:
    rng = random.Random(4)
    stem = "Which of the following statements is true?"
    items = [item(n, stem, [made(rng, 4) for _ in range(4)]) for n in range(40)]
    run = search(tmp_path, items)
    assert run.pairs.is_empty()
    assert "1 stems" in run.notes[0]
    again = search(tmp_path, [*items, item(99, stem, [option.text for option in items[7].options])])
    assert kinds(again) == ["exact"]
