"""One item as groups of elements: number, stem, table, pictures, options, and a key letter where it stands."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

from PIL import Image

from tests.typesetter.flow import Ink, Line, Spot, Word, break_lines, shape, space_width, words
from tests.typesetter.layout import INLINE_KEYS, Layout
from tests.typesetter.model import PrintItem, PrintOption
from tests.typesetter.pages import Element, Group, ImageOp, Op, RectOp, RuleOp, Tag, line_ops, text_at
from tests.typesetter.styles import (
    answer_text,
    option_mark,
    position_of,
    printed_number,
    word,
)

_GREEN, _YELLOW = (0.05, 0.45, 0.1), (1.0, 0.93, 0.35)


@dataclass(frozen=True)
class Setting:
    """A layout with the language and the column width it is applied to."""

    layout: Layout
    language: str
    width: float

    @property
    def leading(self) -> float:
        """Height of a line."""
        return self.layout.font_size * self.layout.line_spacing

    def ink(self, *, bold: bool = False) -> Ink:
        """The ink of running text."""
        layout = self.layout
        return Ink(
            layout.font,
            self.language,
            layout.font_size,
            bold and not layout.overprint_bold,
            overprint=bold and layout.overprint_bold,
            raised=layout.superscripts == "raised",
        )


def paragraph(
    setting: Setting,
    text: str,
    ink: Ink,
    tag: Tag | None,
    *,
    prefix: str = "",
    prefix_ink: Ink | None = None,
    left: float = 0.0,
    hang: float = 0.0,
    right: float | None = None,
) -> list[Element]:
    """The lines of one paragraph, with a mark in front of the first when `prefix` is given."""
    layout = setting.layout
    edge = setting.width if right is None else right
    marks: list[Spot] = []
    first = left + hang
    if prefix:
        mark = Word(shape(prefix, prefix_ink or ink), prefix_ink or ink, space=True)
        marks = [Spot(left, mark)]
        first = max(left + hang, left + mark.width + space_width(ink))
    lines = break_lines(words(text, ink), first, left + hang, edge, justify=layout.justify, hyphenate=layout.hyphenate)
    if marks:
        lines = [Line(marks + lines[0].spots), *lines[1:]] if lines else [Line(marks)]
    return [_line_element(setting, line, tag) for line in lines]


def _line_element(setting: Setting, line: Line, tag: Tag | None) -> Element:
    base = setting.leading * 0.5 + setting.layout.font_size * 0.35
    ops = line_ops(line, base, space_glyphs=setting.layout.space_glyphs, height=setting.leading)
    tags = ((tag, line.spots[0].x, _end(line)),) if tag is not None and line.spots else ()
    return Element(setting.leading, tuple(ops), tags)


def _end(line: Line) -> float:
    return line.spots[-1].x + line.spots[-1].word.width


def context_group(setting: Setting, item: PrintItem, last: PrintItem) -> Group:
    """The shared vignette before the first item that refers to it."""
    heading = context_heading(setting, item, last)
    elements = paragraph(setting, heading, setting.ink(bold=True), None)
    for part in (item.context or "").split("\n"):
        elements += paragraph(setting, part, setting.ink(), Tag(item.part, item.number, "context"))
    kept = [replace(element, keep_next=True) for element in elements]
    return Group(tuple(kept), gap=4)


def directions_group(setting: Setting, text: str) -> Group:
    """A section's heading, directions and texts, one line apart from the item before; they run on over pages."""
    first, *others = text.split("\n")
    elements = [Element(setting.leading), *paragraph(setting, first, setting.ink(bold=True), None)]
    for part in others:
        elements += paragraph(setting, part, setting.ink(), None)
    return Group(tuple(elements), gap=setting.leading)


def context_heading(setting: Setting, item: PrintItem, last: PrintItem) -> str:
    """The line that says which items share the vignette."""
    return word(setting.language, "refer").format(item.number, last.number)


