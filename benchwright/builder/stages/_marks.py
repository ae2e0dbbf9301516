"""Completion marks: what a finished piece of work was made from, and what it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from benchwright.builder.store import file_sha256, read_json, write_json
from benchwright.schemas.text import sha256_of

__all__ = ["MARK", "is_finished", "mark_finished", "piece_signature", "read_mark"]

MARK: Final = "done.json"


def piece_signature(stage: str, version: int, **inputs: Any) -> str:
    """Return a hash of all that decides what a piece of work writes."""
    from benchwright._version import __version__

    return sha256_of({"stage": stage, "stage_version": version, "benchwright": __version__, **inputs})


def mark_finished(
    folder: Path, signature: str, files: Iterable[Path], *, base: Path, facts: Mapping[str, Any] | None = None
) -> None:
    """Write the mark of a finished piece; the last thing that happens to it."""
    outputs = {path.relative_to(base).as_posix(): file_sha256(path) for path in files}
    write_json(folder / MARK, {"signature": signature, "files": outputs, "facts": dict(facts or {})})


def read_mark(folder: Path) -> dict[str, Any] | None:
    """Return the mark of a folder, or None."""
    mark = read_json(folder / MARK)
    return mark if isinstance(mark, dict) and {"signature", "files", "facts"} <= mark.keys() else None


def is_finished(folder: Path, signature: str, *, base: Path) -> bool:
    """Tell whether the piece was finished with this signature and its files are as it wrote them."""
    mark = read_mark(folder)
    if mark is None or mark["signature"] != signature:
        return False
    return all(file_sha256(base / name) == digest for name, digest in mark["files"].items())
