"""The picture of an optical-mark form as a key sheet: which number each row of cells has, and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchwright.schemas.papers import KeyEntry, KeySheet, PaperJob
from benchwright.sources._ocr import engine_named
from benchwright.sources._omr import Block, Form, Row, find_form

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["MarkedForm", "NumberReader", "marked_form", "sheet_of_form"]

_LETTERS: Final = "ABCDEFGHIJ"
_AGREE: Final = 0.5
"""Share of the printed numerals of a block that have to agree with its numbering."""

Shown = Callable[[tuple[float, float, float, float]], tuple[float, float, float, float]]
"""Brings a box in pixels of the straightened picture to the units and place of the page."""

ReadNumerals = Callable[["Image"], list[tuple[str, float, float]]]
"""Reads the numerals in a picture, each with its middle in pixels."""


@dataclass(frozen=True)
class MarkedForm:
    """A form with the number of each of its rows."""

    form: Form
    rows: tuple[tuple[int, Row], ...]
    how: str
    """What the numbers were told by."""
    signs: tuple[str, ...] = tuple(_LETTERS)
    """What the columns are called: as printed above them, or by their order."""


class NumberReader:
    """Reads printed numerals with the OCR engine that is there."""

    def __call__(self, image: Image) -> list[tuple[str, float, float]]:
        """Return numerals with the middle of each in pixels."""
        engine = engine_named("tesseract")
        read = getattr(engine, "read_numbers", None)
        return list(read(image)) if read else []


def marked_form(image: Image, read: ReadNumerals | None = None) -> MarkedForm | None:
    """Return the form in a picture with its numbers, or None when there is no form or its numbering is not certain."""
    form = find_form(image)
    if form is None:
        return None
    numerals = [_numerals(form, block, read or NumberReader()) for block in form.blocks]
    for step in (1, len(form.blocks)):
        firsts = [_first(found, step) for found in numerals]
        rows = _numbered(form, firsts, step)
        if rows is not None:
            return MarkedForm(form, rows, "printed numerals")
    if len(form.blocks) == 1 and not any(numerals):
        return MarkedForm(form, tuple(enumerate(form.blocks[0].rows, start=1)), "order: one block without numerals")
    return None


def _numerals(form: Form, block: Block, read: ReadNumerals) -> list[tuple[int, int]]:
    """Return (position in the block, numeral printed beside it)."""
    x0, y0, _, y1 = block.box
    tall = block.rows[0].box[3] - block.rows[0].box[1]
    if block.across:
        return _above(form, block, read)
    left = max([*(b.box[2] for b in form.blocks if b.box[2] < x0), x0 - 5 * tall, 0.0])
    part, factor = _enlarged(form.image, (left, y0 - 0.4 * tall, x0 - 1, y1 + 0.4 * tall), tall)
    top = round(y0 - 0.4 * tall)
    found = [(text, y / factor + top) for text, _, y in read(part)] if part is not None else []
    return [
        (k, int(text))
        for text, y in found
        for k, row in enumerate(block.rows)
        if text.isdigit() and row.box[1] <= y <= row.box[3]
    ]


def _above(form: Form, block: Block, read: ReadNumerals) -> list[tuple[int, int]]:
    """Read the numerals above the columns of a block, each on a line of its own: in a row they run together."""
    from PIL import Image as Pictures

    wide = block.rows[0].box[2] - block.rows[0].box[0]
    parts = []
    for row in block.rows:
        reach = 0.2 * wide
        area = (row.box[0] - reach, row.box[1] - 1.6 * wide, row.box[2] + reach, row.box[1] - 1)
        parts.append(_enlarged(form.image, area, wide)[0])
    tall = max((part.height for part in parts if part is not None), default=0)
    if not tall:
        return []
    sheet = Pictures.new("L", (4 * tall, 2 * tall * len(parts)), 255)
    for k, part in enumerate(parts):
        if part is not None:
            sheet.paste(part, (tall, k * 2 * tall + tall // 2))
    return [(int(y // (2 * tall)), int(text)) for text, _, y in read(sheet) if text.isdigit()]


def _enlarged(image: Image, area: tuple[float, float, float, float], size: float) -> tuple[Image | None, int]:
    part = image.crop((max(round(area[0]), 0), max(round(area[1]), 0), round(area[2]), round(area[3])))
    if min(part.size) < 6:
        return None, 1
    factor = max(1, round(34 / size))
    return part.resize((part.width * factor, part.height * factor)), factor


def _first(numerals: Sequence[tuple[int, int]], step: int) -> tuple[int, int] | None:
    """Return the first number of a block and how many numerals agree with it."""
    votes = Counter(number - k * step for k, number in numerals if number - k * step > 0)
    return votes.most_common(1)[0] if votes else None


def _numbered(form: Form, firsts: Sequence[tuple[int, int] | None], step: int) -> tuple[tuple[int, Row], ...] | None:
    """Return all rows with numbers; a block without readable numerals takes the place its neighbours leave it."""
    rows: dict[int, Row] = {}
    expected = 1
    sure = 0
    for block, found in zip(form.blocks, firsts, strict=True):
        first = expected
        if found is not None and found[1] >= max(_AGREE * len(block.rows), 2):
            first = found[0]
            sure += 1
        elif found is not None and found[0] != expected and found[1] > 2:
            return None
        for k, row in enumerate(block.rows):
            if first + k * step in rows:
                return None
            rows[first + k * step] = row
        expected = first + len(block.rows) if step == 1 else first + 1
    complete = sorted(rows) == list(range(1, len(rows) + 1))
    return tuple(sorted(rows.items())) if sure >= 0.5 * len(form.blocks) and complete else None


def sheet_of_form(marked: MarkedForm, job: PaperJob, page: int, shown: Shown, parser: str) -> KeySheet:
    """Return a form as a key sheet; a doubtful row becomes an entry with status unknown, never a guess."""
    entries: list[KeyEntry] = []
    for number, row in marked.rows:
        x0, y0, x1, y1 = (round(edge, 2) for edge in shown(row.box))
        place = {"page": page, "x0": x0, "y0": y0, "x1": x1, "y1": y1}
        if row.filled is None:
            note = f"{row.doubt}; darkness {', '.join(f'{one:.2f}' for one in row.darkness)}"
            entries.append(KeyEntry(number=str(number), status="unknown", note=note, **place))
            continue
        letter = marked.signs[row.filled]
        note = f"margin {row.margin:.2f}"
        entries.append(
            KeyEntry(
                number=str(number), answers=((letter,),), status=job.status or "official", printed=letter, note=note,
                **place,
            )
        )  # fmt: skip
    return KeySheet(
        file=job.file,
        exam=job.exam,
        edition=job.edition,
        part=job.part,
        booklet=job.booklet,
        status=job.status or "official",
        entries=tuple(entries),
        parser=f"{parser}|omr:{marked.how.split(':')[0].replace(' ', '-')}",
    )
