"""A printed booklet as a scan: pages of one picture each, skewed and noisy, with no text layer or a wrong one."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

_GARBAGE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ|!/~^0123456789"


@dataclass(frozen=True)
class Scan:
    """How a booklet is scanned. `skew` is the greatest angle in degrees, `noise` the deviation in grey levels.

    `turn` is by how many degrees clockwise the sheets lay on the glass, `border` the width of the black edge around
    them as a share of their width, `paper` the grey level of the paper, `sheets` how many pages lay side by side.
    """

    dpi: int = 200
    skew: float = 1.0
    noise: float = 6.0
    quality: int = 60
    seed: int = 0
    wrong_layer: bool = False
    turn: int = 0
    border: float = 0.0
    paper: int = 255
    sheets: int = 1


def draw_scan(seed: int) -> Scan:
    """A scan drawn with a seed."""
    generator = random.Random(f"scan {seed}")
    return Scan(
        generator.choice((150, 200, 300)),
        generator.choice((0.0, 0.5, 1.5)),
        generator.choice((0.0, 4.0, 12.0)),
        generator.choice((35, 60, 85)),
        seed,
        generator.random() < 0.3,
    )


def rasterise(booklet: Path, out: Path, scan: Scan, *, pages: int | None = None) -> Path:
    """Writes the booklet (or its first `pages`) as pictures; equal scans of equal booklets give equal bytes."""
    document: Any = pypdfium2.PdfDocument(booklet)
    target: Any = canvas.Canvas(str(out), invariant=1)
    count = len(document) if pages is None else min(pages, len(document))
    for position in range(0, count, scan.sheets):
        sheet = [document[k] for k in range(position, min(position + scan.sheets, count))]
        width, height = sheet[0].get_size()
        generator = random.Random(f"scan {scan.seed} {position}")
        picture = _side_by_side([page.render(scale=scan.dpi / 72, grayscale=True).to_pil() for page in sheet])
        jpeg = _degraded(picture, scan, generator)
        width = width * len(sheet)
        if scan.turn % 180:
            width, height = height, width
        target.setPageSize((width, height))
        target.drawImage(ImageReader(io.BytesIO(jpeg)), 0, 0, width, height)
        if scan.wrong_layer:
            _wrong_text(target, sheet[0].get_textpage().get_text_range(), height, generator)
        target.showPage()
    target.save()
    document.close()
    return out


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    if len(pictures) == 1:
        return pictures[0]
    whole = Image.new("L", (sum(one.width for one in pictures), pictures[0].height), 255)
    left = 0
    for one in pictures:
        whole.paste(one.convert("L"), (left, 0))
        left += one.width
    return whole


def _degraded(picture: Image.Image, scan: Scan, generator: random.Random) -> bytes:
    angle = generator.uniform(-scan.skew, scan.skew)
    turned = picture.convert("L").rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    if scan.paper < 255:
        turned = turned.point([round(level * scan.paper / 255) for level in range(256)])
    if scan.border:
        edge = round(scan.border * turned.width)
        framed = Image.new("L", turned.size, 12)
        framed.paste(turned.crop((edge, edge, turned.width - edge, turned.height - edge)), (edge, edge))
        turned = framed
    if scan.turn:
        turned = turned.rotate(-scan.turn, expand=True)
    if scan.noise:
        grain = np.random.default_rng(generator.randrange(2**32)).normal(0.0, scan.noise, (turned.height, turned.width))
        grey = np.asarray(turned, dtype=np.float32) + grain.astype(np.float32)
        turned = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8), "L")
    buffer = io.BytesIO()
    turned.save(buffer, "JPEG", quality=scan.quality)
    return buffer.getvalue()


def _wrong_text(target: Any, text: str, height: float, generator: random.Random) -> None:
    """Invisible text as a bad recognition leaves it: right places, wrong characters."""
    lines = text.splitlines()
    step = (height - 80) / max(len(lines), 1)
    layer = target.beginText()
    layer.setTextRenderMode(3)
    layer.setFont("Helvetica", min(9.0, step))
    for number, line in enumerate(lines):
        layer.setTextOrigin(50, height - 40 - number * step)
        layer.textLine("".join(character if character == " " else generator.choice(_GARBAGE) for character in line))
    target.drawText(layer)
