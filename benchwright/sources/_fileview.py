"""One raw file as a person can check it: what its pages were taken for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import BenchwrightError
from benchwright.schemas.papers import KeyEntry, Layout, PaperJob, Role
from benchwright.sources._columns import lines_across
from benchwright.sources._figures import find_figures
from benchwright.sources._infer import layout_of
from benchwright.sources._inkey import read_inline_key
from benchwright.sources._keys import KeyTable, find_tables
from benchwright.sources._keysheet import table_names
from benchwright.sources._lines import Line, line_box
from benchwright.sources._ocrread import readable_pages
from benchwright.sources._omrkey import IMAGE_SUFFIXES, key_of_picture, open_image
from benchwright.sources._omrpages import forms_in
from benchwright.sources._pageview import Block, FileView, PageView
from benchwright.sources._paper import Paper, paper_of
from benchwright.sources._paperview import Placed, around, blocks_of_paper
from benchwright.sources._pdfium import PageChars, open_pdf
from benchwright.sources._words import fold

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["view_file"]

_OCR_PAGES: Final = 6
"""Pages of a scan that are read unless all are wanted: as many as `new` looks at."""


def view_file(
    path: Path,
    file: str,
    role: Role,
    *,
    language: str | None = None,
    layout: Layout | None = None,
    table: str | None = None,
    whole: bool = False,
) -> FileView:
    """Read a file again and return every block on its pages.

    Args:
        path: the file.
        file: its name relative to ``raw/``.
        role: what it was taken for.
        language: BCP-47 tag; null to find it out.
        layout: values that are set win over inference.
        table: heading of the key that counts, where the file holds several.
        whole: read all pages of a scan with OCR, not a sample.

    A file that cannot be read or has no pages (a table, a web page) gives a view without pages that says so.
    """
    try:
        if path.suffix.casefold() == ".pdf":
            with open_pdf(path, file) as document:
                return _view_pdf(document, file, role, language, layout, table, whole=whole)
        if path.suffix.casefold() in IMAGE_SUFFIXES:
            return _view_picture(path, file, role)
    except BenchwrightError as error:
        return FileView(file, notes=(error.problems[0].message,))
    return FileView(file, notes=("a file without pages: its text has places by row or element, not by box",))


def _view_pdf(
    document: pypdfium2.PdfDocument,
    file: str,
    role: Role,
    language: str | None,
    layout: Layout | None,
    table: str | None,
    *,
    whole: bool,
) -> FileView:
    ocr = layout.ocr if layout else None
    read_in = readable_pages(document, language, ocr, sample=None if whole else _OCR_PAGES)
    pages = read_in.pages
    notes = list(read_in.doubts)
    if role == "booklet":
        free = paper_of(pages)
        if free is None:
            return FileView(file, _views(pages, _plain_lines(pages)), notes=(*notes, "no numbered questions"))
        return _view_booklet(free, file, pages, layout, notes)
    if role == "key":
        pages, forms = forms_in(document, pages, read_in.scanned)
        job = _job(file)
        entries = [entry for form in forms for entry in form.sheet(job, "view").entries]
        return FileView(file, _views(pages, [*_cells(pages, table), *_entries(entries)]), notes=tuple(notes))
    if role == "images":
        return FileView(file, _views(pages, _pictures(pages)), notes=tuple(notes))
    return FileView(file, _views(pages, ()), notes=tuple(notes))


def _view_booklet(
    free: Paper, file: str, pages: Sequence[PageChars], layout: Layout | None, notes: list[str]
) -> FileView:
    """Return a booklet as the recipe's layout has it, and between which hypotheses its own search chose."""
    read = paper_of(pages, layout) if layout is not None and _differs(free, layout) else None
    paper = read or free
    if read is not None:
        notes = [*notes, f"drawn as the layout of the recipe says: {read.reading.name()}"]
    inline = None if paper.key else read_inline_key(paper, layout.key if layout else None)
    shown = inline.paper if inline else paper
    key = inline.why() if inline else None
    if paper.key is not None:
        key = f"key in the booklet: {len(paper.key.table.cells)} answers at its end"
    return FileView(
        file=file,
        pages=_views(pages, blocks_of_paper(shown, pages, inline)),
        chosen=(free.reading.name(), free.reading.score),
        runner_up=free.reading.runner_up,
        key=key,
        missing=tuple(_missing(paper)),
        notes=tuple(notes),
    )


def _differs(paper: Paper, layout: Layout) -> bool:
    """Tell whether a layout reads a paper otherwise than its own search does."""
    own = layout_of(paper.reading)
    return any(
        wanted is not None and wanted != found
        for wanted, found in (
            (layout.columns, own.columns),
            (layout.number and layout.number.style, own.number and own.number.style),
            (layout.options and layout.options.marks[:2], own.options and own.options.marks[:2]),
        )
    )


