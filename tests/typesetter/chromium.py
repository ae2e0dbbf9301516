"""The second route: the exam as HTML, printed by headless Chromium, which shapes every script."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.typesetter.html import booklet_html, key_html
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam
from tests.typesetter.pages import Box, Tag

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 90


def program() -> str:
    """The Chromium on PATH.

    Raises:
        FileNotFoundError: there is none.
    """
    for name in _PROGRAMS:
        found = shutil.which(name)
        if found:
            return found
    message = "Chromium is missing: apt-get install chromium"
    raise FileNotFoundError(message)


def print_html(html: str, path: Path) -> None:
    """Prints a page of HTML to a PDF with a fresh profile.

    Raises:
        RuntimeError: Chromium wrote no file.
    """
    with tempfile.TemporaryDirectory(prefix="typesetter-") as folder:
        page = Path(folder) / "page.html"
        page.write_text(html, encoding="utf-8")
        command = [
            program(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={path.resolve()}",
            page.as_uri(),
        ]
        path.unlink(missing_ok=True)
        result = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if not path.is_file():
        message = f"Chromium printed nothing (exit {result.returncode}): {result.stderr[-500:]}"
        raise RuntimeError(message)


def print_booklet(exam: PrintExam, layout: Layout, path: Path) -> list[Box]:
    """Prints the booklet; the boxes tell the page where each item, picture and option starts, not its sides."""
    print_html(booklet_html(exam, layout), path)
    return _boxes(path)


def print_key_pdf(exam: PrintExam, layout: Layout, path: Path, title: str, *, revised: bool) -> None:
    """Prints the key in the layout's format, a table in columns where that has no file of its own."""
    print_html(key_html(exam, layout, title, revised=revised), path)


_ANCHOR = re.compile(r"^at-(\d+)-(\d+)-(.+)$")


def _boxes(path: Path) -> list[Box]:
    import pypdfium2
    import pypdfium2.raw as raw

    document = pypdfium2.PdfDocument(path)
    boxes: list[Box] = []
    for position in range(raw.FPDF_CountNamedDests(document)):
        name, page, x, y = _destination(raw, document, position)
        found = _ANCHOR.match(name)
        if found and page >= 0:
            top = document[page].get_height() - y
            tag = Tag(int(found[1]), int(found[2]), found[3].replace("_", ":"))
            boxes.append(Box(tag, page + 1, x, top, x, top))
    document.close()
    return sorted(boxes, key=lambda box: (box.tag.part, box.tag.number, box.page, box.tag.field))


def _destination(raw: Any, document: Any, position: int) -> tuple[str, int, float, float]:
    import ctypes

    length = ctypes.c_long(0)
    raw.FPDF_GetNamedDest(document, position, None, length)
    buffer = ctypes.create_string_buffer(max(length.value, 1))
    dest = raw.FPDF_GetNamedDest(document, position, buffer, length)
    name = buffer.raw[: max(length.value, 0)].decode("utf-16-le", "replace").rstrip("\0")
    flags = [ctypes.c_int(0) for _ in range(3)]
    numbers = [ctypes.c_float(0) for _ in range(3)]
    raw.FPDFDest_GetLocationInPage(dest, *flags, *numbers)
    return name, raw.FPDFDest_GetDestPageIndex(document, dest), numbers[0].value, numbers[1].value
