"""A first look at one raw file: what it is, and what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchwright.schemas.errors import InputError, MissingDependencyError
from benchwright.schemas.papers import Layout, PaperJob, Role
from benchwright.schemas.tables import Reject
from benchwright.schemas.text import comparable, sha256_text
from benchwright.sources._columns import lines_across
from benchwright.sources._cover import told_count
from benchwright.sources._fields import field_text
from benchwright.sources._flatread import FLAT_SUFFIXES
from benchwright.sources._infer import layout_of
from benchwright.sources._inkey import key_layout
from benchwright.sources._keys import KeyTable
from benchwright.sources._keysheet import full_headings, table_names
from benchwright.sources._language import language_of, likely_language, most_usual
from benchwright.sources._layouts.archives import is_archive
from benchwright.sources._layouts.opened import PACKED
from benchwright.sources._lines import Line
from benchwright.sources._mixedkeys import MixedTable, key_tables
from benchwright.sources._ocrread import readable_pages
from benchwright.sources._omrkey import IMAGE_SUFFIXES, key_of_picture
from benchwright.sources._paper import Paper, paper_of
from benchwright.sources._pdfium import PageChars, open_pdf
from benchwright.sources._readahead import AheadSink, file_digest, read_ahead
from benchwright.sources._remembered import forget
from benchwright.sources._statistics import rows_of_table
from benchwright.sources._statpages import tables_of_pages
from benchwright.sources._tailversions import side_tables
from benchwright.sources._words import has_word

__all__ = ["Look", "look_at"]


_TELLING: Final = 12
"""Letters; a shorter question text may stand in two booklets by chance."""
_PLACE: Final = {"exam": "x", "edition": "1", "part": "1", "role": "booklet"}
_PICTURE_JOB: Final = PaperJob(file="", sha256="", exam="x", edition="1", part="1", language="en", role="key")
_HEAD_LINES: Final = 6
_PER_CELL: Final = 60
"""A key has fewer characters than this for each answer."""
_BARE: Final = 20
"""What is called a key and has fewer characters than this for each answer has no questions."""
_FEWEST_OPTIONS: Final = 2
_ASKING: Final = "?？;؟"
_NUMBERED: Final = re.compile(r"\W*(?:[^\W\d]{1,9}\W{0,2})?(\d{1,3})(?!\d)")
_FEW_QUESTIONS: Final = 3
_SAMPLE: Final = 6
"""Pages of a scan that are read with OCR to see what a file is."""


@dataclass
class Look:
    """What was seen in one file."""

    file: str
    role: Role
    why: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    language: str | None = None
    hint: str | None = None
    """The likeliest language, where none is certain."""
    pages: int | None = None
    count: int | None = None
    """Highest question number, of a booklet or key."""
    layout: Layout | None = None
    head: str = ""
    """First lines, by which a booklet finds its key in a file of several."""
    tables: tuple[str, ...] = ()
    """Names of the keys of a file that holds several."""
    headings: tuple[str, ...] = ()
    """All that is printed above each of these keys."""
    lasts: tuple[int, ...] = ()
    """Their highest numbers."""
    cover: str = ""
    """What a booklet prints before its first question, with the head and foot of the second page."""
    told: int | None = None
    """How many questions the cover of a booklet says that there are."""
    stems: tuple[str, ...] = ()
    """Digests of the question texts of a booklet, in printed order, by which its other versions are found."""
    reading: str = ""
    """The chosen reading of a booklet in words: columns first, then numbers and marks."""
    copy_of: str | None = None
    """The file that has the same bytes."""
    reject: Reject | None = None
    read_as: tuple[str, ...] = ()
    """With which languages OCR read its pages."""
    unread: bool = False
    """Its pages need OCR, and what this needs is not installed."""


def look_at(path: Path, file: str, sink: AheadSink | None = None, language: str | None = None) -> Look:
    """Return what a file is: booklet, key, images or none of these; unreadable files say why.

    A booklet is read ahead where ``sink`` keeps what is in it. Scans are read with ``language`` where it is known.
    """
    forget()
    if path.suffix.casefold() in FLAT_SUFFIXES:
        from benchwright.sources._flatlook import look_at_flat

        return look_at_flat(path, file)
    if path.suffix.casefold() in IMAGE_SUFFIXES:
        return _look_at_picture(path, file)
    if path.suffix.casefold() != ".pdf":
        look = Look(file, "ignore")
        packed = is_archive(path) or path.suffix.casefold() in PACKED
        hint = ": take it out of raw/ and give it to `new --raw`, which unpacks it" if packed else ""
        look.doubts.append(f"no reader for {path.suffix or 'files without suffix'}{hint}")
        return look
    try:
        with open_pdf(path, file) as document:
            sample = 0 if has_word(file, "images") else _SAMPLE
            read_in = readable_pages(document, language, sample=sample)
    except (InputError, MissingDependencyError) as error:
        problem = error.problems[0]
        look = Look(file, _role_by_name(file))
        look.doubts.append(problem.message)
        look.reject = Reject(file=file, reason="file-unreadable", text=str(problem), stage="survey")
        look.unread = isinstance(error, MissingDependencyError)
        return look
    look = _look_at_pages(file, read_in.seen())
    look.pages = len(read_in.pages)
    look.read_as = read_in.languages
    # English is what OCR reads for want of any hint.
    look.hint = look.hint or next((one for one in read_in.languages if one != "en"), None)
    if look.role == "ignore" and read_in.scanned:
        _suppose_booklet(look, lines_across(read_in.seen()))
    look.doubts += read_in.doubts
    if read_in.sampled:
        look.count = None
    if sink is not None and look.role == "booklet" and look.language and look.layout:
        place = PaperJob.model_validate(
            {**_PLACE, "file": file, "sha256": file_digest(path), "language": look.language, "layout": look.layout}
        )
        read_ahead(path, place, read_in, sink)
    return look


def _look_at_picture(path: Path, file: str) -> Look:
    """Return what a picture is: a key that can be read, or a picture."""
    look = Look(file, "images", pages=1)
    try:
        sheet = key_of_picture(path, _PICTURE_JOB.model_copy(update={"file": file}), "look")
    except (InputError, MissingDependencyError) as error:
        look.why.append("a picture in which no key was found")
        if isinstance(error, MissingDependencyError):
            look.doubts.append(error.problems[0].message)
        return look
    look.role = "key"
    look.count = max(int(entry.number) for entry in sheet.entries)
    doubtful = sum(entry.status == "unknown" for entry in sheet.entries)
    look.why.append(f"{len(sheet.entries)} numbers with answers in a picture, {doubtful} of them doubtful")
    return look


def _role_by_name(file: str) -> Role:
    if has_word(file, "images"):
        return "images"
    return "key" if has_word(file, "key") else "booklet"


def _look_at_pages(file: str, pages: list[PageChars]) -> Look:
    look = Look(file, "ignore", pages=len(pages))
    characters = sum(page.count for page in pages)
    pictures = sum(1 for page in pages for picture in page.pictures if picture.kind == "image")
    lines = lines_across(pages)
    text = "\n".join(line.text for line in lines)
    look.language = language_of(text)
    if look.language and any(page.ocr for page in pages):
        look.language = most_usual(text, look.language)
    look.hint = None if look.language else likely_language(text)
    look.head = "\n".join(line.text for line in lines[:14])
    if characters < 40 * len(pages):
        look.role = "images" if has_word(file, "images") else _role_by_name(file)
        look.why.append(f"{characters} characters and {pictures} pictures on {len(pages)} pages")
        if look.role != "images":
            look.doubts.append("no usable text layer: needs OCR")
        return look
    paper = paper_of(pages)
    sides = side_tables(lines) if paper is None or paper.reading.usual < _FEWEST_OPTIONS else {}
    told = _says_key(file, lines)
    tables = list(sides.values()) or key_tables(lines, told=told, pages=pages)
    statistics = _statistics(file, look.head, pages) if paper is None or paper.reading.usual < _FEWEST_OPTIONS else 0
    if statistics:
        look.role, look.count = "human", statistics
        look.why.append(f"statistics of {statistics} questions")
    elif _is_key(paper, tables, characters, told=told):
        _fill_key(look, tables)
    elif paper is not None and paper.reading.usual >= 2 and paper.reading.found >= 3:
        _fill_booklet(look, paper)
    elif has_word(file, "images") or (pictures >= len(pages) and characters < 400 * len(pages)):
        look.role = "images"
        look.why.append(f"{pictures} pictures on {len(pages)} pages, little text")
    elif paper is not None and paper.reading.found >= 5:
        _fill_booklet(look, paper)
        look.doubts.append("the questions have no options that could be recognised")
    else:
        look.doubts.append("neither questions 1..N nor a table of answers was found")
    return look


def _suppose_booklet(look: Look, lines: Sequence[Line]) -> None:
    """Take a scan for a booklet when its lines ask or are numbered, however poorly it was read."""
    asking = sum(line.text.rstrip()[-1:] in _ASKING for line in lines)
    numbers = {int(m[1]) for line in lines if (m := _NUMBERED.match(line.text))}
    if asking >= _FEW_QUESTIONS or len(numbers) >= 2 * _FEW_QUESTIONS:
        look.role = "booklet"
        look.why.append(f"a scan with {asking} lines that ask and {len(numbers)} numbers at the start of lines")
        look.doubts.append("no layout could be told from the sample; `build` reads all pages")


def _says_key(file: str, lines: Sequence[Line]) -> bool:
    """Tell whether the name of a file, or its first lines, call it a key, and nothing in it asks."""
    if has_word(file, "key"):
        return True
    asked = sum(line.text.rstrip()[-1:] in _ASKING for line in lines)
    return any(has_word(line.text, "key") for line in lines[:_HEAD_LINES]) and asked < 0.1 * len(lines)


def _statistics(file: str, head: str, pages: list[PageChars]) -> int:
    """Return for how many questions a file gives statistics, when its name or first lines have a word for them."""
    named = has_word(file, "human") or has_word(head, "human") or ("%" in head and has_word(head, "share_correct"))
    if not named:
        return 0
    try:
        return sum(len(rows_of_table(table, file)) for table in tables_of_pages(pages))
    except InputError:
        return 0


def _is_key(paper: Paper | None, tables: list[KeyTable], characters: int, *, told: bool) -> bool:
    if not tables:
        return False
    cells = sum(len(table.cells) for table in tables)
    if isinstance(tables[0], MixedTable) and len(tables[0].series) == cells and characters < _PER_CELL * cells:
        return True  # the statements of a series carry labels as options do
    if told and characters < _BARE * cells and tables[0].coverage >= 0.5:
        return True  # numbers and letters below each other look like questions with options, and have no text
    if paper is not None and paper.reading.usual >= 2 and paper.reading.found * paper.reading.score >= 0.5 * cells:
        return False
    return characters < _PER_CELL * cells and tables[0].coverage >= 0.5


def _fill_key(look: Look, tables: list[KeyTable]) -> None:
    look.role = "key"
    look.count = max(table.last for table in tables)
    cells = sum(len(table.cells) for table in tables)
    look.why.append(f"{cells} numbers with answers" + (f" in {len(tables)} keys" if len(tables) > 1 else ""))
    if len(tables) > 1:
        look.tables = tuple(table_names(tables))
        look.headings = tuple("\n".join(lines) for lines in full_headings(tables))
        look.lasts = tuple(table.last for table in tables)


def _fill_booklet(look: Look, paper: Paper) -> None:
    reading = paper.reading
    look.role = "booklet"
    key = key_layout(paper)
    look.layout = layout_of(reading).model_copy(update={"key": key[0] if key else None})
    look.count = max(block.number for block in paper.blocks)
    look.stems, look.reading = _stems(paper), reading.name()
    look.why.append(f"{reading.found} questions, {reading.usual} options; {reading.name()}; score {reading.score:.3f}")
    if key is not None:
        look.why.append(key[1])
    look.cover = "\n".join(_cover(paper))
    look.told = told_count([line.text for line in paper.lines[: paper.blocks[0].first]])
    if look.told is not None and look.told != look.count:
        look.doubts.append(f"the cover says that there are {look.told} questions; the last one found is {look.count}")
    missing = look.count - len({block.number for block in paper.blocks})
    if missing > 0:
        look.doubts.append(f"{missing} numbers of 1..{look.count} not found")
    if reading.runner_up and reading.runner_up[1] > 0.9 * reading.score:
        look.doubts.append(f"another reading is nearly as good: {reading.runner_up[0]} ({reading.runner_up[1]:.3f})")


def _cover(paper: Paper) -> list[str]:
    """Return the lines of the first page above the first question, and the outermost ones of the second page."""
    first = paper.lines[paper.blocks[0].first]
    by_page = [lines_across([page]) for page in list(paper.pages.values())[:2]]
    above = [line.text for line in by_page[0] if first.page != line.page or line.y1 < first.y0]
    return above + [line.text for lines in by_page[1:] for line in (*lines[:2], *lines[-2:])]


def _stems(paper: Paper) -> tuple[str, ...]:
    texts = [comparable(field_text(paper.lines, block.stem, paper.words).text) for block in paper.blocks]
    return tuple(sha256_text(text)[:16] for text in texts if len(text) >= _TELLING)
