"""Booklets of one exam with the items in another order, and one key for all of them."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from tests.typesetter.booklet import furnish
from tests.typesetter.compose import Setting, grid_row, heading
from tests.typesetter.layout import SHAPED, Layout
from tests.typesetter.model import PrintExam, PrintItem, PrintOption, Responses, letter
from tests.typesetter.pages import Filler, Frame, Group
from tests.typesetter.paint import paint
from tests.typesetter.press import print_exam
from tests.typesetter.styles import answer_text, digits, word
from tests.typesetter.truth import Printed


def print_versions(
    exams: list[PrintExam], layout: Layout, out_dir: Path, route: str = "reportlab"
) -> tuple[tuple[Printed, ...], Path]:
    """Prints each version in its own folder and one key table with a column for each version.

    Raises:
        ValueError: the key's language needs shaping, which the table of all versions does not have.
    """
    if exams[0].language in SHAPED:
        message = f"a key of all versions cannot be printed in {exams[0].language!r}"
        raise ValueError(message)
    printed = tuple(print_exam(exam, layout, out_dir / str(exam.version), route, with_keys=False) for exam in exams)
    path = out_dir / "key-versions.pdf"
    frame = Frame(layout.page_size, layout.margin, 1)
    setting = Setting(replace(layout, columns=1, watermark=None), exams[0].language, frame.width)
    filler = Filler(frame)
    filler.add(heading(setting, f"{exams[0].title}. {word(exams[0].language, 'key')}"))
    filler.add(_table(setting, exams))
    furnish(filler.sheets, replace(exams[0], version=None), setting)
    paint(filler.sheets, layout.page_size, path, exams[0].title)
    return printed, path


def _table(setting: Setting, exams: list[PrintExam]) -> Group:
    cell = min((setting.width - 12) / (len(exams) + 1), 80.0)
    names = [word(setting.language, "question"), *(str(exam.version) for exam in exams)]
    rows = [grid_row(setting, names, cell, setting.ink(bold=True), None)]
    keys = [{(item.part, item.number): item.key for item in exam.items} for exam in exams]
    for part, number in sorted(keys[0]):
        answers = [answer_text(key[part, number], setting.layout.option_style, setting.language) for key in keys]
        printed = digits(number, setting.language, setting.layout.local_digits)
        rows.append(grid_row(setting, [printed, *answers], cell, setting.ink(), None))
    return Group(tuple(rows))


def booklet_version(exam: PrintExam, name: str, seed: int, *, shuffle_options: bool = True) -> PrintExam:
    """The same items in another order under new numbers, as versions A, B ... of a booklet; keys follow the options.

    Items that share a context stay together and in order; items with combination options ("A and C") should be
    printed with `shuffle_options=False`.
    """
    generator = random.Random(f"version {name} {seed}")
    items: list[PrintItem] = []
    for part in sorted({item.part for item in exam.items}):
        blocks = _blocks([item for item in exam.items if item.part == part])
        generator.shuffle(blocks)
        ordered = [item for block in blocks for item in block]
        for number, item in enumerate(ordered, start=min(item.number for item in ordered)):
            shuffled = _shuffled(item, generator) if shuffle_options else item
            items.append(replace(shuffled, number=number))
    return replace(exam, items=tuple(items), version=name)


def _blocks(items: list[PrintItem]) -> list[list[PrintItem]]:
    blocks: list[list[PrintItem]] = []
    for item in items:
        if blocks and item.context is not None and blocks[-1][-1].context == item.context:
            blocks[-1].append(item)
        else:
            blocks.append([item])
    return blocks


def _shuffled(item: PrintItem, generator: random.Random) -> PrintItem:
    order = list(range(len(item.options)))
    generator.shuffle(order)
    moved = {letter(old): letter(new) for new, old in enumerate(order)}
    options = tuple(
        PrintOption(letter(new), item.options[old].text, item.options[old].figure) for new, old in enumerate(order)
    )

    def follow(key: Responses | None) -> Responses | None:
        if key is None:
            return None
        return tuple(tuple(sorted(moved.get(one, one) for one in response)) for response in key)

    return replace(item, options=options, key=follow(item.key), revised_key=follow(item.revised_key))
