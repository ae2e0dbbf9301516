"""All pages of a PDF as characters: the text layer where it is usable, OCR where it is not."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from benchwright.schemas.errors import InputError, MissingDependencyError
from benchwright.schemas.papers import OcrLayout
from benchwright.schemas.tables import Reject
from benchwright.sources._formulas import on_one_line
from benchwright.sources._language import UNTOLD
from benchwright.sources._ocr import OcrEngine, OcrLine, OcrPage, PixelBox, engine_named
from benchwright.sources._ocragain import moved, read_again, shifted, with_left_out
from benchwright.sources._ocrfigures import with_drawings
from benchwright.sources._ocrimage import faint_above, ink, render_page, skew_of, straightened
from benchwright.sources._ocrpages import empty_page, page_chars
from benchwright.sources._ocrregions import regions, rules
from benchwright.sources._ocrrepair import repaired
from benchwright.sources._ocrrings import CellReader, with_circled_marks
from benchwright.sources._ocrsigns import with_small_signs
from benchwright.sources._ocrtongue import LATIN_TERMS, Tongue, tongue_of
from benchwright.sources._ocrturn import (
    is_turned,
    lines_are_upright,
    read_badly,
    sure_letters,
    turned_page,
    turned_picture,
)
from benchwright.sources._pdfium import PageChars, read_page
from benchwright.sources._stamps import with_stamps
from benchwright.sources._textlayer import coverage, mended, usable

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

__all__ = ["ReadPages", "page_of_image", "read_pages_with_ocr", "readable_pages"]

_KEPT: Final = 64
_FEW_WORDS: Final = 8
"""A page in which fewer words are read with confidence is a picture, not a page of text."""
_SURE: Final = 0.6
_SCAN: Final = 0.7
"""Share of a page that its picture covers when it is a scan."""
_MOSTLY: Final = 0.5
"""From this share of unusable pages a paper without OCR is no paper."""

_cache: OrderedDict[str, OcrPage] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class ReadPages:
    """The pages of a paper, and what is to be said of how they were read."""

    pages: list[PageChars]
    doubts: list[str] = field(default_factory=list)
    unread: dict[int, str] = field(default_factory=dict)
    """By page number: why its text could not be read."""
    sampled: bool = False
    """Not all pages that need OCR were read: counts of questions say nothing."""

    scanned: tuple[int, ...] = ()
    """Numbers of the pages that have no text layer."""
    skipped: frozenset[int] = frozenset()
    """Numbers of the pages that need OCR and are no part of the sample."""
    languages: tuple[str, ...] = ()
    """With which languages pages were read by OCR."""

    def seen(self) -> list[PageChars]:
        """Return the pages of which the text is known."""
        return [page for page in self.pages if page.number not in self.skipped]

    def rejects(self, file: str, language: str | None) -> list[Reject]:
        """Return one reject for each page that could not be read."""
        return [
            Reject(file=file, page=page, reason="page-no-text", detail=why, language=language)
            for page, why in sorted(self.unread.items())
        ]


def readable_pages(
    document: pypdfium2.PdfDocument, language: str | None, ocr: OcrLayout | None = None, *, sample: int | None = None
) -> ReadPages:
    """Return the characters of all pages of a PDF.

    Args:
        document: an open PDF.
        language: BCP-47 tag of the paper; null or ``und`` to find it out from what is read.
        ocr: engine, languages and resolution; the defaults when null.
        sample: read at most so many pages with OCR, from the first that needs it; null for all.

    Raises:
        MissingDependencyError: half of the pages or more need OCR and the engine or its language data is missing.
    """
    language = None if language == UNTOLD else language
    pages, doubts = mended([on_one_line(read_page(document, index)) for index in range(len(document))], language)
    pages = with_stamps(pages)
    wrong = {page.number: verdict.reason for page in pages if not (verdict := usable(page)).usable}
    if not wrong:
        return ReadPages(pages, doubts)
    wrong |= _like_the_others(pages, wrong)
    settings = ocr or OcrLayout()
    scanned = tuple(number for number, why in sorted(wrong.items()) if why.startswith("absent"))
    wanted = sorted(wrong)[:sample]
    try:
        tongue = Tongue(settings.languages) if settings.languages else _tongue(document, wanted, language, settings)
        languages = tongue.languages
        read, failed = _read(document, pages, wanted, languages, settings)
    except MissingDependencyError as error:
        if len(wrong) >= _MOSTLY * len(pages):
            raise
        problem = error.problems[0]
        why = f"{problem.message}; remedy: {problem.remedy}"
        unread = {number: f"text layer {reason}; {why}" for number, reason in wrong.items()}
        return ReadPages(pages, [*doubts, why], unread, scanned=scanned)
    doubts.append(_account(wrong, wanted, len(pages), languages))
    doubts += [tongue.doubt] if tongue.doubt else []
    turned = [number for number, page in sorted(read.items()) if is_turned(page)]
    if turned:
        which = ", ".join(map(str, turned))
        doubts.append(f"scanned on its side or upside down, read upright, figures on it left out: page {which}")
    unread = {number: f"text layer {wrong[number]}; {why}" for number, why in failed.items()}
    kept = [read.get(page.number, page) for page in pages]
    skipped = frozenset(wrong) - frozenset(wanted)
    return ReadPages(kept, doubts, unread, bool(skipped), scanned, skipped, tuple(languages))


def _like_the_others(pages: Sequence[PageChars], wrong: dict[int, str]) -> dict[int, str]:
    """Return pages that are pictures too, of a paper whose other such pages are unusable: they say too little alone."""
    covered = [page.number for page in pages if coverage(page) >= _SCAN]
    bad = [number for number in covered if number in wrong]
    if len(bad) < _MOSTLY * len(covered):
        return {}
    return {number: "wrong: a scan like the other pages" for number in covered if number not in wrong}


def _account(wrong: dict[int, str], wanted: Sequence[int], count: int, languages: Sequence[str]) -> str:
    first = wrong[min(wrong)]
    done = f"{len(wanted)} of them read by OCR as a sample" if len(wanted) < len(wrong) else "read by OCR"
    which = f"{len(wrong)} of {count} pages"
    return f"{which} without usable text layer ({first}), {done} ({', '.join(languages)})"


def read_pages_with_ocr(
    document: pypdfium2.PdfDocument, pages: Sequence[int], languages: Sequence[str], dpi: int = 300
) -> list[PageChars]:
    """Return some pages (1-based numbers) as read by the usual engine.

    Raises:
        MissingDependencyError: the engine or the data of a language is not installed.
        InputError: the engine fails on a page.
    """
    engine = engine_named(OcrLayout().engine)
    scans = [_scan(document, read_page(document, number - 1), engine, languages, dpi) for number in pages]
    return _mended_scans(scans, engine)


def page_of_image(image: Image, language: str | None, ocr: OcrLayout | None = None) -> PageChars:
    """Return a picture as a page of characters; a point is a pixel.

    Raises:
        MissingDependencyError: the engine or the data of a language is not installed.
        InputError: the engine fails on the picture.
    """
    settings = ocr or OcrLayout()
    engine = engine_named(settings.engine)
    languages = settings.languages or ((language,) if language not in (None, UNTOLD) else (LATIN_TERMS,))
    blank = empty_page(1, float(image.width), float(image.height))
    return _mended_scans([_scan_image(image, blank, (engine, languages, settings.dpi))], engine)[0]


def _read(
    document: pypdfium2.PdfDocument,
    pages: Sequence[PageChars],
    wanted: Sequence[int],
    languages: Sequence[str],
    settings: OcrLayout,
) -> tuple[dict[int, PageChars], dict[int, str]]:
    engine = engine_named(settings.engine)
    scans: list[_Scan] = []
    failed: dict[int, str] = {}
    for number in wanted:
        try:
            scans.append(_scan(document, pages[number - 1], engine, languages, settings.dpi))
        except InputError as error:
            failed[number] = str(error)
    read = {found.number: found for found in _mended_scans(scans, engine, settings.review_below)}
    kept = {k: found for k, found in read.items() if _says_something(found) or pages[k - 1].count > found.count}
    return kept, failed


@dataclass(frozen=True)
class _Scan:
    page: PageChars
    text: OcrPage
    dots: tuple[int, int]
    skew: float


def _mended_scans(scans: Sequence[_Scan], engine: OcrEngine, review_below: float | None = None) -> list[PageChars]:
    """Return pages of characters; a limit for the review that is not the usual one goes with the engine's name."""
    signed = engine.signature()
    if review_below not in (None, OcrLayout().review_below):
        signed += f"|review_below:{review_below:g}"
    texts = repaired([scan.text for scan in scans])
    return [page_chars(scan.page, text, scan.dots, scan.skew, signed) for scan, text in zip(scans, texts, strict=True)]


