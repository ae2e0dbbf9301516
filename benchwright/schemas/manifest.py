"""What a build or a release says of itself."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from benchwright.schemas._base import Record
from benchwright.schemas.item import SCHEMA_VERSION

__all__ = ["FileEntry", "Manifest"]


class FileEntry(Record):
    """One file: name relative to the folder, size in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class Manifest(Record):
    """Files, inputs, signatures and counts of a build or release.

    ``run`` holds clock times, host names, process counts and paths; it is left out of comparison.
    """

    schema_version: int = SCHEMA_VERSION
    kind: str
    name: str
    version: str | None = None
    signatures: dict[str, str] = Field(default_factory=dict)
    inputs: tuple[FileEntry, ...] = ()
    files: tuple[FileEntry, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)
    facts: dict[str, Any] = Field(default_factory=dict)
    """Everything that the card prints and that is not a count."""
    run: dict[str, Any] = Field(default_factory=dict)
