"""Raw files -> items and rejects: papers, answer keys, figures, and what a folder of them holds."""

from benchwright.sources._join import join_keys
from benchwright.sources._registry import parse_paper, read_key, reader_signature
from benchwright.sources._render import page_png
from benchwright.sources._survey import survey

__all__ = ["join_keys", "page_png", "parse_paper", "read_key", "reader_signature", "survey"]
