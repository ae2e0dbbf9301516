"""Seeded pictures without text: curves, rings and bars, as small PNG files."""

from __future__ import annotations

import io
import math
import random
from functools import lru_cache

from PIL import Image, ImageDraw


@lru_cache(maxsize=512)
def picture(seed: int, width: int = 320, height: int = 200, kind: str | None = None) -> bytes:
    """A PNG of a curve, rings or bars; equal arguments give equal bytes."""
    generator = random.Random(f"picture {seed}")
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width - 1, height - 1), outline=0)
    drawn = generator.choice(("curve", "rings", "bars"))
    kind = kind or drawn
    if kind == "curve":
        waves, phase = generator.uniform(1, 4), generator.uniform(0, 6)
        points = [(x, height / 2 + height * 0.35 * math.sin(phase + x * waves * 6.28 / width)) for x in range(width)]
        draw.line(points, fill=0, width=3)
    elif kind == "rings":
        for _ in range(generator.randint(2, 5)):
            radius = generator.uniform(0.1, 0.35) * height
            x, y = generator.uniform(radius, width - radius), generator.uniform(radius, height - radius)
            draw.ellipse(
                (x - radius, y - radius, x + radius, y + radius),
                outline=0,
                width=3,
                fill=generator.choice((None, 200, 140)),
            )
    else:
        count = generator.randint(3, 7)
        for position in range(count):
            left = width * (position + 0.2) / count
            top = height * generator.uniform(0.1, 0.8)
            draw.rectangle((left, top, left + width * 0.6 / count, height - 4), fill=generator.choice((60, 120, 180)))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
