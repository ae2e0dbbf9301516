"""Kit: personal data in texts: finding it, and masking it with placeholders.

``detect(text)`` returns the places of one text; ``gates(texts)`` is the quick look that says which texts of a column
need which detectors; ``mask(texts, threads)`` replaces. What is recognised is data: ``benchwright/audits/_data/pii``.
"""

from benchwright.audits._pii.detect import detect
from benchwright.audits._pii.gate import gates
from benchwright.audits._pii.mask import HITS, Masked, mask, restore
from benchwright.audits._pii.model import KINDS, Hit, Kind
from benchwright.audits._pii.words import data_digest

__all__ = ["HITS", "KINDS", "Hit", "Kind", "Masked", "data_digest", "detect", "gates", "mask", "restore"]
