"""More than single-best-answer, printed and read: combinations, series, sets, written answers, points."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas.item import Item
from benchwright.schemas.parts import Exam, Numeric, Option
from benchwright.sources._kinds import numeric_in, told_by_paper
from benchwright.sources._series import statements_in
from tests.sources.kinds_kit import Built, build, changed, exam, printed_key, sentence
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, PrintItem, options_of

SIGNS = {"1.": "1 2 3 4", "(1)": "1 2 3 4", "I.": "I II III IV", "1)": "1 2 3 4"}
ROMAN = {"1": "I.", "2": "II.", "3": "III.", "4": "IV."}


def combined(style: str, words: tuple[str, str, str, str]) -> PrintExam:
    """An exam whose third questions ask which of four statements are true."""
    one, two, three, four = SIGNS[style].split()

    def change(item: PrintItem) -> PrintItem:
        if item.number % 3:
            return item
        marks = [style.replace("1", n) if "1" in style else ROMAN[n] for n in "1234"]
        lines = [f"{mark} {option.text}" for mark, option in zip(marks, item.options, strict=True)]
        texts = (word.format(one=one, two=two, three=three, four=four) for word in words)
        return replace(item, stem="\n".join([item.stem, *lines]), options=options_of(*texts))

    return changed(exam(count=12), change)


ENGLISH = ("{one} and {three}", "only {two} and {three} are correct", "{one}, {two} and {four}", "all of them")
OTHERS = ("{one} + {three}", "só {two} e {three}", "{one}-{two}", "ninguna")


@pytest.mark.parametrize(
    ("style", "layout"),
    [
        ("1.", Layout()),
        ("1.", Layout(number_hang=18.0, options_per_line=2)),
        ("1.", Layout(columns=2)),
        ("I.", Layout()),
        ("(1)", Layout(option_style="digit:({})")),
        ("1)", Layout(number_style="{})", option_style="lower:{})")),
    ],
    ids=["same style", "hanging", "two columns", "roman", "like the options", "same bracket"],
)
def test_combinations_keep_their_statements_in_the_stem(tmp_path: Path, style: str, layout: Layout) -> None:
    made = combined(style, ENGLISH)
    built = build(tmp_path, made, layout)
    assert [item["exam"]["number"] for item in built.items] == [str(n) for n in range(1, 13)]
    for item, printed in zip(built.items, made.items, strict=True):
        assert item["stem"].split("\n")[-4:] == printed.stem.split("\n")[-4:]
        assert [option["text"] for option in item["options"]] == [option.text for option in printed.options]
        labels = [label["value"] for label in item["labels"] if label["taxonomy"] == "combination"]
        one, two, three, four = (sign.lower() for sign in SIGNS[style].split())
        wanted = [f"A={one}+{three}", f"B={two}+{three}", f"C={one}+{two}+{four}", f"D={one}+{two}+{three}+{four}"]
        assert labels == ([] if printed.number % 3 else wanted)
        assert [list(response) for response in item["key"]["answers"]] == [list(one) for one in printed.key or ()]


def test_combinations_are_read_in_other_words(tmp_path: Path) -> None:
    built = build(tmp_path, combined("1.", OTHERS))
    labels = [label["value"] for label in built.items[2]["labels"]]
    assert labels == ["A=1+3", "B=2+3", "C=1+2", "D=none"]


def marks_of(item: PrintItem) -> list[bool]:
    """Which statements of an item are true; all false in the third."""
    generator = random.Random(item.number)
    return [item.number != 3 and generator.random() < 0.5 for _ in item.options]


def right(made: PrintExam) -> list[list[list[str]]]:
    return [[["ABCDE"[k] for k, true in enumerate(marks_of(item)) if true]] for item in made.items]


@pytest.mark.parametrize(
    ("word", "signs", "sep"),
    [
        ("Answer: ", "TF", " "),
        ("Answer: ", "TF", ""),
        ("Respuestas: ", "VF", ", "),
        ("Lösung: ", "RF", "-"),
        ("", "VF", " "),
    ],
)
def test_a_series_under_its_statements(tmp_path: Path, word: str, signs: str, sep: str) -> None:
    def change(item: PrintItem) -> PrintItem:
        return replace(item, below=(word + sep.join(signs[not true] for true in marks_of(item)),))

    made = changed(exam(options=5, keyed=False), change)
    built = build(tmp_path, made, Layout(option_style="lower:{})"), keys=False)
    assert set(built.each("kind")) == {"true_false"}
    assert built.answers() == right(made)
    assert built.options() == [[option.text for option in item.options] for item in made.items]
    assert built.rejects == []


def test_a_mark_beside_each_statement(tmp_path: Path) -> None:
    def change(item: PrintItem) -> PrintItem:
        both = zip(item.options, marks_of(item), strict=True)
        return replace(item, options=tuple(replace(o, text=f"{o.text} ({'V' if true else 'F'})") for o, true in both))

    plain = exam(keyed=False)
    made = changed(plain, change)
    built = build(tmp_path, made, Layout(option_style="lower:{})"), keys=False)
    assert set(built.each("kind")) == {"true_false"}
    assert built.answers() == right(made)
    assert built.options() == [[option.text for option in item.options] for item in plain.items]


@pytest.mark.parametrize("form", ["spaces", "together", "labelled"])
def test_a_key_of_series(tmp_path: Path, form: str) -> None:
    made = exam(options=5, keyed=False)

    def row(item: PrintItem) -> str:
        signs = ["V" if true else "F" for true in marks_of(item)]
        if form == "labelled":
            return f"{item.number}. " + " ".join(f"{label}) {sign}" for label, sign in zip("abcde", signs, strict=True))
        return f"{item.number}. " + (" " if form == "spaces" else "").join(signs)

    built = build(tmp_path, made, Layout(option_style="lower:{})"), keys=False,
                  more=printed_key([row(item) for item in made.items], title="Clave de respuestas"))  # fmt: skip
    assert set(built.each("kind")) == {"true_false"}
    assert built.answers() == right(made)
    assert "key-unmatched" not in built.reasons()


def test_a_key_of_series_in_columns_of_a_table(tmp_path: Path) -> None:
    made = exam(options=5, keyed=False)

    def write(raw: Path) -> None:
        with (raw / "key.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["Question", *"abcde"])
            table.writerows([item.number, *("T" if true else "F" for true in marks_of(item))] for item in made.items)

    built = build(tmp_path, made, Layout(option_style="lower:{})"), keys=False, more=write)
    assert (set(built.each("kind")), built.answers()) == ({"true_false"}, right(made))


@pytest.mark.parametrize("words", [("C", "E"), ("V", "F"), ("T", "F"), ("Certo", "Errado"), ("True", "False")])
def test_single_statements_are_judged(tmp_path: Path, words: tuple[str, str]) -> None:
    marks = [words[number * 7 % 3 % 2] for number in range(1, 13)]

    def write(raw: Path) -> None:
        page = Canvas(str(raw / "paper.pdf"), pagesize=(595, 842))
        page.drawString(50, 790, "Judge the statements below.")
        for number in range(1, 13):
            page.drawString(50, 790 - 40 * number, f"{number}. {sentence(number)}")
        page.save()
        rows = "".join(f"{number},{mark}\n" for number, mark in enumerate(marks, start=1))
        (raw / "key.csv").write_text("Item,Answer\n" + rows, encoding="utf-8")

    built = build(tmp_path, None, more=write)
    assert built.each("stem") == [sentence(number) for number in range(1, 13)]
    assert set(built.each("kind")) == {"true_false"}
    assert [item["key"]["accepted"] for item in built.items] == [[mark] for mark in marks]
    assert built.answers() == [[]] * 12


def test_a_series_that_does_not_fit_its_statements_is_unknown(tmp_path: Path) -> None:
    made = exam(options=5, keyed=False)
    rows = [f"{item.number}. " + " ".join("VFVVF"[: 4 if item.number == 2 else 5]) for item in made.items]
    built = build(tmp_path, made, Layout(option_style="lower:{})"), keys=False, more=printed_key(rows))
    assert built.items[1]["key"]["status"] == "unknown"
    refused = [one for one in built.rejects if one["reason"] == "key-unreadable"]
    assert [(one["number"], one["detail"]) for one in refused] == [("2", "4 marks of true and false for 5 statements")]


def test_letters_that_are_labels_are_no_series(tmp_path: Path) -> None:
    made = changed(exam(options=6), lambda item: replace(item, key=((("D", "F")[item.number % 2],),)))
    built = build(tmp_path, made)
    assert set(built.each("kind")) == {"single"}
    assert built.answers() == [[["D" if item.number % 2 == 0 else "F"]] for item in made.items]


@given(st.lists(st.booleans(), min_size=2, max_size=9), st.sampled_from([" ", "", ", ", " / ", "-"]),
       st.sampled_from(["VF", "TF", "RF", "PF", "DY", "○×"]))  # fmt: skip
def test_any_series_is_read_back(values: list[bool], sep: str, signs: str) -> None:
    printed = sep.join(signs[not value] for value in values)
    found = statements_in(f"{printed}  because of it")
    assert found is not None
    if len(set(values)) == 2:
        assert (list(found.values), found.end) == (values, len(printed))


@given(st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=5, unique=True))
def test_labels_are_no_series(labels: list[str]) -> None:
    assert statements_in("".join(sorted(labels))) is None


SETS = [(("A",),), (("A", "C"),), (("B",),), (("B", "D"),), (("A", "B", "C"),), (("D",),), (("C",),), (("A", "D"),)]


@pytest.mark.parametrize("joint", [",", "", " e ", " and ", "+"])
def test_sets_where_the_paper_asks_for_them(tmp_path: Path, joint: str) -> None:
    made = exam(keyed=False)
    made = replace(made, instructions=("Read every question with care.", "Mark all the options that are right."))
    rows = [f"{n}. {joint.join(key[0])}" for n, key in enumerate(SETS, 1)]
    built = build(tmp_path, made, Layout(cover=True), keys=False, more=printed_key(rows))
    assert set(built.each("kind")) == {"multiple"}
    assert built.answers() == [[list(key[0])] for key in SETS]


def test_answers_that_exclude_each_other_stay_alternatives(tmp_path: Path) -> None:
    made = exam(keyed=False)
    rows = [f"{n}. {'A o C' if n == 2 else 'A, C' if n == 5 else 'B'}" for n in range(1, 9)]
    built = build(tmp_path, made, keys=False, more=printed_key(rows))
    assert set(built.each("kind")) == {"single"}
    assert (built.answers()[1], built.answers()[4]) == ([["A"], ["C"]], [["A"], ["C"]])


def test_only_the_stem_that_asks_for_several_is_of_that_kind(tmp_path: Path) -> None:
    made = changed(exam(), lambda item: replace(item, stem=f"{item.stem} Select two.") if item.number == 4 else item)
    built = build(tmp_path, made)
    assert [item["exam"]["number"] for item in built.items if item["kind"] == "multiple"] == ["4"]


@pytest.mark.parametrize(
    ("lead", "kind"),
    [
        (
            "Paper of single choice questions, one best answer each; whoever marks more than one gets no points.",
            "single",
        ),
        ("本卷為單一選擇題，每題選出一個最適當的答案，複選者該題不給分。", "single"),
        ("Einfachauswahl. Mehrere Antworten werden nicht gewertet.", "single"),
        ("Puede haber varias respuestas correctas: señale todas.", "multiple"),
        ("本卷為多選題，每題可複選。", "multiple"),
    ],
)
def test_a_cover_that_forbids_several_answers_asks_for_one(lead: str, kind: str) -> None:
    options = tuple(Option(id=sign, label=sign, text=f"option {sign}") for sign in "ABCD")
    where = Exam(code="x", edition="1", part="1", number="1")
    fields = {"group": "x/1/1/001", "language": "en", "origin_language": "en", "stem": "Which?"}
    item = Item.model_validate({**fields, "options": options, "exam": where})
    assert [one.kind for one in told_by_paper([item], [lead])] == [kind]


def opened(made: PrintExam, first: int, *below: str) -> PrintExam:
    """The exam whose questions from a number on have lines to write on instead of options."""
    return changed(
        made, lambda item: replace(item, options=(), key=None, below=below) if item.number >= first else item
    )


@pytest.mark.parametrize("below", [("Answer: ______________",), ("_________________________", "____________")])
def test_questions_with_lines_to_write_on_are_open(tmp_path: Path, below: tuple[str, ...]) -> None:
    made = opened(exam(count=10), 9, *below)
    built = build(tmp_path, made, Layout(key_format="last-page"))
    assert built.each("kind") == ["single"] * 8 + ["short_answer"] * 2
    assert [item["stem"] for item in built.items[8:]] == [item.stem for item in made.items[8:]]
    assert "no-options" not in built.reasons()


def test_a_question_whose_options_were_lost_is_still_refused(tmp_path: Path) -> None:
    built = build(tmp_path, opened(exam(count=10), 10), Layout(key_format="last-page"))
    assert [(one["reason"], one["number"]) for one in built.rejects] == [("no-options", "10")]


WRITTEN = {9: "12.5 mg", 10: "adrenaline", 11: "37 %", 12: "0,9"}


def test_a_key_with_labels_words_and_quantities(tmp_path: Path) -> None:
    made = opened(exam(count=12, keyed=False), 9, "Answer: ____________")
    rows = [f"{n}. {WRITTEN.get(n, 'ABCD'[n % 4])}" for n in range(1, 13)]
    built = build(tmp_path, made, keys=False, more=printed_key(rows))
    assert built.each("kind")[8:] == ["numeric", "short_answer", "numeric", "numeric"]
    assert [item["key"]["accepted"] for item in built.items[8:]] == [[text] for text in WRITTEN.values()]
    found = [(item["numeric"]["value"], item["numeric"]["unit"]) for item in built.items[8:] if item["numeric"]]
    assert found == [(12.5, "mg"), (37.0, "%"), (0.9, None)]
    assert built.answers()[:8] == [[["ABCD"[n % 4]]] for n in range(1, 9)]


def test_a_wholly_open_paper_with_a_key_in_words(tmp_path: Path) -> None:
    made = opened(exam(keyed=False), 1, "Answer: ____________")
    rows = [f"{n}. {('adrenaline', 'the left one', '40 mg', 'iron')[n % 4]}" for n in range(1, 9)]
    built = build(tmp_path, made, keys=False, more=printed_key(rows))
    assert [item["key"]["accepted"][0] for item in built.items] == [row.partition(" ")[2] for row in rows]


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("12,5 mg", Numeric(value=12.5, unit="mg")),
        ("-3", Numeric(value=-3.0)),
        ("5 ± 0.5 mL", Numeric(value=5.0, unit="mL", tolerance=0.5)),
        ("1,200", None),
        ("about 5", None),
        ("٣٫٥", Numeric(value=3.5)),
    ],
)
def test_a_quantity_is_read_only_where_it_is_certain(text: str, quantity: Numeric | None) -> None:
    assert numeric_in(text) == quantity


RULES = {
    "en": ("Each question is worth 2 points.", "The pass mark is 60 %.", "Each wrong answer costs 1/3 of a point."),
    "es": ("Cada pregunta vale 2 puntos.", "Para aprobar se exige el 60 %.", "Cada respuesta incorrecta resta 1/3."),
    "de": (
        "Jede Frage zählt 2 Punkte.",
        "Bestehensgrenze: 60 %.",
        "Für falsche Antworten gilt ein Abzug von 1/3.",
    ),
    "it": ("Ogni domanda vale 2 punti.", "Per superare la prova serve il 60 %.", "Ogni risposta errata sottrae 1/3."),
}


@pytest.mark.parametrize("language", sorted(RULES))
def test_rules_of_the_cover(tmp_path: Path, language: str) -> None:
    made = replace(exam(language, 16), instructions=RULES[language])
    built = build(tmp_path, made, Layout(cover=True))
    assert {item["exam"]["points"] for item in built.items} == {2.0}
    assert {item["exam"]["pass_rule"]["share"] for item in built.items} == {0.6}
    labels = {(label["taxonomy"], label["value"]) for item in built.items for label in item["labels"]}
    assert labels == {("marking", "wrong answer: -1/3")}


def test_nothing_is_said_of_points_where_the_paper_is_silent(tmp_path: Path) -> None:
    def change(item: PrintItem) -> PrintItem:
        return replace(item, stem=f"{item.stem} Her score is high (14 points)") if item.number == 3 else item

    made = replace(changed(exam(), change), instructions=("Pass on the booklet when time is over.", "Keep 2 pens."))
    built = build(tmp_path, made, Layout(cover=True))
    assert {item["exam"]["points"] for item in built.items} == {None}
    assert {
        item["exam"]["pass_rule"] is None or not any(item["exam"]["pass_rule"].values()) for item in built.items
    } == {True}
    assert not any(item["labels"] for item in built.items)


@pytest.mark.parametrize(
    ("language", "form"), [("en", "[{} pts]"), ("de", "({} Punkte)"), ("es", "({} puntos)"), ("ru", "({} балла)")]
)
def test_points_of_each_question(tmp_path: Path, language: str, form: str) -> None:
    values = ["2,5", "3", "1", "2"]
    made = changed(exam(language), lambda i: replace(i, stem=f"{i.stem} {form.format(values[i.number % 4])}"))
    built = build(tmp_path, made)
    wanted = [float(values[n % 4].replace(",", ".")) for n in range(1, 9)]
    assert [item["exam"]["points"] for item in built.items] == wanted


def test_prohibited_options_named_by_the_key(tmp_path: Path) -> None:
    made = exam(keyed=False)
    rows = [f"{n}. {'ABCD'[n % 4]}" for n in range(1, 9)]
    note = "Prohibited options (choosing one fails the exam): 2 D, 7 B"
    built = build(tmp_path, made, keys=False, more=printed_key([*rows, note]))
    found = [(i["exam"]["number"], o["id"]) for i in built.items for o in i["options"] if o["prohibited"]]
    assert found == [("2", "D"), ("7", "B")]
    assert built.answers() == [[["ABCD"[n % 4]]] for n in range(1, 9)]


def unmarked(built: Built) -> bool:
    return not any(option["prohibited"] for item in built.items for option in item["options"])


def test_no_option_is_prohibited_unasked(tmp_path: Path) -> None:
    assert unmarked(build(tmp_path, exam()))
