"""Releases to places where others find them: a hub, a folder, a git remote; and back."""

from benchwright.builder.publish.fetch import fetched

__all__ = ["fetched"]
