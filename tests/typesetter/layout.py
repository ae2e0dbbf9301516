"""The independent parameters of a printed booklet, drawn at random from one table of values."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, replace
from typing import Any

from tests.typesetter import styles

SHAPED = frozenset({"ar", "fa", "he", "hi", "th"})
"""Languages whose script needs a shaping engine: they are printed by Chromium only."""

INLINE_KEYS = ("bold", "colour", "highlight", "underline", "asterisk")
"""Key formats that mark the correct option where it stands."""

KEY_FORMATS = (
    "rows",
    "columns",
    "list",
    "lines",
    "under-question",
    "last-page",
    "csv",
    "html",
    "docx",
    "xlsx",
    *INLINE_KEYS,
)


@dataclass(frozen=True)
class Layout:
    """One way of printing a booklet and its key. The defaults are the plainest; lengths are points."""

    page_size: str = "A4"
    margin: float = 56.0
    columns: int = 1
    column_rule: bool = False
    font: str = "dejavu-sans"
    font_size: float = 10.0
    line_spacing: float = 1.3
    justify: bool = False
    hyphenate: bool = False
    space_glyphs: bool = True
    number_style: str = "{}."
    number_own_line: bool = False
    number_bold: bool = False
    stem_bold: bool = False
    number_hang: float = 0.0
    option_style: str = "upper:{}."
    options_per_line: int = 1
    option_indent: float = 0.0
    option_hang: float = 0.0
    running_header: bool = False
    page_number: str | None = None
    watermark: str | None = None
    cover: bool = False
    split_items: bool = True
    superscripts: str = "unicode"
    overprint_bold: bool = False
    boxed: bool = False
    separator: str = "none"
    item_gap: float = 8.0
    part_headings: bool = True
    local_digits: bool = False
    key_format: str = "columns"
    key_columns: int = 4

    def to_plain(self) -> dict[str, Any]:
        """JSON-ready values."""
        return asdict(self)


SPACE: dict[str, tuple[Any, ...]] = {
    "page_size": ("A4", "Letter"),
    "margin": (56.0, 40.0, 72.0),
    "columns": (1, 2),
    "column_rule": (False, True),
    "font": (
        "dejavu-sans",
        "dejavu-serif",
        "dejavu-condensed",
        "noto-sans",
        "noto-serif",
        "free-sans",
        "free-serif",
        "liberation-sans",
        "liberation-serif",
        "helvetica",
        "times",
    ),
    "font_size": (10.0, 8.5, 9.0, 11.0, 12.0),
    "line_spacing": (1.3, 1.15, 1.5),
    "justify": (False, True),
    "hyphenate": (False, True),
    "space_glyphs": (True, False),
    "number_own_line": (False, True),
    "number_bold": (False, True),
    "stem_bold": (False, False, True),
    "number_hang": (0.0, 18.0, 28.0),
    "options_per_line": (1, 2, 4),
    "option_indent": (0.0, 14.0, 24.0),
    "option_hang": (0.0, 16.0, 22.0),
    "running_header": (False, True),
    "page_number": (None, *styles.PAGE_STYLES),
    "watermark": (None, "SPECIMEN"),
    "cover": (False, True),
    "split_items": (True, False),
    "superscripts": ("unicode", "raised"),
    "overprint_bold": (False, True),
    "boxed": (False, False, True),
    "separator": ("none", "rule", "dots"),
    "item_gap": (8.0, 4.0, 14.0),
    "local_digits": (False, True),
    "key_format": KEY_FORMATS,
    "key_columns": (4, 1, 5, 10),
}
"""The values of every parameter that does not depend on the language; the first is the plainest."""


def space(language: str) -> dict[str, tuple[Any, ...]]:
    """All parameters with their values for one language; failures shrink towards the first value of each."""
    return {
        **SPACE,
        "number_style": styles.choices(styles.NUMBER_STYLES, language),
        "option_style": styles.choices(styles.OPTION_STYLES, language),
    }


def settle(layout: Layout, language: str) -> Layout:
    """Resolves the combinations that cannot be printed or that no reader could tell apart."""
    changes: dict[str, Any] = {}
    shaped = language in SHAPED
    if shaped and layout.option_style.startswith("private"):
        changes["option_style"] = "upper:{}."
    style = changes.get("option_style", layout.option_style)
    same_marks = style.startswith("digit") and style.partition(":")[2] == layout.number_style
    bare_beside_digits = layout.number_style == "{}" and style.startswith("digit")
    if same_marks or bare_beside_digits:
        changes["option_style"] = "upper:{}."
    if layout.number_style == "{}" and not layout.number_own_line and layout.number_hang == 0:
        changes["number_hang"] = 18.0
    if layout.columns == 2 and layout.options_per_line == 4:
        changes["options_per_line"] = 2
    if layout.columns == 2 and layout.font_size > 10:
        changes["font_size"] = 10.0
    if layout.key_format == "bold" and layout.stem_bold:
        changes["stem_bold"] = False
    return replace(layout, **changes)


def draw(seed: int, language: str = "en", **fixed: Any) -> Layout:
    """A layout drawn with a seed; `fixed` sets parameters by name."""
    generator = random.Random(f"layout {seed} {language}")
    drawn = {name: generator.choice(values) for name, values in space(language).items()}
    return settle(Layout(**{**drawn, **fixed}), language)
