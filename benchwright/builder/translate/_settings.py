"""Kit: settings of engines, given as texts."""

from __future__ import annotations

from collections.abc import Mapping

from benchwright.schemas.errors import InputError, NotFoundError, Problem

__all__ = ["checked", "number", "unknown_pair", "wrong_setting", "yes"]


def checked(engine: str, settings: Mapping[str, str], known: Mapping[str, str], needed: tuple[str, ...] = ()) -> None:
    """Refuse settings that an engine does not know, and the absence of those that it needs.

    Raises:
        InputError: ``engine-setting``.
    """
    problems = [
        wrong_setting(engine, name, "not known", ", ".join(sorted(known)) or "no settings")
        for name in sorted(settings)
        if name not in known
    ]
    problems += [
        wrong_setting(engine, name, "missing", f"--set {name}={known[name]}")
        for name in needed
        if not settings.get(name)
    ]
    if problems:
        raise InputError(problems)


def number(
    engine: str, settings: Mapping[str, str], name: str, usual: float, low: float = 0.0, high: float = 1e12
) -> float:
    """Return a number.

    Raises:
        InputError: ``engine-setting``: it is none, or out of its range.
    """
    text = settings.get(name)
    if text is None:
        return usual
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise InputError(wrong_setting(engine, name, f"{text!r}", f"a number from {low:g} to {high:g}"))
    return value


def yes(engine: str, settings: Mapping[str, str], name: str, *, usual: bool) -> bool:
    """Return a choice of yes or no.

    Raises:
        InputError: ``engine-setting``.
    """
    text = settings.get(name, "yes" if usual else "no")
    if text not in ("yes", "no"):
        raise InputError(wrong_setting(engine, name, repr(text), "yes or no"))
    return text == "yes"


def wrong_setting(engine: str, name: str, found: str, expected: str) -> Problem:
    """Return the problem with one setting."""
    return Problem(
        code="engine-setting",
        message=f"a setting of the engine {engine} cannot be used",
        place=name,
        found=found,
        expected=expected,
        remedy="`benchwright translate --engines` lists the settings of each engine",
    )


def unknown_pair(engine: str, source: str, target: str, pairs: list[tuple[str, str]]) -> NotFoundError:
    """Return the error for a pair of languages that an engine lacks, with those that it has."""
    return NotFoundError(
        Problem(
            code="pair-unknown",
            message=f"the engine {engine} does not translate from {source} to {target}",
            found=f"{source} to {target}",
            expected=", ".join(f"{one} to {other}" for one, other in sorted(pairs)) or "no pair is installed",
            remedy="choose one of these, or another engine",
        )
    )
