"""Opening a PDF, with an error that says what is wrong when it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import InputError, Problem

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["MAX_PAGES", "open_pdf"]

MAX_PAGES: Final = 2000
"""A paper with more pages is refused: it is a book, or an attack."""


@contextmanager
def open_pdf(path: Path, name: str) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF for reading.

    Raises:
        InputError: when the file does not exist, is empty, is not a PDF, is encrypted or damaged, or has no pages
            or more than :data:`MAX_PAGES`.
    """
    import pypdfium2

    _check_head(path, name)
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise InputError(_open_problem(path, name, str(error))) from error
    try:
        pages = len(document)
        if not pages:
            raise InputError(
                Problem("pdf-no-pages", "the PDF has no pages", name, found="0 pages", remedy="get the file again")
            )
        if pages > MAX_PAGES:
            raise InputError(
                Problem(
                    "pdf-too-large",
                    "the PDF has more pages than a paper has",
                    name,
                    found=f"{pages} pages",
                    expected=f"at most {MAX_PAGES}",
                    remedy="split the file, or give it the role ignore",
                )
            )
        yield document
    finally:
        document.close()


def _check_head(path: Path, name: str) -> None:
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
    except FileNotFoundError as error:
        raise InputError(Problem("file-not-found", "the file does not exist", name)) from error
    except OSError as error:
        raise InputError(Problem("file-unreadable", "the file cannot be read", name, found=str(error))) from error
    if not head:
        raise InputError(
            Problem("file-empty", "the file has no bytes", name, found="0 bytes", remedy="get the file again")
        )
    if b"%PDF-" not in head:
        raise InputError(
            Problem(
                "pdf-not-a-pdf",
                "the file is not a PDF",
                name,
                found=f"a file that begins with {head[:12]!r}",
                expected="%PDF- in the first 1024 bytes",
                remedy="give it the suffix of what it is, or the role ignore",
            )
        )


def _open_problem(path: Path, name: str, error: str) -> Problem:
    data = path.read_bytes()
    if re.search(rb"/Kids\s*\[\s*\]", data) and not re.search(rb"/Type\s*/Page\b", data):
        return Problem("pdf-no-pages", "the PDF has no pages", name, found="0 pages", remedy="get the file again")
    # PDFium may repeat the error of an earlier file of the process: only a file with /Encrypt can ask for a password.
    if "password" in error.lower() and b"/Encrypt" in data:
        return Problem(
            "pdf-encrypted",
            "the PDF needs a password",
            name,
            found="an encrypted PDF",
            expected="a PDF that opens without a password",
            remedy="save it without a password, e.g. qpdf --decrypt --password=... IN OUT",
        )
    return Problem(
        "pdf-damaged",
        "the PDF is truncated or damaged",
        name,
        found=f"{path.stat().st_size} bytes; PDFium says: {error}",
        expected="a complete PDF",
        remedy="get the file again, or repair it, e.g. qpdf IN OUT",
    )
