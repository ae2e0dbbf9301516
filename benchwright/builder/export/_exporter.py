"""The protocol of an export, and the plug-ins that are there: one file each in ``formats/``."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from benchwright.builder.export._questions import Question, Questions, TaskWish, questions_of
from benchwright.builder.store import write_bytes
from benchwright.schemas.errors import InputError, NotFoundError, PluginError, Problem

__all__ = ["Exported", "Exporter", "export_task", "exporters", "lines", "slug", "written"]

_GROUP: Final = "benchwright.exporters"


@runtime_checkable
class Exporter(Protocol):
    """Writes questions in one format. A module exposes it as ``EXPORTER``."""

    name: str
    about: str
    """What the format is, in a sentence."""
    holds: frozenset[str]
    """What it holds of: several (answers of several options), either (any of several answers), images, open, shots."""

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write the files and return them; the same questions give the same bytes."""
        ...


@dataclass(frozen=True)
class Exported:
    """What was written, and what was left out."""

    format: str
    files: list[Path]
    asked: dict[str, int]
    """Questions by language."""
    shots: dict[str, int]
    left_out: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """Language of the words around the questions, by language."""


def exporters() -> dict[str, Exporter]:
    """Return the exports by name: those of the package, and those of other packages by entry point.

    Raises:
        PluginError: one cannot be imported, or exposes no ``EXPORTER``.
    """
    from benchwright.builder.export import formats

    names = [one.name for one in pkgutil.iter_modules(formats.__path__) if not one.name.startswith("_")]
    found = [_loaded(f"{formats.__name__}.{name}", "EXPORTER") for name in names]
    found += [_loaded(*one.value.partition(":")[::2]) for one in entry_points(group=_GROUP)]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def _loaded(module: str, name: str) -> Exporter:
    try:
        found = getattr(importlib.import_module(module), name or "EXPORTER")
    except (ImportError, AttributeError) as error:
        raise PluginError(_broken(module, str(error))) from error
    if not isinstance(found, Exporter):
        raise PluginError(_broken(module, type(found).__name__))
    return found


def _broken(module: str, found: str) -> Problem:
    return Problem(
        code="plugin-broken",
        message="an export cannot be used",
        place=module,
        found=found,
        expected="a module with EXPORTER: name, about, holds and write",
        remedy="repair or remove the module",
    )


def export_task(source: Path, to: str, folder: Path, wish: TaskWish | None = None) -> Exported:
    """Write the questions of a release or table of items in a format of an evaluation program.

    Raises:
        NotFoundError: no such format or table.
        InputError: nothing can be asked, or the format does not hold what is asked for.
        OutputError: the folder cannot be written.
    """
    wish = wish or TaskWish()
    known = exporters()
    if to not in known:
        raise NotFoundError(
            Problem(
                code="name-unknown",
                message=f"there is no export {to!r}",
                place="--to",
                found=to,
                expected=", ".join([*known, "layout:NAME"]),
                remedy="choose one of these",
            )
        )
    exporter = known[to]
    _check(exporter, wish)
    questions = questions_of(source, wish)
    questions = _held(questions, exporter)
    files = exporter.write(questions, folder)
    by_language = questions.by_language()
    return Exported(
        format=to,
        files=sorted(files),
        asked={language: len(some) for language, some in by_language.items()},
        shots={language: len(some) for language, some in questions.shots.items()},
        left_out=questions.left_out,
        words={language: questions.words(language).language for language in by_language},
    )


def _held(questions: Questions, exporter: Exporter) -> Questions:
    """Return the questions whose answers the format can score; the others are left out and named."""
    found = {"several": "its answer is several options", "either": "it accepts any of several answers"}
    choice = questions.wish.form == "mcq"
    meets: dict[str, Callable[[Question], bool]] = {
        "several": lambda one: one.several,
        "either": lambda one: len(one.answers if choice else one.accepted) > 1,
    }
    asked, left = questions.asked, dict(questions.left_out)
    for what in sorted(set(found) - exporter.holds):
        out = [one.id for one in asked if meets[what](one)]
        if out:
            left[f"{found[what]}, which the format does not hold"] = out
            asked = [one for one in asked if not meets[what](one)]
    return Questions(**{**vars(questions), "asked": asked, "left_out": left})


def _check(exporter: Exporter, wish: TaskWish) -> None:
    asked = {"open": wish.form == "open", "images": wish.images, "shots": wish.shots > 0}
    missing = [name for name, wanted in asked.items() if wanted and name not in exporter.holds]
    if missing:
        raise InputError(
            Problem(
                code="layout-not-writable",
                message=f"{exporter.name} does not hold what is asked for",
                found=", ".join(missing),
                expected=", ".join(sorted(exporter.holds)) or "questions with one right option alone",
                remedy="leave the option out, or choose another format",
            )
        )


def lines(rows: Iterable[dict[str, Any]]) -> bytes:
    """Return rows as JSON lines, in one spelling."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def slug(*parts: str | None) -> str:
    """Return a name that every program takes: letters, digits and underscores."""
    text = "_".join(part for part in parts if part)
    return "".join(one if one.isascii() and one.isalnum() else "_" for one in text).casefold()


def written(folder: Path, files: dict[str, bytes | str]) -> Sequence[Path]:
    """Write files under a folder and return their paths."""
    made = []
    for name, data in files.items():
        path = folder / name
        write_bytes(path, data.encode() if isinstance(data, str) else data)
        made.append(path)
    return made
