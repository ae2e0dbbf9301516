"""Statistics printed in a PDF, and pictures that are files of their own."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchwright.builder.store import MediaStore
from benchwright.schemas.errors import InputError
from benchwright.schemas.papers import PaperJob, PictureEntry
from benchwright.sources._imagebook import read_image_booklet
from benchwright.sources._look import look_at
from benchwright.sources._statistics import read_statistics
from tests.typesetter.folder import print_statistics

ROWS = [(number, round(0.2 + number / 200, 2), 4000 + number) for number in range(1, 91)]


def test_a_printed_table_is_read_on_all_its_pages(tmp_path: Path) -> None:
    path = print_statistics(tmp_path / "any.pdf", ROWS)
    read = read_statistics(path)
    assert [(int(row.number), row.human.share_correct, row.human.n) for row in read] == ROWS
    assert [row.page for row in read] == [1 + (number - 1) // 40 for number, _, _ in ROWS]
    look = look_at(path, "any.pdf")
    assert (look.role, look.count) == ("human", 90)


def test_tables_side_by_side_are_read_one_after_the_other(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "two.pdf"), pagesize=A4, invariant=1)
    places = (72, 150, 320, 400)
    for x, text in zip(places, ("Item", "Correct", "Item", "Correct"), strict=True):
        canvas.drawString(x, 790, text)
    for k in range(20):
        for x, text in zip(places, (str(k + 1), f"0.{k + 40}", str(k + 21), f"0.{k + 60}"), strict=True):
            canvas.drawString(x, 770 - 17 * k, text)
    canvas.save()
    read = {row.number: row.human.share_correct for row in read_statistics(tmp_path / "two.pdf")}
    assert read == {str(n): round(0.39 + n / 100, 2) for n in range(1, 41)}


def test_a_paper_without_such_a_table_has_no_statistics(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "text.pdf"), pagesize=A4, invariant=1)
    for k in range(20):
        canvas.drawString(72, 770 - 17 * k, f"{k + 1}. What do you see?")
    canvas.save()
    with pytest.raises(InputError, match="no statistics"):
        read_statistics(tmp_path / "text.pdf")


@pytest.mark.parametrize(
    ("name", "pictures", "questions", "bare"),
    [
        ("fig_IIa.png", ("2a",), (), ()),
        ("Imagen 12.png", ("12",), (), ()),
        ("pregunta-7.png", (), ("7",), ()),
        ("2019/x_014.png", (), (), ("14",)),
        ("Figure B.png", ("B",), (), ()),
        ("logo.png", (), (), ()),
    ],
)
def test_the_name_of_a_picture_says_which_it_is(
    tmp_path: Path, name: str, pictures: tuple[str, ...], questions: tuple[str, ...], bare: tuple[str, ...]
) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(stream, "png")
    path = tmp_path / "raw.png"
    path.write_bytes(stream.getvalue())
    job = PaperJob(file=name, sha256="", exam="x", edition="1", part="1", language="en", role="images")
    (entry,) = read_image_booklet(path, job, MediaStore(tmp_path / "media"))
    assert isinstance(entry, PictureEntry)
    assert (entry.pictures, entry.questions, entry.bare) == (pictures, questions, bare)
    assert (tmp_path / "media" / entry.media).read_bytes() == stream.getvalue()
