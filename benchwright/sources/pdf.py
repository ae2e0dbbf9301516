"""Papers and answer keys as born-digital PDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeySheet, MediaSink, PaperJob
from benchwright.schemas.tables import Reject
from benchwright.sources._booklet import need_text, pdf_signature, read_booklet
from benchwright.sources._columns import lines_across
from benchwright.sources._keysheet import sheet_of
from benchwright.sources._mixedkeys import key_tables
from benchwright.sources._ocrread import readable_pages
from benchwright.sources._omrpages import forms_in
from benchwright.sources._pdfopen import open_pdf
from benchwright.sources._versionkeys import is_other_version, no_key_of, side_version, table_of_version

__all__ = ["KEYS", "SOURCE"]


class PdfSource:
    """Reads booklets: questions by inference under constraints, see ``docs/extraction.md``."""

    name = "pdf"
    suffixes = (".pdf",)

    @property
    def signature(self) -> str:
        """Name, parser version and the version of PDFium."""
        return pdf_signature()

    def parse(self, path: Path, job: PaperJob, media: MediaSink) -> Iterator[Item | Reject]:
        """Yield the items of one booklet, keyed where the booklet holds its own key, and all that was refused.

        Raises:
            InputError: the file cannot be read, or holds no text or no numbered questions.
            MissingDependencyError: most pages need OCR, and it is not installed.
        """
        with open_pdf(path, job.file) as document:
            read_in = readable_pages(document, job.language, job.layout.ocr if job.layout else None)
            booklet = read_booklet(document, read_in, job, media, self.signature)
        yield from booklet


class PdfKeys:
    """Reads answer keys printed as tables or lists."""

    name = "pdf"
    tells_versions = True
    suffixes = (".pdf",)

    @property
    def signature(self) -> str:
        """Name, parser version and the version of PDFium."""
        return pdf_signature()

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
        need_text(pages, job.file)
        lines = lines_across(pages)
        table = side_version(lines, job) or table_of_version(key_tables(lines, told=True, pages=pages), lines, job)
        if table is None:
            return no_key_of(job, self.signature)
        return sheet_of(table, lines, {page.number: page for page in pages}, job, self.signature)


SOURCE: Final = PdfSource()
KEYS: Final = PdfKeys()
