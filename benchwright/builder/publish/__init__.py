"""Releases to places where others find them: a hub, a folder, a git remote; and back."""

from benchwright.builder.publish.fetch import fetched
from benchwright.builder.publish.plan import Published
from benchwright.builder.publish.run import publish

__all__ = ["Published", "fetched", "publish"]
