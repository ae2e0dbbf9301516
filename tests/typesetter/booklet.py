"""A whole booklet on pages: cover, parts, items, key on the last page, running headers and footers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.typesetter.compose import Setting, context_group, directions_group, heading, item_group, paragraph
from tests.typesetter.keytable import key_groups
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, PrintItem
from tests.typesetter.pages import SIZES, Box, Filler, Frame, GhostOp, Group, Op, RuleOp, Sheet, text_at
from tests.typesetter.styles import page_label, word


@dataclass(frozen=True)
class Booklet:
    """Finished pages and where every field stands."""

    sheets: list[Sheet]
    boxes: list[Box]


def set_booklet(exam: PrintExam, layout: Layout) -> Booklet:
    """Sets the booklet."""
    frame = Frame(layout.page_size, layout.margin, layout.columns)
    setting = Setting(layout, exam.language, frame.width)
    filler = Filler(frame)
    if layout.cover:
        _cover(filler, setting, exam)
    for group in body(setting, exam):
        filler.add(group)
    if layout.key_format == "last-page":
        filler.new_page()
        for group in key_groups(setting, list(exam.items), "rows", word(exam.language, "key")):
            filler.add(group)
    if exam.closing:
        filler.new_page()
    for text in exam.closing:
        filler.add(Group(tuple(paragraph(setting, text, setting.ink(), None)), gap=4))
    furnish(filler.sheets, exam, setting)
    return Booklet(filler.sheets, filler.boxes)


def body(setting: Setting, exam: PrintExam) -> list[Group]:
    """Part headings, vignettes and items in order."""
    groups: list[Group] = []
    part: int | None = None
    context: str | None = None
    for position, item in enumerate(exam.items):
        if item.part != part and setting.layout.part_headings and exam.part_titles:
            groups.append(heading(setting, part_title(exam, item.part)))
        if item.directions is not None:
            groups.append(directions_group(setting, item.directions))
        if item.context is not None and (item.context != context or item.part != part):
            groups.append(context_group(setting, item, last_of_context(exam.items, position)))
        part, context = item.part, item.context
        groups.append(item_group(setting, item))
    return groups


def part_title(exam: PrintExam, part: int) -> str:
    """The printed title of a part."""
    return exam.part_titles[part - 1]


def last_of_context(items: tuple[PrintItem, ...], position: int) -> PrintItem:
    """The last item in a row that shares the context of the one at `position`."""
    last = items[position]
    for item in items[position:]:
        if item.context != last.context or item.part != last.part:
            break
        last = item
    return last


def _cover(filler: Filler, setting: Setting, exam: PrintExam) -> None:
    filler.add(heading(setting, exam.title, 1.5))
    if exam.version:
        filler.add(heading(setting, exam.version, 1.3))
    for number, text in enumerate(exam.instructions, start=1):
        lines = paragraph(setting, text, setting.ink(), None, prefix=f"{number}.", hang=18)
        filler.add(Group(tuple(lines), gap=5))
    filler.new_page()


def furnish(sheets: list[Sheet], exam: PrintExam, setting: Setting) -> None:
    """Adds watermark, column rule, running header and footer to every page."""
    layout = setting.layout
    width, height = SIZES[layout.page_size]
    small = replace(setting.ink(), size=8.0, raised=False)
    for number, sheet in enumerate(sheets, start=1):
        furniture: list[Op] = []
        if layout.watermark:
            furniture.append(GhostOp(layout.watermark))
        if layout.running_header and exam.header:
            furniture += text_at(exam.header, layout.margin, layout.margin - 10, small)[0]
            if exam.version:
                furniture += text_at(exam.version, width - layout.margin, layout.margin - 10, small, "right")[0]
        if layout.running_header and exam.footer:
            furniture += text_at(exam.footer, layout.margin, height - layout.margin + 14, small)[0]
        if layout.page_number is not None:
            label = page_label(layout.page_number, number, len(sheets), exam.language)
            furniture += text_at(label, width / 2, height - layout.margin + 14, small, "centre")[0]
        if layout.columns == 2 and layout.column_rule:
            furniture.append(_column_rule(layout))
        sheet.ops[:0] = furniture


def _column_rule(layout: Layout) -> Op:
    width, height = SIZES[layout.page_size]
    return RuleOp(width / 2, layout.margin + 10, width / 2, height - layout.margin - 10)
