"""Optical-mark forms among the pages of a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import MissingDependencyError
from benchwright.schemas.papers import KeySheet, PaperJob
from benchwright.sources._ocrimage import render_page
from benchwright.sources._ocrpages import empty_page
from benchwright.sources._omrsheet import MarkedForm, marked_form, sheet_of_form
from benchwright.sources._pdfium import Box, PageChars
from benchwright.sources._textlayer import coverage

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["FormPage", "forms_in"]

_DPI: Final = 200
_LAST: Final = 3
"""A form stands on one of so many pages without text at the end of a paper."""


_PICTURE: Final = 0.4
_FEW: Final = 400
"""Characters; a page with a picture and more is a page of text with a figure."""


@dataclass(frozen=True)
class FormPage:
    """A page that is a filled-in form."""

    page: PageChars
    marked: MarkedForm

    def sheet(self, job: PaperJob, parser: str) -> KeySheet:
        """Return the form as a key, its boxes in points of the page as it is."""

        def shown(box: Box) -> Box:
            points = 72 / _DPI
            level = (box[0] * points, box[1] * points, box[2] * points, box[3] * points)
            return replace(self.page, skew=self.marked.form.skew).shown(level)

        return sheet_of_form(self.marked, job, self.page.number, shown, parser)


def forms_in(
    document: pypdfium2.PdfDocument, pages: Sequence[PageChars], scanned: Sequence[int]
) -> tuple[list[PageChars], list[FormPage]]:
    """Return the pages without the text that OCR read on forms, and the forms among those without text layer."""
    found: list[FormPage] = []
    pictured = [p.number for p in pages[-_LAST:] if p.count < _FEW and coverage(p) >= _PICTURE]
    for number in sorted({*scanned[-_LAST:], *pictured}):
        try:
            marked = marked_form(render_page(document, number - 1, _DPI))
        except MissingDependencyError:
            return list(pages), []
        if marked is not None:
            found.append(FormPage(pages[number - 1], marked))
    forms = {form.page.number for form in found}
    kept = [empty_page(p.number, p.width, p.height) if p.number in forms else p for p in pages]
    return kept, found
