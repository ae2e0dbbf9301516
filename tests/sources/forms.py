"""Optical-mark forms drawn with known answers: cells, numerals, skew, noise, JPEG."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


@dataclass(frozen=True)
class FormStyle:
    """How a form is drawn; lengths in pixels at scale 1."""

    questions: int = 40
    options: int = 4
    blocks: int = 2
    shape: str = "circle"
    letters: bool = True
    size: int = 22
    pitch: int = 34
    leading: int = 36
    skew: float = 0.0
    noise: float = 0.0
    quality: int = 90
    numerals: bool = True
    pencil: int = 40
    across: bool = False
    header: bool = True
    outline: int = 40
    """Grey level of the outlines and letters: light where the form is printed in a colour."""


def draw_form(style: FormStyle, seed: int) -> tuple[Image.Image, list[int]]:
    """A form and the index of the filled cell of each question."""
    generator = random.Random(seed)
    truth = [generator.randrange(style.options) for _ in range(style.questions)]
    return draw_answers(style, list(truth), generator), truth


def draw_answers(
    style: FormStyle,
    answers: Sequence[int | tuple[int, ...] | None],
    generator: random.Random,
    faint: Mapping[int, int] | None = None,
) -> Image.Image:
    """A form with these cells filled: one, several or none for each question.

    ``faint`` gives, by position of a question, the grey level of a mark in its first cell.
    """
    per_block = -(-style.questions // style.blocks)
    if style.across:
        width = 160 + per_block * style.pitch
        height = 160 + style.blocks * (style.options * style.leading + 90)
    else:
        width = 140 + style.blocks * (style.options * style.pitch + 130)
        height = 200 + per_block * style.leading
    image = Image.new("L", (width, height), 250)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(_FONT, max(style.size - 8, 8))
    numerals = ImageFont.truetype(_FONT, max(style.size - 4, 9))
    if style.header:
        pen.text((60, 30), "Answer sheet: mark one cell for each question", 20, font=numerals)
    for q, answer in enumerate(answers):
        block, k = divmod(q, per_block)
        chosen = () if answer is None else (answer,) if isinstance(answer, int) else answer
        for o in range(style.options):
            if style.across:
                x, y = 110 + k * style.pitch, 140 + block * (style.options * style.leading + 90) + o * style.leading
            else:
                x, y = 110 + block * (style.options * style.pitch + 130) + o * style.pitch, 120 + k * style.leading
            if faint and not o and q in faint:
                _cell(pen, replace(style, pencil=faint[q]), (x, y), "A", font, True, generator)
            else:
                _cell(pen, style, (x, y), "ABCDEFGH"[o], font, o in chosen, generator)
        if style.numerals:
            if style.across:
                at = (110 + k * style.pitch, 108 + block * (style.options * style.leading + 90))
            else:
                at = (68 + block * (style.options * style.pitch + 130), 120 + k * style.leading)
            pen.text(at, str(q + 1), 20, font=numerals, anchor="mm")
    return _degraded(image, style, generator)


def _cell(
    pen: ImageDraw.ImageDraw,
    style: FormStyle,
    at: tuple[int, int],
    letter: str,
    font: ImageFont.FreeTypeFont,
    filled: bool,
    generator: random.Random,
) -> None:
    x, y, half = at[0], at[1], style.size / 2
    tall = half * (0.6 if style.shape == "flat" else 1.0)
    box = (x - half, y - tall, x + half, y + tall)
    draw = pen.ellipse if style.shape in {"circle", "flat"} else pen.rectangle
    draw(box, outline=style.outline, width=2)
    if style.letters:
        pen.text((x, y), letter, max(style.outline, 90), font=font, anchor="mm")
    if filled:
        wobble = generator.uniform(-1.5, 1.5)
        draw((box[0] + wobble, box[1], box[2] + wobble, box[3]), fill=style.pencil, outline=style.outline)


def _degraded(image: Image.Image, style: FormStyle, generator: random.Random) -> Image.Image:
    turned = image.rotate(style.skew, Image.Resampling.BICUBIC, fillcolor=250)
    if style.noise:
        grain = np.random.default_rng(generator.randrange(2**32)).normal(
            0.0, style.noise, (turned.height, turned.width)
        )
        turned = Image.fromarray(np.clip(np.asarray(turned) + grain, 0, 255).astype(np.uint8))
    buffer = io.BytesIO()
    turned.save(buffer, "JPEG", quality=style.quality)
    return Image.open(buffer).convert("L")
