"""Answer forms that print only the right cell of each row, under the letters of its block, drawn at random."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

__all__ = ["DOUBTS", "SingleStyle", "draw_single", "random_single"]

_FONTS = "/usr/share/fonts/truetype/dejavu/"
_FACES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf")
_PAPER = 252
DOUBTS = ("none", "two", "crossed", "between", "filled", "other")
"""What may be wrong with a row: no cell, two, one crossed out, one between columns, one filled unlike the others (or
hollow unlike them), and other ink in another column."""


@dataclass(frozen=True)
class SingleStyle:
    """How a form is drawn; lengths in hundredths of the width of the page."""

    questions: int = 100
    signs: str = "ABCD"
    blocks: int = 5
    bands: int = 1
    """Rows of blocks, one below the other, each with its own letters."""
    mark: str = "box"
    """``box``, ``circle``, ``disc``, ``square`` (both filled), ``cross``, ``ticked`` (a box with a cross in it),
    ``shade`` (a grey cell of a table)."""
    gap: float = 3.6
    leading: float = 3.5
    share: float = 0.6
    """Size of a cell, of the least of gap and leading."""
    number: str = "{:02d}"
    behind: bool = False
    rows_first: bool = False
    """Numbers run from block to block: 1, 2, 3 stand beside each other."""
    frames: bool = True
    zebra: int = 238
    """Grey level of every other row; the paper's for none."""
    ruled: bool = False
    table: bool = False
    """Rules around every cell, as in a table of letters above and marks below."""
    face: str = _FACES[0]
    ink: int = 20
    uneven: float = 0.0
    """How much the distance of the letters differs between blocks and columns."""
    groups: int = 0
    title: bool = True
    corners: bool = True
    letters: bool = True
    numerals: bool = True
    dpi: int = 200
    skew: float = 0.0
    noise: float = 0.0
    quality: int = 90
    seed: int = 0


def random_single(seed: int) -> SingleStyle:
    """A style drawn at random."""
    g = random.Random(f"single {seed}")
    signs = g.choice(("ABCD", "ABCD", "ABCDE", "ABC", "abcd", "abcde", "1234", "12345"))
    blocks = g.choice((1, 2, 3, 4, 5))
    bands = g.choice((1, 1, 1, 2)) if blocks > 1 else 1
    per = g.choice((10, 15, 20, 25)) if bands == 1 else g.choice((10, 12, 15))
    short = g.choice((0, 0, 1, 3))
    room = 92 / blocks
    return SingleStyle(
        questions=max(blocks * bands * per - short, 15),
        signs=signs,
        blocks=blocks,
        bands=bands,
        mark=g.choice(("box", "box", "box", "circle", "circle", "disc", "square", "cross", "ticked")),
        gap=min((room - 6) / (len(signs) + 0.3), g.uniform(2.8, 6.5)),
        leading=min(g.uniform(2.6, 4.2), 118 / (bands * (per + 4))),
        share=g.uniform(0.5, 0.72),
        number=g.choice(("{:02d}", "{}", "{}", "{}.", "{:03d}", "{})")),
        behind=g.random() < 0.1,
        rows_first=g.random() < 0.15 and bands == 1,
        frames=g.random() < 0.5,
        zebra=g.choice((_PAPER, _PAPER, 240, 228)),
        ruled=g.random() < 0.25,
        face=g.choice(_FACES),
        ink=g.choice((0, 30, 70)),
        uneven=g.choice((0.0, 0.0, 0.12)),
        groups=g.choice((0, 0, 0, 5)),
        title=g.random() < 0.8,
        corners=g.random() < 0.5,
        dpi=g.choice((150, 200, 200, 300)),
        skew=g.choice((0.0, 0.0, 0.4, -0.6, 1.0, -1.0)),
        noise=g.choice((0.0, 4.0, 9.0)),
        quality=g.choice((95, 80, 55)),
        seed=seed,
    )


class _Sheet:
    def __init__(self, style: SingleStyle) -> None:
        self.style = style
        self.unit = 8.27 * style.dpi / 100
        self.image = Image.new("L", (round(8.27 * style.dpi), round(11.69 * style.dpi)), _PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.random = random.Random(style.seed + 1)
        self.size = style.share * min(style.gap, style.leading)
        self.line = max(1, round(0.18 * self.unit))

    def text(self, x: float, y: float, text: str, size: float, anchor: str = "mm", face: str = "") -> None:
        font = ImageFont.truetype(_FONTS + (face or self.style.face), max(round(size * self.unit), 7))
        self.pen.text((x * self.unit, y * self.unit), text, self.style.ink, font=font, anchor=anchor)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: int | None = None, *, line: bool = True) -> None:
        place = [round(v * self.unit) for v in (x0, y0, x1, y1)]
        self.pen.rectangle(place, fill=fill, outline=self.style.ink if line else None, width=self.line)

    def cell(self, x: float, y: float, mark: str) -> None:
        h, u = self.size / 2, self.unit
        place = ((x - h) * u, (y - h) * u, (x + h) * u, (y + h) * u)
        filled = self.style.ink if mark in {"disc", "square"} else None
        if mark in {"circle", "disc"}:
            self.pen.ellipse(place, fill=filled, outline=self.style.ink, width=self.line)
        elif mark == "shade":
            wide, tall = 0.48 * self.style.gap, 0.46 * self.style.leading
            self.pen.rectangle(((x - wide) * u, (y - tall) * u, (x + wide) * u, (y + tall) * u), fill=120)
        elif mark != "cross":
            self.pen.rectangle(place, fill=filled, outline=self.style.ink, width=self.line)
        if mark in {"cross", "ticked"}:
            self.cross(place)

    def cross(self, place: tuple[float, float, float, float]) -> None:
        x0, y0, x1, y1 = place
        self.pen.line((x0, y0, x1, y1), self.style.ink, self.line)
        self.pen.line((x0, y1, x1, y0), self.style.ink, self.line)


