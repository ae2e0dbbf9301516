"""The typesetter itself: what it says it printed is what stands in the PDF."""

from __future__ import annotations

import json
import shutil
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.typesetter.chromium import print_booklet
from tests.typesetter.fixture import kept_on_failure, load_fixture, save_fixture
from tests.typesetter.layout import INLINE_KEYS, SHAPED, Layout, draw, settle, space
from tests.typesetter.model import PrintExam, PrintItem, exam_from_plain, options_of, to_plain
from tests.typesetter.press import IN_BOOKLET, print_exam
from tests.typesetter.raster import Scan, draw_scan, rasterise
from tests.typesetter.strategies import exams, layouts
from tests.typesetter.styles import answer_text, option_label, option_mark, printed_number
from tests.typesetter.text import LANGUAGES, random_exam
from tests.typesetter.versions import booklet_version, print_versions

SMALL = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PLAIN_ROUTE = tuple(language for language in LANGUAGES if language not in SHAPED)


def extract(path: Path) -> str:
    """The text of all pages."""
    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def squash(text: str) -> str:
    """Letters and digits alone; a hyphen before a line end and every other mark disappear."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(character for character in plain if character.isalnum())


def missing(text: str, truth: dict[str, Any]) -> list[str]:
    """The stems, cells and options of the truth that the extracted text lacks."""
    have = squash(text)
    wanted = [item["stem"] for item in truth["items"]]
    wanted += [option["text"] for item in truth["items"] for option in item["options"]]
    wanted += [cell for item in truth["items"] for row in item["table"] or () for cell in row]
    return [part for part in wanted if squash(part) not in have]


def test_same_seed_same_exam_and_layout() -> None:
    assert random_exam(3, "pl", 8, figures=True, tables=True) == random_exam(3, "pl", 8, figures=True, tables=True)
    assert random_exam(3, "pl", 8) != random_exam(4, "pl", 8)
    assert draw(5, "ja") == draw(5, "ja")
    assert len({draw(seed, "en") for seed in range(40)}) == 40


def test_same_exam_and_layout_give_the_same_bytes(tmp_path: Path) -> None:
    exam, layout = random_exam(1, "es", 8, figures=True, revised=True), draw(1, "es")
    first = print_exam(exam, layout, tmp_path / "a")
    second = print_exam(exam, layout, tmp_path / "b")
    for one, two in zip(
        (first.booklet, *first.keys, first.truth_path), (second.booklet, *second.keys, second.truth_path), strict=True
    ):
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("language", PLAIN_ROUTE)
@SMALL
@given(data=st.data())
def test_every_stem_option_and_cell_is_in_the_text(language: str, tmp_path: Path, data: st.DataObject) -> None:
    # Watermark, running lines, raised digits and double printing put characters between those of the items.
    layout = data.draw(
        layouts(
            language,
            watermark=None,
            superscripts="unicode",
            overprint_bold=False,
            running_header=False,
            page_number=None,
        )
    )
    exam = data.draw(exams(language, max_items=5, tables=True, contexts=True, options=(2, 6), revised=True))
    printed = print_exam(exam, layout, tmp_path)
    assert missing(extract(printed.booklet), printed.truth) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_chromium_prints_every_language(language: str, tmp_path: Path) -> None:
    exam = random_exam(9, language, 4, tables=True, figures=True)
    printed = print_exam(exam, Layout(), tmp_path, "chromium")
    text = squash(extract(printed.booklet))
    wanted = Counter(character for item in printed.truth["items"] for character in squash(item["stem"]))
    # Shaped scripts come out in visual order or with repeated marks: their letters are there, their order is not.
    assert not {character for character in wanted if character not in text}
    if language not in SHAPED:
        assert missing(extract(printed.booklet), printed.truth) == []
    assert all(item["page"] is not None for item in printed.truth["items"])


@pytest.mark.parametrize("seed", range(6))
def test_chromium_prints_drawn_layouts(seed: int, tmp_path: Path) -> None:
    language = ("es", "ja", "ru", "el", "pl", "ko")[seed]
    layout = draw(seed, language, watermark=None, superscripts="unicode", page_number=None, running_header=False)
    exam = random_exam(seed, language, 10, tables=True, contexts=True, options=(2, 6))
    printed = print_exam(exam, layout, tmp_path, "chromium")
    assert missing(extract(printed.booklet), printed.truth) == []
    pages = [item["page"] for item in printed.truth["items"]]
    assert pages == sorted(pages)


def test_a_failure_leaves_its_case_behind(tmp_path: Path) -> None:
    exam, layout = random_exam(1, "en", 2), Layout(columns=2)
    with pytest.raises(ZeroDivisionError), kept_on_failure(tmp_path, exam, layout):
        _ = 1 / 0
    assert load_fixture(tmp_path) == (exam, layout, "reportlab")


@SMALL
@given(exam=exams("en", figures=True, tables=True, contexts=True, multiple=True, revised=True), layout=layouts("en"))
def test_truth_and_fixture_round_trip(exam: PrintExam, layout: Layout, tmp_path: Path) -> None:
    assert exam_from_plain(json.loads(json.dumps(to_plain(exam)))) == exam
    save_fixture(tmp_path, exam, layout, "chromium")
    assert load_fixture(tmp_path) == (exam, layout, "chromium")
    printed = print_exam(exam, layout, tmp_path)
    assert json.loads(printed.truth_path.read_text(encoding="utf-8")) == printed.truth


@SMALL
@given(layout=layouts("es"), seed=st.integers(0, 50))
def test_boxes_lie_on_their_pages_and_cover_the_fields(layout: Layout, seed: int, tmp_path: Path) -> None:
    exam = random_exam(seed, "es", 6, figures=True, tables=True)
    printed = print_exam(exam, layout, tmp_path)
    document = pypdfium2.PdfDocument(printed.booklet)
    width, height = document[0].get_size()
    for item in printed.truth["items"]:
        names = {box["field"] for box in item["boxes"]}
        assert {"stem", "option:A"} <= names
        assert item["page"] in item["pages"]
        for box in item["boxes"]:
            assert 1 <= box["page"] <= len(document)
            assert 0 <= box["x0"] <= box["x1"] <= width
            assert 0 <= box["y0"] <= box["y1"] <= height
    document.close()


def test_a_box_holds_the_text_of_its_field(tmp_path: Path) -> None:
    exam = random_exam(2, "en", 6)
    printed = print_exam(exam, Layout(columns=2), tmp_path)
    document = pypdfium2.PdfDocument(printed.booklet)
    item = printed.truth["items"][3]
    box = next(box for box in item["boxes"] if box["field"] == "option:B")
    page = document[box["page"] - 1]
    height = page.get_height()
    text = page.get_textpage().get_text_bounded(box["x0"] - 1, height - box["y1"], box["x1"] + 1, height - box["y0"])
    assert squash(item["options"][1]["text"]) in squash(text)
    document.close()


def test_pictures_are_on_the_pages_the_truth_names(tmp_path: Path) -> None:
    import pypdfium2.raw as raw

    exam = random_exam(4, "en", 30, figures=True)
    printed = print_exam(exam, Layout(), tmp_path)
    said = Counter(figure["page"] for item in printed.truth["items"] for figure in item["figures"])
    document = pypdfium2.PdfDocument(printed.booklet)
    found = Counter(
        {
            number: count
            for number, page in enumerate(document, start=1)
            if (count := sum(1 for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])))
        }
    )
    assert said
    assert found == said
    document.close()


@pytest.mark.parametrize("form", ["rows", "columns", "list", "lines"])
def test_a_pdf_key_names_every_answer(form: str, tmp_path: Path) -> None:
    exam = random_exam(6, "en", 23, revised=True)
    printed = print_exam(exam, Layout(key_format=form, option_style="lower:{})"), tmp_path)
    text = extract(printed.keys[0])
    found = Counter(word for word in text.replace(".", " ").split() if word in set("abcd"))
    assert found == Counter(item["key"][0][0] for item in printed.truth["items"])
    assert "ANNULLED" in extract(printed.revised_keys[0])
    assert "#" in extract(printed.revised_keys[0])


@pytest.mark.parametrize("form", ["csv", "html", "docx", "xlsx"])
def test_a_key_file_names_every_answer(form: str, tmp_path: Path) -> None:
    exam = random_exam(6, "es", 5, parts=2)
    printed = print_exam(exam, Layout(key_format=form), tmp_path)
    path = printed.keys[0]
    assert path.suffix == f".{form}"
    if form in ("docx", "xlsx"):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            name = "word/document.xml" if form == "docx" else "xl/worksheets/sheet1.xml"
            content = archive.read(name).decode("utf-8")
    else:
        content = path.read_text(encoding="utf-8")
    letters = Counter(item["key"][0][0] for item in printed.truth["items"])
    for label, count in letters.items():
        marks = content.count(f">{label}<") if form != "csv" else content.count(f",{label}\n")
        assert marks == count


def test_inline_keys_mark_the_correct_option(tmp_path: Path) -> None:
    exam = random_exam(8, "en", 6)
    plain = print_exam(exam, Layout(key_format="columns"), tmp_path / "plain").booklet.read_bytes()
    for form in INLINE_KEYS:
        printed = print_exam(exam, Layout(key_format=form), tmp_path / form)
        assert printed.keys == ()
        assert printed.booklet.read_bytes() != plain
    starred = extract(tmp_path / "asterisk" / "booklet.pdf")
    assert starred.count("*") == 6
    assert set(INLINE_KEYS) < set(IN_BOOKLET)


def test_private_use_marks_reach_the_text_layer(tmp_path: Path) -> None:
    printed = print_exam(random_exam(1, "en", 3), Layout(option_style="private:{}"), tmp_path)
    text = extract(printed.booklet)
    assert [text.count(chr(0xE18C + position)) for position in range(4)] == [3, 3, 3, 3]
    assert [option["label"] for option in printed.truth["items"][0]["options"]] == ["A", "B", "C", "D"]


def test_overprint_prints_twice(tmp_path: Path) -> None:
    exam = random_exam(1, "en", 2)
    document = pypdfium2.PdfDocument(
        print_exam(exam, Layout(number_bold=True, overprint_bold=True), tmp_path / "twice").booklet
    )
    once = pypdfium2.PdfDocument(print_exam(exam, Layout(number_bold=True), tmp_path / "once").booklet)
    counts = [sum(1 for _ in pages[0].get_objects()) for pages in (document, once)]
    assert counts[0] > counts[1]
    document.close()
    once.close()


def test_a_scan_has_no_text_layer_and_a_wrong_layer_is_wrong(tmp_path: Path) -> None:
    printed = print_exam(random_exam(1, "en", 6), Layout(), tmp_path)
    clean = rasterise(printed.booklet, tmp_path / "scan.pdf", Scan(dpi=150, seed=3))
    assert extract(clean).strip() == ""
    assert len(pypdfium2.PdfDocument(clean)) == len(pypdfium2.PdfDocument(printed.booklet))
    wrong = rasterise(printed.booklet, tmp_path / "wrong.pdf", Scan(dpi=150, seed=3, wrong_layer=True))
    assert len(extract(wrong)) > 100
    assert len(missing(extract(wrong), printed.truth)) > 20
    again = rasterise(printed.booklet, tmp_path / "again.pdf", Scan(dpi=150, seed=3))
    assert again.read_bytes() == clean.read_bytes()
    assert draw_scan(5) == draw_scan(5)


def test_the_scan_still_shows_the_page(tmp_path: Path) -> None:
    if shutil.which("tesseract") is None:
        pytest.fail("Tesseract is missing: apt-get install tesseract-ocr")
    import subprocess

    printed = print_exam(random_exam(1, "en", 4), Layout(font_size=12.0), tmp_path)
    scan = rasterise(printed.booklet, tmp_path / "scan.pdf", Scan(dpi=200, seed=1), pages=1)
    picture = tmp_path / "page.png"
    document: Any = pypdfium2.PdfDocument(scan)
    document[0].render(scale=200 / 72).to_pil().save(picture)
    result = subprocess.run(["tesseract", str(picture), "-"], capture_output=True, text=True, check=True)
    assert len(missing(result.stdout, printed.truth)) <= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_settled_layouts_can_tell_numbers_from_options(language: str) -> None:
    for seed in range(60):
        layout = draw(seed, language)
        assert layout == settle(layout, language)
        number = printed_number(1, layout.number_style, language, local_digits=False)
        assert number != option_mark(0, layout.option_style)
        assert not (language in SHAPED and layout.option_style.startswith("private"))
    assert set(space(language)) == set(Layout().to_plain()) - {"part_headings"}


def test_versions_reorder_items_and_carry_the_key_along() -> None:
    exam = random_exam(5, "en", 12, contexts=True, revised=True)
    other = booklet_version(exam, "B", seed=1)

    def content(item: PrintItem) -> tuple[str, frozenset[str], str]:
        key = item.key or ()
        right = {option.text for option in item.options if any(option.label in response for response in key)}
        return item.stem, frozenset(option.text for option in item.options), "|".join(sorted(right))

    assert [item.number for item in other.items] == list(range(1, 13))
    assert other.items != exam.items
    assert Counter(map(content, other.items)) == Counter(map(content, exam.items))
    assert booklet_version(exam, "B", seed=1) == other


def test_a_key_of_all_versions_has_a_column_for_each(tmp_path: Path) -> None:
    exam = random_exam(5, "en", 9)
    versions = [booklet_version(exam, name, seed=1) for name in ("A1", "B2")]
    printed, path = print_versions(versions, Layout(option_style="digit:{})"), tmp_path)
    rows = [line.split() for line in extract(path).splitlines()]
    found = {row[0]: row[1:] for row in rows if len(row) == 3 and row[0].isdigit()}
    said = [{str(item["number"]): item["key"][0][0] for item in each.truth["items"]} for each in printed]
    assert found == {number: [said[0][number], said[1][number]] for number in said[0]}


def test_options_share_a_line_where_they_fit(tmp_path: Path) -> None:
    exam = random_exam(3, "en", 12, long_options=0.0)
    printed = print_exam(exam, Layout(options_per_line=4, font_size=8.5), tmp_path)
    rows = Counter(
        len({box["y0"] for box in item["boxes"] if box["field"].startswith("option:")})
        for item in printed.truth["items"]
    )
    assert rows[1] > 6
    plain = print_exam(exam, Layout(font_size=8.5), tmp_path / "plain")
    first = [box for box in plain.truth["items"][0]["boxes"] if box["field"].startswith("option:")]
    assert len({box["y0"] for box in first}) == 4


def test_items_break_over_pages_only_where_allowed(tmp_path: Path) -> None:
    exam = random_exam(3, "en", 40)
    split = print_exam(exam, Layout(split_items=True, font_size=12.0), tmp_path / "split").truth["items"]
    whole = print_exam(exam, Layout(split_items=False, font_size=12.0), tmp_path / "whole").truth["items"]
    assert any(len(item["pages"]) == 2 for item in split)
    assert all(len(item["pages"]) == 1 for item in whole)


def test_hyphenation_breaks_words_that_the_truth_keeps_whole(tmp_path: Path) -> None:
    exam = random_exam(3, "es", 20)
    printed = print_exam(exam, Layout(columns=2, hyphenate=True, justify=True), tmp_path)
    text = extract(printed.booklet)
    broken = text.count("\ufffe") + text.count("-\r\n") + text.count("\x02")
    assert broken >= 3
    assert missing(text, printed.truth) == []


def test_raised_digits_are_small_digits_on_the_page(tmp_path: Path) -> None:
    exam = random_exam(1, "en", 1)
    item = PrintItem(1, "Count 4 × 10⁹/L of CO₂?", options_of("10⁻³", "2"), (("A",),))
    printed = print_exam(exam.with_items((item,)), Layout(superscripts="raised"), tmp_path)
    assert "⁹" not in extract(printed.booklet)
    assert "9" in extract(printed.booklet)
    assert printed.truth["items"][0]["stem"] == item.stem


def test_statuses_and_printed_answers() -> None:
    item = PrintItem(1, "?", options_of("x", "y"), (("B",),))
    assert item.status == "official"
    assert answer_text(item.key, "cyrillic:{})", "ru") == "Б"
    assert answer_text((("A",), ("C",)), "upper:{}.", "en") == "A or C"
    assert answer_text((("A", "C"),), "upper:{}.", "en") == "AC"
    assert answer_text((), "upper:{}.", "es") == "ANULADA"
    assert option_label(1, "persian:{})") == "ب"


def test_wrong_routes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="route 'reportlab' cannot print language 'ar'"):
        print_exam(random_exam(1, "ar", 1), Layout(), tmp_path)
    with pytest.raises(ValueError, match="route 'lead'"):
        print_exam(random_exam(1, "en", 1), Layout(), tmp_path, "lead")


def test_it_knows_nothing_of_the_package() -> None:
    sources = (Path(__file__).parent / "typesetter").glob("*.py")
    assert not [path.name for path in sources if "benchwright" in path.read_text(encoding="utf-8")]
    assert callable(print_booklet)
