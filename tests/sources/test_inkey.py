"""Keys that stand in the booklet itself."""

from __future__ import annotations

import csv
import json
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeyLayout, PaperJob
from benchwright.sources import parse_paper
from benchwright.sources._inkey import key_layout, read_inline_key
from benchwright.sources._join import canonical_label
from benchwright.sources._paper import read_paper
from tests.sources.marked_booklet import FILE, KEYS, TEXTS, Drawn, Media, draw, read
from tests.typesetter.fixture import kept_on_failure
from tests.typesetter.layout import INLINE_KEYS
from tests.typesetter.layout import Layout as TypesetLayout
from tests.typesetter.model import PrintExam
from tests.typesetter.press import print_exam
from tests.typesetter.strategies import exams, layouts

Mark = Callable[[Drawn], str | None]


def plain(text: str) -> str:
    return regex.sub(r"[\p{P}\p{Z}\s]+", "", unicodedata.normalize("NFKC", text)).casefold()


def letters(items: list[Item]) -> list[str]:
    return ["".join(item.key.answers[0]) if item.key.answers else "" for item in items]


def expected(keys: tuple[int, ...] = KEYS) -> list[str]:
    return ["ABCD"[key] for key in keys]


# Booklets of the typesetter ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [*INLINE_KEYS, "under-question"])
@pytest.mark.parametrize("language", ["en", "ru", "ko"])
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_every_marked_option_is_read_and_its_text_is_clean(
    form: str, language: str, tmp_path: Path, data: st.DataObject
) -> None:
    exam = data.draw(exams(language, min_items=6, max_items=10))
    layout = data.draw(layouts(language, key_format=form, columns=1))
    answers = {item.key for item in exam.items}
    with kept_on_failure(tmp_path / "failed", exam, layout), tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        printed = print_exam(exam, layout, Path(folder))
        job = PaperJob(file=FILE, sha256="0" * 64, exam="x", edition="2021", part="1", language=language)
        got = [one for one in parse_paper(printed.booklet, job, Media()) if isinstance(one, Item)]
        truth = {str(row["number"]): row for row in printed.truth["items"]}
        whole = [item for item in got if len(item.options) == len(truth[item.exam.number or ""]["options"])]
        for item in whole:
            row = truth[item.exam.number or ""]
            wanted = [[canonical_label(label) for label in response] for response in row["key"]]
            labels = {option.id: canonical_label(option.label) for option in item.options}
            named = [[labels[one] for one in response] for response in item.key.answers]
            if item.key.status != "unknown":
                assert named == wanted, item.exam.number
                assert item.key.source == FILE
            assert [plain(o.text) for o in item.options] == [plain(o["text"]) for o in row["options"]], item.exam.number
        if len(answers) > 1 and len(whole) == len(truth):
            assert all(item.key.status == "official" for item in got)


@settings(max_examples=15)
@given(exam=exams("es", min_items=3, max_items=12, contexts=True), layout=layouts("es", key_format="columns"))
def test_no_key_is_seen_in_a_booklet_without_one(exam: PrintExam, layout: TypesetLayout) -> None:
    with tempfile.TemporaryDirectory() as folder:
        printed = print_exam(exam, layout, Path(folder))
        paper = read_paper(printed.booklet, FILE)
        assert paper is None or read_inline_key(paper) is None


# Ways of marking -----------------------------------------------------------------------------------------------


def _if(o: Drawn, marked: bool) -> Drawn:
    return replace(o, right=marked)


def _highlight(o: Drawn) -> None:
    if o.right:
        o.page.setFillColorRGB(0.86, 0.86, 0.86)
        o.page.rect(o.x - 2, o.y - 3, o.width + 4, 13, stroke=0, fill=1)
        o.page.setFillColorRGB(0, 0, 0)


def _annotated(o: Drawn) -> None:
    if o.right:
        sides = (o.x, o.y - 3, o.x + o.width, o.y + 10)
        quad = [sides[0], sides[3], sides[2], sides[3], sides[0], sides[1], sides[2], sides[1]]
        o.page.highlightAnnotation("", Rect=sides, QuadPoints=quad, Color=[1, 1, 0.2])


def _stroked(o: Drawn) -> None:
    if o.right:
        o.page.setLineWidth(0.7)
        o.page.line(o.x, o.y - 1.8, o.x + o.width, o.y - 1.8)


def _overprinted(o: Drawn) -> None:
    if o.right:
        o.page.drawString(o.x + 0.4, o.y, o.text)


def _bold_mark(o: Drawn) -> str | None:
    if not o.right:
        return None
    o.page.setFont("Helvetica-Bold", 11)
    o.page.drawString(o.x, o.y, o.text[:2])
    o.page.setFont("Helvetica", 11)
    o.page.drawString(o.x + 16, o.y, o.text[2:])
    return " "


