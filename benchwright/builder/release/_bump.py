"""The rule for the number of a version: what changed says the least step, and the step is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from benchwright.builder.release._history import parse_version
from benchwright.schemas.errors import Problem, ReleaseError

__all__ = ["LEVELS", "check_step", "least_step", "next_version"]

LEVELS: Final = ("patch", "minor", "major")
_WHY: Final = {
    "major": (("removed", "removed"), ("key", "re-keyed"), ("withdrawn", "whose texts are withheld now")),
    "minor": (("added", "added"), ("published", "whose texts are published now")),
}
_SHOWN: Final = 3


def least_step(changes: dict[str, Any]) -> tuple[str, list[str]]:
    """Return the least step (patch, minor or major) that changes demand, and why, in words.

    Re-keyed, removed and withdrawn items make scores of two versions differ for one and the same answer: major. Added
    items and languages, and texts that are published now, add: minor. Corrected texts and fields: patch.
    """
    for level, kinds in _WHY.items():
        why = [_said(words, changes[name]) for name, words in kinds if changes[name]]
        if why:
            return level, why
    return "patch", []


def _said(words: str, ids: list[str]) -> str:
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return f"{len(ids)} items {words}: {', '.join(ids[:_SHOWN])}{more}"


def check_step(version: str, changes: dict[str, Any]) -> None:
    """Refuse a version whose step from the previous release is smaller than what changed demands.

    While the first number is 0 a minor step is enough for everything, as semantic versioning has it.

    Raises:
        ReleaseError: ``version-too-low``.
    """
    if changes["previous"] is None:
        return
    needed, why = least_step(changes)
    numbers, before = parse_version(version), parse_version(changes["previous"])
    if numbers is None or before is None:
        raise TypeError("versions are checked before they are compared")
    taken = "major" if numbers[0] > before[0] else "minor" if numbers[:2] > before[:2] else "patch"
    enough = "minor" if needed == "major" and before[0] == numbers[0] == 0 else needed
    if LEVELS.index(taken) < LEVELS.index(enough):
        raise ReleaseError(
            Problem(
                code="version-too-low",
                message=f"what changed since {changes['previous']} demands a {enough} step, and this is a {taken} step",
                place="--version",
                found=f"{version}; {'; '.join(why)}",
                expected=f"{_stepped(before, enough)} or higher",
                remedy=f"release it as {_stepped(before, enough)}, or let --version next choose",
            )
        )


def next_version(previous: Path | None, changes: dict[str, Any]) -> str:
    """Return the version that the changes demand: 1.0.0 for a first release."""
    before = parse_version(previous.name) if previous else None
    if before is None:
        return "1.0.0"
    needed, _ = least_step(changes)
    return _stepped(before, "minor" if needed == "major" and before[0] == 0 else needed)


def _stepped(before: tuple[int, ...], level: str) -> str:
    major, minor, patch = before
    stepped = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}[level]
    return ".".join(map(str, stepped))
