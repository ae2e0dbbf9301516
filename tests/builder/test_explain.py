"""The page on which `new` shows what it saw: every block at its place, nothing without one, and it works offline."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from benchwright import sources
from benchwright.builder import explain
from benchwright.builder.cli import app
from benchwright.builder.explain import write_explanation
from benchwright.schemas.papers import FileReport, Survey
from benchwright.schemas.papers import Layout as Layouts
from tests.builder.report.browser import Browser, browser
from tests.typesetter.layout import Layout, settle
from tests.typesetter.model import PrintExam
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam
from tests.typesetter.truth import Printed

__all__ = ["browser"]

QUESTIONS = 12
EVIL = "<img src=x onerror=alert(1)>"


@cache
def printed(folder: Path, language: str = "en", route: str = "reportlab", **layout: Any) -> Printed:
    """Print an exam with figures and a shared vignette."""
    exam = random_exam(5, language, QUESTIONS, figures=True, contexts=True)
    return print_exam(exam, settle(Layout(**layout), language), folder, route=route)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """A booklet in two columns with header, page numbers, watermark, and its key on the last page."""
    return printed(
        tmp_path_factory.mktemp("paper"), columns=2, running_header=True, page_number="- {page} -", watermark="MUESTRA",
        cover=True, key_format="last-page",
    )  # fmt: skip


def view_of(paper: Printed) -> sources.FileView:
    return sources.view_file(paper.booklet, paper.booklet.name, "booklet")


def test_every_field_has_a_block_where_it_was_printed(paper: Printed) -> None:
    blocks = [(page.number, block) for page in view_of(paper).pages for block in page.blocks]
    truth = json.loads(json.dumps(paper.truth))["items"]
    for item in truth:
        for box in item["boxes"]:
            kind = box["field"].split(":")[0]
            if kind not in {"number", "stem", "option", "figure", "context"}:
                continue
            middle = ((box["x0"] + box["x1"]) / 2, (box["y0"] + box["y1"]) / 2)
            here = [
                block.kind
                for page, block in blocks
                if page == box["page"]
                and block.box[0] - 2 <= middle[0] <= block.box[2] + 2
                and block.box[1] - 2 <= middle[1] <= block.box[3] + 2
            ]
            assert kind in here, (item["number"], box, here)


def test_kinds_are_counted_and_furniture_has_its_reason(paper: Printed) -> None:
    view = view_of(paper)
    kinds = Counter(block.kind for page in view.pages for block in page.blocks)
    assert kinds["number"] == QUESTIONS
    assert kinds["option"] >= 4 * QUESTIONS - 8
    tags = {block.tag for page in view.pages for block in page.blocks if block.kind == "furniture"}
    assert {"header", "footer", "watermark"} <= tags
    assert all(block.why for page in view.pages for block in page.blocks)
    assert {block.tag for page in view.pages for block in page.blocks if block.kind == "column"} == {
        "column 1",
        "column 2",
    }
    assert sum(block.kind == "key" and block.tag != "key" for page in view.pages for block in page.blocks) == QUESTIONS
    assert view.chosen is not None
    assert view.chosen[0].startswith("two columns")
    assert view.key is not None


def test_nothing_that_is_printed_is_without_a_block(paper: Printed) -> None:
    from benchwright.sources._paper import read_pages
    from benchwright.sources._pdfium import open_pdf

    with open_pdf(paper.booklet, "booklet") as document:
        pages = read_pages(document)
    for page, seen in zip(pages, view_of(paper).pages, strict=True):
        for k in range(page.count):
            if page.unprinted[k]:
                continue
            x, y = (page.x0[k] + page.x1[k]) / 2, (page.y0[k] + page.y1[k]) / 2
            inside = [
                block
                for block in seen.blocks
                if block.kind != "column"
                and block.box[0] - 1 <= x <= block.box[2] + 1
                and block.box[1] - 1 <= y <= block.box[3] + 1
            ]
            assert inside, (page.number, chr(page.codes[k]), x, y)


def test_a_number_that_is_not_there_is_told_with_its_page(tmp_path: Path) -> None:
    exam = random_exam(5, "es", QUESTIONS)
    kept = tuple(item for item in exam.items if item.number != 7)
    lacking = PrintExam(**{**exam.__dict__, "items": kept})
    made = print_exam(lacking, settle(Layout(), "es"), tmp_path)
    view = view_of(made)
    assert [number for number, _ in view.missing] == [7]
    out = tmp_path / "explain.html"
    report = FileReport(file=made.booklet.name, role="booklet", pages=len(view.pages), language="es")
    write_explanation(tmp_path, Survey(exams=(), layouts={}, files=(report,)), out)
    assert "7: should stand on page" in out.read_text(encoding="utf-8")


def test_new_writes_the_page_and_it_works_from_the_keyboard(paper: Printed, tmp_path: Path, browser: Browser) -> None:
    done = CliRunner().invoke(app, ["new", str(tmp_path / "exam"), "--raw", str(paper.booklet), "--explain"])
    assert done.exit_code == 0, done.output
    page = tmp_path / "exam/explain.html"
    assert str(page) in done.stdout
    text = page.read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!data:|#)', text)
    assert len(text) < 200_000 * (1 + text.count("<figure>"))
    script = (
        "setTimeout(()=>{const svg=document.querySelectorAll('.blocks')[1];svg.scrollIntoView();"
        "svg.querySelector('[tabindex=\"0\"]').focus();"
        "for(let k=0;k<4;k+=1)document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown',{key:'ArrowDown',bubbles:true}));"
        "document.title=`${[...svg.querySelectorAll('.b')].indexOf(document.activeElement)} "
        "${svg.querySelectorAll('[tabindex=\"0\"]').length} ${document.getElementById('told').hidden}`;},500);"
    )
    dom = browser.dom(page, script=script)
    assert "<title>4 1 false</title>" in dom
    hidden = (
        "const box=document.querySelector('input[value=stem]');box.click();"
        "document.title=getComputedStyle(document.querySelector('.blocks .b.stem')).display;"
    )
    assert "<title>none</title>" in browser.dom(page, script=hidden)


def test_a_layout_of_the_recipe_is_what_is_drawn(paper: Printed) -> None:
    free = view_of(paper)
    layout = Layouts(columns=1)
    view = sources.view_file(paper.booklet, paper.booklet.name, "booklet", layout=layout)
    assert view.chosen == free.chosen
    assert any("drawn as the layout of the recipe says: one column" in note for note in view.notes)
    assert not [block for page in view.pages for block in page.blocks if block.kind == "column"]


@pytest.mark.parametrize("width", [1280, 500])
def test_the_page_does_not_scroll_sideways(paper: Printed, tmp_path: Path, browser: Browser, width: int) -> None:
    report = FileReport(file=paper.booklet.name, role="booklet", pages=3, language="en", why=("w" * 300,))
    out = tmp_path / "explain.html"
    write_explanation(paper.booklet.parent, Survey(exams=(), layouts={}, files=(report,)), out)
    script = "document.title=`${document.documentElement.scrollWidth-document.documentElement.clientWidth}`"
    assert "<title>0</title>" in browser.dom(out, script=script, width=width)


def test_what_a_paper_prints_cannot_become_markup(tmp_path: Path) -> None:
    exam = random_exam(5, "en", QUESTIONS)
    first = exam.items[0]
    evil = PrintExam(**{**exam.__dict__, "items": (type(first)(**{**first.__dict__, "stem": EVIL}), *exam.items[1:])})
    made = print_exam(evil, settle(Layout(), "en"), tmp_path)
    report = FileReport(file=made.booklet.name, role="booklet", pages=2, language="en", doubts=(EVIL,))
    out = tmp_path / "explain.html"
    write_explanation(tmp_path, Survey(exams=(), layouts={}, files=(report,)), out)
    text = out.read_text(encoding="utf-8")
    assert "onerror" in text
    assert "<img src=x" not in text
    assert html.escape(EVIL) in text


def test_right_to_left_papers_have_their_numbers_at_the_right(tmp_path: Path) -> None:
    made = printed(tmp_path, "he", "chromium")
    report = FileReport(file=made.booklet.name, role="booklet", pages=2, language="he")
    out = tmp_path / "explain.html"
    write_explanation(tmp_path, Survey(exams=(), layouts={}, files=(report,)), out)
    tags = re.findall(
        r'class="b number".*?<rect x="([\d.]+)".*?<text x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)"', out.read_text()
    )
    assert len(tags) == QUESTIONS
    assert all(float(text) > float(box) and anchor == "start" for box, text, anchor in tags)


def test_files_without_pages_and_broken_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "key.csv").write_text("1,A\n")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "empty.pdf").write_bytes(b"")
    for name in ("key.csv", "bad.pdf", "empty.pdf", "absent.pdf"):
        view = sources.view_file(tmp_path / name, name, "booklet")
        assert view.pages == ()
        assert view.notes


def test_a_folder_of_many_files_stays_small(tmp_path: Path, paper: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "_FILES", 4)
    monkeypatch.setattr(explain, "_PAGES", 8)
    names = [f"{k}.pdf" for k in range(6)]
    for name in names:
        (tmp_path / name).hardlink_to(paper.booklet)
    doubts = {"5.pdf": ("a doubt",)}
    reports = tuple(FileReport(file=name, role="ignore", pages=4, doubts=doubts.get(name, ())) for name in names)
    survey = Survey(exams=(), layouts={}, files=reports)
    out = tmp_path / "explain.html"
    write_explanation(tmp_path, survey, out)
    text = out.read_text(encoding="utf-8")
    assert (text.count("This file was not drawn"), text.count("<figure>")) == (2, 4 * 3)
    assert "This file was not drawn" not in text.split('id="file-6"')[1]
    write_explanation(tmp_path, survey, out, whole=True)
    assert out.read_text(encoding="utf-8").count("<figure>") == 6 * len(view_of(paper).pages)
