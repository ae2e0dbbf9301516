"""Planters: each damages one item in one known way, with its own words and its own reading of numbers.

They share no lexicon and no parser with the audits that must find the damage (an import contract), so that recall on
what they plant says something about texts that nobody wrote for the audits.
"""

from benchwright.builder.calibrate.planters._draft import Change, Draft, DraftOption, Tools
from benchwright.builder.calibrate.planters._forms import HALVES, Half, half_of
from benchwright.builder.calibrate.planters._kind import Kind
from benchwright.builder.calibrate.planters._list import KINDS

__all__ = ["HALVES", "KINDS", "Change", "Draft", "DraftOption", "Half", "Kind", "Tools", "half_of"]
