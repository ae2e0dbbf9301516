"""Image booklets: the pictures of a PDF, each with the numbers printed above, below or beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import InputError, MissingDependencyError
from benchwright.schemas.papers import MediaSink, PaperJob, PictureEntry
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Reject
from benchwright.sources._columns import lines_across
from benchwright.sources._figures import Figure, cut_out, pictures_of
from benchwright.sources._imagecaptions import Caption, captions_of, tie
from benchwright.sources._imagedrawn import drawn_figures
from benchwright.sources._imagefile import read_image_file
from benchwright.sources._language import UNTOLD, language_of
from benchwright.sources._ocrread import read_pages_with_ocr
from benchwright.sources._omrkey import IMAGE_SUFFIXES
from benchwright.sources._pdfium import PageChars, PagePicture, open_pdf, read_page

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["read_image_booklet"]

_VERSION: Final = 1
_STAGE: Final = "images"
_FEW: Final = 12
"""Letters; a page with fewer and without a caption may be a scan."""
_LOGO: Final = 3
"""Pages on which the same picture stands, from which it is a logo."""
_MOSTLY: Final = 0.4


@dataclass(frozen=True)
class _Cut:
    figure: Figure
    sha256: str
    media: str


def read_image_booklet(path: Path, job: PaperJob, media: MediaSink) -> list[PictureEntry | Reject]:
    """Return the pictures of an image booklet in reading order, and what was refused.

    Every picture becomes an entry, also without a caption. What stands on every page, such as a logo,
    does not.

    Args:
        path: the PDF, or a picture, whose name says which it is.
        job: file name, language and OCR settings; exam, edition and part only pass through.
        media: where the pictures are kept.

    Raises:
        InputError: the file cannot be read.
    """
    if path.suffix.casefold() in IMAGE_SUFFIXES:
        return [*read_image_file(path, job, media)]
    with open_pdf(path, job.file) as document:
        pages = [read_page(document, index) for index in range(len(document))]
        pages, refused = _with_scans(document, pages, job)
        lines = lines_across(pages)
        captions = captions_of(lines, {page.number: page.height for page in pages})
        figures = _figures(document, pages, captions)
        kept = _without_logos([_cut(document, figure, media) for figure in figures], len(pages))
    parser = _signature()
    tied = tie(captions, [one.figure for one in kept])
    entries = [_entry(one, captions[tied[k]] if k in tied else None, job, parser) for k, one in enumerate(kept)]
    unused = [captions[k] for k in sorted(set(range(len(captions))) - set(tied.values()))]
    return [*entries, *(_no_picture(caption, job) for caption in unused if _is_heading(caption)), *refused]


def _with_scans(
    document: pypdfium2.PdfDocument, pages: Sequence[PageChars], job: PaperJob
) -> tuple[list[PageChars], list[Reject]]:
    """Return the pages; those that hold a picture and next to no text are read with OCR, for the captions alone."""
    texts = {line.page: line.text for line in lines_across(pages)}
    bare = [page.number for page in pages if page.count < _FEW and page.pictures and page.number not in texts]
    if not bare:
        return list(pages), []
    whole = language_of("\n".join(texts.values()))
    settings = job.layout.ocr if job.layout else None
    spoken = None if job.language == UNTOLD else job.language
    languages = (settings.languages if settings else ()) or (spoken or whole or "en",)
    try:
        read = read_pages_with_ocr(document, bare, languages)
    except (MissingDependencyError, InputError) as error:
        why = error.problems[0].message
        return list(pages), [_unread(number, why, job) for number in bare]
    by_number = {page.number: replace(page, pictures=_own(pages, page.number)) for page in read}
    return [by_number.get(page.number, page) for page in pages], []


def _own(pages: Sequence[PageChars], number: int) -> tuple[PagePicture, ...]:
    return next(page.pictures for page in pages if page.number == number)


def _figures(document: pypdfium2.PdfDocument, pages: Sequence[PageChars], captions: Sequence[Caption]) -> list[Figure]:
    """Return the pictures of all pages: stored ones, else drawn ones, else the whole page where it is one picture."""
    result: list[Figure] = []
    for page in pages:
        mine = [caption.box for caption in captions if caption.page == page.number]
        result += pictures_of(page) or drawn_figures(document, page, mine)
    return result


def _cut(document: pypdfium2.PdfDocument, figure: Figure, media: MediaSink) -> _Cut:
    sha256, name = media.put(cut_out(document, figure), "image/png")
    return _Cut(figure, sha256, name)


def _without_logos(cuts: Sequence[_Cut], pages: int) -> list[_Cut]:
    counts = Counter(sha256 for sha256, _ in {(one.sha256, one.figure.page) for one in cuts})
    return [one for one in cuts if counts[one.sha256] < max(_LOGO, _MOSTLY * pages)]


def _entry(cut: _Cut, caption: Caption | None, job: PaperJob, parser: str) -> PictureEntry:
    x0, y0, x1, y1 = (round(edge, 2) for edge in cut.figure.box)
    return PictureEntry(
        file=job.file,
        part=job.part or None,
        language=job.language or None,
        page=cut.figure.page,
        x0=x0, y0=y0, x1=x1, y1=y1,
        caption=caption.text if caption else None,
        pictures=caption.numbers("picture") if caption else (),
        questions=caption.numbers("question") if caption else (),
        bare=caption.numbers("bare") if caption else (),
        sha256=cut.sha256,
        media=cut.media,
        parser=parser,
    )  # fmt: skip


def _is_heading(caption: Caption) -> bool:
    return all(name.kind != "bare" for name in caption.names)


def _no_picture(caption: Caption, job: PaperJob) -> Reject:
    x0, y0, x1, y1 = (round(edge, 2) for edge in caption.box)
    return Reject(
        file=job.file, page=caption.page, x0=x0, y0=y0, x1=x1, y1=y1, text=caption.text, reason="text-outside",
        detail="a caption without a picture", language=job.language or None, stage=_STAGE,
    )  # fmt: skip


def _unread(page: int, why: str, job: PaperJob) -> Reject:
    return Reject(
        file=job.file, page=page, reason="page-no-text", detail=f"captions were not read: {why}",
        language=job.language or None, stage=_STAGE,
    )  # fmt: skip


def _signature() -> str:
    import pypdfium2

    return signature("imagebook", pdfium=pypdfium2.PDFIUM_INFO, version=_VERSION)