def draw_single(style: SingleStyle, doubts: Mapping[int, str] | None = None) -> tuple[Image.Image, list[int | None]]:
    """A form, and the place of the right letter of each question, None where the row says nothing certain."""
    sheet = _Sheet(style)
    truth: list[int | None] = [sheet.random.randrange(len(style.signs)) for _ in range(style.questions)]
    y = 6.0
    if style.title:
        sheet.text(50, 5, "CORRECT ANSWERS", 2.6)
        for k, line in enumerate(("Code of the exam: 001", "Name of the exam: FICTION", "Paper: A")):
            sheet.text(12, 10 + 3.2 * k, line, 1.9, "lm")
        y = 23.0
    if style.corners:
        for x, at in ((3, 3), (95, 3), (3, 135), (95, 135)):
            sheet.box(x, at, x + 2, at + 2, style.ink)
    per = -(-style.questions // (style.blocks * style.bands))
    tall = (per + (per - 1) // style.groups * 0.8 if style.groups else per) * style.leading
    for band in range(style.bands):
        for block in range(style.blocks):
            _block(sheet, (band, block), y, truth, doubts or {})
        y += tall + 4 * style.leading
    return _scanned(sheet), truth


def _block(sheet: _Sheet, at: tuple[int, int], top: float, truth: list[int | None], doubts: Mapping[int, str]) -> None:
    style, g = sheet.style, sheet.random
    per = -(-style.questions // (style.blocks * style.bands))
    left = 4 + at[1] * 92 / style.blocks
    first = left + (1.2 if style.behind else 4.6) + style.gap / 2
    columns = [first + k * style.gap * (1 + g.uniform(0, style.uneven)) for k in range(len(style.signs))]
    right = columns[-1] + style.gap / 2 + (4.4 if style.behind else 0)
    head = top + 0.5 * style.leading
    if style.letters:
        for sign, x in zip(style.signs, columns, strict=True):
            sheet.text(x, head, sign, min(0.62 * style.leading, 0.8 * style.gap, 2.2))
    start = top + 1.6 * style.leading
    for k in range(per):
        q = (at[0] * style.blocks + at[1]) * per + k
        if style.rows_first:
            q = k * style.blocks + at[1]
        if q >= style.questions:
            break
        y = start + k * style.leading + (k // style.groups * 0.8 * style.leading if style.groups else 0)
        if style.zebra < _PAPER and k % 2:
            sheet.box(left, y - style.leading / 2, right, y + style.leading / 2, style.zebra, line=False)
        if style.table:
            for a, b in pairwise([left, *(x - style.gap / 2 for x in columns), columns[-1] + style.gap / 2]):
                sheet.box(a, y - style.leading / 2, b, y + style.leading / 2)
        if style.ruled:
            edge = (y + style.leading / 2) * sheet.unit
            sheet.pen.line((left * sheet.unit, edge, right * sheet.unit, edge), 150, 1)
        if style.numerals:
            x, anchor = (right - 0.6, "rm") if style.behind else (left + 0.6, "lm")
            sheet.text(x, y, style.number.format(q + 1), min(0.55 * style.leading, 1.5), anchor)
        truth[q] = _cells(sheet, columns, y, truth[q] or 0, doubts.get(q, ""))
    bottom = (
        start + (per - 0.4) * style.leading + ((per - 1) // style.groups * 0.8 * style.leading if style.groups else 0)
    )
    if style.frames:
        sheet.box(left - 0.2, start - 0.55 * style.leading, right + 0.3, bottom)


def _cells(sheet: _Sheet, columns: list[float], y: float, answer: int, doubt: str) -> int | None:
    mark = sheet.style.mark
    if doubt in {"", "crossed", "filled", "other"}:
        hollow = mark in {"box", "circle"}
        sheet.cell(columns[answer], y, ("square" if hollow else "box") if doubt == "filled" else mark)
    if doubt == "between":
        k = min(answer, len(columns) - 2)
        sheet.cell((columns[k] + columns[k + 1]) / 2, y, mark)
    if doubt in {"two", "other"}:
        other = (answer + 1) % len(columns)
        if doubt == "two":
            sheet.cell(columns[answer], y, mark)
            sheet.cell(columns[other], y, mark)
        else:
            half = 0.4 * sheet.size
            u = sheet.unit
            sheet.pen.line(
                ((columns[other] - half) * u, y * u, (columns[other] + half) * u, (y + half) * u), sheet.style.ink,
                sheet.line,
            )  # fmt: skip
    if doubt == "crossed":
        h, u, x = 0.62 * sheet.size, sheet.unit, columns[answer]
        sheet.pen.line(((x - h) * u, (y - h) * u, (x + h) * u, (y + h) * u), sheet.style.ink, 2 * sheet.line)
        sheet.pen.line(((x - h) * u, (y + h) * u, (x + h) * u, (y - h) * u), sheet.style.ink, 2 * sheet.line)
    return None if doubt else answer


def _scanned(sheet: _Sheet) -> Image.Image:
    style = sheet.style
    image = sheet.image.filter(ImageFilter.GaussianBlur(0.4))
    if style.skew:
        image = image.rotate(style.skew, Image.Resampling.BICUBIC, fillcolor=_PAPER)
    if style.noise:
        grain = np.random.default_rng(style.seed).normal(0, style.noise, (image.height, image.width))
        image = Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=style.quality)
    return Image.open(buffer).convert("L")
