"""Booklets of boards in two columns, with stamps, headings and shared cases, and key files of many jobs."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import benchwright
from benchwright.schemas.item import Item
from benchwright.sources._cover import expected_count, told_count
from benchwright.sources._headings import fits
from tests.typesetter.boardkeys import JobKeys, draw_keys, print_job_keys
from tests.typesetter.boards import Board, draw_board, print_board
from tests.typesetter.model import PrintItem

SEEDS = (1, 2, 4, 10, 13)


def letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def build_of(
    folder: Path, board: Board, keys: JobKeys
) -> tuple[dict[str, Item], pl.DataFrame, tuple[PrintItem, ...], dict[int, str | None]]:
    """Print, read back; return items by number, rejects, and what was printed."""
    items = print_board(board, folder / "prova-2031.pdf")
    answers = print_job_keys(keys, board, items, folder / "gabarito-2031.pdf")
    project = folder / "project"
    files = [folder / "prova-2031.pdf", folder / "gabarito-2031.pdf"]
    benchwright.new(project, files, language=board.language)
    benchwright.build(project, jobs=1, gate=False)
    read = {item.exam.number: item for item in benchwright.read_items(project / "build/items.parquet")}
    return read, pl.read_parquet(project / "build/rejects.parquet"), items, answers


def key_of(item: Item) -> str | None:
    """The label of the right option; None for an annulled question."""
    if item.key.status == "annulled":
        return None
    labels = {option.id: option.label.strip("()[]. ") for option in item.options}
    return "|".join("+".join(labels[one] for one in response) for response in item.key.answers)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_booklet_of_a_board_and_its_key_come_back_to_the_letter(tmp_path: Path, seed: int) -> None:
    read, _, items, answers = build_of(tmp_path, draw_board(seed, count=40), draw_keys(seed, jobs=3))
    assert sorted(read, key=int) == [str(item.number) for item in items]
    for item in items:
        one = read[str(item.number)]
        assert letters(one.stem) == letters(item.stem)
        assert [letters(option.text) for option in one.options] == [letters(option.text) for option in item.options]
        assert letters(item.context or "") in letters(one.context.text if one.context else "")
        assert key_of(one) == answers[item.number]


@pytest.mark.parametrize("watermark", ["huge", "stamp", "diagonal"])
def test_a_stamp_over_the_text_of_every_page_costs_no_question(tmp_path: Path, watermark: str) -> None:
    board = draw_board(9, count=60, watermark=watermark, font="liberation-sans", heading="{word} {n}")
    read, _, items, _ = build_of(tmp_path, board, JobKeys(jobs=2))
    assert len(read) == len(items)
    assert not any("aplicada" in letters(item.stem + "".join(o.text for o in item.options)) for item in read.values())


def test_the_last_questions_are_missed_on_the_word_of_the_cover(tmp_path: Path) -> None:
    board = draw_board(211, count=40, lost=2, told=True)
    read, rejects, items, _ = build_of(tmp_path, board, JobKeys(jobs=2))
    missing = set(rejects.filter(pl.col("reason") == "number-missing")["number"])
    assert len(read) == len(items) - 2
    assert missing == {"39", "40"}


@pytest.mark.parametrize("heading", ["one", "two", "split", "once"])
def test_the_key_of_job_and_type_is_chosen_among_many(tmp_path: Path, heading: str) -> None:
    board = draw_board(20, count=40, job=7, type="B")
    keys = JobKeys(heading=heading, types=("A", "B", "C"), jobs=12, own_page=heading == "once")
    read, _, _, answers = build_of(tmp_path, board, keys)
    assert {int(number): key_of(item) for number, item in read.items()} == answers


def test_a_key_that_nothing_tells_from_others_is_refused_with_the_candidates(tmp_path: Path) -> None:
    board = draw_board(20, count=40)
    items = print_board(Board(**{**vars(board), "job": 1, "type": "Z"}), tmp_path / "prova-2031.pdf")
    print_job_keys(
        JobKeys(jobs=4), Board(**{**vars(board), "job": 3, "type": "A"}), items, tmp_path / "gabarito-2031.pdf"
    )
    project = tmp_path / "project"
    benchwright.new(project, [tmp_path / "prova-2031.pdf", tmp_path / "gabarito-2031.pdf"], language=board.language)
    benchwright.build(project, jobs=1, gate=False)
    rejects = pl.read_parquet(project / "build/rejects.parquet")
    told = rejects.filter(pl.col("reason") == "key-ambiguous")["detail"].to_list()
    assert len(told) == 1
    assert "CARDIOVEL INTENSIVA" in told[0]
    assert "file-unreadable" not in rejects["reason"].to_list()


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["Este caderno contém 100 (cem) questões objetivas,", "numeradas de 1 a 100."], 100),
        (["El examen consta de 60 preguntas y dura 4 horas."], 60),
        (["20 questões de conhecimentos básicos; o total é de 80", "questões."], 80),
        (["Você terá 4 horas e 30 minutos.", "Questão 1"], None),
    ],
)
def test_the_cover_says_how_many_questions_there_are(lines: list[str], count: int | None) -> None:
    assert told_count(lines) == count


def test_a_cover_that_speaks_of_the_whole_exam_adds_nothing_to_one_part() -> None:
    assert expected_count(100, 200, [100]) == 100
    assert expected_count(98, 100, []) == 100
    assert expected_count(45, 100, [100]) == 100
    assert expected_count(100, None, [120]) == 100


def test_a_name_inside_another_name_is_told_from_it() -> None:
    headings = ["ORTOVELK\nTIPO A", "ORTOVELK PEDIÁTRICA\nTIPO A", "ORTOVELK PEDIÁTRICA\nTIPO B"]
    assert max(fits(headings, ["PROVA A", "ORTOVELK", "TIPO A"])) == fits(headings, ["ORTOVELK", "TIPO A"])[0]
    found = fits(headings, ["ORTOVELK PEDIÁTRICA", "TIPO B", "(A) a prova"])
    assert found.index(max(found)) == 2
