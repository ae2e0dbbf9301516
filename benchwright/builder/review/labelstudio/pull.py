"""Annotations from a server or from export files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchwright.builder.review.axes import Axis
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.labelstudio.board import Board
from benchwright.builder.review.labelstudio.fetch import PARTS, fetch
from benchwright.builder.review.labelstudio.push import mark_of
from benchwright.builder.review.pages import groups_of
from benchwright.builder.review.people import people_of
from benchwright.builder.review.pulling import Pulled, take_in
from benchwright.builder.store import read_json
from benchwright.schemas.errors import InputError, Problem, UserError

__all__ = ["pull_export", "pull_server"]


def pull_server(
    board: Board,
    folder: ReviewFolder,
    project: str,
    axes: Mapping[str, Axis],
    *,
    progress: Callable[[str, int, int, str], None] | None = None,
) -> Pulled:
    """Take in what the projects of a review hold on a server.

    Everything is fetched before verdicts are written: a pull that is killed leaves them as they were. What it had
    fetched is kept beside them, and the next pull fetches only the rest and what changed meanwhile.

    Raises:
        UserError: ``project-gone``, ``server-unreachable``, ``server-refused``; nothing was changed then.
    """
    journal: dict[str, Any] = read_json(folder.journal) or {}
    groups = [(mark_of(project, group), some) for group, some in groups_of(folder.tasks())]
    there = board.projects()
    gone = [mark for mark, _ in groups if mark in journal and mark not in there]
    if gone:
        raise UserError([_gone(mark, board.url) for mark in gone])
    people = people_of(folder, board.people())
    exported: list[dict[str, Any]] = []
    expected: set[str] = set()
    # Exports name the users of the server.
    parts = folder.people.with_name(PARTS)
    for mark, some in groups:
        if mark in there:
            exported += fetch(board, there[mark], parts, progress, mark)
            expected |= set(some["task"])
    done = take_in(folder, exported, axes, people, "label-studio", frozenset(expected))
    shutil.rmtree(parts, ignore_errors=True)
    return done


def pull_export(folder: ReviewFolder, axes: Mapping[str, Axis], files: Sequence[Path]) -> Pulled:
    """Take in JSON exports of Label Studio; tasks that are not in them keep the verdicts that they have.

    Raises:
        InputError: ``review-rows-wrong``, a file is no such export.
    """
    exported: list[dict[str, Any]] = []
    for path in files:
        try:
            tasks = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(_no_export(path, str(error)[:200])) from error
        if not isinstance(tasks, list) or any(not isinstance(one, dict) or "data" not in one for one in tasks):
            raise InputError(_no_export(path, "no list of tasks with data"))
        exported += tasks
    return take_in(folder, exported, axes, people_of(folder), "label-studio")


def _no_export(path: Path, found: str) -> Problem:
    return Problem(
        "review-rows-wrong",
        "the file is no export of Label Studio",
        str(path),
        found=found,
        expected="the export type JSON, with data and annotations (not JSON-MIN)",
        remedy="export the project as JSON again",
    )


def _gone(mark: str, url: str) -> Problem:
    return Problem(
        "project-gone",
        "a project of the review is not on the server any more",
        url,
        place=mark,
        expected="the projects that were pushed",
        remedy="verdicts that were pulled are kept; push with --again to make the project anew",
    )
