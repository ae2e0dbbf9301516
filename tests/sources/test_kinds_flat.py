"""Item banks, documents and web pages that hold more than one right letter: read to the end of the build."""

from __future__ import annotations

import csv
import html
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.sources.flat_kit import Asked, docx, sample
from tests.sources.flat_kit import paragraph as docx_paragraph
from tests.sources.flat_kit import run as docx_run
from tests.sources.kinds_kit import Built, build

ASKED = sample(8)
SERIES = ["V F V", "F F V", "V V V", "F F F", "F V F", "V F F", "F F V", "V V F"]
TRUE = [[[c for c, sign in zip("ABC", key.split(), strict=True) if sign == "V"]] for key in SERIES]
"""The true statements of each series."""


def bank(rows: Sequence[Sequence[object]]) -> Callable[[Path], object]:
    """A CSV item bank."""

    def write(raw: Path) -> None:
        with (raw / "bank.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)

    return write


def page(lines: Sequence[str]) -> Callable[[Path], object]:
    """A web page with a paragraph for each line."""

    def write(raw: Path) -> None:
        body = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
        text = f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'
        (raw / "exam.html").write_text(text, encoding="utf-8")

    return write


def document(lines: Sequence[str]) -> Callable[[Path], object]:
    """A DOCX with a paragraph for each line."""

    def write(raw: Path) -> None:
        docx(raw / "exam.docx", *(docx_paragraph(docx_run(line)) for line in lines))

    return write


BOTH = pytest.mark.parametrize("form", [page, document], ids=["html", "docx"])
Form = Callable[[Sequence[str]], Callable[[Path], object]]


def asked(number: int, question: Asked, *below: str) -> list[str]:
    """The lines of a question."""
    return [f"{number}. {question.stem}", *(f"{c}. {o}" for c, o in zip("ABC", question.options, strict=True)), *below]


def points(built: Built) -> list[Any]:
    return [item["exam"]["points"] for item in built.items]


def test_a_bank_with_points_reasons_sets_and_prohibited_options(tmp_path: Path) -> None:
    answers = ["A", "A+C", "B", "AC", "C", "B and C", "A", "B"]
    rows: list[list[object]] = [["number", "question", "A", "B", "C", "answer", "points", "explanation", "dangerous"]]
    for n, (question, answer) in enumerate(zip(ASKED, answers, strict=True), 1):
        why = f"Row {n} of the book says so in full."
        rows.append([n, question.stem, *question.options, answer, "2" if n % 2 else "1.5", why, "B" if n == 4 else ""])
    built = build(tmp_path, None, more=bank(rows))
    assert built.answers() == [[["A"]], [["A", "C"]], [["B"]], [["A", "C"]], [["C"]], [["B", "C"]], [["A"]], [["B"]]]
    assert built.each("kind") == [("single", "multiple")[len(key[0]) > 1] for key in built.answers()]
    assert points(built) == [2.0 if n % 2 else 1.5 for n in range(1, 9)]
    assert [one["text"] for item in built.items for one in item["rationales"]] == [str(row[7]) for row in rows[1:]]
    shut = [(i["exam"]["number"], o["id"]) for i in built.items for o in i["options"] if o["prohibited"]]
    assert shut == [("4", "B")]
    assert built.rejects == []


def test_a_bank_with_a_reason_for_each_option(tmp_path: Path) -> None:
    header = ["id", "Pregunta", "opcion_a", "opcion_b", "opcion_c", "respuesta", "explicacion_a", "explicacion_b",
              "explicacion_c", "puntos"]  # fmt: skip
    why = ["Correcta: lo dice el texto", "Falso, nadie lo dice", "Nada más que decir"]
    rows = [header] + [[str(n), q.stem, *q.options, q.letter, *why, "1,5"] for n, q in enumerate(ASKED, 1)]
    built = build(tmp_path, None, more=bank(rows))
    assert built.answers() == [[[q.letter]] for q in ASKED]
    for item in built.items:
        told = [(one["option"], one["stance"]) for one in item["rationales"]]
        assert told == [("A", "supports"), ("B", "refutes"), ("C", None)]
    assert set(points(built)) == {1.5}


def test_a_bank_of_written_answers(tmp_path: Path) -> None:
    answers = ["12.5 mg", "adrenaline", "37 %", "yes", "3", "the heart", "iron", "salt"]
    rows = [["number", "question", "answer", "marks"]]
    rows += [[str(n), q.stem, answer, "2"] for n, (q, answer) in enumerate(zip(ASKED, answers, strict=True), 1)]
    built = build(tmp_path, None, more=bank(rows))
    assert [item["key"]["accepted"] for item in built.items] == [[answer] for answer in answers]
    assert [item["numeric"]["value"] for item in built.items if item["kind"] == "numeric"] == [12.5, 37.0, 3.0]
    assert set(points(built)) == {2.0}


def test_a_bank_of_series(tmp_path: Path) -> None:
    rows = [["number", "stem", "a", "b", "c", "key"]]
    rows += [[str(n), q.stem, *q.options, key] for n, (q, key) in enumerate(zip(ASKED, SERIES, strict=True), 1)]
    built = build(tmp_path, None, more=bank(rows))
    assert set(built.each("kind")) == {"true_false"}
    assert built.answers() == TRUE


@BOTH
def test_reasons_by_option_under_each_question(tmp_path: Path, form: Form) -> None:
    why = ("A. Wrong, because nobody saw it.", "B. Correct. It follows from the text.", "C. False: nobody said so.")
    lines = [line for n, q in enumerate(ASKED, 1) for line in asked(n, q, "Answer: B", *why)]
    built = build(tmp_path, None, more=form(lines))
    assert built.options() == [list(q.options) for q in ASKED]
    assert built.answers() == [[["B"]]] * 8
    for item in built.items:
        told = [(one["option"], one["stance"], one["text"]) for one in item["rationales"]]
        wanted = zip("ABC", ("refutes", "supports", "refutes"), why, strict=True)
        assert told == [(option, stance, text[3:]) for option, stance, text in wanted]


@BOTH
def test_a_chapter_of_solutions_at_the_end(tmp_path: Path, form: Form) -> None:
    lines = ["Pass mark: 60 %. Each wrong answer costs 1/3 of a point."]
    lines += [line for n, q in enumerate(ASKED, 1) for line in asked(n, q)]
    lines.append("Solutions")
    for n, q in enumerate(ASKED, 1):
        lines += [f"{n}. {q.letter}. Because page {n} says so.", "The rest is in the book."]
    built = build(tmp_path, None, more=form(lines))
    assert built.answers() == [[[q.letter]] for q in ASKED]
    told = [item["rationales"][0]["text"] for item in built.items]
    assert told == [f"Because page {n} says so.\nThe rest is in the book." for n in range(1, 9)]
    assert {item["exam"]["pass_rule"]["share"] for item in built.items} == {0.6}
    assert {label["value"] for item in built.items for label in item["labels"]} == {"wrong answer: -1/3"}


@BOTH
def test_sets_where_the_page_asks_for_them(tmp_path: Path, form: Form) -> None:
    answers = ["A", "A, C", "B", "A and C", "C", "AB", "B", "A, B, C"]
    lines = ["Mark all that apply."]
    for n, (q, answer) in enumerate(zip(ASKED, answers, strict=True), 1):
        lines += asked(n, q, f"Answer: {answer}", "Explanation: it is plain.")
    built = build(tmp_path, None, more=form(lines))
    assert set(built.each("kind")) == {"multiple"}
    assert built.answers() == [[list(answer)] for answer in ("A", "AC", "B", "AC", "C", "AB", "B", "ABC")]
    assert all(item["rationales"][0]["text"] == "it is plain." for item in built.items)


@BOTH
def test_series_under_each_question(tmp_path: Path, form: Form) -> None:
    both = enumerate(zip(ASKED, SERIES, strict=True), 1)
    lines = [line for n, (q, key) in both for line in asked(n, q, f"Clave: {key}")]
    built = build(tmp_path, None, more=form(lines))
    assert set(built.each("kind")) == {"true_false"}
    assert built.answers() == TRUE


@BOTH
def test_lines_to_write_on(tmp_path: Path, form: Form) -> None:
    lines = [line for n, q in enumerate(ASKED[:6], 1) for line in asked(n, q, "Answer: A")]
    lines += [line for n, q in enumerate(ASKED[6:], 7) for line in (f"{n}. {q.stem}", "Answer: ____________")]
    built = build(tmp_path, None, more=form(lines))
    assert built.each("kind") == ["single"] * 6 + ["short_answer"] * 2
    assert built.each("stem")[6:] == [q.stem for q in ASKED[6:]]
    assert "no-options" not in built.reasons()


@BOTH
def test_directions_between_statements_are_in_none(tmp_path: Path, form: Form) -> None:
    stated = [
        f"Sentence {number} is about {word}." for number, word in enumerate(["salt", "glass", "iron", "wool"] * 3, 1)
    ]
    lines = [f"{number}. {text}" for number, text in enumerate(stated, 1)]
    lines[5:5] = ["Second part", "Judge the following statements about metals."]

    def write(raw: Path) -> None:
        form(["Judge each sentence.", *lines])(raw)
        rows = "".join(f"{number},{'TF'[number % 2]}\n" for number in range(1, 13))
        (raw / "key.csv").write_text("Item,Answer\n" + rows, encoding="utf-8")

    built = build(tmp_path, None, more=write)
    assert built.each("stem") == stated
    assert set(built.each("kind")) == {"true_false"}
    told = " ".join(one["text"] or "" for one in built.rejects)
    assert "Second part" in told
    assert "Judge the following statements about metals." in told
