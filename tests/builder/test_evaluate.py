"""The measure of extraction itself: equal is equal, and every difference has its cause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchwright.builder.evaluate import Gold, evaluate, read_gold
from benchwright.schemas.errors import InputError, SchemaError
from benchwright.schemas.item import Item
from benchwright.schemas.parts import Exam, Key, Option, Provenance


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


def causes(found: Item) -> list[str]:
    """Return the causes of the differences between an item and the gold."""
    return [miss.cause for miss in evaluate([found], [GOLD]).misses]


def test_spaces_punctuation_and_case_do_not_count() -> None:
    shares = evaluate([item()], [GOLD]).shares()
    assert shares == {
        "gold": 1, "item_recall": 1.0, "exact_stem": 1.0, "exact_options": 1.0, "key": 1.0, "figures": 1.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        (item(stem="Uno"), "stem lacks text"),
        (item(stem="Uno, dos, tres"), "stem has more text"),
        (item(stem="Uno, diez"), "stem differs"),
        (item(options=("no", "sí"), answer="B"), "order of options differs"),
        (item(options=("sí", "nó")), "option text differs"),
        (item(options=("sí", "no", "quizá")), "number of options differs"),
        (item(answer="B"), "key differs"),
    ],
)
def test_each_difference_has_its_cause(found: Item, cause: str) -> None:
    assert cause in causes(found)


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
