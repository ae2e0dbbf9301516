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
    """How a booklet is scanned. `skew` is the greatest angle in degrees, `noise` the deviation in grey levels."""

    dpi: int = 200
    skew: float = 1.0
    noise: float = 6.0
    quality: int = 60
    seed: int = 0
    wrong_layer: bool = False


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
    for position in range(count):
        page = document[position]
        width, height = page.get_size()
        generator = random.Random(f"scan {scan.seed} {position}")
        picture = page.render(scale=scan.dpi / 72, grayscale=True).to_pil()
        jpeg = _degraded(picture, scan, generator)
        target.setPageSize((width, height))
        target.drawImage(ImageReader(io.BytesIO(jpeg)), 0, 0, width, height)
        if scan.wrong_layer:
            _wrong_text(target, page.get_textpage().get_text_range(), height, generator)
        target.showPage()
    target.save()
    document.close()
    return out


def _degraded(picture: Image.Image, scan: Scan, generator: random.Random) -> bytes:
    angle = generator.uniform(-scan.skew, scan.skew)
    turned = picture.convert("L").rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
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
