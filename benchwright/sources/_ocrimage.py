"""Pictures of pages for OCR: rendering, the angle at which a page was scanned, turning it straight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

__all__ = ["faint_above", "ink", "render_page", "skew_of", "straightened", "threshold"]

_STEEPEST: Final = 3.0
"""Degrees; a page is not scanned more askew than this."""
_LEAST: Final = 0.06
"""Degrees; less skew than this moves no line by a pixel."""
_EDGE: Final = 0.6
"""Share of the way from the threshold to paper that the grey edges of letters take."""
_POINTS: Final = 60_000

Grey = npt.NDArray[np.uint8]


def render_page(document: pypdfium2.PdfDocument, index: int, dpi: int) -> Image:
    """Return a page (0-based index) in grey at a resolution."""
    page = document[index]
    scale: Any = dpi / 72
    try:
        image: Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
        return image
    finally:
        page.close()


def threshold(grey: Grey) -> int:
    """Return the grey level that parts ink from paper best (Otsu's method: greatest variance between the two).

    Source: N. Otsu, "A threshold selection method from gray-level histograms", 1979.
    """
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)
    above = below[-1] - below
    total = np.cumsum(counts * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = total / below - (total[-1] - total) / above
        between = below * above * difference**2
    return int(np.nanargmax(np.where(np.isfinite(between), between, -1.0)))


def ink(image: Image) -> npt.NDArray[np.bool_]:
    """Return which pixels are dark; none of a picture in which nothing stands out."""
    grey: Grey = np.asarray(image.convert("L"))
    if int(grey.max()) - int(grey.min()) < 40:
        return np.zeros(grey.shape, dtype=np.bool_)
    return grey <= min(threshold(grey), 200)


def faint_above(grey: Grey) -> int:
    """Return the grey level above which there is paper, grain and watermarks, and no edge of any letter."""
    paper = int(np.quantile(grey, 0.5))
    level = min(threshold(grey), 200)
    return level + round(_EDGE * max(paper - level, 0))


def skew_of(dark: npt.NDArray[np.bool_]) -> float:
    """Return the angle by which lines of text rise to the right, in degrees; 0 when no angle stands out.

    The right angle makes the profile of dark pixels over the height of the page sharpest.
    """
    rows, columns = np.nonzero(dark)
    if len(rows) < 500:
        return 0.0
    step = max(len(rows) // _POINTS, 1)
    y, x = rows[::step].astype(np.float64), columns[::step] - dark.shape[1] / 2
    best = 0.0
    for width, grain in ((_STEEPEST, 0.25), (0.25, 0.05), (0.05, 0.01)):
        angles = best + np.arange(-width, width + grain / 2, grain)
        best = float(max(angles, key=lambda angle: _sharpness(y, x, angle)))
    best = max(-_STEEPEST, min(best, _STEEPEST))
    stands_out = _sharpness(y, x, best) > 1.02 * _sharpness(y, x, 0.0)
    return round(best, 3) if stands_out and abs(best) >= _LEAST else 0.0


def _sharpness(y: npt.NDArray[np.float64], x: npt.NDArray[np.float64], angle: float) -> float:
    turned = y + x * math.tan(math.radians(angle))
    low = turned.min()
    profile = np.bincount((turned - low).astype(np.intp)).astype(np.float64)
    return float((np.diff(profile) ** 2).sum())


def straightened(image: Image, skew: float) -> Image:
    """Return a picture turned about its middle by a skew, so that lines of text run level."""
    from PIL import Image as Pictures

    if not skew:
        return image
    return image.rotate(-skew, Pictures.Resampling.BICUBIC, fillcolor=255)
