"""The readers of papers and keys in files without pages: one for each way to read a file into lines and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeySheet, MediaSink, PaperJob
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Reject
from benchwright.sources._flat import FlatDoc, all_lines
from benchwright.sources._flatitems import items_of
from benchwright.sources._flatkeys import find_keys, sheet_from
from benchwright.sources._flatpaper import paper_of

__all__ = ["FlatKeys", "FlatSource"]

_VERSION = 1


@dataclass(frozen=True)
class FlatSource:
    """Reads papers: a question in each row of a table, or questions as running text."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, str], FlatDoc]
    library: str

    @property
    def signature(self) -> str:
        """Name, parser version and the version of the library that reads the format."""
        return _signature(self.name, self.library)

    def parse(self, path: Path, job: PaperJob, media: MediaSink) -> Iterator[Item | Reject]:
        """Yield the items of one paper, keyed where the file holds the key, and all that was refused.

        Raises:
            InputError: the file cannot be read, or holds no numbered questions.
        """
        doc = self.read(path, job.file)
        paper = paper_of(doc, job.layout)
        if paper is None:
            raise InputError(
                Problem(
                    "layout-not-found",
                    "no questions were found, neither as rows of a table nor as numbered text",
                    job.file,
                    found=f"{sum(1 for _ in all_lines(doc))} lines of text",
                    expected="questions numbered 1, 2, 3, ..., or a table with a question in each row",
                    remedy="set number.style and options.marks of its layout in recipe.yaml, or give it another role",
                )
            )
        yield from items_of(paper, job, self.signature, media)
        for doubt in doc.doubts:
            yield Reject(file=job.file, reason="text-outside", text=doubt, detail="said by the reader of the file")


@dataclass(frozen=True)
class FlatKeys:
    """Reads answer keys: numbers and answers in columns, in rows, or in running text."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, str], FlatDoc]
    library: str

    @property
    def signature(self) -> str:
        """Name, parser version and the version of the library that reads the format."""
        return _signature(self.name, self.library)

    def read_key(self, path: Path, job: PaperJob) -> KeySheet:
        """Return the key of one file; of several keys in it the one that the recipe names.

        Raises:
            InputError: the file cannot be read, or no key or no certain key is in it.
        """
        return sheet_from(find_keys(self.read(path, job.file), told=True), job, self.signature)


def _signature(name: str, library: str) -> str:
    from importlib.metadata import version

    return signature(name, version=_VERSION, **({library: version(library)} if library else {}))
