"""PDF pages as arrays of characters with boxes, fonts and colours, through PDFium.

Boxes are points from the top left corner of the page. Characters that PDFium makes up (spaces and line ends between
words) are left out: spacing is decided from positions in :mod:`benchwright.sources._lines`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import regex

from benchwright.sources._accents import with_accents
from benchwright.sources._enclosed import circled_again
from benchwright.sources._pdffast import MATRIX, Addresses, Calls, characters, shared_calls
from benchwright.sources._pdfforms import drawn_objects, objects_of
from benchwright.sources._pdfopen import MAX_PAGES, open_pdf
from benchwright.sources._privatesigns import is_private, public_signs
from benchwright.sources._spans import has_shaped, one_text_per_span, span_of, twice_told

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["MAX_PAGES", "Box", "PageChars", "PagePicture", "open_pdf", "read_page"]

Box = tuple[float, float, float, float]
Floats = npt.NDArray[np.float64]
SPACES: Final = np.array([32, 160, 0x3000, 0x2002, 0x2003, 0x2009, 0x202F], dtype=np.uint32)
_MARKLESS: Final = np.array([0, 0xFEFF, 0x200B, 0xAD], dtype=np.uint32)
_BLANK: Final = np.zeros(0x10000, dtype=bool)
_BLANK[SPACES] = True
_UNPRINTED: Final = _BLANK.copy()
_UNPRINTED[_MARKLESS] = True
BOLD: Final = 1
_MARKERS: Final = (9, 10)
"""Subtypes of annotations: highlight, underline."""
_BOLD_WORDS: Final = ("bold", "black", "heavy", "demi", "-bd")
_TEX_BOLD: Final = regex.compile(r"(?:[a-z]{6}\+)?[a-z]{2,5}bx[a-z]{0,2}\d{1,4}")
"""Bold fonts of TeX: `CMBX10`, `SFBX1095`, `CMSSBX10`."""
_FORCE_BOLD: Final = 1 << 18
_NAMELESS: Final = regex.compile(r"(?:[a-z]{6}\+)?(?:cidfont\+)?(?:f|ft|c|tt|t)?\d*")
"""Font names that say nothing; only then the weight counts, since PDFium guesses it from the width of stems."""
_LINE_END_HYPHEN: Final = 2
"""What PDFium gives for a hyphen at the end of a line."""
ITALIC: Final = 2


@dataclass(frozen=True)
class PagePicture:
    """A picture or a filled rectangle on a page."""

    box: Box
    kind: str
    """``image`` or ``fill``."""
    colour: tuple[int, int, int] | None = None


@dataclass(frozen=True, eq=False)
class PageChars:
    """The characters of one page, in the order of the content stream."""

    number: int
    """1-based."""
    width: float
    height: float
    code: npt.NDArray[np.uint32]
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    base: Floats
    """Baseline, from the top."""
    size: Floats
    """Font size as printed, in points."""
    style: npt.NDArray[np.uint8]
    """Bits: 1 bold, 2 italic."""
    colour: npt.NDArray[np.uint32]
    """Fill colour, 0xRRGGBB."""
    angle: Floats
    """Rotation in degrees."""
    pictures: tuple[PagePicture, ...]
    confidence: Floats | None = None
    """How sure the OCR engine is of each character, 0 to 1; None where the text layer was read."""
    ocr: str | None = None
    """Signature of the OCR engine that read the page, or None."""
    skew: float = 0.0
    """By how many degrees lines rise on the page as scanned. The boxes are those of the straightened page.

    90, 180 or 270 and some more where the page was scanned on its side or upside down.
    """
    note: str | None = None
    """What was mended in the text layer, as part of a signature."""
    raised: npt.NDArray[np.int8] | None = None
    """Which characters of formulas are raised (1) and lowered (-1), where that was told apart from their baselines."""
    stamped: npt.NDArray[np.bool_] | None = None
    """Which characters belong to a stamp that is printed over the text; None where there is none."""

    def shown(self, box: Box) -> Box:
        """Return a box of the straightened page as a box on the page as it is."""
        if not self.skew:
            return box
        turn = np.radians(self.skew)
        x = np.array([box[0], box[2], box[0], box[2]]) - self.width / 2
        y = np.array([box[1], box[1], box[3], box[3]]) - self.height / 2
        width, height = self.scanned_size
        across = x * np.cos(turn) + y * np.sin(turn) + width / 2
        down = y * np.cos(turn) - x * np.sin(turn) + height / 2
        return float(across.min()), float(down.min()), float(across.max()), float(down.max())

    @property
    def scanned_size(self) -> tuple[float, float]:
        """Width and height of the page as it is: the other way round where it was turned to be read."""
        return (self.height, self.width) if round(self.skew / 90) % 2 else (self.width, self.height)

    @cached_property
    def codes(self) -> list[int]:
        """The code points as plain numbers."""
        return [int(code) for code in self.code.tolist()]

    @cached_property
    def blank(self) -> npt.NDArray[np.bool_]:
        """Whether a character is a space."""
        return _BLANK[np.minimum(self.code, len(_BLANK) - 1)]

    @cached_property
    def unprinted(self) -> npt.NDArray[np.bool_]:
        """Whether a character is a space or leaves no mark on the page."""
        return _UNPRINTED[np.minimum(self.code, len(_UNPRINTED) - 1)]

    @property
    def count(self) -> int:
        """Number of characters."""
        return len(self.code)


def read_page(document: pypdfium2.PdfDocument, index: int) -> PageChars:
    """Return the characters, pictures and filled rectangles of one page (0-based index)."""
    import pypdfium2.raw as c

    page = document[index]
    try:
        text = page.get_textpage()
        try:
            return _Reader(c, shared_calls(), page, text).read(index + 1)
        finally:
            text.close()
    finally:
        page.close()


class _Reader:
    """Reads one page; asks PDFium once for each text object, since neighbours share it."""

    def __init__(self, c: Any, calls: Calls, page: Any, text: Any) -> None:
        self.c, self.calls, self.page, self.text = c, calls, page, text
        self.width, self.height = page.get_size()
        box = page.get_bbox()
        self.left, self.top = box[0], box[3]
        self.rotated = page.get_rotation() != 0
        self.objects = objects_of(c, calls, page.raw)

    def read(self, number: int) -> PageChars:
        pieces, table = self._table()
        note = self._read_signs(pieces, table)
        table, kept = with_accents(table)
        pieces = pieces[kept]
        if has_shaped(table[:, 0]):
            once = ~twice_told(table, pieces.astype(np.int64))
            pieces, table = pieces[once], table[once]
            known, inverse = np.unique(pieces, return_inverse=True)
            spans = [span_of(self.c, ctypes.cast(piece, self.c.FPDF_PAGEOBJECT)) for piece in known.tolist()]
            table = one_text_per_span(table, np.array(spans, dtype=np.int64)[inverse], pieces.astype(np.int64))
        table = circled_again(table)
        if self.rotated:
            self._turn(table)
        return PageChars(
            number=number,
            width=self.width,
            height=self.height,
            code=np.where(table[:, 0] == _LINE_END_HYPHEN, ord("-"), table[:, 0]).astype(np.uint32),
            x0=np.ascontiguousarray(table[:, 1]),
            y0=np.ascontiguousarray(table[:, 2]),
            x1=np.ascontiguousarray(table[:, 3]),
            y1=np.ascontiguousarray(table[:, 4]),
            base=np.ascontiguousarray(table[:, 5]),
            size=np.ascontiguousarray(table[:, 6]),
            style=table[:, 7].astype(np.uint8),
            colour=table[:, 8].astype(np.uint32),
            angle=np.ascontiguousarray(table[:, 9]),
            pictures=(*self._pictures(), *self._annotations()),
            note=note,
        )

    def _read_signs(self, pieces: Addresses, table: Floats) -> str | None:
        """Put characters in place of the private code points of known fonts of symbols; return a note of it."""
        private = np.flatnonzero(is_private(table[:, 0]))
        if not len(private):
            return None
        known, inverse = np.unique(pieces[private], return_inverse=True)
        fonts = self.calls.addresses("FPDFTextObj_GetFont", known, len(known)).tolist()
        names = [self._font_name(ctypes.cast(font, self.c.FPDF_FONT)) for font in fonts]
        table[private, 0], used = public_signs(table[private, 0], [names[k] for k in inverse.tolist()])
        return f"signs of {', '.join(used)}" if used else None

    def _table(self) -> tuple[Addresses, Floats]:
        """Return for every character its text object and a row: code, box, baseline, size, style, colour, angle."""
        found = characters(self.calls, self.text)
        kept = np.flatnonzero(found.pieces)
        pieces, loose = found.pieces[kept], found.loose[kept]
        table = np.empty((len(kept), 10))
        table[:, 0] = found.codes[kept]
        table[:, 1] = loose["left"].astype(np.float64) - self.left
        table[:, 2] = self.top - loose["top"].astype(np.float64)
        table[:, 3] = loose["right"].astype(np.float64) - self.left
        table[:, 4] = self.top - loose["bottom"].astype(np.float64)
        table[:, 5] = self.top - found.origin[kept, 1]
        known, inverse = np.unique(pieces, return_inverse=True)
        table[:, 6:10] = self._about(known)[inverse]
        return pieces, table

    def _turn(self, table: npt.NDArray[np.float64]) -> None:
        """Bring the boxes of a page with /Rotate to the orientation in which it is shown."""
        turns = self.page.get_rotation() // 90
        box = self.page.get_bbox()
        width, height = box[2] - box[0], box[3] - box[1]
        for _ in range(turns):
            x0, y0, x1, y1 = (table[:, k].copy() for k in (1, 2, 3, 4))
            table[:, 1], table[:, 2], table[:, 3], table[:, 4] = height - y1, x0, height - y0, x1
            table[:, 5] = x1
            width, height = height, width
        table[:, 9] = (table[:, 9] - 90.0 * turns) % 360.0

    def _about(self, pieces: Addresses) -> Floats:
        """Return size, style bits, colour and angle of text objects."""
        c, calls, count = self.c, self.calls, len(pieces)
        size, matrix, colour = np.zeros(count, "f4"), np.zeros(count, MATRIX), np.zeros((count, 4), np.uint32)
        calls.numbers("FPDFTextObj_GetFontSize", pieces, count, size)
        calls.numbers("FPDFPageObj_GetMatrix", pieces, count, matrix)
        calls.numbers("FPDFPageObj_GetFillColor", pieces, count, colour)
        mode = calls.numbers("FPDFTextObj_GetTextRenderMode", pieces, count)
        fonts, inverse = np.unique(calls.addresses("FPDFTextObj_GetFont", pieces, count), return_inverse=True)
        styles = np.array([self._style(ctypes.cast(font, c.FPDF_FONT)) for font in fonts.tolist()], dtype=np.uint8)
        style = styles[inverse]
        style[(mode == c.FPDF_TEXTRENDERMODE_FILL_STROKE) | np.isin(pieces, self._overprinted())] |= BOLD
        turn = {name: matrix[name].astype(np.float64) for name in "abcd"}
        about = np.empty((count, 4))
        about[:, 0] = np.abs(size.astype(np.float64)) * np.sqrt(turn["c"] ** 2 + turn["d"] ** 2)
        about[:, 1] = style
        about[:, 2] = (colour[:, 0] << 16) | (colour[:, 1] << 8) | colour[:, 2]
        about[:, 3] = np.degrees(np.arctan2(turn["b"], turn["a"])) % 360.0
        return about

    def _overprinted(self) -> list[int]:
        """Return text objects that are printed twice, a little apart: bold as some programs make it.

        PDFium gives the characters of such text once.
        """
        seen: dict[tuple[int, int, int], list[tuple[float, int]]] = {}
        result: set[int] = set()
        of_text = (self.objects.kinds == self.c.FPDF_PAGEOBJ_TEXT) & self.objects.bounded
        bounds, addresses = self.objects.bounds[of_text].tolist(), self.objects.addresses[of_text].tolist()
        for (left, bottom, right, top), address in zip(bounds, addresses, strict=True):
            width, height = right - left, top - bottom
            if width <= 0.5 or height <= 0.5:
                continue
            known = seen.setdefault((round(bottom * 4), round(top * 4), round(width * 4)), [])
            for edge, other in known:
                if abs(edge - left) < min(0.1 * height, 1.2):
                    result.update((address, other))
            known.append((left, address))
        return list(result)

    def _font_name(self, font: Any) -> str:
        buffer = ctypes.create_string_buffer(256)
        self.c.FPDFFont_GetBaseFontName(font, buffer, 256)
        return buffer.value.decode("utf-8", "replace").lower()

    def _style(self, font: Any) -> int:
        c, name = self.c, self._font_name(font)
        flags = c.FPDFFont_GetFlags(font)
        bold = any(word in name for word in _BOLD_WORDS) or bool(flags & _FORCE_BOLD)
        bold = bold or _TEX_BOLD.fullmatch(name) is not None
        bold = bold or (bool(_NAMELESS.fullmatch(name)) and c.FPDFFont_GetWeight(font) >= 600)
        italic = any(word in name for word in ("italic", "oblique")) or bool(flags & 64)
        return (BOLD if bold else 0) | (ITALIC if italic else 0)

    def _pictures(self) -> Iterator[PagePicture]:
        c = self.c
        for handle, bounds in drawn_objects(c, self.objects):
            left, bottom, right, top = bounds
            box = (left - self.left, self.top - top, right - self.left, self.top - bottom)
            if self.rotated:
                box = self._turned(box)
            if c.FPDFPageObj_GetType(handle) == c.FPDF_PAGEOBJ_IMAGE:
                yield PagePicture(box, "image")
                continue
            mode, stroke = ctypes.c_int(), c.FPDF_BOOL()
            c.FPDFPath_GetDrawMode(handle, ctypes.byref(mode), ctypes.byref(stroke))
            colour = self._fill(handle) if mode.value else None
            yield PagePicture(box, "fill" if mode.value else "line", colour)

    def _annotations(self) -> Iterator[PagePicture]:
        """Yield the boxes of highlighting and underlining that were added in a viewer."""
        c, page = self.c, self.page.raw
        quad = c.FS_QUADPOINTSF()
        for index in range(c.FPDFPage_GetAnnotCount(page)):
            handle = c.FPDFPage_GetAnnot(page, index)
            subtype = c.FPDFAnnot_GetSubtype(handle)
            for k in range(c.FPDFAnnot_CountAttachmentPoints(handle) if subtype in _MARKERS else 0):
                if c.FPDFAnnot_GetAttachmentPoints(handle, k, ctypes.byref(quad)):
                    yield self._marker(quad, subtype, self._annotation_colour(handle))
            c.FPDFPage_CloseAnnot(handle)

    def _annotation_colour(self, handle: Any) -> tuple[int, int, int]:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        parts = [ctypes.byref(part) for part in (red, green, blue, alpha)]
        known = self.c.FPDFAnnot_GetColor(handle, self.c.FPDFANNOT_COLORTYPE_Color, *parts)
        return (red.value, green.value, blue.value) if known else (255, 255, 0)

    def _marker(self, quad: Any, subtype: int, colour: tuple[int, int, int]) -> PagePicture:
        xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
        top = max(ys) if subtype == _MARKERS[0] else min(ys) + 1.0
        box = (min(xs) - self.left, self.top - top, max(xs) - self.left, self.top - min(ys))
        return PagePicture(self._turned(box) if self.rotated else box, "fill", colour)

    def _turned(self, box: Box) -> Box:
        one = np.zeros((1, 10))
        one[0, 1:5] = box
        self._turn(one)
        return (float(one[0, 1]), float(one[0, 2]), float(one[0, 3]), float(one[0, 4]))

    def _fill(self, handle: Any) -> tuple[int, int, int]:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        self.c.FPDFPageObj_GetFillColor(handle, *(ctypes.byref(part) for part in (red, green, blue, alpha)))
        return red.value, green.value, blue.value
