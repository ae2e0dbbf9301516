"""Fonts of the reportlab route: Debian files by family, coverage, widths, and the private-use option marks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from tests.typesetter.styles import PRIVATE_USE_FIRST

_ROOT = Path("/usr/share/fonts")
_FILES: dict[str, tuple[str, str]] = {
    "dejavu-sans": ("truetype/dejavu/DejaVuSans.ttf", "truetype/dejavu/DejaVuSans-Bold.ttf"),
    "dejavu-serif": ("truetype/dejavu/DejaVuSerif.ttf", "truetype/dejavu/DejaVuSerif-Bold.ttf"),
    "dejavu-condensed": ("truetype/dejavu/DejaVuSansCondensed.ttf", "truetype/dejavu/DejaVuSansCondensed-Bold.ttf"),
    "noto-sans": ("truetype/noto/NotoSans-Regular.ttf", "truetype/noto/NotoSans-Bold.ttf"),
    "noto-serif": ("truetype/noto/NotoSerif-Regular.ttf", "truetype/noto/NotoSerif-Bold.ttf"),
    "free-sans": ("truetype/freefont/FreeSans.ttf", "truetype/freefont/FreeSansBold.ttf"),
    "free-serif": ("truetype/freefont/FreeSerif.ttf", "truetype/freefont/FreeSerifBold.ttf"),
    "liberation-sans": (
        "truetype/liberation/LiberationSans-Regular.ttf",
        "truetype/liberation/LiberationSans-Bold.ttf",
    ),
    "liberation-serif": (
        "truetype/liberation/LiberationSerif-Regular.ttf",
        "truetype/liberation/LiberationSerif-Bold.ttf",
    ),
    "zh-Hant": ("truetype/wqy/wqy-zenhei.ttc", "truetype/wqy/wqy-zenhei.ttc"),
    "ja": ("opentype/ipafont-gothic/ipag.ttf", "opentype/ipafont-gothic/ipag.ttf"),
    "ko": ("truetype/nanum/NanumGothic.ttf", "truetype/nanum/NanumGothicBold.ttf"),
}
_BUILT_IN = {"helvetica": ("Helvetica", "Helvetica-Bold"), "times": ("Times-Roman", "Times-Bold")}
_CIRCLED_A = 0x24B6
CJK = ("zh-Hant", "ja", "ko")


@dataclass(frozen=True)
class Run:
    """Characters that one font prints."""

    text: str
    font: str


@cache
def register(family: str, bold: bool) -> str:
    """The reportlab name of a family's face, registered on first use."""
    if family in _BUILT_IN:
        return _BUILT_IN[family][bold]
    name = f"{family}-{'bold' if bold else 'regular'}"
    path = _ROOT / _FILES[family][bold]
    if not path.is_file():
        message = f"{path} is missing: install the Debian fonts that tests/typesetter/README.md lists"
        raise FileNotFoundError(message)
    font: Any = TTFont(name, str(path), subfontIndex=0)
    _add_private_marks(font)
    pdfmetrics.registerFont(font)
    return name


def _add_private_marks(font: Any) -> None:
    """Private-use code points draw the circled letters, as in papers set with in-house fonts."""
    glyphs, widths = font.face.charToGlyph, font.face.charWidths
    for position in range(6):
        source, target = _CIRCLED_A + position, PRIVATE_USE_FIRST + position
        if source in glyphs:
            glyphs[target], widths[target] = glyphs[source], widths[source]
        else:
            glyphs.pop(target, None)


@cache
def covers(font: str, character: str) -> bool:
    """Whether a registered font has a glyph for the character."""
    loaded: Any = pdfmetrics.getFont(font)
    if hasattr(loaded, "face") and hasattr(loaded.face, "charToGlyph"):
        return ord(character) in loaded.face.charToGlyph
    try:
        encoded = character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return len(encoded) == 1


@cache
def font_for(character: str, family: str, bold: bool, language: str) -> str:
    """The first font of the chain that has the character.

    Raises:
        ValueError: no font has it.
    """
    first = language if language in CJK else family
    for name in dict.fromkeys((first, family, "dejavu-sans", "free-serif", *CJK)):
        font = register(name, bold)
        if covers(font, character):
            return font
    message = f"no font prints {character!r} (U+{ord(character):04X})"
    raise ValueError(message)


def split_runs(text: str, family: str, bold: bool, language: str) -> list[Run]:
    """The text as runs of one font each."""
    runs: list[Run] = []
    for character in text:
        font = font_for(character, family, bold, language)
        if runs and runs[-1].font == font:
            runs[-1] = Run(runs[-1].text + character, font)
        else:
            runs.append(Run(character, font))
    return runs


def width(text: str, font: str, size: float) -> float:
    """The advance width in points."""
    return float(pdfmetrics.stringWidth(text, font, size))
