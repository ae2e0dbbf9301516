"""Starts a project: looks at raw files and writes a commented recipe that says what is sure and what is not."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchwright.builder._render import render_recipe
from benchwright.builder._unpacking import archive_name, members_of, unpack_file
from benchwright.builder.recipe import RECIPE_NAME, parse_recipe, raw_files
from benchwright.builder.stages.ahead import AheadStore
from benchwright.builder.store import file_sha256, write_bytes, writing
from benchwright.schemas.errors import InputError, OutputError, Problem
from benchwright.schemas.papers import Survey
from benchwright.sources._layouts.archives import is_archive
from benchwright.sources._layouts.opened import PACKED

__all__ = ["NewProject", "new_project"]

_NOT_NAME = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class NewProject:
    """A recipe that was written, and the survey that it came from."""

    recipe: Path
    survey: Survey
    unplaced: tuple[str, ...]
    """Files for which no rule was found: `build` asks for one."""
    questions: tuple[str, ...]
    """Lines of the recipe that end in ``# ?``."""


def new_project(
    project: Path,
    raw: Sequence[Path] = (),
    *,
    language: str | None = None,
    force: bool = False,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> NewProject:
    """Survey raw files and write ``recipe.yaml``; keep what was read of booklets for the next build.

    Args:
        project: folder of the project; made when it does not exist.
        raw: files, folders or archives to bring into ``raw/`` as hard links, or as copies on another disk; none: the
            files that are in ``raw/`` already.
        language: language of the papers, where it is known.
        force: replace a recipe that exists.
        jobs: number of processes that look at files; null takes one for each core. The recipe does not depend on it.
        progress: called with the name of each file that is looked at.

    Raises:
        InputError: a file does not exist, or no exam was found.
        OutputError: there is a recipe already, or the folder cannot be written.
        SchemaError: the language is not known.
    """
    from benchwright import sources
    from benchwright.schemas.languages import parse_language

    target = project / RECIPE_NAME
    spoken = parse_language(language) if language else None
    if target.exists() and not force:
        raise OutputError(_exists(target))
    folder = project / "raw"
    bring_in(raw, folder)
    names, _ = raw_files(folder)
    kept = AheadStore(project / "build")
    kept.clear()
    survey = sources.survey(folder, names, language=spoken, jobs=jobs, progress=progress, sink=kept)
    if not survey.exams:
        raise InputError(list(_nothing_found(survey)))
    name = _NOT_NAME.sub("-", project.resolve().name.lower()).strip("-._") or "dataset"
    text = render_recipe(survey, name=name, language=spoken, files=names)
    parse_recipe(text)
    write_bytes(target, text.encode("utf-8"))
    questions = tuple(line.strip() for line in text.splitlines() if "# ?" in line)
    return NewProject(target, survey, unplaced(survey, names), questions)


def unplaced(survey: Survey, names: Sequence[str]) -> tuple[str, ...]:
    """Return the files that no rule of the survey matches and that it does not call ignorable."""
    patterns = [re.compile(rule.match) for exam in survey.exams for rule in exam.files]
    ignored = {file.file for file in survey.files if file.role == "ignore"}
    unreadable = {reject.file for reject in survey.rejects if reject.reason == "file-unreadable"}
    return tuple(
        name
        for name in names
        if not any(pattern.fullmatch(name) for pattern in patterns) and (name not in ignored or name in unreadable)
    )


def bring_in(raw: Sequence[Path], folder: Path) -> None:
    """Put files, and the files of folders and archives, under ``raw/``; nothing that is there is changed.

    The members of an archive lie in a folder of its name; a single packed file loses the suffix of its packing.

    Raises:
        InputError: a path does not exist, or an archive is damaged, not safe or too large.
        OutputError: another file with that name is there, or the folder cannot be written.
    """
    absent = [path for path in raw if not path.exists()]
    if absent:
        raise InputError(
            [
                Problem(
                    code="file-not-found",
                    message="there is no such file or folder",
                    file=str(path),
                    found="nothing",
                    expected="a file or a folder",
                    remedy="check the path",
                )
                for path in absent
            ]
        )
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unpacked-") as scratch:
        pairs = [pair for number, path in enumerate(raw) for pair in _pairs(path, folder, Path(scratch) / str(number))]
        for source, target in pairs:
            if target.exists() and file_sha256(source) != file_sha256(target):
                raise OutputError(_exists(target))
            if not target.exists():
                with writing(target):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _link(source, target)


def _pairs(path: Path, folder: Path, scratch: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the files of a path with their places under ``raw/``; what is packed is unpacked into ``scratch``."""
    if path.resolve() == folder.resolve():
        return
    if path.is_file():
        yield from _unpacked(path, folder, scratch)
        return
    for number, name in enumerate(raw_files(path)[0]):
        place = folder / name
        yield from _unpacked(path / name, place.parent, scratch / str(number))


def _unpacked(path: Path, folder: Path, scratch: Path) -> Iterator[tuple[Path, Path]]:
    if is_archive(path):
        yield from ((one.path, folder / archive_name(path) / one.name) for one in members_of(path, scratch, "paper"))
    elif path.suffix.casefold() in PACKED:
        plain = unpack_file(path, scratch)
        yield plain, folder / plain.name
    else:
        yield path, folder / path.name


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)


def _exists(path: Path) -> Problem:
    recipe = path.name == RECIPE_NAME
    return Problem(
        code="output-exists",
        message="there is a recipe already" if recipe else "another file with this name is there",
        file=str(path),
        found="a recipe" if recipe else "a file with other bytes",
        expected="no file" if recipe else "files that do not replace each other",
        remedy="run `benchwright build`, or use --force to replace the recipe"
        if recipe
        else "rename one of the two files, or put them into folders",
    )


def _nothing_found(survey: Survey) -> Iterator[Problem]:
    yield Problem(
        code="layout-not-found",
        message="no exam was found in these files",
        found=f"{len(survey.files)} files",
        expected="booklets with numbered questions and marked options",
        remedy="name the language with --lang; look at the doubts of each file below",
    )
    for file in survey.files:
        yield Problem(
            code="layout-not-found",
            message="no numbered questions with options",
            file=file.file,
            found="; ".join((*file.doubts, *file.why)) or None,
        )
