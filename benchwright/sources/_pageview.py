"""What was seen on the pages of one raw file, as boxes with their text: what a person needs to check a reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from benchwright.sources._pdfium import Box

__all__ = ["BLOCK_KINDS", "Block", "FileView", "PageView"]

BlockKind = Literal["column", "furniture", "number", "stem", "option", "key", "figure", "context", "outside"]
BLOCK_KINDS: Final[dict[str, str]] = {
    "column": "column of text",
    "furniture": "header, footer, page number or watermark: left out",
    "number": "number of a question",
    "stem": "question",
    "option": "option",
    "key": "answer of the key",
    "figure": "figure, with the question it belongs to",
    "context": "text shared by several questions",
    "outside": "belongs to nothing",
}
"""Kinds of blocks in the order in which they are drawn, and what they are."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a page and what it was taken for."""

    kind: BlockKind
    box: Box
    """Points from the top left corner of the page."""
    tag: str
    """A few signs that say what it is without colour: ``12 C``."""
    text: str = ""
    """As read."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PageView:
    """One page."""

    number: int
    """1-based."""
    width: float
    height: float
    blocks: tuple[Block, ...]
    ocr: str | None = None
    """Signature of the OCR engine that read it, or None."""


@dataclass(frozen=True, slots=True)
class FileView:
    """One raw file: its pages, and the hypotheses between which its reading was chosen."""

    file: str
    pages: tuple[PageView, ...] = ()
    chosen: tuple[str, float] | None = None
    """The layout in words and its score, 0 to 1; None for what is no booklet."""
    runner_up: tuple[str, float] | None = None
    key: str | None = None
    """Where a booklet holds its own key, and the score of that."""
    missing: tuple[tuple[int, int], ...] = ()
    """Numbers of 1..N that were not found, each with its likely page."""
    notes: tuple[str, ...] = ()
    """What could not be drawn, and why."""
