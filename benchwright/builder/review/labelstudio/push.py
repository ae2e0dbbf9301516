"""Tasks onto a server, in batches: killed at any moment, a push continues and no task is doubled or lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from benchwright.builder.review.axes import Axis
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.labelstudio.board import Board
from benchwright.builder.review.pages import groups_of, page_of
from benchwright.builder.review.taskdata import KEY, Material
from benchwright.builder.store import read_json, write_json
from benchwright.schemas.errors import Problem, UserError

__all__ = ["Pushed", "batch_size", "mark_of", "push"]

_BATCH: Final = 500
_BYTES: Final = 20_000_000
"""Letters of one batch: pictures travel in the tasks."""
_TRIES: Final = 5
_TITLE: Final = 50
"""Letters of a title that Label Studio takes."""
Progress = Callable[[str, int, int, str], None]


@dataclass
class Pushed:
    """What a push did."""

    projects: dict[str, int] = field(default_factory=dict)
    """Number of each project by its mark."""
    added: int = 0
    kept: int = 0
    """Tasks that were there already."""
    removed: int = 0
    """Copies that a server made of one task, taken away again."""


def mark_of(project: str, group: tuple[int, str, str]) -> str:
    """Return the mark in a project's description, by which it is found again."""
    number, language, reviewer = group
    return f"benchwright:{project}/{number}/{language}/{reviewer}"


def push(
    board: Board,
    folder: ReviewFolder,
    project: str,
    axes: Sequence[Axis],
    material: Material,
    shown: Sequence[str],
    *,
    again: bool = False,
    by_round: Mapping[int, Sequence[Axis]] | None = None,
    progress: Progress | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Pushed:
    """Put all planned tasks onto the server that are not there yet.

    Args:
        board: the server.
        folder: of the review, with tasks and items as they are shown.
        project: name of the review.
        axes: the questions.
        material: what is shown beside the items.
        shown: findings, back, image.
        again: make projects anew that somebody deleted.
        by_round: the questions of rounds that ask others.
        progress: called with stage, tasks done, tasks in all, project.
        wait: called with seconds before a batch is tried again.

    Raises:
        UserError: ``server-unreachable``, ``server-refused``, ``project-gone``; the same call continues later.
    """
    tasks = folder.tasks()
    journal: dict[str, Any] = read_json(folder.journal) or {}
    done = Pushed()
    there = board.projects()
    for group, some in groups_of(tasks):
        mark = mark_of(project, group)
        page = page_of(folder, some, group[1], material, shown)
        asked = (by_round or {}).get(group[0], axes)
        number = there.get(mark)
        if number is None:
            if mark in journal and journal[mark]["url"] == board.url and not again:
                raise UserError(_gone(mark, board.url))
            title = f"{project} {group[1]} {group[2]} r{group[0]}"
            number = board.create(mark, title[-_TITLE:].strip(), page.config(asked), page.instruction(asked))
        journal[mark] = {"project": number, "url": board.url, "tasks": some.height}
        write_json(folder.journal, journal)
        done.projects[mark] = number
        _fill(board, number, page.tasks, done, (progress or _silent, mark), wait, empty=mark not in there)
    return done


def _fill(
    board: Board,
    number: int,
    tasks: Sequence[dict[str, Any]],
    done: Pushed,
    told: tuple[Progress, str],
    wait: Callable[[float], None],
    *,
    empty: bool,
) -> None:
    """Add what is missing, looking anew at what is there whenever a batch failed or the number is not what it must be.

    A list of many tasks takes a server longer than their import: a project that was just made is not listed.
    """
    progress, mark = told
    by_key = {one["data"][KEY]: one for one in tasks}
    before, removed, failed = 0 if empty else board.count(number), done.removed, False
    missing = list(by_key.values()) if empty else _missing(board, number, by_key, done)
    done.kept += len(by_key) - len(missing)
    added = len(missing)
    if not missing:
        return
    tries = 0
    while missing:
        size = batch_size(missing)
        try:
            board.add(number, missing[:size])
        except UserError as error:
            tries += 1
            if tries >= _TRIES or error.problems[0].code != "server-unreachable":
                raise
            wait(2.0**tries)
            # The server may have taken the batch and failed to say so.
            left, failed = _missing(board, number, by_key, done), True
            done.added += len(missing) - len(left)
            missing = left
            continue
        done.added += size
        missing = missing[size:]
        tries = 0
        progress("push", len(by_key) - len(missing), len(by_key), mark)
    if not failed and board.count(number) == before - (done.removed - removed) + added:
        return
    left = _missing(board, number, by_key, done)
    if left:
        raise UserError(
            Problem(
                "server-unreachable",
                "the server lost tasks that it said it had taken",
                place=mark,
                found=f"{len(left)} of {len(by_key)}",
                remedy="run the same command again: it adds what is missing",
            )
        )


def batch_size(tasks: Sequence[dict[str, Any]]) -> int:
    """Return how many tasks go into the next batch: one at least."""
    letters = 0
    for number, one in enumerate(tasks[:_BATCH]):
        letters += sum(len(text) for text in one["data"].values() if isinstance(text, str))
        if number and letters > _BYTES:
            return number
    return min(len(tasks), _BATCH)


def _missing(board: Board, number: int, by_key: dict[str, dict[str, Any]], done: Pushed) -> list[dict[str, Any]]:
    """Return the tasks that a project lacks; of copies of one task, those that nobody worked on are taken away."""
    seen: set[str] = set()
    for one in sorted(board.tasks(number), key=lambda task: (not task.annotated, task.id)):
        if one.key not in by_key:
            continue  # not ours, whatever it is
        if one.key in seen and not one.annotated:
            board.remove(one.id)
            done.removed += 1
        seen.add(one.key)
    return [task for key, task in by_key.items() if key not in seen]


def _gone(mark: str, url: str) -> Problem:
    return Problem(
        "project-gone",
        "a project that tasks were pushed to is not on the server any more",
        place=mark,
        found=url,
        expected="the project, or --again to make it anew",
        remedy="verdicts that were pulled are kept; `--again` pushes its tasks into a new project",
    )


def _silent(stage: str, done: int, total: int, name: str) -> None:
    """Say nothing."""