def _missing(paper: Paper) -> list[tuple[int, int]]:
    """Return the numbers of every section that were not found, with the page of the number before."""
    result: list[tuple[int, int]] = []
    page = paper.lines[paper.blocks[0].first].page
    before: dict[int, int] = defaultdict(int)
    for block in paper.blocks:
        result += [(number, page) for number in range(before[block.section] + 1, block.number)]
        before[block.section] = block.number
        page = paper.lines[block.last].page
    return result


def _views(pages: Sequence[PageChars], placed: Iterable[Placed]) -> tuple[PageView, ...]:
    blocks: dict[int, list[Block]] = defaultdict(list)
    for number, block in placed:
        blocks[number].append(block)
    return tuple(PageView(p.number, p.width, p.height, tuple(blocks[p.number]), p.ocr) for p in pages)


def _plain_lines(pages: Sequence[PageChars]) -> list[Placed]:
    why = "no question was found in this file"
    return [
        (line.page, Block("outside", (line.x0, line.y0, line.x1, line.y1), "line", line.text, why))
        for line in lines_across(pages)
    ]


def _cells(pages: Sequence[PageChars], wanted: str | None) -> list[Placed]:
    """Return the cells of the key that counts, every other key of the file as one block, and the lines without any."""
    by_number = {page.number: page for page in pages}
    lines = lines_across(pages)
    tables = find_tables(lines)
    used = {cell.line for table in tables for cell in table.cells.values()}
    result: list[Placed] = []
    for table, name in zip(tables, table_names(tables), strict=True):
        if wanted is not None and fold(name) != fold(wanted):
            result += _whole_table(table, lines, name)
            continue
        for cell in table.cells.values():
            line = lines[cell.line]
            box = line_box(by_number[line.page], line.chars[cell.start : cell.end])
            if box is not None:
                why = "a cell of the key" + (f" {name!r}" if name else "")
                result.append((line.page, Block("key", box, f"{cell.number}", cell.printed, why)))
    for k, line in enumerate(lines):
        box = line_box(by_number[line.page], line.chars) if k not in used else None
        if box is not None and _is_numbers(line):
            result.append((line.page, Block("number", box, "№", line.text, "a row of numbers")))
        elif box is not None:
            result.append((line.page, Block("outside", box, "line", line.text, "no answer was found in this line")))
    return result


def _is_numbers(line: Line) -> bool:
    """Tell whether a line of a key holds little but numbers."""
    words = line.text.split()
    return 2 * sum(word.strip("().-:").isnumeric() for word in words) > len(words)


def _whole_table(table: KeyTable, lines: Sequence[Line], name: str) -> list[Placed]:
    areas: dict[int, list[Line]] = defaultdict(list)
    for cell in table.cells.values():
        areas[lines[cell.line].page].append(lines[cell.line])
    why = "the recipe names another key of this file with table:"
    return [
        (
            page,
            Block("outside", around([(line.x0, line.y0, line.x1, line.y1) for line in some]), "other key", name, why),
        )
        for page, some in areas.items()
    ]


def _entries(entries: Iterable[KeyEntry]) -> list[Placed]:
    result: list[Placed] = []
    for entry in entries:
        if None in (entry.page, entry.x0, entry.y0, entry.x1, entry.y1):
            continue
        box = (entry.x0 or 0.0, entry.y0 or 0.0, entry.x1 or 0.0, entry.y1 or 0.0)
        unsure = "" if entry.status != "unknown" else " ?"
        read = " or ".join("+".join(one) for one in entry.answers) or "nothing certain"
        block = Block("key", box, f"{entry.number}{unsure}", entry.printed or read, entry.note or f"read as {read}")
        result.append((entry.page or 1, block))
    return result


def _pictures(pages: Sequence[PageChars]) -> list[Placed]:
    figures: list[Placed] = [
        (figure.page, Block("figure", figure.box, "picture", "", "a picture of the booklet of images"))
        for figure in find_figures(pages)
    ]
    lines = [
        (
            line.page,
            Block("context", (line.x0, line.y0, line.x1, line.y1), "caption", line.text, "text beside pictures"),
        )
        for line in lines_across(pages)
    ]
    return [*figures, *lines]


def _job(file: str) -> PaperJob:
    return PaperJob(file=file, sha256="", exam="x", edition="1", part="1", language="en", role="key")


def _view_picture(path: Path, file: str, role: Role) -> FileView:
    image = open_image(path, file)
    placed = _entries(key_of_picture(path, _job(file), "view").entries) if role == "key" else []
    blocks = tuple(block for _, block in placed)
    return FileView(file, (PageView(1, float(image.width), float(image.height), blocks),))
