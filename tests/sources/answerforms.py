"""Whole pages of official answer forms: letterhead, grids of an id number, timing marks, questions in blocks."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

__all__ = ["PageStyle", "draw_page", "random_page"]

_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
_INKS = {
    "black": (40, 40, 40),
    "red": (214, 60, 60),
    "pink": (236, 130, 160),
    "blue": (70, 110, 190),
    "green": (80, 160, 100),
    "orange": (240, 150, 70),
}
_PAPER = (250, 250, 248)


@dataclass(frozen=True)
class PageStyle:
    """How a page is drawn; lengths in hundredths of the width of the page."""

    questions: int = 100
    options: int = 4
    blocks: int = 4
    across: bool = False
    """Numbers run from left to right; a block holds 20 or 25 questions and blocks stand one below the other."""
    groups: int = 0
    """Rows after which a block has a gap; 0 for none."""
    cell: str = "circle"
    """``circle``, ``oval``, ``box``, ``bracket``, ``round`` (parentheses)."""
    letters: bool = True
    numbers: str = "left"
    mark: str = "fill"
    """``fill``, ``pencil``, ``cross``, ``tick``."""
    ink: str = "black"
    dpi: int = 200
    quality: int = 85
    angle: float = 0.0
    quarter: int = 0
    """Quarter turns of the finished page."""
    perspective: float = 0.0
    border: bool = False
    id_grid: bool = True
    code_bubbles: bool = True
    timing: bool = True
    letterhead: bool = True
    frames: bool = False
    """Frames around the blocks."""
    noise: float = 3.0
    seed: int = 0


def random_page(seed: int) -> PageStyle:
    """A style drawn at random."""
    g = random.Random(seed)
    across = g.random() < 0.15
    options = g.choice((3, 4, 4, 4, 5, 5))
    return PageStyle(
        questions=g.choice((50, 60, 80, 100, 100, 100, 120)),
        options=options,
        blocks=g.choice((3, 4, 5)) if across else g.choice((2, 3, 4, 4, 5)),
        across=across,
        groups=0 if across else g.choice((0, 0, 0, 5, 10)),
        cell=g.choice(("circle", "circle", "oval", "box", "bracket", "round")),
        letters=g.random() < 0.8,
        numbers=g.choice(("left", "left", "left", "right")),
        mark=g.choice(("fill", "fill", "fill", "pencil", "cross", "tick")),
        ink=g.choice(tuple(_INKS)),
        dpi=g.choice((100, 150, 200, 200, 300)),
        quality=g.choice((60, 80, 92)),
        angle=g.choice((0.0, 0.0, 0.4, -0.7, 1.5)),
        quarter=g.choice((0, 0, 0, 0, 1, 2, 3)),
        perspective=g.choice((0.0, 0.0, 0.004)),
        border=g.random() < 0.2,
        id_grid=g.random() < 0.6,
        code_bubbles=g.random() < 0.4,
        timing=g.random() < 0.5,
        letterhead=g.random() < 0.85,
        frames=g.random() < 0.3,
        noise=g.choice((0.0, 3.0, 7.0)),
        seed=seed,
    )


class _Sheet:
    def __init__(self, style: PageStyle) -> None:
        self.style = style
        self.width, self.height = round(8.27 * style.dpi), round(11.69 * style.dpi)
        self.image = Image.new("RGB", (self.width, self.height), _PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.random = random.Random(style.seed + 1)
        self.unit = self.width / 100
        self.ink = _INKS[style.ink]

    def font(self, size: float) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(_FONT, max(round(size * self.unit), 6))

    def text(self, x: float, y: float, text: str, size: float, anchor: str = "ls", ink: tuple[int, ...] = ()) -> None:
        colour = tuple(ink or self.ink)
        self.pen.text((x * self.unit, y * self.unit), text, colour, font=self.font(size), anchor=anchor)

    def cell(self, x: float, y: float, size: float, letter: str, filled: bool) -> None:
        u, half = self.unit, size / 2
        tall = half * (0.7 if self.style.cell == "oval" else 1)
        box = ((x - half) * u, (y - tall) * u, (x + half) * u, (y + tall) * u)
        line = max(1, round(0.12 * u))
        shape = self.style.cell
        if shape in {"circle", "oval"}:
            self.pen.ellipse(box, outline=self.ink, width=line)
        elif shape == "box":
            self.pen.rectangle(box, outline=self.ink, width=line)
        else:
            left, right = ("[", "]") if shape == "bracket" else ("(", ")")
            self.text(x - half, y, left, size * 0.95, "mm")
            self.text(x + half, y, right, size * 0.95, "mm")
        if self.style.letters or shape in {"bracket", "round"}:
            self.text(x, y, letter, size * 0.62, "mm")
        if filled:
            self.mark((box[0], box[1], box[2], box[3]))

    def mark(self, box: tuple[float, float, float, float]) -> None:
        g, kind = self.random, self.style.mark
        dark = g.randint(15, 60)
        colour = (dark, dark, dark + 10)
        x0, y0, x1, y1 = box
        w, h = x1 - x0, y1 - y0
        move = g.uniform(-0.06, 0.06) * w
        thick = max(2, round(0.22 * self.unit))
        if kind == "fill":
            self.pen.ellipse((x0 + move, y0 + 0.02 * h, x1 + move, y1), fill=colour)
        elif kind == "pencil":
            for k in range(9):
                y = y0 + h * (0.12 + 0.1 * k)
                grey = g.randint(60, 110)
                self.pen.line(
                    (x0 + w * g.uniform(0.05, 0.2), y, x1 - w * g.uniform(0.05, 0.2), y + g.uniform(-0.06, 0.06) * h),
                    fill=(grey, grey, grey),
                    width=max(2, round(0.1 * h)),
                )
        elif kind == "cross":
            self.pen.line((x0 + move, y0, x1 + move, y1), fill=colour, width=thick)
            self.pen.line((x0 + move, y1, x1 + move, y0), fill=colour, width=thick)
        else:
            self.pen.line((x0, y0 + 0.5 * h, x0 + 0.4 * w, y1 - 0.05 * h), fill=colour, width=thick)
            self.pen.line((x0 + 0.4 * w, y1 - 0.05 * h, x1 + 0.1 * w, y0 - 0.1 * h), fill=colour, width=thick)


def draw_page(style: PageStyle) -> tuple[Image.Image, list[int]]:
    """A page and the index of the marked cell of each question."""
    sheet = _Sheet(style)
    truth = [sheet.random.randrange(style.options) for _ in range(style.questions)]
    top = _head(sheet)
    (_across if style.across else _down)(sheet, truth, top)
    if style.timing:
        for k in range(40):
            y = 6 + k * 3.2
            sheet.pen.rectangle([round(v * sheet.unit) for v in (1.2, y, 3.0, y + 0.9)], fill=(20, 20, 20))
    return _scanned(sheet.image, style, sheet.random), truth


def _head(sheet: _Sheet) -> float:
    style, g = sheet.style, sheet.random
    y = 5.0
    if style.letterhead:
        sheet.pen.ellipse([round(v * sheet.unit) for v in (8, 3, 15, 10)], outline=sheet.ink, width=3)
        sheet.pen.rectangle([round(v * sheet.unit) for v in (86, 3, 94, 9)], fill=sheet.ink)
        sheet.text(50, 6, "NATIONAL BOARD OF FICTION", 2.2, "ms", (30, 30, 30))
        sheet.text(50, 9, "Answer form - official key", 1.8, "ms", (30, 30, 30))
        for k, line in enumerate(("Mark one cell for each question.", "Use a black pen. Do not fold.")):
            sheet.text(8, 13 + 2 * k, line, 1.3)
        sheet.pen.line([round(v * sheet.unit) for v in (8, 19, 60, 19)], fill=sheet.ink, width=2)
        sheet.text(8, 21, "Name and signature", 1.1)
        sheet.pen.rectangle([round(v * sheet.unit) for v in (64, 13, 92, 20)], outline=sheet.ink, width=2)
        for k in range(50):
            x = 65 + k * 0.5
            sheet.pen.rectangle(
                [round(v * sheet.unit) for v in (x, 10.2, x + g.choice((0.1, 0.25)), 12.5)], fill=(10, 10, 10)
            )
        y = 23.0
    if style.id_grid:
        for column in range(8):
            digit = g.randrange(10)
            for row in range(10):
                sheet.cell(10 + column * 2.6, y + 2 + row * 2.2, 1.6, str(row), row == digit)
        if style.code_bubbles:
            chosen = g.randrange(4)
            for k in range(4):
                sheet.cell(50 + 3.2 * k, y + 5, 1.8, "1234"[k], k == chosen)
        y += 25
    return y + 4


def _down(sheet: _Sheet, truth: list[int], top: float) -> None:
    style = sheet.style
    per = -(-style.questions // style.blocks)
    gaps = (per - 1) // style.groups if style.groups else 0
    leading = min((136 - top) / (per + 0.8 * gaps), 3.6)
    wide = 88 / style.blocks
    pitch = min(leading * 1.2, (wide - 6) / style.options)
    size = min(leading, pitch) * 0.74
    for q, answer in enumerate(truth):
        block, k = divmod(q, per)
        y = top + k * leading + (k // style.groups * 0.8 * leading if style.groups else 0)
        left = 8 + block * wide
        first = left + (4.5 if style.numbers == "left" else 1)
        for o in range(style.options):
            sheet.cell(first + o * pitch + size / 2, y, size, "ABCDE"[o], o == answer)
        at = left + 3.6 if style.numbers == "left" else first + style.options * pitch + 0.4
        sheet.text(at, y, str(q + 1), min(size * 0.8, 1.8), "rm" if style.numbers == "left" else "lm")
        if style.frames and not k:
            bottom = top + (per - 0.4) * leading + gaps * 0.8 * leading
            box = (left, top - 0.8 * leading, left + wide - 0.6, bottom)
            sheet.pen.rectangle([round(v * sheet.unit) for v in box], outline=sheet.ink, width=2)


def _across(sheet: _Sheet, truth: list[int], top: float) -> None:
    style = sheet.style
    per = -(-style.questions // style.blocks)
    pitch = min(86 / per, 4)
    leading = min(pitch, (134 - top) / (style.blocks * (style.options + 2)))
    size = min(leading, pitch) * 0.76
    for q, answer in enumerate(truth):
        block, k = divmod(q, per)
        x, y = 9 + k * pitch, top + block * (style.options + 2) * leading
        for o in range(style.options):
            sheet.cell(x, y + (o + 1.2) * leading, size, "ABCDE"[o], o == answer)
        sheet.text(x, y, str(q + 1), min(size * 0.72, 1.6), "mm")


def _scanned(image: Image.Image, style: PageStyle, g: random.Random) -> Image.Image:
    if style.perspective:
        w, h, p = image.width, image.height, style.perspective
        corners = (0, 0, p * w, h, w - p * w, h * (1 - p), w, 0)
        image = image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    if style.angle:
        image = image.rotate(style.angle, Image.Resampling.BICUBIC, fillcolor=_PAPER)
    if style.border:
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, 0, round(0.02 * image.width), image.height), fill=(0, 0, 0))
        pen.rectangle((0, image.height - round(0.012 * image.height), image.width, image.height), fill=(0, 0, 0))
    image = image.filter(ImageFilter.GaussianBlur(0.4))
    if style.noise:
        grain = np.random.default_rng(g.randrange(2**32)).normal(0, style.noise, (image.height, image.width, 1))
        image = Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
    if style.quarter:
        image = image.rotate(90 * style.quarter, expand=True)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=style.quality, dpi=(style.dpi, style.dpi))
    return Image.open(buffer).convert("RGB")
