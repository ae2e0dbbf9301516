"""Image booklets as PDF: pictures with the numbers printed above, below or beside them."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchwright.schemas import Reject
from benchwright.schemas.errors import InputError
from benchwright.schemas.papers import PaperJob, PictureEntry
from benchwright.sources import read_image_booklet
from tests.typesetter.pictures import picture

HEIGHT = A4[1]


class Memory:
    """A media sink that keeps everything in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        digest = hashlib.sha256(data).hexdigest()
        name = f"{digest}.{media_type.partition('/')[2]}"
        self.kept[name] = data
        return digest, name


@dataclass
class Sheet:
    """A page to print: texts at (x, y from the top), pictures at (seed, x, y from the top, width, height)."""

    texts: list[tuple[str, float, float]] = field(default_factory=list)
    pictures: list[tuple[int, float, float, float, float]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)


def booklet(path: Path, sheets: list[Sheet]) -> Path:
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for sheet in sheets:
        for text, x, y in sheet.texts:
            canvas.drawString(x, HEIGHT - y, text)
        for seed, x, y, width, height in sheet.pictures:
            canvas.drawImage(ImageReader(io.BytesIO(picture(seed))), x, HEIGHT - y - height, width, height)
        for x0, y0, x1, y1 in sheet.lines:
            canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)
        canvas.showPage()
    canvas.save()
    return path


def job(**changes: str) -> PaperJob:
    values = {"file": "images.pdf", "sha256": "0" * 64, "exam": "x", "edition": "1", "part": "", "language": "es"}
    return PaperJob.model_validate({**values, **changes, "role": "images"})


def read(path: Path) -> tuple[list[PictureEntry], list[Reject]]:
    found = read_image_booklet(path, job(), Memory())
    return [one for one in found if isinstance(one, PictureEntry)], [one for one in found if isinstance(one, Reject)]


def column(where: str) -> list[Sheet]:
    """Three pictures one below the other on each of two pages, numbered 1 to 6."""
    sheets = []
    for page in range(2):
        sheet = Sheet()
        for row in range(3):
            number, top = page * 3 + row + 1, 100 + row * 230
            sheet.pictures.append((number, 150, top, 200, 150))
            place = {"above": (150.0, top - 8.0), "below": (150.0, top + 165.0), "beside": (60.0, top + 70.0)}[where]
            sheet.texts.append((f"Imagen {number}", *place))
        sheets.append(sheet)
    return sheets


@pytest.mark.parametrize("where", ["above", "below", "beside"])
def test_each_picture_has_the_number_beside_it(tmp_path: Path, where: str) -> None:
    entries, rejects = read(booklet(tmp_path / "images.pdf", column(where)))
    assert rejects == []
    assert [one.pictures for one in entries] == [(str(number),) for number in range(1, 7)]
    assert [one.page for one in entries] == [1, 1, 1, 2, 2, 2]
    assert [round(one.y0) for one in entries] == [100, 330, 560] * 2
    assert len({one.sha256 for one in entries}) == 6


def test_pictures_side_by_side_have_their_own_captions(tmp_path: Path) -> None:
    sheet = Sheet(
        texts=[("Figure 1", 100, 90), ("Figure 2", 350, 90), ("Figure 3", 100, 390), ("Figure 4", 350, 390)],
        pictures=[(1, 80, 100, 180, 150), (2, 330, 100, 180, 150), (3, 80, 400, 180, 150), (4, 330, 400, 180, 150)],
    )
    entries, _ = read(booklet(tmp_path / "images.pdf", [sheet]))
    assert {one.pictures: (round(one.x0), round(one.y0)) for one in entries} == {
        ("1",): (80, 100), ("2",): (330, 100), ("3",): (80, 400), ("4",): (330, 400),
    }  # fmt: skip


def test_one_picture_to_a_page_at_the_same_place_is_no_logo(tmp_path: Path) -> None:
    sheets = [
        Sheet([(f"Pregunta {20 + k}", 60, 60)], [(k, 100, 120, 300, 200), (999, 480, 20, 60, 30)]) for k in range(1, 6)
    ]
    entries, _ = read(booklet(tmp_path / "images.pdf", sheets))
    assert [one.questions for one in entries] == [(str(20 + k),) for k in range(1, 6)]
    assert {round(one.x0) for one in entries} == {100}


def test_a_heading_holds_for_all_pictures_under_it_and_on_the_next_page(tmp_path: Path) -> None:
    sheets = [
        Sheet([("Question 7", 60, 60)], [(1, 80, 100, 180, 150), (2, 80, 300, 180, 150)]),
        Sheet([], [(3, 80, 100, 180, 150)]),
        Sheet([("Question 9", 60, 60)], [(4, 80, 100, 180, 150)]),
    ]
    entries, _ = read(booklet(tmp_path / "images.pdf", sheets))
    assert [one.questions for one in entries] == [("7",), ("7",), ("7",), ("9",)]


def test_a_caption_goes_on_over_several_lines(tmp_path: Path) -> None:
    sheet = Sheet(
        [("Figura 2. Corte de una membrana teñida", 80, 270), ("con un colorante inventado.", 80, 284)],
        [(1, 80, 100, 180, 150)],
    )
    entries, _ = read(booklet(tmp_path / "images.pdf", [sheet]))
    assert entries[0].caption == "Figura 2. Corte de una membrana teñida con un colorante inventado."


def test_a_caption_may_name_picture_and_question(tmp_path: Path) -> None:
    sheet = Sheet([("Imagen 3 (Pregunta 21)", 80, 90)], [(1, 80, 100, 180, 150)])
    entries, _ = read(booklet(tmp_path / "images.pdf", [sheet]))
    assert (entries[0].pictures, entries[0].questions) == (("3",), ("21",))


def test_numbers_alone_count_where_no_caption_has_a_word(tmp_path: Path) -> None:
    sheets = [Sheet([(f"{n}.", 80, 90), (str(page), 290, 820)], [(n, 80, 100, 180, 150)])
              for page, n in enumerate((31, 47), start=1)]  # fmt: skip
    entries, rejects = read(booklet(tmp_path / "images.pdf", sheets))
    assert [one.bare for one in entries] == [("31",), ("47",)]
    assert rejects == []


def test_a_drawn_picture_is_cut_out(tmp_path: Path) -> None:
    strokes = [(100.0, 150.0 + 10 * k, 400.0, 350.0 - 8 * k) for k in range(12)]
    sheet = Sheet([("Imagen 1", 100, 90)], [], strokes)
    entries, _ = read(booklet(tmp_path / "images.pdf", [sheet]))
    assert [one.pictures for one in entries] == [("1",)]
    assert (round(entries[0].x0, -1), round(entries[0].x1, -1)) == (100, 400)
    assert 140 < entries[0].y0 < 160


def test_a_caption_without_a_picture_is_told(tmp_path: Path) -> None:
    sheet = Sheet([("Imagen 1", 80, 90), ("Imagen 2", 80, 700)], [(1, 80, 100, 180, 150)])
    entries, rejects = read(booklet(tmp_path / "images.pdf", [sheet]))
    assert [one.pictures for one in entries] == [("1",)]
    assert [(one.reason, one.text) for one in rejects] == [("text-outside", "Imagen 2")]


def test_a_file_that_is_no_pdf(tmp_path: Path) -> None:
    path = tmp_path / "images.pdf"
    path.write_bytes(b"no picture at all")
    with pytest.raises(InputError):
        read(path)