@pytest.mark.parametrize(
    ("mark", "where"),
    [
        (_highlight, "highlighted"),
        (_annotated, "highlighted"),
        (_stroked, "underlined"),
        (_overprinted, "bold"),
        (_bold_mark, "bold"),
        (lambda o: f"{o.text} *" if o.right else None, "mark"),
        (lambda o: f"{o.text} (*)" if o.right else None, "mark"),
        (lambda o: f"{o.text} (correct)" if o.right else None, "mark"),
        (lambda o: f"{o.text[:2]} @ {o.text[3:]}" if o.right else None, "mark"),
        (lambda o: f"@{o.text}" if o.right else None, "mark"),
    ],
)
def test_a_mark_at_the_option_is_read_and_taken_out_of_the_text(mark: Mark, where: str, tmp_path: Path) -> None:
    items, rejects = read(draw(tmp_path, mark))
    assert letters(items) == expected()
    assert not rejects
    assert items[0].options[1].text == "Loss of the reflex at night"
    assert {place.page for item in items for place in item.provenance if place.field == "key"} <= {1, 2}
    paper = read_paper(tmp_path / FILE, FILE)
    assert paper is not None
    found = key_layout(paper)
    assert found is not None
    assert found[0].where == where


@pytest.mark.parametrize(
    "printed",
    ["{}", "{}.", "({})", "Answer: {}", "Respuesta correcta: {}", "The correct answer is {}", "Correct: {}",
     "Cevap: {}", "Answer {}", "Réponse : {}", "Antwort: {}"],
)  # fmt: skip
def test_an_answer_under_the_question_is_read_and_is_no_part_of_the_last_option(printed: str, tmp_path: Path) -> None:
    items, rejects = read(draw(tmp_path, lambda o: None, under=lambda q: [printed.format("ABCD"[KEYS[q]])]))
    assert letters(items) == expected()
    assert not rejects
    assert [item.options[3].text for item in items[:3]] == [f"{TEXTS[3]} {word}" for word in ("night", "noon", "rest")]
    key = next(place for place in items[0].provenance if place.field == "key")
    assert key.y0 is not None
    assert 60 < key.y0 < 842 - 790 + 15 * 5 + 10


def test_an_answer_that_repeats_the_option_is_the_answer(tmp_path: Path) -> None:
    items, _ = read(draw(tmp_path, lambda o: None, under=lambda q: [f"Answer: {'ABCD'[KEYS[q]]}) as said above"]))
    assert letters(items) == expected()
    assert items[2].options[3].text == "Swelling without pain at rest"


def test_words_that_annul_and_alternatives_are_read_under_the_question(tmp_path: Path) -> None:
    said = {2: "Answer: annulled", 4: "Answer: A or C", 5: "Answer: BD"}
    items, _ = read(draw(tmp_path, lambda o: None, under=lambda q: [said.get(q, f"Answer: {'ABCD'[KEYS[q]]}")]))
    assert items[2].key.status == "annulled"
    assert items[4].key.answers == (("A",), ("C",))
    assert items[5].key.answers == (("B", "D"),)


# What is never guessed -----------------------------------------------------------------------------------------


def test_two_marks_or_none_leave_the_key_unknown_and_say_so(tmp_path: Path) -> None:
    keys = (*KEYS, 1, 2, 3, 0, 1, 2, 0, 3)
    path = draw(
        tmp_path,
        lambda o: _highlight(_if(o, o.question != 3 and (o.right or (o.question == 6 and o.index == 0)))),
        keys,
    )
    items, rejects = read(path)
    assert [item.exam.number for item in items if item.key.status == "unknown"] == ["4", "7"]
    assert [(r.reason, r.number) for r in rejects] == [("key-unreadable", "4"), ("key-unreadable", "7")]
    assert rejects[1].detail == "several options are marked: A., D."
    assert [letter for letter in letters(items) if letter] == [
        "ABCD"[key] for q, key in enumerate(keys) if q not in {3, 6}
    ]


def test_a_paper_that_asks_for_sets_gets_sets(tmp_path: Path) -> None:
    def mark(o: Drawn) -> None:
        _highlight(_if(o, o.right or (o.question % 3 == 0 and o.index == 1)))

    items, rejects = read(draw(tmp_path, mark, (0, 3, 2, 2, 1, 0, 3, 2)))
    assert letters(items) == ["AB", "D", "C", "BC", "B", "A", "BD", "C"]
    assert not rejects


@pytest.mark.parametrize(
    "mark",
    [
        lambda o: _highlight(_if(o, o.index % 2 == 0)),
        lambda o: _highlight(_if(o, o.index == 3)),
        lambda o: _stroked(_if(o, o.index == 3)),
        lambda o: _highlight(_if(o, o.right and o.question < 5)),
        lambda o: o.page.line(60, o.y - 2, 540, o.y - 2) if o.right else None,
        lambda o: f"{o.text} *",
    ],
    ids=["zebra", "last", "last-underlined", "half", "rules", "all-starred"],
)
def test_marks_that_single_out_no_answer_are_no_key(mark: Mark, tmp_path: Path) -> None:
    items, rejects = read(draw(tmp_path, mark))
    assert {item.key.status for item in items} == {"unknown"}
    assert not rejects


