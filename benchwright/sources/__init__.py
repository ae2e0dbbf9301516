"""Raw files -> items and rejects: papers, answer keys, figures, and what a folder of them holds."""

from benchwright.sources._greypage import grey_sheets
from benchwright.sources._human import join_statistics
from benchwright.sources._imagebook import read_image_booklet
from benchwright.sources._imagejoin import AttachedPictures, attach_pictures
from benchwright.sources._join import join_keys
from benchwright.sources._registry import parse_paper, read_key, reader_signature
from benchwright.sources._render import page_png
from benchwright.sources._statistics import HumanRow, read_statistics
from benchwright.sources._survey import survey

__all__ = [
    "AttachedPictures",
    "HumanRow",
    "attach_pictures",
    "grey_sheets",
    "join_keys",
    "join_statistics",
    "page_png",
    "parse_paper",
    "read_image_booklet",
    "read_key",
    "read_statistics",
    "reader_signature",
    "survey",
]
