"""Booklets without a usable text layer: what OCR reads is parsed, placed on the page as scanned, and never silent."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from rapidfuzz.distance import Levenshtein

from benchwright.schemas.errors import InputError, MissingDependencyError, NotFoundError
from benchwright.schemas.item import Item
from benchwright.schemas.papers import OcrLayout, PaperJob
from benchwright.sources import _ocr_tesseract, parse_paper, survey
from benchwright.sources._ocr import OcrLine, OcrPage, OcrWord, engine_languages, engine_named, engine_names
from benchwright.sources._ocrimage import ink, skew_of, straightened
from benchwright.sources._ocrpages import empty_page, page_chars
from benchwright.sources._ocrread import read_pages_with_ocr, readable_pages
from benchwright.sources._ocrregions import regions
from benchwright.sources._ocrrepair import repaired
from benchwright.sources._ocrrings import find_rings
from benchwright.sources._pdfium import open_pdf
from tests.typesetter.layout import Layout
from tests.typesetter.press import print_exam
from tests.typesetter.raster import Scan, rasterise
from tests.typesetter.text import random_exam

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")


class Kept:
    """A media sink that keeps nothing."""

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Name the bytes by their digest."""
        digest = hashlib.sha256(data).hexdigest()
        return digest, f"{digest}.png"


def job(path: Path, language: str) -> PaperJob:
    """The job of one booklet of a made-up exam."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return PaperJob(file=path.name, sha256=digest, exam="x", edition="1", part="1", language=language)


def folded(text: str) -> str:
    """Letters and digits alone."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def scanned(tmp_path: Path, layout: Layout, language: str, scan: Scan, count: int = 4) -> tuple[Path, dict[str, Any]]:
    """A printed booklet as a scan, and its truth."""
    printed = print_exam(random_exam(scan.seed, language, count), layout, tmp_path, with_keys=False)
    return rasterise(printed.booklet, tmp_path / "scan.pdf", scan), printed.truth


LAYOUTS = {
    "plain": Layout(),
    "two columns": Layout(columns=2, column_rule=True, option_style="lower:{})", font="liberation-serif"),
    "circled": Layout(option_style="circled:{}", options_per_line=2, font_size=11.0),
    "boxed": Layout(boxed=True, number_style="{})", option_style="upper:({})", running_header=True),
}


@needs_tesseract
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_scan_gives_its_items(tmp_path: Path, name: str) -> None:
    scan = Scan(dpi=200, seed=len(name), wrong_layer=name == "plain")
    path, truth = scanned(tmp_path, LAYOUTS[name], "en", scan)
    items = {one.exam.number: one for one in parse_paper(path, job(path, "en"), Kept()) if isinstance(one, Item)}
    assert sorted(items) == [str(item["number"]) for item in truth["items"]]
    letters = sum(len(folded(item["stem"])) for item in truth["items"])
    wrong = sum(
        Levenshtein.distance(folded(item["stem"]), folded(items[str(item["number"])].stem)) for item in truth["items"]
    )
    assert wrong <= 0.01 * letters + 1
    for item in truth["items"]:
        assert len(items[str(item["number"])].options) == len(item["options"])
    places = [place for item in items.values() for place in item.provenance]
    assert all(place.ocr and place.ocr.startswith("tesseract|") for place in places)
    assert all(place.confidence is not None and 0.3 < place.confidence <= 1 for place in places)


@needs_tesseract
def test_boxes_are_those_of_the_page_as_scanned(tmp_path: Path) -> None:
    layout = Layout()
    printed = print_exam(random_exam(9, "en", 5), layout, tmp_path, with_keys=False)
    straight = rasterise(printed.booklet, tmp_path / "a.pdf", Scan(dpi=200, skew=0.0, noise=0.0, seed=3), pages=1)
    askew = rasterise(printed.booklet, tmp_path / "b.pdf", Scan(dpi=200, skew=2.5, noise=0.0, seed=3), pages=1)
    found = []
    for path in (straight, askew):
        with open_pdf(path, path.name) as document:
            found.append(read_pages_with_ocr(document, [1], ["en"], 200)[0])
    level, turned = found
    assert level.skew == 0.0
    assert abs(turned.skew) > 0.3
    a = level.shown((level.x0[0], level.y0[0], level.x1[0], level.y1[0]))
    b = turned.shown((turned.x0[0], turned.y0[0], turned.x1[0], turned.y1[0]))
    radians = np.radians(turned.skew)
    x, y = (a[0] + a[2]) / 2 - level.width / 2, (a[1] + a[3]) / 2 - level.height / 2
    expected = (x * np.cos(radians) + y * np.sin(radians), y * np.cos(radians) - x * np.sin(radians))
    assert abs((b[0] + b[2]) / 2 - turned.width / 2 - expected[0]) < 3
    assert abs((b[1] + b[3]) / 2 - turned.height / 2 - expected[1]) < 3


