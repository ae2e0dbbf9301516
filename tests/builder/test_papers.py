"""Real PDF files, good and bad, from `new` to `build`, with the real readers."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchwright.builder.gate import raise_for_gate
from benchwright.builder.new import new_project
from benchwright.builder.run import BuildResult, run_build
from benchwright.builder.show import find_item, page_crops
from benchwright.schemas import Item, Reject
from benchwright.schemas.errors import GateError
from benchwright.schemas.rows import from_frame

COUNT = 20
NOUNS = ("corteza", "valva", "membrana", "red venosa", "capa interna")


def canvas(encrypted: bool = False) -> tuple[Canvas, io.BytesIO]:
    buffer = io.BytesIO()
    return Canvas(buffer, pagesize=A4, invariant=1, encrypt="secret" if encrypted else None), buffer


def booklet(*, encrypted: bool = False, without: int | None = None) -> bytes:
    """Print questions numbered from 1, each with four marked options."""
    page, buffer = canvas(encrypted)
    place = 800
    for number in range(1, COUNT + 1):
        if place < 140:
            page.showPage()
            place = 800
        if number != without:
            noun = NOUNS[number % len(NOUNS)]
            page.drawString(60, place, f"{number}. ¿Cuál es la función de la {noun} en el caso número {number}?")
            for line, mark in enumerate("ABCD", start=1):
                page.drawString(80, place - 15 * line, f"{mark}. La respuesta {mark.lower()} sobre la {noun} {number}.")
        place -= 90
    page.save()
    return buffer.getvalue()


def key(*, first: int = 1, last: int = COUNT) -> bytes:
    """Print a table of numbers and letters."""
    page, buffer = canvas()
    page.drawString(60, 800, "Clave de respuestas")
    for place, number in enumerate(range(first, last + 1)):
        page.drawString(80, 770 - 18 * place, str(number))
        page.drawString(140, 770 - 18 * place, "ABCD"[number % 4])
    page.save()
    return buffer.getvalue()


def make(tmp_path: Path, files: dict[str, bytes]) -> Path:
    raw = tmp_path / "p" / "raw"
    raw.mkdir(parents=True)
    for name, data in files.items():
        (raw / name).write_bytes(data)
    return tmp_path / "p"


RECIPE = f"""
recipe: 1
dataset: {{name: paper, languages: [es]}}
exams:
  - id: paper
    expect: {COUNT}
    files:
      - {{match: 'part(?P<part>.)\\.pdf', role: booklet, edition: "2024"}}
      - {{match: 'key(?P<part>.)\\.pdf', role: key, edition: "2024"}}
"""


def build(folder: Path) -> BuildResult:
    return run_build(folder, jobs=1)


def rejects(folder: Path) -> list[Reject]:
    return from_frame(pl.read_parquet(folder / "build" / "rejects.parquet"), Reject)


def test_from_papers_to_items(tmp_path: Path) -> None:
    folder = make(tmp_path, {"examen_2024.pdf": booklet(), "examen_2024_clave.pdf": key()})
    new_project(folder, language="es")
    result = build(folder)
    raise_for_gate(result.gate)
    items = from_frame(pl.read_parquet(folder / "build" / "items.parquet"), Item)
    assert [item.exam.number for item in items] == [str(number) for number in range(1, COUNT + 1)]
    assert items[4].stem == "¿Cuál es la función de la corteza en el caso número 5?"
    assert [item.key.answers for item in items[:3]] == [(("B",),), (("C",),), (("D",),)]
    (name, page, png), *rest = page_crops(folder, find_item(folder, items[0].id))
    assert (name, page, png[:4]) == ("examen_2024.pdf", 1, b"\x89PNG")
    assert [crop[0] for crop in rest] == ["examen_2024_clave.pdf"]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (booklet(encrypted=True), "pdf-encrypted"),
        (booklet()[:700], "pdf-"),
        (b"", "file-empty"),
        (b"<html>not a paper</html>", "pdf-not-a-pdf"),
    ],
    ids=["encrypted", "truncated", "empty", "no pdf"],
)
def test_a_bad_booklet_is_rejected_and_nothing_else_is_lost(tmp_path: Path, data: bytes, word: str) -> None:
    folder = make(tmp_path, {"part1.pdf": booklet(), "key1.pdf": key(), "part2.pdf": data})
    (folder / "recipe.yaml").write_text(RECIPE)
    result = build(folder)
    assert result.counts["items"] == COUNT
    (whole,) = [one for one in rejects(folder) if one.reason == "file-unreadable"]
    assert whole.file == "part2.pdf"
    assert word in str(whole.detail)
    missing = [one.number for one in rejects(folder) if one.reason == "number-missing"]
    assert missing == [str(number) for number in range(1, COUNT + 1)]
    with pytest.raises(GateError):
        raise_for_gate(result.gate)


def test_a_key_that_names_other_questions(tmp_path: Path) -> None:
    folder = make(tmp_path, {"part1.pdf": booklet(), "key1.pdf": key(first=3, last=COUNT + 2)})
    (folder / "recipe.yaml").write_text(RECIPE)
    result = build(folder)
    found = {(one.reason, one.number) for one in rejects(folder)}
    assert found >= {("key-unmatched", "21"), ("key-unmatched", "22"), ("key-missing", "1"), ("key-missing", "2")}
    assert result.counts["key.unknown"] == 2


def test_a_number_that_is_not_printed_is_missing(tmp_path: Path) -> None:
    folder = make(tmp_path, {"part1.pdf": booklet(without=7), "key1.pdf": key()})
    (folder / "recipe.yaml").write_text(RECIPE)
    result = build(folder)
    assert [(one.reason, one.number) for one in rejects(folder) if one.reason == "number-missing"] == [
        ("number-missing", "7")
    ]
    with pytest.raises(GateError, match="paper/2024/1/007@es"):
        raise_for_gate(result.gate)


@pytest.mark.data
def test_a_real_sitting_is_the_same_for_any_number_of_processes(tmp_path: Path, data_dir: Path) -> None:
    papers = sorted((data_dir / "tw_moex_physician" / "stage2" / "108-1").glob("*.pdf"))
    if not papers:
        pytest.skip("the sitting is not among the real papers")
    folder = tmp_path / "p"
    new_project(folder, papers)
    counts = run_build(folder, jobs=2).counts
    tables = {path.name: path.read_bytes() for path in (folder / "build").glob("*.parquet")}
    run_build(folder, jobs=1, force=True)
    assert {path.name: path.read_bytes() for path in (folder / "build").glob("*.parquet")} == tables
    assert (counts["items"], counts.get("key.unknown", 0)) == (320, 0)
