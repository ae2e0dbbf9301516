"""Keys at the end of a booklet: pages that are pictures of answer forms, and tables with more columns than two."""

from __future__ import annotations

import io
import random
import shutil
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas.item import Item
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.tables import Reject
from benchwright.sources._omrfit import Asked, form_of_paper
from benchwright.sources._omrsheet import NumberReader
from benchwright.sources.pdf import SOURCE
from tests.sources.answerforms import PageStyle, draw_page
from tests.sources.kinds_kit import exam
from tests.typesetter.layout import Layout
from tests.typesetter.press import print_exam

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
_SUBJECTS = ("Paediatrics", "Internal medicine", "Surgery", "Public health", "Obstetrics and gynaecology")


class _Media:
    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Keep nothing."""
        return "0" * 64, f"{len(data)}.{media_type}"


def _parsed(folder: Path, count: int, tail: bytes) -> tuple[dict[str, Item], list[Reject]]:
    """Print a booklet without key, put pages behind it, and read it."""
    print_exam(exam("en", count, keyed=False), Layout(), folder, with_keys=False)
    document = pypdfium2.PdfDocument(str(next(folder.glob("*.pdf"))))
    document.import_pages(pypdfium2.PdfDocument(tail))
    document.save(str(folder / "whole.pdf"))
    job = PaperJob(file="b", sha256="0" * 64, exam="x", edition="1", part="1", language="en", role="booklet")
    out = list(SOURCE.parse(folder / "whole.pdf", job, _Media()))
    items = {one.exam.number: one for one in out if isinstance(one, Item) and one.exam.number}
    return items, [one for one in out if isinstance(one, Reject)]


def _answers(items: dict[str, Item], count: int) -> list[str]:
    result = []
    for n in range(1, count + 1):
        item = items[str(n)]
        right = item.key.answers[0][0] if item.key.answers else None
        places = [k for k, option in enumerate(item.options) if option.id == right]
        result.append("ABCDE"[places[0]] if places else "")
    return result


def _table(answers: list[str], subject_first: bool, pairs: int, pages: int) -> bytes:
    """Pages of a table of number, answer and subject."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    generator = random.Random(4)
    wide = 500 / pairs
    per = -(-len(answers) // pages)
    for page in range(pages):
        some = list(enumerate(answers, start=1))[page * per : (page + 1) * per]
        rows = -(-len(some) // pairs)
        canvas.setFont("Helvetica", 9)
        for k, (number, answer) in enumerate(some):
            x, y = 45 + k // rows * wide, 780 - k % rows * 18
            canvas.drawString(x, y, str(number))
            answer_x, subject_x = (x + 150, x + 30) if subject_first else (x + 30, x + 60)
            canvas.drawString(answer_x, y, answer)
            canvas.drawString(subject_x, y, generator.choice(_SUBJECTS))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("subject_first", "pairs", "pages"), [(True, 1, 2), (True, 2, 1), (False, 2, 1), (False, 1, 1), (True, 2, 3)]
)
def test_a_table_with_a_column_of_subjects_is_a_key(
    tmp_path: Path, subject_first: bool, pairs: int, pages: int
) -> None:
    generator = random.Random(pairs)
    truth = [generator.choice("ABCD") for _ in range(30)]
    items, _ = _parsed(tmp_path, 30, _table(truth, subject_first, pairs, pages))
    assert _answers(items, 30) == truth


def test_a_table_with_two_answers_to_a_number_is_no_key(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for n in range(1, 31):
        for x, text in ((60, str(n)), (100, "Surgery of made-up organs"), (260, "AB"[n % 2]), (330, "CD"[n % 2])):
            canvas.drawString(x, 800 - 20 * n, text)
    canvas.save()
    items, _ = _parsed(tmp_path, 30, buffer.getvalue())
    assert _answers(items, 30) == [""] * 30


@needs_tesseract
@pytest.mark.parametrize(
    "style",
    [
        PageStyle(questions=40, ink="red", seed=1),
        PageStyle(questions=40, cell="box", mark="cross", blocks=2, ink="blue", angle=0.7, dpi=150, seed=2),
        PageStyle(questions=40, cell="oval", mark="pencil", ink="pink", numbers="right", id_grid=False, seed=3),
    ],
    ids=["red", "crosses", "right"],
)
def test_the_answers_are_found_among_other_cells(style: PageStyle) -> None:
    image, truth = draw_page(style)
    marked, outcome = form_of_paper(image, Asked(style.questions, style.options))
    assert outcome == "read"
    assert marked is not None
    wrong = [n for n, row in marked.rows if row.filled not in {None, truth[n - 1]}]
    assert not wrong
    assert sum(1 for _, row in marked.rows if row.filled is not None) >= 0.98 * len(truth)


def test_without_numerals_a_form_is_told_but_not_read() -> None:
    class Blind(NumberReader):
        def __call__(self, image: object) -> list[tuple[str, float, float]]:
            """Read nothing."""
            return []

    image, _ = draw_page(PageStyle(questions=40, seed=5))
    assert form_of_paper(image, Asked(40, 4), Blind()) == (None, "unread")


def _form_page(image: object) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
    canvas.save()
    return buffer.getvalue()


@needs_tesseract
def test_a_form_behind_a_booklet_is_its_key(tmp_path: Path) -> None:
    image, truth = draw_page(PageStyle(questions=40, ink="red", seed=6))
    items, _ = _parsed(tmp_path, 40, _form_page(image))
    read = _answers(items, 40)
    assert all(got in {"", "ABCD"[one]} for got, one in zip(read, truth, strict=True))
    assert sum(map(bool, read)) >= 39
