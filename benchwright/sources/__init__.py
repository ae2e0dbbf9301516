"""Raw files -> items and rejects: papers, answer keys, figures, and what a folder of them holds."""

from benchwright.sources._fileview import view_file
from benchwright.sources._greypage import grey_sheets
from benchwright.sources._human import join_statistics
from benchwright.sources._imagebook import read_image_booklet
from benchwright.sources._imagejoin import AttachedPictures, attach_pictures
from benchwright.sources._join import join_keys
from benchwright.sources._layouts.guess import Guess, draft_of, guess_layout
from benchwright.sources._layouts.intake import Intake, IntakeOptions, take_in
from benchwright.sources._layouts.load import layout_named, read_mapping, shipped_layouts
from benchwright.sources._pageview import BLOCK_KINDS, Block, FileView, PageView
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
    "attach_pictures",
    "draft_of",
    "grey_sheets",
    "guess_layout",
    "join_keys",
    "join_statistics",
    "layout_named",
    "marked_png",
    "page_png",
    "page_sheets",
    "parse_paper",
    "read_image_booklet",
    "read_key",
    "read_mapping",
    "read_statistics",
    "reader_signature",
    "shipped_layouts",
    "survey",
    "take_in",
    "view_file",
]