@needs_tesseract
def test_new_reads_a_sample_and_says_so(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    printed = print_exam(random_exam(1, "en", 24), Layout(font_size=12.0), tmp_path, with_keys=False)
    rasterise(printed.booklet, raw / "exam_2031.pdf", Scan(dpi=150, seed=2))
    with open_pdf(raw / "exam_2031.pdf", "x") as document:
        one = readable_pages(document, "en", sample=1)
        assert one.sampled == (len(document) > 1)
        assert sum(page.ocr is not None for page in one.pages) == 1
    report = survey(raw, ["exam_2031.pdf"]).files[0]
    assert report.role == "booklet"
    assert report.language == "en"
    assert any("read by OCR" in doubt for doubt in report.doubts)


def test_without_tesseract_the_error_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = scanned(tmp_path, Layout(), "en", Scan(dpi=72))
    _ocr_tesseract._version.cache_clear()
    _ocr_tesseract._installed.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        with pytest.raises(MissingDependencyError) as caught:
            list(parse_paper(path, job(path, "en"), Kept()))
    finally:
        _ocr_tesseract._version.cache_clear()
        _ocr_tesseract._installed.cache_clear()
    assert caught.value.problems[0].code == "dependency-missing"
    assert "apt-get install tesseract-ocr" in (caught.value.problems[0].remedy or "")


@needs_tesseract
def test_missing_language_data_is_named(tmp_path: Path) -> None:
    path, _ = scanned(tmp_path, Layout(), "en", Scan(dpi=72))
    with pytest.raises(MissingDependencyError) as caught:
        list(parse_paper(path, job(path, "qtz"), Kept()))
    assert "qtz" in (caught.value.problems[0].remedy or "")


def test_one_scanned_page_in_a_paper_is_rejected_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = print_exam(random_exam(2, "en", 30), Layout(), tmp_path, with_keys=False)
    scan = rasterise(printed.booklet, tmp_path / "scan.pdf", Scan(dpi=72), pages=1)
    whole, extra = pypdfium2.PdfDocument(printed.booklet), pypdfium2.PdfDocument(scan)
    whole.import_pages(extra)
    whole.save(str(tmp_path / "both.pdf"))
    _ocr_tesseract._version.cache_clear()
    _ocr_tesseract._installed.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        read = list(parse_paper(tmp_path / "both.pdf", job(tmp_path / "both.pdf", "en"), Kept()))
    finally:
        _ocr_tesseract._version.cache_clear()
        _ocr_tesseract._installed.cache_clear()
    assert sum(isinstance(one, Item) for one in read) == 30
    unread = [one for one in read if not isinstance(one, Item) and one.reason == "page-no-text"]
    assert len(unread) == 1
    assert "apt-get" in (unread[0].detail or "")


@needs_tesseract
def test_a_white_page_has_no_text(tmp_path: Path) -> None:
    Image.new("L", (800, 1100), 255).save(tmp_path / "white.pdf")
    with pytest.raises(InputError) as caught:
        list(parse_paper(tmp_path / "white.pdf", job(tmp_path / "white.pdf", "en"), Kept()))
    assert caught.value.problems[0].code == "pdf-no-text"


def test_languages_become_codes_and_engines_are_named() -> None:
    assert engine_languages(["es", "pt-BR", "zh-Hant", "zh-TW", "sr-Latn", "nds"]) == (
        "spa", "por", "chi_tra", "srp_latn", "nds",
    )  # fmt: skip
    assert "tesseract" in engine_names()
    with pytest.raises(NotFoundError):
        engine_named("no such engine")
    assert OcrLayout().engine in engine_names()


@settings(max_examples=15)
@given(angle=st.floats(-2.8, 2.8).filter(lambda a: abs(a) > 0.15))
def test_skew_is_found_and_undone(angle: float) -> None:
    page = Image.new("L", (900, 1100), 255)
    pen = ImageDraw.Draw(page)
    for y in range(100, 1000, 26):
        for x in range(80, 820, 19):
            pen.rectangle((x, y, x + 11, y + 9), fill=0)
    turned = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    found = skew_of(ink(turned))
    assert abs(found - angle) < 0.12
    assert abs(skew_of(ink(straightened(turned, found)))) < 0.12


def test_columns_are_regions_and_headings_are_not_cut() -> None:
    dark = np.zeros((1100, 900), dtype=np.bool_)
    dark[40:55, 100:800] = True
    for y in range(100, 1000, 26):
        dark[y : y + 12, 60:420] = True
        dark[y : y + 12, 480:840] = True
    found = regions(dark, 100)
    assert len(found) == 3
    assert found[0][0] == 0
    assert found[0][2] == 900
    assert found[1][2] == found[2][0]
    assert 420 < found[1][2] < 480


def test_rings_are_found_and_letters_are_not() -> None:
    page = Image.new("L", (400, 80), 255)
    pen = ImageDraw.Draw(page)
    for x in (30, 130, 230):
        pen.ellipse((x, 20, x + 30, 50), outline=0, width=2)
        pen.rectangle((x + 13, 28, x + 17, 42), fill=0)
    pen.ellipse((330, 20, 360, 50), outline=0, width=2)
    assert len(find_rings(ink(page), 36.0)) == 3


def written(rows: list[tuple[float, list[str]]]) -> OcrPage:
    """A page of lines, each at a left edge; two spaces of room between words of a row."""
    lines = []
    for k, (left, words) in enumerate(rows):
        x, row = left, []
        for word in words:
            row.append(OcrWord(word, (x, 20.0 * k, x + 8 * len(word), 20.0 * k + 12), 0.6))
            x += 8 * len(word) + 6
        lines.append(OcrLine(tuple(row), 20.0 * k + 10, 12.0))
    return OcrPage(tuple(lines))


def paper(numbers: list[str], marks: list[list[str]]) -> OcrPage:
    """Questions with four options."""
    rows: list[tuple[float, list[str]]] = []
    for number, some in zip(numbers, marks, strict=True):
        rows.append((50.0, [number, "Which", "one", "is", "right?"]))
        rows += [(70.0, [mark, "something", "said"]) for mark in some]
    return written(rows)


GOOD = ["(A)", "(B)", "(C)", "(D)"]


def first_words(page: OcrPage) -> list[str]:
    """The first word of each line."""
    return [line.words[0].text for line in page.lines]


@settings(max_examples=40)
@given(
    at=st.integers(0, 7),
    damage=st.sampled_from(("7", "{n}", "{n};", "{n}:", "{n},")),
    mark=st.integers(0, 3),
    wrong=st.sampled_from(((1, "(8)"), (0, "(4)"), (3, "(0)"), (2, "(€)"))),
)
def test_misread_numbers_and_marks_are_put_right_by_their_order(
    at: int, damage: str, mark: int, wrong: tuple[int, str]
) -> None:
    numbers = [f"{n}." for n in range(1, 9)]
    marks = [list(GOOD) for _ in numbers]
    damaged = [*numbers]
    damaged[at] = damage.format(n=at + 1) if "{" in damage else {1: "l.", 5: "S.", 8: "B."}.get(at + 1, f"{at + 1}")
    broken = [list(some) for some in marks]
    broken[mark][wrong[0]] = wrong[1]
    assert first_words(repaired([paper(damaged, broken)])[0]) == first_words(paper(numbers, marks))


def test_what_order_does_not_prove_is_left_alone() -> None:
    numbers = [f"{n}." for n in (1, 2, 3, 5, 6)]
    page = paper(numbers, [list(GOOD) for _ in numbers])
    assert repaired([page]) == [page]
    few = paper(["1.", "2."], [list(GOOD)] * 2)
    assert repaired([few]) == [few]


@pytest.mark.parametrize(("text", "seen"), [("שלום", "םולש"), ("(12)שלום", "םולש)12("), ("abc", "abc")])
def test_right_to_left_words_are_placed_as_seen(text: str, seen: str) -> None:
    line = OcrLine((OcrWord(text, (10.0, 10.0, 90.0, 22.0), 0.9),), 20.0, 12.0)
    page = page_chars(empty_page(1, 600.0, 800.0), OcrPage((line,)), (600, 800), 0.0, "engine")
    assert "".join(map(chr, page.code)) == seen
    assert page.ocr == "engine"
    assert np.all(np.diff(page.x0) > 0)


def test_equal_letters_side_by_side_keep_places_of_their_own() -> None:
    edges = ((10.0, 20.0), (10.0, 30.0), (32.0, 40.0))
    line = OcrLine((OcrWord("22x", (10.0, 10.0, 40.0, 22.0), 0.9, edges),), 20.0, 12.0)
    page = page_chars(empty_page(1, 600.0, 800.0), OcrPage((line,)), (600, 800), 0.0, "engine")
    widths = page.x1 - page.x0
    assert abs(widths[0] - widths[1]) < 0.01
    assert widths.min() > 5
