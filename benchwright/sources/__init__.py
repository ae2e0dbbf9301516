"""Raw files -> items and rejects: papers, answer keys, figures, and what a folder of them holds.

What a caller names is imported when it is first used: a worker that reads papers loads nothing of item banks.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from benchwright.sources._fileview import view_file
    from benchwright.sources._greypage import grey_sheets
    from benchwright.sources._human import join_statistics
    from benchwright.sources._imagebook import read_image_booklet
    from benchwright.sources._imagejoin import AttachedPictures, attach_pictures
    from benchwright.sources._join import join_keys
    from benchwright.sources._layouts.guess import Guess, draft_of, guess_layout
    from benchwright.sources._layouts.intake import Intake, IntakeOptions, take_in
    from benchwright.sources._layouts.load import layout_named, read_mapping, shipped_layouts
    from benchwright.sources._logs import log_files, log_of, read_log
    from benchwright.sources._pageview import BLOCK_KINDS, Block, FileView, PageView
    from benchwright.sources._readahead import ahead_signature, placed_as
    from benchwright.sources._registry import parse_paper, read_key, reader_signature
    from benchwright.sources._render import MarkedBox, marked_png, page_png, page_sheets
    from benchwright.sources._statistics import HumanRow, read_statistics
    from benchwright.sources._survey import survey

__all__ = [
    "BLOCK_KINDS",
    "AttachedPictures",
    "Block",
    "FileView",
    "Guess",
    "HumanRow",
    "Intake",
    "IntakeOptions",
    "MarkedBox",
    "PageView",
    "ahead_signature",
    "attach_pictures",
    "draft_of",
    "grey_sheets",
    "guess_layout",
    "join_keys",
    "join_statistics",
    "layout_named",
    "log_files",
    "log_of",
    "marked_png",
    "page_png",
    "page_sheets",
    "parse_paper",
    "placed_as",
    "read_image_booklet",
    "read_key",
    "read_log",
    "read_mapping",
    "read_statistics",
    "reader_signature",
    "shipped_layouts",
    "survey",
    "take_in",
    "view_file",
]

_HOMES: Final = {
    "_readahead": ("ahead_signature", "placed_as"),
    "_fileview": ("view_file",),
    "_greypage": ("grey_sheets",),
    "_human": ("join_statistics",),
    "_imagebook": ("read_image_booklet",),
    "_imagejoin": (
        "AttachedPictures",
        "attach_pictures",
    ),
    "_join": ("join_keys",),
    "_layouts.guess": (
        "Guess",
        "draft_of",
        "guess_layout",
    ),
    "_layouts.intake": (
        "Intake",
        "IntakeOptions",
        "take_in",
    ),
    "_layouts.load": (
        "layout_named",
        "read_mapping",
        "shipped_layouts",
    ),
    "_logs": (
        "log_files",
        "log_of",
        "read_log",
    ),
    "_pageview": (
        "BLOCK_KINDS",
        "Block",
        "FileView",
        "PageView",
    ),
    "_registry": (
        "parse_paper",
        "read_key",
        "reader_signature",
    ),
    "_render": (
        "MarkedBox",
        "marked_png",
        "page_png",
        "page_sheets",
    ),
    "_statistics": (
        "HumanRow",
        "read_statistics",
    ),
    "_survey": ("survey",),
}
"""The modules of this room that hold public names; the same as imported above for type checkers."""
_HOME: Final = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names without importing them."""
    return sorted(__all__)
