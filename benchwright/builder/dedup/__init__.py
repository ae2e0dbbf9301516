"""Duplicates among items: pairs with their kind, clusters, merging, leakage between splits."""

from benchwright.builder.dedup._kinds import KINDS, MERGED, NEVER
from benchwright.builder.dedup.find import DedupRun, DedupWish, find_duplicates

__all__ = ["KINDS", "MERGED", "NEVER", "DedupRun", "DedupWish", "find_duplicates"]
