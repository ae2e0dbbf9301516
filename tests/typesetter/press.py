"""Prints an exam: booklet, key files and truth.json, by either route."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.typesetter.booklet import furnish, set_booklet
from tests.typesetter.compose import Setting
from tests.typesetter.keyfiles import write_key_file
from tests.typesetter.keytable import key_groups
from tests.typesetter.layout import INLINE_KEYS, SHAPED, Layout, settle
from tests.typesetter.model import PrintExam
from tests.typesetter.pages import Box, Filler, Frame
from tests.typesetter.paint import paint
from tests.typesetter.styles import word
from tests.typesetter.truth import Printed, exam_truth

IN_BOOKLET = (*INLINE_KEYS, "under-question", "last-page")
PDF_KEYS = ("rows", "columns", "list", "lines")


def print_exam(
    exam: PrintExam,
    layout: Layout,
    out_dir: Path,
    route: str = "reportlab",
    *,
    name: str = "booklet",
    key_name: str = "key",
    revised_name: str = "key-revised",
    truth_name: str = "truth.json",
    with_keys: bool = True,
) -> Printed:
    """Prints the booklet, its key and, when an item has a revised key, the corrected key.

    Args:
        exam: what to print.
        layout: how; combinations that cannot be told apart are settled first (the truth holds the settled layout).
        out_dir: an existing or new folder.
        route: "reportlab" or "chromium"; languages that need shaping are printed by "chromium" only.
        name: stem of the booklet's file name; the other names likewise.
        with_keys: whether key files are printed too.

    Raises:
        ValueError: the route does not exist or cannot print the language.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    layout = settle_for(layout, exam.language, route)
    booklet = out_dir / f"{name}.pdf"
    boxes = _booklet(exam, layout, booklet, route)
    keys, revised = _keys(exam, layout, out_dir, route, (key_name, revised_name)) if with_keys else ((), ())
    truth = exam_truth(exam, layout, route, boxes)
    truth.update(booklet=booklet.name, keys=[path.name for path in keys], revised_keys=[path.name for path in revised])
    truth_path = (out_dir / truth_name).resolve()
    truth_path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return Printed(booklet, keys, revised, truth, truth_path)


def settle_for(layout: Layout, language: str, route: str) -> Layout:
    """The layout as this route prints it: Chromium has no private-use marks, double printing or missing spaces."""
    layout = settle(layout, language)
    if route != "chromium":
        return layout
    style = "upper:{}." if layout.option_style.startswith("private") else layout.option_style
    return settle(replace(layout, option_style=style, overprint_bold=False, space_glyphs=True), language)


def _booklet(exam: PrintExam, layout: Layout, path: Path, route: str) -> list[Box]:
    if route == "chromium":
        from tests.typesetter.chromium import print_booklet

        return print_booklet(exam, layout, path)
    if route != "reportlab" or exam.language in SHAPED:
        message = f"route {route!r} cannot print language {exam.language!r}; use 'chromium'"
        raise ValueError(message)
    booklet = set_booklet(exam, layout)
    paint(booklet.sheets, layout.page_size, path, exam.title)
    return booklet.boxes


def _keys(
    exam: PrintExam, layout: Layout, out_dir: Path, route: str, names: tuple[str, str]
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    form = layout.key_format
    keys: tuple[Path, ...] = ()
    if form not in IN_BOOKLET:
        keys = (print_key(exam, layout, out_dir, names[0], route=route),)
    revised: tuple[Path, ...] = ()
    if any(item.revised_key is not None for item in exam.items):
        revised = (print_key(exam, layout, out_dir, names[1], route=route, revised=True),)
    return keys, revised


def print_key(
    exam: PrintExam, layout: Layout, out_dir: Path, name: str, *, route: str = "reportlab", revised: bool = False
) -> Path:
    """Prints the key alone, in the layout's key format (a table in columns where that format has no file)."""
    form = layout.key_format if layout.key_format not in IN_BOOKLET else "columns"
    title = f"{exam.title}. {word(exam.language, 'revised' if revised else 'key')}"
    if form not in PDF_KEYS:
        return write_key_file(exam, layout, out_dir / f"{name}.{form}", title, revised=revised)
    path = out_dir / f"{name}.pdf"
    if route == "chromium":
        from tests.typesetter.chromium import print_key_pdf

        print_key_pdf(exam, layout, path, title, revised=revised)
        return path
    plain = replace(layout, columns=1, hyphenate=False, justify=False, watermark=None)
    frame = Frame(plain.page_size, plain.margin, 1)
    setting = Setting(plain, exam.language, frame.width)
    filler = Filler(frame)
    for group in key_groups(setting, list(exam.items), form, title, revised=revised):
        filler.add(group)
    furnish(filler.sheets, exam, setting)
    paint(filler.sheets, plain.page_size, path, title)
    return path
