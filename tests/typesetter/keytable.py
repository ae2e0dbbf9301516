"""The key as groups of elements: tables in rows or columns, lists, lines; with notes for corrected answers."""

from __future__ import annotations

from dataclasses import replace

from tests.typesetter.compose import Setting, grid_row, heading, paragraph
from tests.typesetter.model import PrintItem, Responses
from tests.typesetter.pages import Element, Group, moved
from tests.typesetter.styles import answer_text, digits, word

Entry = tuple[str, str]
"""A question number and its answer as printed."""

REVISED_MARK = "#"


def entries(setting: Setting, items: list[PrintItem], *, revised: bool = False) -> list[Entry]:
    """Numbers with answers; items without an entry are left out; corrected answers carry a mark."""
    rows: list[Entry] = []
    for item in sorted(items, key=lambda each: each.number):
        key = item.final_key if revised else item.key
        if key is None:
            continue
        mark = REVISED_MARK if revised and item.revised_key is not None else ""
        rows.append((digits(item.number, setting.language, setting.layout.local_digits), mark + _written(setting, key)))
    return rows


def _written(setting: Setting, key: Responses) -> str:
    return answer_text(key, setting.layout.option_style, setting.language)


def key_groups(
    setting: Setting, items: list[PrintItem], form: str, title: str, *, revised: bool = False
) -> list[Group]:
    """The groups of a key in one form: rows, columns, list or lines; one table for each part."""
    groups = [heading(setting, title)]
    parts = sorted({item.part for item in items})
    for part in parts:
        if len(parts) > 1:
            groups.append(heading(setting, word(setting.language, "part").format(part), 1.0))
        rows = entries(setting, [item for item in items if item.part == part], revised=revised)
        groups += _FORMS[form](setting, rows)
    if revised:
        groups += _notes(setting, items)
    return groups


def _rows(setting: Setting, rows: list[Entry]) -> list[Group]:
    per_row = 10
    label = 62.0
    cell = (setting.width - 12 - label) / per_row
    wide = max((len(answer) for _, answer in rows), default=1) > 4
    if wide or cell < 2.4 * setting.layout.font_size:
        per_row, cell = 5, (setting.width - 12 - label) / 5
    groups: list[Group] = []
    for start in range(0, len(rows), per_row):
        chunk = rows[start : start + per_row]
        names = (word(setting.language, "question"), word(setting.language, "answer"))
        elements = []
        for column, name in enumerate(names):
            cells = [name, *(entry[column] for entry in chunk)]
            elements.append(_labelled_row(setting, cells, label, cell))
        groups.append(Group(tuple(elements), breakable=False, gap=6))
    return groups


def _labelled_row(setting: Setting, cells: list[str], label: float, cell: float) -> Element:
    first = grid_row(setting, cells[:1], label, replace(setting.ink(), size=setting.layout.font_size * 0.9), None)
    rest = grid_row(setting, cells[1:], cell, setting.ink(), None)
    ops = (*first.ops, *(moved(op, label, 0) for op in rest.ops))
    return Element(max(first.height, rest.height), ops)


def _columns(setting: Setting, rows: list[Entry]) -> list[Group]:
    count = setting.layout.key_columns
    cell = min((setting.width - 12) / (2 * count), 90.0)
    depth = -(-len(rows) // count)
    narrow = cell < 42
    titles = [word(setting.language, name) for name in ("question", "answer")] if not narrow else ["N", "R"]
    elements = [
        grid_row(setting, titles * min(count, -(-len(rows) // max(depth, 1))), cell, setting.ink(bold=True), None)
    ]
    for row in range(depth):
        cells: list[str] = []
        for column in range(count):
            position = column * depth + row
            if position < len(rows):
                cells += rows[position]
        elements.append(grid_row(setting, cells, cell, setting.ink(), None))
    return [Group(tuple(elements), gap=8)]


def _list(setting: Setting, rows: list[Entry]) -> list[Group]:
    text = "  ".join(f"{number}.{answer.replace(' ', chr(0xA0))}" for number, answer in rows)
    return [Group(tuple(paragraph(setting, text, setting.ink(), None)), gap=8)]


def _lines(setting: Setting, rows: list[Entry]) -> list[Group]:
    elements: list[Element] = []
    for number, answer in rows:
        elements += paragraph(setting, f"{number} - {answer}", setting.ink(), None)
    return [Group(tuple(elements), gap=8)]


def _notes(setting: Setting, items: list[PrintItem]) -> list[Group]:
    groups: list[Group] = []
    for item in sorted(items, key=lambda each: (each.part, each.number)):
        if item.revised_key is not None:
            before = _written(setting, item.key or ())
            after = _written(setting, item.revised_key)
            name = word(setting.language, "question")
            text = f"{REVISED_MARK} {name} {item.number}: {before} → {after}. {item.note or ''}".strip()
            groups.append(Group(tuple(paragraph(setting, text, setting.ink(), None)), gap=3))
    return groups


_FORMS = {"rows": _rows, "columns": _columns, "list": _list, "lines": _lines}
