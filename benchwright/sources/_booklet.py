"""One PDF booklet whose pages were read -> its items, keyed where it holds its own key, and all that was refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.papers import Layout, MediaSink, PaperJob
from benchwright.schemas.signature import signature as signed
from benchwright.schemas.tables import Reject
from benchwright.sources._figures import cut_out
from benchwright.sources._inkey import join_inline_key, own_table, read_inline_key
from benchwright.sources._items import CutFigure, items_of, lawful
from benchwright.sources._join import join_keys
from benchwright.sources._keyseen import key_not_told
from benchwright.sources._keysheet import sheet_of
from benchwright.sources._kinds import told_by_paper
from benchwright.sources._merged import noted
from benchwright.sources._ocrread import ReadPages
from benchwright.sources._omrpages import FormPage, asked_by, forms_asked, forms_in
from benchwright.sources._paper import paper_of
from benchwright.sources._pdfium import PageChars
from benchwright.sources._rationales import explained

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["need_text", "pdf_signature", "read_booklet"]

_VERSION: Final = 1


def pdf_signature() -> str:
    """Return name, parser version and the version of PDFium."""
    import pypdfium2

    return signed("pdf", pdfium=pypdfium2.PDFIUM_INFO, version=_VERSION)


def read_booklet(
    document: pypdfium2.PdfDocument, read_in: ReadPages, job: PaperJob, media: MediaSink, signature: str
) -> list[Item | Reject]:
    """Return the items of one booklet and all that was refused.

    Args:
        document: the open file, from which figures are cut out.
        read_in: its pages as characters.
        job: what it is, and how it is laid out.
        media: where its figures are put.
        signature: of the reader, for the provenance.

    Raises:
        InputError: the file holds no text or no numbered questions.
    """
    pages, forms = forms_in(document, read_in.pages, read_in.scanned)
    need_text(pages, job.file)
    paper = paper_of(pages, job.layout)
    if paper is None:
        raise InputError(_no_questions(job.file, len(pages), job.layout))
    wanted = job.layout.key if job.layout else None
    table = own_table(paper, wanted, job.booklet)
    inline = None if table else read_inline_key(paper, wanted)
    unread: list[Reject] = []
    if table is None and inline is None and (wanted is None or wanted.where != "file"):
        sizes = [len(block.options) for block in paper.blocks]
        pages, forms, unread = _forms(document, pages, read_in.scanned, forms, sizes, job.file)
        unread += [] if forms or unread else key_not_told(paper, pages, job.file)
        paper = (paper_of(pages, job.layout) or paper) if forms else paper
    paper = explained(inline.paper if inline else paper, inline)
    cut = {}
    for figure in (figure for placed in paper.figures.values() for figure, _ in placed):
        digest, name = media.put(cut_out(document, figure), "image/png")
        cut[figure] = CutFigure(figure, digest, name)
    read = list(items_of(paper, job, signature, cut))
    lead = [line.text for line in paper.lines[: paper.blocks[0].first]]
    rejects = [one for one in read if isinstance(one, Reject)]
    items = noted(told_by_paper([one for one in read if isinstance(one, Item)], lead), rejects)
    refused: Sequence[Reject] = ()
    if table:
        sheet = sheet_of(table.table, table.lines, paper.pages, job, signature)
        items, refused, _ = join_keys(items, [sheet])
    elif inline:
        items, refused, _ = join_inline_key(items, inline, job, signature)
    elif forms:
        items, refused, _ = join_keys(items, [form.sheet(job, signature) for form in forms])
    rest = read_in.rejects(job.file, job.language)
    return [*lawful([*items, *rejects, *refused, *unread]), *rest]


def _forms(
    document: pypdfium2.PdfDocument,
    pages: list[PageChars],
    scanned: Sequence[int],
    forms: list[FormPage],
    sizes: Sequence[int],
    file: str,
) -> tuple[list[PageChars], list[FormPage], list[Reject]]:
    """Look for the form again, now that the questions say what it has to hold, unless it was read in full."""
    asked = asked_by(sizes)
    if asked is None or sum(len(form.marked.rows) for form in forms) >= asked.questions:
        return pages, forms, []
    again, found, unread = forms_asked(document, pages, scanned, asked, file)
    return (again, found, []) if found else (pages, forms, [] if forms else unread)


def need_text(pages: Sequence[PageChars], name: str) -> None:
    """Refuse a file without text.

    Raises:
        InputError: it has fewer than 20 characters a page.
    """
    if sum(page.count for page in pages) < 20 * len(pages):
        raise InputError(
            Problem(
                "pdf-no-text",
                "the PDF has no text, and OCR found none",
                name,
                found=f"{sum(page.count for page in pages)} characters on {len(pages)} pages",
                expected="text, or pictures of text",
                remedy="give the file the role ignore, or set ocr.languages of its layout",
            )
        )


def _no_questions(name: str, pages: int, layout: Layout | None) -> Problem:
    style = layout.number.style if layout is not None and layout.number is not None and layout.is_edited() else None
    like = f"no chain of numbers printed like {style!r}, as number.style of the layout says" if style else ""
    return Problem(
        "layout-not-found",
        "no questions numbered 1, 2, 3, ... were found",
        name,
        found=like or f"{pages} pages of text without such numbers",
        expected="a booklet",
        remedy="set number.style and options.marks of its layout in recipe.yaml, or give the file another role",
    )
