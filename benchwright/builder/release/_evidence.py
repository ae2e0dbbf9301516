"""Measurements that a release cites: JSON documents of other commands, kept whole beside the items."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.errors import InputError, NotFoundError, Problem

__all__ = ["EVIDENCE", "evidence_files", "not_found", "read_evidence"]

EVIDENCE: Final = "evidence"
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_WORD: Final = re.compile(r"\S{1,48}")
_LARGEST: Final = 2_000_000


def evidence_files(project: Path, named: Sequence[Path]) -> list[Path]:
    """Return the documents in ``evidence/`` of a project, and those named."""
    return [*sorted((project / EVIDENCE).glob("*.json")), *named]


def read_evidence(paths: Sequence[Path]) -> dict[str, Any]:
    """Return the documents by the name of their file, without the suffix.

    Raises:
        NotFoundError: a file does not exist.
        InputError: a file is no JSON object, is too large, or its name is no plain word or stands twice.
    """
    found: dict[str, Any] = {}
    for path in paths:
        if not path.is_file():
            raise not_found(path, "a JSON document of evaluate-extraction, contamination, review or calibrate")
        name = path.stem.casefold()
        if not _NAME.fullmatch(name) or name in found:
            raise InputError(_wrong(path, f"the name {path.stem!r}", "another plain name for each document"))
        if path.stat().st_size > _LARGEST:
            raise InputError(_wrong(path, f"{path.stat().st_size} bytes", f"a summary of at most {_LARGEST} bytes"))
        try:
            document = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refused)
        except ValueError as error:
            raise InputError(_wrong(path, str(error), "a JSON object")) from error
        if not isinstance(document, dict):
            raise InputError(_wrong(path, type(document).__name__, "a JSON object"))
        found[name] = _bare(document)
    return found


def _bare(value: Any) -> Any:
    """Return a document with its numbers, and without sentences: an example could quote a text that is withheld."""
    if isinstance(value, dict):
        kept = {str(name): _bare(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in (None, {}, [])}
    if isinstance(value, list):
        return [inner for one in value if (inner := _bare(one)) not in (None, {}, [])]
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) else None
    return value


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def not_found(path: Path, expected: str) -> NotFoundError:
    """Return the error of a file that does not exist."""
    return NotFoundError(
        Problem(
            code="file-not-found",
            message="there is no such file",
            file=str(path),
            expected=expected,
            remedy="check the name",
        )
    )


def _wrong(path: Path, found: str, expected: str) -> Problem:
    return Problem(
        code="file-unreadable",
        message="this document cannot stand as evidence beside a release",
        file=str(path),
        found=found,
        expected=expected,
        remedy="write it with --json of the command that measured, e.g. `evaluate-extraction ... --json`",
    )
