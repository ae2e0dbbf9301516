"""Extended matching: one list of options for several questions, before them or behind the options of another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchwright.schemas.item import Item
from tests.sources.printed import plain, read_printed
from tests.typesetter.layout import Layout, settle
from tests.typesetter.model import PrintItem
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam

NAMES = ("Velk fever", "Norin palsy", "Tarsal loss", "Amber anaemia", "Korin block", "Loma cyst", "Peral colitis")
LEADS = {
    "en": "Questions {a} to {b}. For each patient choose the most likely diagnosis from the list.",
    "es": "Preguntas {a} a {b}. Elija para cada paciente el diagnóstico más probable de la lista.",
    "fr": "Questions {a} à {b}. Pour chaque patient, choisissez le diagnostic dans la liste.",
    "de": "Fragen {a} bis {b}. Wählen Sie für jeden Patienten die Diagnose aus der Liste.",
}
LAYOUTS = {
    "one column": Layout(key_format="csv"),
    "two columns": Layout(key_format="csv", columns=2, font_size=9.0),
    "numbers on their own line": Layout(key_format="csv", number_style="{}.", number_own_line=True),
    "brackets": Layout(key_format="csv", option_style="upper:({})", option_indent=14.0),
}


def matching(items: tuple[PrintItem, ...], groups: dict[int, int], lead: str) -> tuple[PrintItem, ...]:
    """Give the questions from each first to each last one a list before them instead of options."""
    result = list(items)
    for first, last in groups.items():
        for k in range(first - 1, last):
            result[k] = replace(result[k], options=())
        listed = [f"{letter}. {name}" for letter, name in zip("ABCDEFG", NAMES, strict=True)]
        result[first - 1] = replace(result[first - 1], directions="\n".join([lead.format(a=first, b=last), *listed]))
    return tuple(result)


GROUPS: tuple[dict[int, int], ...] = ({4: 6, 7: 9}, {1: 3}, {10: 12}, {2: 3, 8: 12})
CASES = [
    (language, layout, GROUPS[(k + j) % len(GROUPS)])
    for k, language in enumerate(LEADS)
    for j, layout in enumerate(LAYOUTS)
]


@pytest.mark.parametrize(("language", "layout", "groups"), CASES)
def test_every_question_has_the_list_and_nothing_else(
    tmp_path: Path, language: str, layout: str, groups: dict[int, int]
) -> None:
    exam = random_exam(4, language, 12, long_options=0.0)
    items = matching(exam.items, groups, LEADS[language])
    style = settle(LAYOUTS[layout], language)
    lists = items if style.option_style == "upper:{}." else tuple(_bracketed(item) for item in items)
    printed = print_exam(replace(exam, items=lists), style, tmp_path, with_keys=False)
    read = {item.exam.number: item for item in read_printed(printed.booklet, language) if isinstance(item, Item)}
    taking = {number for first, last in groups.items() for number in range(first, last + 1)}
    assert sorted(map(int, read)) == list(range(1, 13))
    for item in items:
        one = read[str(item.number)]
        wanted = list(NAMES) if item.number in taking else [option.text for option in item.options]
        assert plain(one.stem) == plain(item.stem)
        assert [plain(option.text) for option in one.options] == [plain(text) for text in wanted]
        assert (one.context is not None) == (item.number in taking)


def _bracketed(item: PrintItem) -> PrintItem:
    """The item with its list marked as the options of the paper are."""
    if item.directions is None:
        return item
    first, *rest = item.directions.split("\n")
    return replace(item, directions="\n".join([first, *(f"({line[0]}){line[2:]}" for line in rest)]))


def test_a_list_that_no_range_names_belongs_to_the_questions_without_options(tmp_path: Path) -> None:
    exam = random_exam(4, "en", 12, long_options=0.0)
    items = matching(exam.items, {4: 6}, "For each patient choose the most likely diagnosis from the list.")
    printed = print_exam(replace(exam, items=items), Layout(key_format="csv"), tmp_path, with_keys=False)
    read = {item.exam.number: item for item in read_printed(printed.booklet, "en") if isinstance(item, Item)}
    assert [len(read[str(number)].options) for number in range(1, 13)] == [4, 4, 4, 7, 7, 7, 4, 4, 4, 4, 4, 4]
    assert plain(read["3"].options[-1].text) == plain(items[2].options[-1].text)
