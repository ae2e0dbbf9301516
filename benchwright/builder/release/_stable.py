"""Compares a release with the one before it: ids, revisions, the list of changes, and the step of the version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.release._bump import check_step
from benchwright.builder.release._history import with_revisions
from benchwright.builder.release.models import MANIFEST, Check
from benchwright.schemas.errors import ReleaseError
from benchwright.schemas.manifest import Manifest

__all__ = ["stable_checks"]

_SHOWN: Final = 5


def stable_checks(manifest: Manifest, items: pl.DataFrame, previous: Path) -> Iterator[Check]:
    """Yield the comparisons of a release with the previous one.

    An id that was there must be there still or be listed as removed; an item that did not change keeps its revision;
    and the number of the version must be high enough for what changed.
    """
    said: dict[str, Any] = manifest.facts["changes"]
    try:
        revised, changes = with_revisions(items.drop("revision"), previous)
    except ReleaseError as error:
        problem = error.problems[0]
        yield Check(
            name="previous release", file=str(previous), ok=False, found=str(problem.found), expected="undamaged"
        )
        return
    for name in sorted({*changes, *said}):
        yield _check(f"changes {name}", said.get(name), changes.get(name))
    now = items.select("id", "revision").join(revised.select("id", expected="revision"), on="id")
    wrong = now.filter(pl.col("revision").ne_missing(pl.col("expected")))["id"].sort().to_list()
    yield _check("revisions that differ", wrong[:_SHOWN], [])
    try:
        check_step(str(manifest.version), changes)
    except ReleaseError as error:
        problem = error.problems[0]
        yield Check(
            name="step of the version",
            file=MANIFEST,
            ok=False,
            found=str(problem.found),
            expected=str(problem.expected),
        )


def _check(name: str, found: Any, expected: Any) -> Check:
    same = found == expected
    words = ("as compared", "as compared") if same else (_short(found), _short(expected))
    return Check(name=name, file=MANIFEST, ok=same, found=words[0], expected=words[1])


def _short(value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    more = f" and {len(value) - _SHOWN} more" if len(value) > _SHOWN else ""
    return f"{', '.join(map(str, value[:_SHOWN]))}{more}" or "none"
