"""The picture of a key -> a key sheet: an optical-mark form, a ruled table, or a printed list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.papers import KeyEntry, KeySheet, PaperJob
from benchwright.sources._columns import lines_across
from benchwright.sources._keys import find_tables
from benchwright.sources._keysheet import choose_table, sheet_of
from benchwright.sources._ocr import engine_named
from benchwright.sources._ocrread import page_of_image
from benchwright.sources._omrsheet import marked_form, sheet_of_form
from benchwright.sources._omrsigns import WordReader
from benchwright.sources._omrsingle import single_form
from benchwright.sources._omrtable import Answer, read_table

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["IMAGE_SUFFIXES", "key_of_picture", "open_image"]

IMAGE_SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
_LARGEST: Final = 60_000_000
"""Pixels; a larger picture is no page."""
_SURE: Final = 0.5


def key_of_picture(path: Path, job: PaperJob, parser: str) -> KeySheet:
    """Return the key in a picture; a doubtful answer has status unknown.

    Raises:
        InputError: the file is no picture, or no key is in it.
        MissingDependencyError: the OCR engine is not installed.
    """
    image = open_image(path, job.file)
    marked = marked_form(image) or single_form(image)[0]
    if marked is not None:
        return sheet_of_form(marked, job, 1, lambda box: box, parser)
    engine = engine_named("tesseract")
    answers = read_table(image, engine) if isinstance(engine, WordReader) else []
    if answers:
        return _sheet(answers, job, parser)
    page = page_of_image(image, job.language)
    lines = lines_across([page])
    return sheet_of(choose_table(find_tables(lines), job), lines, {1: page}, job, parser)


def open_image(path: Path, name: str) -> Image:
    """Return a picture in grey.

    Raises:
        InputError: the file does not exist, is empty, damaged, too large, or no picture.
    """
    from PIL import Image as Pictures
    from PIL import UnidentifiedImageError

    try:
        with Pictures.open(path) as picture:
            if picture.width * picture.height > _LARGEST:
                raise InputError(
                    Problem(
                        "file-unreadable",
                        "the picture is larger than a page",
                        name,
                        found=f"{picture.width} x {picture.height} pixels",
                        expected=f"at most {_LARGEST} pixels",
                        remedy="save it smaller, or give it the role ignore",
                    )
                )
            flat = picture.convert("RGBA")
            white = Pictures.new("RGBA", flat.size, "white")
            white.alpha_composite(flat)
            return white.convert("L")
    except FileNotFoundError as error:
        raise InputError(Problem("file-not-found", "the file does not exist", name)) from error
    except (UnidentifiedImageError, OSError, ValueError, Pictures.DecompressionBombError) as error:
        raise InputError(
            Problem(
                "file-unreadable",
                "the file is no picture that can be read",
                name,
                found=str(error)[:200],
                expected="a complete PNG, JPEG, TIFF, BMP or WebP file",
                remedy="get the file again, or give it the role ignore",
            )
        ) from error


def _sheet(answers: list[Answer], job: PaperJob, parser: str) -> KeySheet:
    return KeySheet(
        file=job.file,
        exam=job.exam,
        edition=job.edition,
        part=job.part,
        booklet=job.booklet,
        status=job.status or "official",
        entries=tuple(_entry(answer, job) for answer in answers),
        parser=f"{parser}|table",
    )


def _entry(answer: Answer, job: PaperJob) -> KeyEntry:
    x0, y0, x1, y1 = (float(edge) for edge in answer.box)
    sure = bool(answer.text) and answer.confidence >= _SURE
    return KeyEntry(
        number=str(answer.number),
        answers=((answer.text,),) if sure else (),
        status=(job.status or "official") if sure else "unknown",
        printed=answer.text,
        note=f"confidence {answer.confidence:.2f}",
        page=1, x0=x0, y0=y0, x1=x1, y1=y1,
    )  # fmt: skip
