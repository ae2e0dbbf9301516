"""Corrections as patches: kept in order, applied where the text is what they were made for, undone by their reverse."""

from benchwright.builder.fixes.apply import Applied, PatchState, apply_patches
from benchwright.builder.fixes.files import patch_id, read_patches, write_patches
from benchwright.builder.fixes.tiers import stale_ids, with_tiers

__all__ = [
    "Applied",
    "PatchState",
    "apply_patches",
    "patch_id",
    "read_patches",
    "stale_ids",
    "with_tiers",
    "write_patches",
]
