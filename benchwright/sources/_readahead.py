"""Booklets that are read while `new` looks at them, before their place is known, so that `build` need not read them.

All that a booklet's place decides (exam, edition, part, version) is filled in later, by :func:`placed_as`. A booklet
is read ahead only where nothing else of the recipe can change what its reader writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from benchwright.schemas.errors import InputError, MissingDependencyError
from benchwright.schemas.ids import make_group, make_id
from benchwright.schemas.item import Item, compute_hashes
from benchwright.schemas.papers import Layout, PaperJob
from benchwright.schemas.tables import Reject
from benchwright.schemas.text import sha256_of
from benchwright.sources._booklet import pdf_signature, read_booklet
from benchwright.sources._edited import wanted_marks
from benchwright.sources._ocrread import ReadPages
from benchwright.sources._pdfopen import open_pdf
from benchwright.sources._textlayer import mended

__all__ = ["AheadSink", "ahead_signature", "file_digest", "placed_as", "read_ahead"]

_VERSION: Final = 1
_EXAM: Final = "x"
_PART: Final = "1"
_BOOKLET: Final = "-"
_PLACE: Final = {"exam", "edition", "part", "booklet", "expect", "layout"}
"""What of a job is filled in later or weighed by itself."""
Records = Sequence[Item | Reject]


class AheadSink(Protocol):
    """Where booklets that were read ahead are kept; it goes to other processes."""

    def keep(self, signature: str, records: Records, pictures: Mapping[str, bytes]) -> None:
        """Keep the records of a booklet, and its pictures by file name under ``media/``."""
        ...


class _Pictures:
    def __init__(self) -> None:
        self.found: dict[str, bytes] = {}

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        digest = hashlib.sha256(data).hexdigest()
        name = f"{digest}.{media_type.rpartition('/')[2]}"
        self.found[name] = data
        return digest, name


def read_ahead(path: Path, job: PaperJob, read_in: ReadPages, sink: AheadSink) -> None:
    """Read a booklet whose pages are known and keep what is in it; a paper that OCR reads waits for `build`.

    Args:
        path: the file.
        job: its name, bytes, language and layout; the place in it does not count.
        read_in: its pages.
        sink: where the records are kept.
    """
    sure = not (read_in.doubts or read_in.scanned or read_in.unread or read_in.skipped or read_in.languages)
    if not sure or job.layout is None or mended(read_in.pages, job.language)[1]:
        return
    layout = job.layout.model_copy(update={"chosen": job.layout.digest()})
    signature = ahead_signature(job.model_copy(update={"layout": layout}))
    if signature is None:
        return
    told = {"exam": _EXAM, "edition": _PART, "part": _PART, "booklet": _BOOKLET, "expect": None}
    pictures = _Pictures()
    try:
        with open_pdf(path, job.file) as document:
            records = read_booklet(
                document,
                read_in,
                job.model_copy(update={**told, "layout": layout}),
                pictures,
                pdf_signature(),
            )
    except (InputError, MissingDependencyError):
        return  # `build` tells of it
    sink.keep(signature, records, pictures.found)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def ahead_signature(job: PaperJob) -> str | None:
    """Return a hash of all that decides what is read of a booklet besides its place; None where it is not kept."""
    from benchwright.sources._registry import reader_signature

    layout = job.layout
    if layout is None or layout.is_edited():
        return None
    read = job.model_dump(mode="json", exclude=_PLACE)
    return sha256_of(
        {"version": _VERSION, **read, "layout": _heeded(layout), "reader": reader_signature(Path(job.file))}
    )


def _heeded(layout: Layout) -> dict[str, Any]:
    """Return what a reader heeds of a layout that nobody edited."""
    wanted = wanted_marks(layout)
    marks = wanted and [[list(kind) for kind in wanted.kinds], list(wanted.signs), wanted.printed]
    return {**layout.model_dump(mode="json", include={"columns", "number", "key", "ocr"}), "marks": marks}


def placed_as(records: Records, job: PaperJob) -> list[Item | Reject] | None:
    """Return the records of a booklet in their place, or None where more numbers are expected than were looked for."""
    last = max((int(number) for one in records if (number := _number(one))), default=0)
    if job.expect is not None and job.expect > last:
        return None
    return [_item(one, job) if isinstance(one, Item) else _reject(one, job) for one in records]


def _number(one: Item | Reject) -> str | None:
    number = one.exam.number if isinstance(one, Item) else one.number
    return number if number and number.isdecimal() else None


def _group(group: str, job: PaperJob) -> str:
    """Return a group with the place of the job: sections of a booklet are parts ``1.1``, ``1.2``, ..."""
    _, _, part, number = group.split("/")
    return "/".join((*make_group(job.exam, job.edition, job.part + part[len(_PART) :], "1").split("/")[:3], number))


def _item(item: Item, job: PaperJob) -> Item:
    group = _group(item.group, job)
    printed = tuple(text[len(_BOOKLET) + 1 :] for text in item.exam.printed_numbers)
    exam = {
        "code": job.exam,
        "edition": job.edition,
        "part": job.part + (item.exam.part or "")[len(_PART) :],
        "printed_numbers": tuple(f"{job.booklet}:{text}" for text in printed) if job.booklet else (),
    }
    context = item.context and item.context.model_copy(update={"id": _group(item.context.id, job)})
    changes = {"id": make_id(group, item.language), "group": group, "context": context}
    placed = item.model_copy(update={**changes, "exam": item.exam.model_copy(update=exam)})
    return placed.model_copy(update={"hashes": compute_hashes(placed.model_dump(mode="json"))})


def _reject(reject: Reject, job: PaperJob) -> Reject:
    return reject.model_copy(update={"group": _group(reject.group, job)}) if reject.group else reject
