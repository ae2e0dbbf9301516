"""Pages as grey pictures, for reports that show many of them: drawn in a fraction of the time that colours take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.sources._omrkey import IMAGE_SUFFIXES, open_image
from benchwright.sources._pdfium import open_pdf

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["grey_sheets"]


def grey_sheets(path: Path, pages: Sequence[int], *, scale: float) -> Iterator[Image]:
    """Yield pages of a PDF (1-based numbers) in 256 greys; a picture file has one page, its pixels are points.

    Raises:
        NotFoundError: the PDF has no such page.
        InputError: the file cannot be read.
    """
    if path.suffix.casefold() in IMAGE_SUFFIXES:
        picture = open_image(path, path.name).convert("L")
        size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
        for _ in pages:
            yield picture.resize(size)
        return
    with open_pdf(path, path.name) as document:
        for page in pages:
            if not 1 <= page <= len(document):
                raise NotFoundError(
                    Problem("name-unknown", "no such page", path.name, f"page {page}", expected=f"1..{len(document)}")
                )
            sheet = document[page - 1]
            pixels: Any = scale
            image = sheet.render(scale=pixels, grayscale=True).to_pil()
            sheet.close()
            yield image