def _says_something(page: PageChars) -> bool:
    if page.confidence is None:
        return False
    breaks = int(((page.code == 32) & (page.confidence >= _SURE)).sum())
    letters = int(((page.code != 32) & (page.confidence >= _SURE)).sum())
    return breaks >= _FEW_WORDS or letters >= 5 * _FEW_WORDS


def _scan(
    document: pypdfium2.PdfDocument, page: PageChars, engine: OcrEngine, languages: Sequence[str], dpi: int
) -> _Scan:
    return _scan_image(render_page(document, page.number - 1, dpi), page, (engine, languages, dpi))


@dataclass(frozen=True)
class _Level:
    """A picture of a page turned straight, its ink, and the rules in it."""

    image: Image
    dark: npt.NDArray[np.bool_]
    ruled: npt.NDArray[np.bool_]
    skew: float


def _levelled(image: Image, dpi: int) -> _Level:
    skew = skew_of(ink(image))
    level = straightened(image, skew)
    dark = ink(level)
    return _Level(level, dark, rules(dark, dpi), skew)


def _scan_image(image: Image, page: PageChars, how: tuple[OcrEngine, Sequence[str], int]) -> _Scan:
    """Read a picture of a page; one in which hardly a word is read is turned, where the engine says that it lies."""
    lying = turned_picture(image, how[0]) if lines_are_upright(ink(image)) else None
    if lying is not None:
        scan = _scan_level(_levelled(lying[0], how[2]), turned_page(page, lying[1]), how)
        if not read_badly(scan.text):
            return replace(scan, skew=scan.skew + lying[1])
    level = _levelled(image, how[2])
    rough = _by_region(level, how, again=False)
    turned = turned_picture(image, how[0]) if read_badly(rough) else None
    if turned is not None:
        upright = _levelled(turned[0], how[2])
        if sure_letters(_by_region(upright, how, again=False)) > sure_letters(rough):
            scan = _scan_level(upright, turned_page(page, turned[1]), how)
            return replace(scan, skew=scan.skew + turned[1])
    return _scan_level(level, page, how)