def item_group(setting: Setting, item: PrintItem) -> Group:
    """Everything of one item."""
    layout = setting.layout
    elements = _stem(setting, item)
    if item.table:
        elements += _table(setting, item)
    for position, figure in enumerate(item.figures):
        elements += _picture(setting, figure.png, Tag(item.part, item.number, f"figure:{position}"))
    elements += _options(setting, item)
    for text in item.below:
        elements += paragraph(setting, text, setting.ink(), Tag(item.part, item.number, "below"))
    if layout.key_format == "under-question":
        text = answer_text(item.key, layout.option_style, setting.language)
        if text:
            elements += paragraph(setting, text, setting.ink(), Tag(item.part, item.number, "key"))
    if layout.separator != "none":
        rule = RuleOp(0, 5, setting.width, 5, dots=layout.separator == "dots")
        elements.append(Element(10, (rule,)))
    elements[0] = replace(elements[0], keep_next=True)
    return Group(
        tuple(elements),
        breakable=layout.split_items,
        boxed=layout.boxed,
        gap=layout.item_gap + (6 if layout.boxed else 0),
    )


def _stem(setting: Setting, item: PrintItem) -> list[Element]:
    layout, tag = setting.layout, Tag(item.part, item.number, "stem")
    number = printed_number(item.number, layout.number_style, setting.language, layout.local_digits)
    number_ink = setting.ink(bold=layout.number_bold or layout.stem_bold)
    stem_ink = setting.ink(bold=layout.stem_bold)
    paragraphs = item.stem.split("\n")
    if layout.number_own_line:
        heading = paragraph(setting, number, number_ink, Tag(item.part, item.number, "number"))
        elements = [replace(part, keep_next=True) for part in heading]
        for text in paragraphs:
            elements += paragraph(setting, text, stem_ink, tag, left=layout.number_hang)
        return elements
    elements = paragraph(
        setting, paragraphs[0], stem_ink, tag, prefix=number, prefix_ink=number_ink, hang=layout.number_hang
    )
    for text in paragraphs[1:]:
        elements += paragraph(setting, text, stem_ink, tag, left=layout.number_hang)
    return elements


def _table(setting: Setting, item: PrintItem) -> list[Element]:
    rows = item.table or ()
    count = max(len(row) for row in rows)
    cell = min((setting.width - 12) / count, 150.0)
    tag = Tag(item.part, item.number, "table")
    lines = [replace(grid_row(setting, list(row), cell, setting.ink(), tag), keep_next=True) for row in rows]
    return [Element(4, keep_next=True), *lines, Element(4)]


def grid_row(setting: Setting, cells: list[str], cell: float, ink: Ink, tag: Tag | None) -> Element:
    """A ruled table row; a cell's text is set in as many lines as it needs."""
    columns = [
        break_lines(words(text, ink), 8 + n * cell, 8 + n * cell, 2 + (n + 1) * cell) for n, text in enumerate(cells)
    ]
    height = max(1, *(len(lines) for lines in columns)) * setting.leading + 3
    ops: list[Op] = []
    for position, lines in enumerate(columns):
        ops.append(RectOp(4 + position * cell, 0, cell, height, stroke=True))
        for row, line in enumerate(lines):
            base = 1 + row * setting.leading + setting.leading * 0.5 + ink.size * 0.35
            ops += line_ops(line, base, space_glyphs=setting.layout.space_glyphs, height=setting.leading)
    tags = () if tag is None else ((tag, 4.0, 4 + len(cells) * cell),)
    return Element(height, tuple(ops), tags)


def _picture(setting: Setting, png: bytes, tag: Tag, left: float = 12.0, limit: float = 190.0) -> list[Element]:
    width, height = picture_size(png, min(limit, setting.width - left - 4))
    return [Element(height + 8, (ImageOp(left, 4, width, height, png),), ((tag, left, left + width),))]


def picture_size(png: bytes, limit: float) -> tuple[float, float]:
    """Width and height in points of a picture no wider than the limit, at 144 dots an inch."""
    with Image.open(io.BytesIO(png)) as image:
        width, height = image.width / 2, image.height / 2
    scale = min(1.0, limit / width)
    return width * scale, height * scale


