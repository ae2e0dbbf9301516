"""Headers and feet are dropped because they repeat; text of questions that happens to repeat is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchwright.sources._lines import Line
from benchwright.sources._repeat import furniture
from tests.sources.printed import differences, read_printed
from tests.typesetter.layout import Layout, settle
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam


def line(page: int, text: str, y: float, size: float = 10.0) -> Line:
    chars = tuple(range(len(text)))
    return Line(page, 0, text, chars, 70.0, y, 70.0 + 5 * len(text), y + size, y + 0.8 * size, size, (0,), (70.0,))


def page(number: int, *extra: tuple[str, float]) -> list[Line]:
    body = [line(number, f"word {number}{k} of a text that is long enough", 70.0 + 13 * k) for k in range(20)]
    return sorted([*body, *(line(number, text, y) for text, y in extra)], key=lambda one: one.y0)


def dropped(pages: list[list[Line]]) -> list[str]:
    return [pages[p][i].text for p, i in sorted(furniture(pages))]


def test_page_numbers_that_begin_anew_in_each_part_are_furniture() -> None:
    numbers = [1, 2, 3, 4, 1, 2, 3, 1, 2]
    heights = [727, 727, 727, 727, 731, 731, 731, 747, 747]
    pages = [page(k, (str(n), y)) for k, (n, y) in enumerate(zip(numbers, heights, strict=True), 1)]
    assert dropped(pages) == [str(n) for n in numbers]


def test_numbers_that_do_not_count_the_pages_are_text() -> None:
    pages = [page(k, (str(n), 727.0)) for k, n in enumerate([12, 7, 30, 4, 55, 9], 1)]
    assert dropped(pages) == []


def test_a_line_of_the_text_that_comes_twice_in_a_short_paper_is_kept() -> None:
    twice = [(70.0 - 13.0, "What is the next step?")]
    pages = [page(k, *((text, y) for y, text in twice)) for k in (1, 2)]
    assert dropped(pages) == []


def test_two_lines_of_a_head_that_stand_apart_together_are_furniture() -> None:
    pages = [page(k, ("National examination", 20.0), ("Morning session", 32.0)) for k in (1, 2)]
    assert dropped(pages) == ["National examination", "Morning session"] * 2


@pytest.mark.parametrize("language", ["en", "ja", "ru", "el"])
def test_the_foot_of_a_short_paper_in_columns_is_in_no_stem(tmp_path: Path, language: str) -> None:
    layout = settle(Layout(columns=2, running_header=True, page_number="{page}", number_own_line=True), language)
    for seed in (19, 21):
        printed = print_exam(random_exam(seed, language, 14), layout, tmp_path / str(seed))
        assert not differences(read_printed(printed.booklet, language), printed.truth)


@pytest.mark.parametrize("count", [8, 12, 16])
def test_the_same_question_at_the_head_of_two_pages_is_kept(tmp_path: Path, count: int) -> None:
    exam = random_exam(16, "zh-Hant", count)
    exam = exam.with_items(tuple(replace(item, stem="下一步處置為何？") for item in exam.items))
    layout = settle(Layout(number_style="{} -", number_own_line=True, option_style="digit:{}."), "zh-Hant")
    printed = print_exam(exam, layout, tmp_path)
    assert not differences(read_printed(printed.booklet, "zh-Hant"), printed.truth)


def test_heads_that_mirror_and_numbers_beside_others_are_furniture() -> None:
    heads = [f"{k} Form A" if k % 2 else f"Form A {k}" for k in range(1, 9)]
    feet = [k if k < 6 else k + 10 for k in range(1, 9)]
    pages = [
        page(k, (head, 30.0), (str(foot), 760.0), ("20", 764.0))
        for k, (head, foot) in enumerate(zip(heads, feet, strict=True), 1)
    ]
    assert sorted(dropped(pages)) == sorted([*heads, *map(str, feet), *["20"] * 8])
