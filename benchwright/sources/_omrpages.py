"""Optical-mark forms among the pages of a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import MissingDependencyError
from benchwright.schemas.papers import KeySheet, PaperJob
from benchwright.schemas.tables import Reject
from benchwright.sources._ocrimage import render_page
from benchwright.sources._ocrpages import empty_page
from benchwright.sources._omrfit import Asked, form_of_paper
from benchwright.sources._omrsheet import MarkedForm, NumberReader, marked_form, sheet_of_form
from benchwright.sources._omrsingle import single_form
from benchwright.sources._pdfium import Box, PageChars
from benchwright.sources._textlayer import coverage

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

__all__ = ["TYPE_IT", "FormPage", "asked_by", "forms_asked", "forms_in"]

_DPI: Final = 200
_LAST: Final = 3
"""A form stands on one of so many pages without text at the end of a paper."""


_PICTURE: Final = 0.4
_PART: Final = 0.12
"""Share of a page that the picture of a form covers at least, where the paper says how many cells it has."""
_COUNTED: Final = 0.5
"""Share of the numbers of a paper on a page that shows that it is a key."""
TYPE_IT: Final = "type the key into a CSV file with the columns number and answer, and give it the role key"
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
            width, height = self.page.scanned_size
            return replace(self.page, skew=self.marked.form.skew, width=width, height=height).shown(level)

        return sheet_of_form(self.marked, job, self.page.number, shown, parser)


def forms_in(
    document: pypdfium2.PdfDocument, pages: Sequence[PageChars], scanned: Sequence[int]
) -> tuple[list[PageChars], list[FormPage]]:
    """Return the pages without the text that OCR read on forms, and the forms among those without text layer."""
    found: list[FormPage] = []
    pictured = [p.number for p in pages[-_LAST:] if p.count < _FEW and coverage(p) >= _PICTURE]
    for number in sorted({*scanned[-_LAST:], *pictured}):
        try:
            image = render_page(document, number - 1, _DPI)
            marked = marked_form(image) or single_form(image)[0]
        except MissingDependencyError:
            return list(pages), []
        if marked is not None:
            found.append(FormPage(pages[number - 1], marked))
    forms = {form.page.number for form in found}
    kept = [empty_page(p.number, p.width, p.height) if p.number in forms else p for p in pages]
    return kept, found


def asked_by(options: Sequence[int]) -> Asked | None:
    """Return what a form has to hold for questions with so many options each, or None for too few questions."""
    closed = [count for count in options if count >= 2]
    return Asked(len(options), max(closed)) if len(closed) >= max(_LEAST, 0.8 * len(options)) else None


_LEAST: Final = 10
"""Questions; fewer are too few to tell a form from other drawings."""


def forms_asked(
    document: pypdfium2.PdfDocument, pages: Sequence[PageChars], scanned: Sequence[int], asked: Asked, file: str
) -> tuple[list[PageChars], list[FormPage], list[Reject]]:
    """Return the pages without the form that holds the answers to a known paper, this form, and what was not read.

    A page of cells whose numbers or marks are not certain becomes a reject; an empty form is none.
    """
    rejects: list[Reject] = []
    for page in pages[: -_LAST - 1 : -1]:
        whole = page.number in scanned
        if not whole and coverage(page) < _PART:
            continue
        try:
            image = render_page(document, page.number - 1, _DPI)
            marked, outcome = form_of_paper(image, asked)
            if marked is None:
                marked, single = single_form(image, questions=asked.questions)
                outcome = "unread" if single == "unread" else outcome
            told = marked is None and outcome == "none" and whole and _counts(image, asked)
        except MissingDependencyError:
            return list(pages), [], []
        if marked is not None:
            without = _without_form(page, whole=whole or page.count < _FEW)
            return [without if p is page else p for p in pages], [FormPage(page, marked)], []
        if outcome == "unread" or told:
            rejects.append(_unread(page, asked, file, form=outcome == "unread"))
    return list(pages), [], rejects


def _without_form(page: PageChars, *, whole: bool) -> PageChars:
    if whole:
        return empty_page(page.number, page.width, page.height)
    return replace(page, pictures=tuple(one for one in page.pictures if one.kind != "image"))


def _counts(image: Image, asked: Asked) -> bool:
    """Tell whether half of the numbers of a paper are printed on a page, as on its key."""
    told = {int(text) for text, _, _ in NumberReader()(image) if text.isascii() and text.isdigit()}
    return len(told & set(range(1, asked.questions + 1))) >= _COUNTED * asked.questions


def _unread(page: PageChars, asked: Asked, file: str, *, form: bool) -> Reject:
    cells = (
        f"the page is an answer form; no cells for {asked.questions} questions with {asked.options} options, no "
        "letters above them, or no numbers beside them, could be read with certainty"
    )
    other = (
        f"the page is a picture with the numbers of the {asked.questions} questions; no answers to them could be read"
    )
    return Reject(
        file=file, page=page.number, x0=0.0, y0=0.0, x1=round(page.width, 2), y1=round(page.height, 2),
        reason="key-unreadable", stage="keys", detail=f"{cells if form else other}: {TYPE_IT}",
    )  # fmt: skip
