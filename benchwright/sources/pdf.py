"""Papers and answer keys as born-digital PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeySheet, Layout, MediaSink, PaperJob
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Reject
from benchwright.sources._columns import lines_across
from benchwright.sources._figures import Figure, cut_out
from benchwright.sources._inkey import join_inline_key, own_table, read_inline_key
from benchwright.sources._items import CutFigure, items_of, lawful
from benchwright.sources._join import join_keys
from benchwright.sources._keysheet import sheet_of
from benchwright.sources._kinds import told_by_paper
from benchwright.sources._mixedkeys import key_tables
from benchwright.sources._ocrread import readable_pages
from benchwright.sources._omrpages import FormPage, asked_by, forms_asked, forms_in
from benchwright.sources._paper import Paper, paper_of
from benchwright.sources._pdfium import PageChars, open_pdf
from benchwright.sources._rationales import explained
from benchwright.sources._versionkeys import is_other_version, no_key_of, table_of_version

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["KEYS", "SOURCE"]

_VERSION: Final = 1


class PdfSource:
    """Reads booklets: questions by inference under constraints, see ``docs/extraction.md``."""

    name = "pdf"
    suffixes = (".pdf",)

    @property
    def signature(self) -> str:
        """Name, parser version and the version of PDFium."""
        return _signature()

    def parse(self, path: Path, job: PaperJob, media: MediaSink) -> Iterator[Item | Reject]:
        """Yield the items of one booklet, keyed where the booklet holds its own key, and all that was refused.

        Raises:
            InputError: the file cannot be read, or holds no text or no numbered questions.
            MissingDependencyError: most pages need OCR, and it is not installed.
        """
        with open_pdf(path, job.file) as document:
            read_in = readable_pages(document, job.language, job.layout.ocr if job.layout else None)
            pages, forms = forms_in(document, read_in.pages, read_in.scanned)
            _need_text(pages, job.file)
            paper = paper_of(pages, job.layout)
            if paper is None:
                raise InputError(_no_questions(job.file, len(pages), job.layout))
            wanted = job.layout.key if job.layout else None
            table = own_table(paper, wanted)
            inline = None if table else read_inline_key(paper, wanted)
            unread: list[Reject] = []
            if table is None and inline is None and (wanted is None or wanted.where != "file"):
                sizes = [len(block.options) for block in paper.blocks]
                pages, forms, unread = _forms(document, pages, read_in.scanned, forms, sizes, job.file)
                paper = (paper_of(pages, job.layout) or paper) if forms else paper
            paper = explained(inline.paper if inline else paper, inline)
            cut = {}
            for figure in _figures(paper):
                digest, name = media.put(cut_out(document, figure), "image/png")
                cut[figure] = CutFigure(figure, digest, name)
        read = list(items_of(paper, job, self.signature, cut))
        lead = [line.text for line in paper.lines[: paper.blocks[0].first]]
        items = told_by_paper([one for one in read if isinstance(one, Item)], lead)
        rejects = [one for one in read if isinstance(one, Reject)]
        if table:
            sheet = sheet_of(table.table, table.lines, paper.pages, job, self.signature)
            items, refused, _ = join_keys(items, [sheet])
            rejects += refused
        elif inline:
            items, refused, _ = join_inline_key(items, inline, job, self.signature)
            rejects += refused
        elif forms:
            items, refused, _ = join_keys(items, [form.sheet(job, self.signature) for form in forms])
            rejects += refused
        yield from lawful([*items, *rejects, *unread])
        yield from read_in.rejects(job.file, job.language)


class PdfKeys:
    """Reads answer keys printed as tables or lists."""

    name = "pdf"
    tells_versions = True
    suffixes = (".pdf",)

    @property
    def signature(self) -> str:
        """Name, parser version and the version of PDFium."""
        return _signature()

    def read_key(self, path: Path, job: PaperJob) -> KeySheet:
        """Return the key of one file; of several keys in it the one that the recipe names.

        Raises:
            InputError: the file cannot be read, or no key or no certain key is in it.
            MissingDependencyError: most pages need OCR, and it is not installed.
        """
        with open_pdf(path, job.file) as document:
            read_in = readable_pages(document, job.language, job.layout.ocr if job.layout else None)
            pages, forms = forms_in(document, read_in.pages, read_in.scanned)
        if len(forms) == 1 and not is_other_version(job):
            return forms[0].sheet(job, self.signature)
        _need_text(pages, job.file)
        lines = lines_across(pages)
        table = table_of_version(key_tables(lines, told=True, pages=pages), lines, job)
        if table is None:
            return no_key_of(job, self.signature)
        return sheet_of(table, lines, {page.number: page for page in pages}, job, self.signature)


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


def _figures(paper: Paper) -> list[Figure]:
    return [figure for placed in paper.figures.values() for figure, _ in placed]


def _need_text(pages: Sequence[PageChars], name: str) -> None:
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


def _signature() -> str:
    import pypdfium2

    return signature("pdf", pdfium=pypdfium2.PDFIUM_INFO, version=_VERSION)


SOURCE: Final = PdfSource()
KEYS: Final = PdfKeys()