def test_two_ways_that_name_different_options_are_no_key(tmp_path: Path) -> None:
    def mark(o: Drawn) -> str | None:
        _highlight(o)
        return f"{o.text} *" if o.index == (KEYS[o.question] + 1 + o.question % 2) % 4 else None

    path = draw(tmp_path, mark)
    assert {item.key.status for item in read(path)[0]} == {"unknown"}
    assert letters(read(path, KeyLayout(where="highlighted"))[0]) == expected()


@pytest.mark.parametrize("where", ["file", "none", "table"])
def test_what_the_recipe_says_of_the_key_wins(where: str, tmp_path: Path) -> None:
    items, _ = read(draw(tmp_path, _highlight), KeyLayout.model_validate({"where": where}))
    assert {item.key.status for item in items} == {"unknown"}


def test_answers_in_words_under_questions_without_options_are_kept(tmp_path: Path) -> None:
    items, rejects = read(_with_open_questions(tmp_path))
    assert not rejects
    assert [item.kind for item in items[-2:]] == ["short_answer", "short_answer"]
    assert items[-2].key.accepted == ("The left reflex of the made-up disease",)
    assert items[-1].key.status == "annulled"
    assert items[-2].stem == "What is lost first?"


def _with_open_questions(folder: Path) -> Path:
    from reportlab.pdfgen.canvas import Canvas

    path = folder / FILE
    page = Canvas(str(path), pagesize=(595, 842))
    lines = []
    for q, key in enumerate(KEYS):
        lines += [f"{q + 1}. Which of these is sign number {q + 1}?", "A. Cough", "B. Loss", "C. Rash", "D. Pain"]
        lines += [f"Answer: {'ABCD'[key]}", ""]
    lines += ["9. What is lost first?", "Answer:", "The left reflex of the made-up disease", ""]
    lines += ["10. Which hand shows it?", "Answer: full marks to all candidates"]
    y = 800.0
    for line in lines:
        page.drawString(60, y, line)
        y -= 14
        if y < 60:
            page.showPage()
            y = 800.0
    page.save()
    return path


# Real papers ---------------------------------------------------------------------------------------------------


@pytest.mark.data
@pytest.mark.parametrize("name", ["2018_prueba_a", "2020_prueba_a", "2022_neurocirugia", "2025_radiologia"])
def test_highlighted_keys_of_real_booklets(name: str, data_dir: Path) -> None:
    path = data_dir / "pe_conareme" / f"{name}.pdf"
    if not path.is_file():
        pytest.skip(f"{path} is absent")
    with path.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as lines:
        truth = [row["correct_answer"].strip() for row in csv.DictReader(lines)]
    paper = read_paper(path, FILE)
    assert paper is not None
    inline = read_inline_key(paper)
    assert inline is not None
    assert inline.layout.where == "highlighted"
    assert [pick.answers for pick in inline.picks] == [((ord(letter) - ord("A"),),) for letter in truth]


@pytest.mark.data
def test_letters_under_the_questions_of_a_real_booklet(data_dir: Path) -> None:
    path = data_dir / "ar_examen_unico/examen_unico_2021.pdf"
    if not path.is_file():
        pytest.skip(f"{path} is absent")
    rows = json.loads((path.parent / "ground_truth/examen_unico_2021.json").read_text("utf-8"))
    truth = {row["index"]: row["answer"].strip().upper() for row in rows if len(row["answer"].strip()) == 1}
    job = PaperJob(file=FILE, sha256="0" * 64, exam="ar", edition="2021", part="1", language="es")

    class Kept(Media):
        def put(self, data: bytes, media_type: str) -> tuple[str, str]:
            return "0" * 64, "0.png"

    items = [one for one in parse_paper(path, job, Kept()) if isinstance(one, Item)]
    assert len(items) == len(rows)
    assert {int(i.exam.number or 0): i.key.answers[0][0] for i in items if i.key.answers} == truth
    assert sorted(int(i.exam.number or 0) for i in items if i.key.status == "annulled") == [40, 41]
    assert [i.exam.number for i in items if i.key.accepted] == ["54", "77"]


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    ["il_ima_internal/2021_jun_questions.pdf", "tw_moex_physician/stage2/108-1/108030_11.pdf",
     "es_mir_headqa/MIR_2014.pdf", "br_boards/ghc_2026/prova.pdf"],
)  # fmt: skip
def test_no_key_is_seen_in_real_booklets_without_one(name: str, data_dir: Path) -> None:
    if not (data_dir / name).is_file():
        pytest.skip(f"{data_dir / name} is absent")
    paper = read_paper(data_dir / name, FILE)
    assert paper is not None
    assert read_inline_key(paper) is None
