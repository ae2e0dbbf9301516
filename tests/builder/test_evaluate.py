"""The measure of extraction itself: equal is equal, and every difference has its cause."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.evaluate import Gold, evaluate, read_gold
from benchwright.schemas.errors import InputError, SchemaError
from benchwright.schemas.item import Item
from benchwright.schemas.parts import Exam, Key, Option, Provenance
from benchwright.schemas.rows import to_frame


def item(stem: str = "Uno, dos", options: tuple[str, ...] = ("sí", "no"), answer: str = "A") -> Item:
    """Return question 1 of b.pdf."""
    return Item.model_validate(
        {
            "group": "x/2031/1/001",
            "language": "es",
            "origin_language": "es",
            "stem": stem,
            "options": tuple(Option(id="ABC"[k], label=f"{'abc'[k]})", text=t) for k, t in enumerate(options)),
            "key": Key(status="official", answers=((answer,),)),
            "exam": Exam(code="x", edition="2031", part="1", number="1"),
            "provenance": (Provenance(field="stem", file="raw/b.pdf", page=1),),
        }
    )


GOLD = Gold("b.pdf", "1", "1", "es", "UNO dos", (("a", "Sí."), ("b", "no")), (("a",),), "official", 0)


def causes_of(found: Item, gold: Gold) -> list[str]:
    """Return the causes of the differences between an item and a gold question."""
    return [miss.cause for miss in evaluate([found], [gold]).misses]


def causes(found: Item) -> list[str]:
    """Return the causes of the differences between an item and the usual gold question."""
    return causes_of(found, GOLD)


def numbered(number: int, stem: str) -> Item:
    """Return another question of b.pdf."""
    one = item(stem)
    group = f"x/2031/1/{number:03}"
    return one.replace(id=f"{group}@es", group=group, exam=one.exam.model_copy(update={"number": str(number)}))


def test_spaces_punctuation_and_case_do_not_count() -> None:
    shares = evaluate([item()], [GOLD]).shares()
    assert shares == {
        "gold": 1, "item_recall": 1.0, "exact_stem": 1.0, "exact_options": 1.0, "key": 1.0, "figures": 1.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("found", "wanted", "cause"),
    [
        ("Uno", "Uno dos", "stem: text lost at the end, some letters"),
        ("dos", "Uno dos", "stem: text lost at the start, some letters"),
        ("Uno", "Uno y además una línea entera perdida", "stem: text lost at the end, a line or more"),
        ("Uno cuatro", "Uno dos tres cuatro", "stem: text lost inside, some letters"),
        ("Uno dos tres cuatro", "Uno cuatro", "stem: more text inside, some letters"),
        ("Uno, dos, tres", "Uno dos", "stem: more text at the end, some letters"),
        ("Página siete Uno dos", "Uno dos", "stem: more text at the start, some letters"),
        ("dos Uno", "Uno dos", "stem: order of the text"),
        ("Uno dós", "Uno dos", "stem: diacritics"),
        ("Uno 15 mg", "Uno 13 mg", "stem: digits differ"),
        ("Uno \ufffdos", "Uno dos", "stem: broken characters"),
        ("Un paciente con tos y fiebre", "Un paciente con los y fibra", "stem: letters differ"),
        ("", "Uno dos", "stem: no text"),
        ("Quam ob rem", "Uno dos", "another text"),
    ],
)
def test_each_difference_of_a_stem_has_its_cause(found: str, wanted: str, cause: str) -> None:
    (told,) = causes_of(item(stem=found), replace(GOLD, stem=wanted))
    assert told == cause


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        (item(options=("no", "sí"), answer="B"), "order of the options"),
        (item(options=("sí", "nó")), "an option: diacritics"),
        (item(options=("sí", "no", "quizá")), "more options"),
        (item(options=("sí no",)), "an option mark lost"),
        (item(options=("s", "í", "no")), "an option cut in two"),
        (item(stem="Uno dos sí", options=("no", "nada"), answer="B"), "an option: another text"),
        (item(options=("sín", "o")), "text in the wrong option"),
        (item(options=("sí", "no y quince líneas de instrucciones")), "more text after the last option"),
        (item(answer="B"), "another key"),
    ],
)
def test_each_difference_of_options_and_keys_has_its_cause(found: Item, cause: str) -> None:
    assert cause in causes(found)


def test_lost_options_are_looked_for_in_the_stem() -> None:
    assert "options in the stem" in causes(item(stem="Uno dos a) sí", options=("no",)))
    assert "options lost" in causes(item(options=("no",)))


@pytest.mark.parametrize(
    ("key", "status", "answers", "cause"),
    [
        (Key(status="unknown"), "official", (("a",),), "key missing"),
        (Key(status="official", answers=(("A",),)), "annulled", (), "annulled question has a key"),
        (Key(status="annulled"), "official", (("a",),), "key of a question that is not annulled"),
        (Key(status="official", answers=(("A",),)), "official", (("a",), ("b",)), "one of several right answers"),
        (Key(status="official", answers=(("A",),)), "official", (("a", "b"),), "one of several right answers"),
        (Key(status="official", answers=(("B",),)), "official", (("a",),), "another key"),
    ],
)
def test_each_difference_of_a_key_has_its_cause(
    key: Key, status: str, answers: tuple[tuple[str, ...], ...], cause: str
) -> None:
    found = item().replace(key=key)
    assert causes_of(found, replace(GOLD, status=status, answers=answers)) == [cause]


def test_figures_that_are_lost_or_too_many() -> None:
    assert causes_of(item(), replace(GOLD, figures=1)) == ["figure lost"]


def test_text_that_comes_again_at_the_ends_is_that_of_the_page() -> None:
    found = [numbered(k, stem=f"Pregunta {'abc'[k - 1]} Ministerio, hoja {k + 3}") for k in (1, 2, 3)]
    gold = [replace(GOLD, number=str(k), stem=f"Pregunta {'abc'[k - 1]}") for k in (1, 2, 3)]
    assert {miss.cause for miss in evaluate(found, gold).misses} == {"text of the page or directions"}


def test_the_text_of_another_number_is_named() -> None:
    stems = ["la primera de todas", "otra bien distinta", "y una más al final"]
    found = [numbered(k, stem=stems[k - 2]) for k in (2, 3)]
    gold = [replace(GOLD, number=str(k), stem=stems[k - 1]) for k in (1, 2, 3)]
    told = [miss.cause for miss in evaluate(found, gold).misses]
    assert told == ["item missing", "the text of another number", "the text of another number"]


def test_what_was_read_from_a_picture_is_misread() -> None:
    found = item(stem="Un paciente con los y fibra")
    scanned = found.replace(provenance=tuple(p.model_copy(update={"ocr": "engine"}) for p in found.provenance))
    assert causes_of(scanned, replace(GOLD, stem="Un paciente con tos y fiebre")) == ["stem: misread by OCR"]


@pytest.mark.parametrize(
    ("found", "wanted", "cause"),
    [
        ("Uno  dos", "Uno dos", "spacing only"),
        ("infor-mación", "información", "hyphenation only"),
        ("10^(3)", "10³", "raised and lowered signs"),
        ("UNO", "Uno", "case only"),
        ("pH < 7", "pH > 7", "signs only"),
    ],
)
def test_what_the_comparison_does_not_see_is_told_and_counts_for_nothing(found: str, wanted: str, cause: str) -> None:
    result = evaluate([item(stem=found, options=("Sí.", "no"))], [replace(GOLD, stem=wanted)])
    assert result.misses == []
    assert [miss.cause for miss in result.unseen] == [cause]
    assert result.document()["not_counted"][cause]["count"] == 1
    assert result.shares()["exact_stem"] == 1.0


def test_the_document_has_causes_by_file_and_files_by_cause() -> None:
    gold = [GOLD, replace(GOLD, file="c.pdf", number="9")]
    told = evaluate([item(answer="B")], gold).document()
    assert told["files"]["b.pdf"]["causes"] == {"another key": 1}
    assert told["files"]["c.pdf"]["causes"] == {"item missing": 1}
    assert told["causes"]["another key"]["files"] == {"b.pdf": 1}
    assert told["causes"]["another key"]["field"] == "key"
    assert told["total"]["counts"]["gold"] == 2
    json.dumps(told)


def test_the_command_prints_tables_and_writes_every_difference(tmp_path: Path) -> None:
    items = [numbered(k, stem="Uno dos" if k > 1 else "Uno, dos, tres") for k in (1, 2)]
    to_frame(items, Item).write_parquet(tmp_path / "items.parquet")
    rows: list[dict[str, object]] = [
        {"file": "b.pdf", "number": k, "part": 1, "stem": "Uno dos", "options": [], "status": "unknown"}
        for k in (1, 2, 3)
    ]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    words = ["evaluate-extraction", str(tmp_path / "items.parquet"), str(tmp_path / "gold.jsonl")]
    done = CliRunner().invoke(app, [*words, "--differences", str(tmp_path / "all.jsonl")])
    assert done.exit_code == 0, done.output
    for word in ("stem: more text at the end", "item missing", "66.7 %", "expected Uno dos"):
        assert word in done.stdout
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {(line["number"], line["field"]) for line in lines} >= {("1", "stem"), ("3", "item")}
    assert json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["total"]["gold"] == 3


def test_a_corrected_build_is_a_transcription_too(tmp_path: Path) -> None:
    to_frame([item()], Item).write_parquet(tmp_path / "items.parquet")
    (gold,) = read_gold(tmp_path / "items.parquet")
    assert evaluate([item()], [gold]).misses == []
    assert causes_of(item(stem="Uno, dos, tres"), gold) == ["stem: more text at the end, some letters"]


def test_missing_item_counts_against_recall_and_nothing_else() -> None:
    result = evaluate([], [GOLD])
    assert result.shares()["item_recall"] == 0.0
    assert result.shares()["exact_stem"] is None
    assert [miss.cause for miss in result.misses] == ["item missing"]


def test_bad_lines_of_the_gold_are_all_told_and_long_lists_cut(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join([json.dumps({"file": "b.pdf"})] * 9), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_gold(path)
    assert [problem.place for problem in caught.value.problems[:2]] == ["line 1", "line 2"]
    assert "4 more" in caught.value.problems[-1].message


def test_gold_that_is_absent_or_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    for name, code in (("absent.jsonl", "file-not-found"), ("empty.jsonl", "file-empty")):
        with pytest.raises(InputError) as caught:
            read_gold(tmp_path / name)
        assert caught.value.problems[0].code == code
