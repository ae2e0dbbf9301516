"""The annotated tasks of a project in batches, each kept on disk until the whole pull is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchwright.builder.review.labelstudio.board import Board, BoardTask
from benchwright.builder.store import read_json, write_json
from benchwright.schemas.text import sha256_text

__all__ = ["PARTS", "fetch"]

PARTS: Final = "pulling"
"""Folder with the batches of a pull that is not done."""
_BATCH: Final = 250
Progress = Callable[[str, int, int, str], None]


def fetch(
    board: Board, project: int, folder: Path, progress: Progress | None = None, mark: str = ""
) -> list[dict[str, Any]]:
    """Return the tasks of a project on which somebody worked, with their annotations.

    A batch that an earlier pull left in the folder stands for those of its tasks that nobody has touched since.

    Args:
        board: the server.
        project: its number there.
        folder: for the batches.
        progress: called with stage, tasks done, tasks in all, project.
        mark: name of the project for the progress.

    Raises:
        UserError: ``project-gone``, ``server-unreachable``, ``server-refused``; the same call continues later.
    """
    wanted = {one.id: one for one in board.tasks(project) if one.annotated}
    home = folder / sha256_text(f"{board.url} {project}")[:16]
    found = _kept(home, wanted)
    left = sorted(set(wanted) - set(found))
    for start in range(0, len(left), _BATCH):
        some = left[start : start + _BATCH]
        exported = {int(task["id"]): task for task in board.export(project, some)}
        states = {str(number): wanted[number].state for number in exported}
        write_json(home / f"{some[0]}-{some[-1]}.json", {"states": states, "tasks": list(exported.values())})
        found |= exported
        if progress:
            progress("pull", len(found), len(wanted), mark)
    return [found[number] for number in sorted(found)]


def _kept(home: Path, wanted: dict[int, BoardTask]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for path in sorted(home.glob("*.json")):
        part = read_json(path)
        if not isinstance(part, dict):
            continue
        for task in part["tasks"]:
            one = wanted.get(int(task["id"]))
            if one is not None and one.state and part["states"].get(str(one.id)) == one.state:
                found[one.id] = task
    return found