def option_ink(setting: Setting, item: PrintItem, option: PrintOption) -> Ink:
    """The ink of an option: marked when the layout prints the key in place."""
    style, ink = setting.layout.key_format, setting.ink()
    if style not in INLINE_KEYS or not is_correct(item, option):
        return ink
    if style == "bold":
        return setting.ink(bold=True)
    return {
        "colour": replace(ink, colour=_GREEN),
        "highlight": replace(ink, highlight=_YELLOW),
        "underline": replace(ink, underline=True),
        "asterisk": ink,
    }[style]


def is_correct(item: PrintItem, option: PrintOption) -> bool:
    """Whether the option belongs to any complete correct response of the first key."""
    return any(option.label in response for response in item.key or ())


def _marked(setting: Setting, item: PrintItem, option: PrintOption) -> str:
    mark = option_mark(position_of(option.label), setting.layout.option_style)
    starred = setting.layout.key_format == "asterisk" and is_correct(item, option)
    return f"*{mark}" if starred else mark


def _options(setting: Setting, item: PrintItem) -> list[Element]:
    layout = setting.layout
    per_line = _fitting(setting, item)
    if per_line > 1:
        return _option_rows(setting, item, per_line)
    elements: list[Element] = []
    for option in item.options:
        ink = option_ink(setting, item, option)
        tag = Tag(item.part, item.number, f"option:{option.label}")
        elements += paragraph(
            setting,
            option.text,
            ink,
            tag,
            prefix=_marked(setting, item, option),
            left=layout.option_indent,
            hang=layout.option_hang,
        )
        if option.below is not None:
            elements += paragraph(
                setting, option.below, setting.ink(), Tag(item.part, item.number, "below"), left=layout.option_indent
            )
        if option.figure is not None:
            elements[-1] = replace(elements[-1], keep_next=True)
            elements += _picture(
                setting, option.figure, replace(tag, field=f"figure:{option.label}"), layout.option_indent + 24, 90
            )
    return elements


def _fitting(setting: Setting, item: PrintItem) -> int:
    """Options to a line: the layout's wish, halved until every option fits its cell on one line."""
    layout = setting.layout
    wish = layout.options_per_line
    if not item.options or any(option.figure is not None or option.below for option in item.options):
        return 1
    ink = setting.ink(bold=layout.key_format == "bold")
    longest = max(sum(part.width for part in shape(f"{_marked(setting, item, o)} {o.text}", ink)) for o in item.options)
    inner = setting.width - layout.option_indent
    while wish > 1 and max(longest, layout.option_hang + longest - 12) + 8 > inner / wish:
        wish //= 2
    return wish


def _option_rows(setting: Setting, item: PrintItem, per_line: int) -> list[Element]:
    layout = setting.layout
    cell = (setting.width - layout.option_indent) / per_line
    elements: list[Element] = []
    for start in range(0, len(item.options), per_line):
        ops: list[Op] = []
        tags: list[tuple[Tag, float, float]] = []
        for column, option in enumerate(item.options[start : start + per_line]):
            ink = option_ink(setting, item, option)
            left = layout.option_indent + column * cell
            tag = Tag(item.part, item.number, f"option:{option.label}")
            parts = paragraph(
                setting, option.text, ink, tag, prefix=_marked(setting, item, option), left=left, right=left + cell + 1
            )
            ops += parts[0].ops
            tags += parts[0].tags
        elements.append(Element(setting.leading, tuple(ops), tuple(tags)))
    return elements


def heading(setting: Setting, text: str, scale: float = 1.15) -> Group:
    """A centred heading that stays with what follows."""
    ink = replace(setting.ink(bold=True), size=setting.layout.font_size * scale)
    ops, _ = text_at(text, setting.width / 2, setting.leading, ink, "centre")
    return Group((Element(setting.leading * 1.6, tuple(ops), keep_next=True),), gap=4)
