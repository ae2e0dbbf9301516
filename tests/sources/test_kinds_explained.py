"""Explanations that a paper prints: under its questions, option by option, or in a chapter of solutions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.sources.kinds_kit import Built, build, changed, exam, sentence
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, PrintItem

WORDS = {
    "en": ("Answer", "Explanation"),
    "es": ("Respuesta correcta", "Justificación"),
    "de": ("Antwort", "Erklärung"),
    "fr": ("Réponse", "Explication"),
    "pl": ("Odpowiedź", "Uzasadnienie"),
    "ru": ("Ответ", "Пояснение"),
    "tr": ("Cevap", "Açıklama"),
    "el": ("Απάντηση", "Εξήγηση"),
    "zh-Hant": ("答案", "解析"),
    "ja": ("正解", "解説"),
    "ko": ("정답", "해설"),
}


def letter(item: PrintItem) -> str:
    return (item.key or (("A",),))[0][0]


def same(built: Built, made: PrintExam) -> None:
    """Items and keys are those of the exam, whatever stands under them."""
    assert [item["exam"]["number"] for item in built.items] == [str(item.number) for item in made.items]
    assert built.options() == [[option.text for option in item.options] for item in made.items]
    assert built.each("stem") == [item.stem for item in made.items]
    assert built.answers() == [[[letter(item)]] for item in made.items]
    assert built.rejects == []


@pytest.mark.parametrize("language", sorted(WORDS))
def test_answer_and_explanation_under_each_question(tmp_path: Path, language: str) -> None:
    answer, explanation = WORDS[language]
    made = exam(language, 10)
    texts = {item.number: f"{made.items[-item.number].stem} {item.number}" for item in made.items}
    below = changed(made, lambda i: replace(i, below=(f"{answer}: {letter(i)}", f"{explanation}: {texts[i.number]}")))
    built = build(tmp_path, below, keys=False)
    same(built, made)
    for item in built.items:
        told = [(one["option"], one["text"].replace(" ", ""), one["language"]) for one in item["rationales"]]
        assert told == [(None, texts[int(item["exam"]["number"])].replace(" ", ""), language)]
        places = [place for place in item["provenance"] if place["field"] == "rationale"]
        assert places
        assert all(place["page"] and place["x1"] > place["x0"] for place in places)


@pytest.mark.parametrize("layout", [Layout(), Layout(columns=2, running_header=True), Layout(option_style="lower:{})")])
def test_explanations_that_go_through_the_options(tmp_path: Path, layout: Layout) -> None:
    made = exam(count=10)
    marks = {option: option if "upper" in layout.option_style else option.lower() for option in "ABCD"}

    def change(item: PrintItem) -> PrintItem:
        told = tuple(
            f"{marks[option.label]}) {'Correct' if option.label == letter(item) else 'Wrong'}: {sentence(item.number)}"
            for option in item.options
        )
        return replace(item, below=(f"Answer: {marks[letter(item)]}", *told))

    built = build(tmp_path, changed(made, change), layout, keys=False)
    same(built, made)
    for item, printed in zip(built.items, made.items, strict=True):
        assert [one["option"] for one in item["rationales"]] == list("ABCD")
        stances = {one["option"]: one["stance"] for one in item["rationales"]}
        assert stances == {option: "supports" if option == letter(printed) else "refutes" for option in "ABCD"}
        assert all(one["text"].endswith(sentence(printed.number)) for one in item["rationales"])


def test_the_explanation_may_begin_on_the_line_of_the_answer(tmp_path: Path) -> None:
    made = exam(count=10)
    below = changed(made, lambda i: replace(i, below=(f"Answer: {letter(i)}. Because {sentence(i.number).lower()}",)))
    built = build(tmp_path, below, keys=False)
    same(built, made)
    assert [item["rationales"][0]["text"] for item in built.items] == [
        f"Because {sentence(item.number).lower()}" for item in made.items
    ]


def test_an_explanation_that_names_other_options_does_not_change_the_key(tmp_path: Path) -> None:
    made = exam(count=10)

    def change(item: PrintItem) -> PrintItem:
        other = "A" if letter(item) != "A" else "B"
        return replace(item, below=(f"Answer: {letter(item)}", f"Explanation: Answer: {other} is tempting.", "C", ""))

    built = build(tmp_path, changed(made, change), keys=False)
    assert built.answers() == [[[letter(item)]] for item in made.items]


@pytest.mark.parametrize(
    ("heading", "form"),
    [
        ("Solutions", "{n}. {k}. {t}"),
        ("Answers and explanations", "{n}. Answer: {k}. {t}"),
        ("EXPLANATIONS", "{n}) ({k}) {t}"),
        ("Answer key with comments", "Question {n}: {k} - {t}"),
    ],
)
@pytest.mark.parametrize("columns", [1, 2])
def test_a_chapter_of_solutions(tmp_path: Path, heading: str, form: str, columns: int) -> None:
    made = exam(count=10)
    told = [form.format(n=item.number, k=letter(item), t=sentence(item.number)) for item in made.items]
    built = build(tmp_path, replace(made, closing=(heading, *told)), Layout(columns=columns), keys=False)
    same(built, made)
    assert [[one["text"] for one in item["rationales"]] for item in built.items] == [
        [sentence(item.number)] for item in made.items
    ]
    assert {place["page"] for item in built.items for place in item["provenance"] if place["field"] == "key"} != {1}


def test_a_chapter_that_goes_through_the_options_is_no_second_part(tmp_path: Path) -> None:
    made = exam(count=10)
    told: list[str] = []
    for item in made.items:
        told.append(f"{item.number}. Answer: {letter(item)}")
        told += [f"{option.label}. {'Right' if option.label == letter(item) else 'Wrong'}. {sentence(item.number)}"
                 for option in item.options]  # fmt: skip
    built = build(tmp_path, replace(made, closing=("Solutions", *told)), keys=False)
    same(built, made)
    assert all([one["option"] for one in item["rationales"]] == list("ABCD") for item in built.items)


def test_a_plain_key_at_the_end_is_no_chapter(tmp_path: Path) -> None:
    made = exam(count=10)
    told = [f"{item.number}. {letter(item)}" for item in made.items]
    built = build(tmp_path, replace(made, closing=("Answers", *told)), keys=False)
    same(built, made)
    assert not any(item["rationales"] for item in built.items)


def test_a_second_part_is_no_chapter(tmp_path: Path) -> None:
    """Questions that follow a heading with a word of the list stay questions."""
    first, second = exam(count=8), exam(count=8, seed=6)
    told: list[str] = []
    for item in second.items:
        told += [f"{item.number}. {item.stem}", *(f"{option.label}. {option.text}" for option in item.options)]
    built = build(tmp_path, replace(first, closing=("Part two: choose the right answer", *told)), keys=False)
    assert len(built.items) == 16