def _scan_level(level: _Level, page: PageChars, how: tuple[OcrEngine, Sequence[str], int]) -> _Scan:
    engine, _, dpi = how
    plain = level.dark & ~level.ruled
    text = with_drawings(with_left_out(_by_region(level, how), level.image, plain, how), plain, dpi)
    text = with_small_signs(text, level.image, plain, how)
    if isinstance(engine, CellReader):
        text = with_circled_marks(text, level.image, level.dark, engine)
    return _Scan(page, text, level.image.size, level.skew)


def _by_region(level: _Level, how: tuple[OcrEngine, Sequence[str], int], *, again: bool = True) -> OcrPage:
    """Return the text of a page, read column by column without its rules; doubtful lines twice where ``again``."""
    from PIL import Image as Pictures

    grey = np.asarray(level.image)
    plain = Pictures.fromarray(np.where(level.ruled | (grey > faint_above(grey)), np.uint8(255), grey))
    lines: list[OcrLine] = []
    pictures: list[PixelBox] = []
    for region in regions(level.dark & ~level.ruled, how[2], level.ruled):
        part = _text(plain.crop(region), *how)
        placed = [moved(line, region[0], region[1]) for line in part.lines]
        lines += [read_again(line, plain, how) for line in placed] if again else placed
        pictures += [shifted(box, region[0], region[1]) for box in part.pictures]
    return OcrPage(tuple(lines), tuple(pictures))


def _text(image: Image, engine: OcrEngine, languages: Sequence[str], dpi: int) -> OcrPage:
    """Return the text of a picture; equal pictures are read once in a process."""
    about = f"{engine.signature()} {' '.join(languages)} {dpi} {image.size}".encode()
    digest = hashlib.sha256(about + image.tobytes()).hexdigest()
    with _lock:
        known = _cache.get(digest)
    if known is None:
        known = engine.read(image, dpi, languages)
    with _lock:
        _cache[digest] = known
        _cache.move_to_end(digest)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return known


def _tongue(
    document: pypdfium2.PdfDocument, wanted: Sequence[int], language: str | None, settings: OcrLayout
) -> Tongue:
    """Return the languages to read with."""
    dpi = min(settings.dpi, 200)
    engine = engine_named(settings.engine)

    def rough(image: Image) -> OcrPage:
        read = _text(straightened(image, skew_of(ink(image))), engine, (LATIN_TERMS,), dpi)
        turned = turned_picture(image, engine) if read_badly(read) else None
        return read if turned is None else _text(turned[0], engine, (LATIN_TERMS,), dpi)

    return tongue_of(engine, language, wanted, lambda number: render_page(document, number - 1, dpi), rough)
