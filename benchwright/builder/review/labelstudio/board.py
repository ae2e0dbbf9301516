"""What a review server has to do for us; one module speaks to the real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Board", "BoardTask"]


@dataclass(frozen=True)
class BoardTask:
    """One task on a server: its number there, our key, and whether somebody worked on it."""

    id: int
    key: str
    annotated: bool
    state: str = ""
    """Changes whenever somebody works on the task."""


class Board(Protocol):
    """A review server.

    Every call may raise ``UserError`` with the code ``server-unreachable``, ``server-refused`` or ``project-gone``.
    """

    @property
    def url(self) -> str:
        """Address of the server."""
        ...

    def projects(self) -> dict[str, int]:
        """Return the projects of ours, by the mark in their description."""
        ...

    def create(self, mark: str, title: str, config: str, instruction: str) -> int:
        """Make a project and return its number."""
        ...

    def tasks(self, project: int) -> list[BoardTask]:
        """Return all tasks of a project."""
        ...

    def count(self, project: int) -> int:
        """Return the number of tasks of a project, whoever made them."""
        ...

    def add(self, project: int, tasks: Sequence[dict[str, Any]]) -> None:
        """Import tasks, all or none; never tried twice by itself."""
        ...

    def remove(self, task: int) -> None:
        """Delete one task."""
        ...

    def export(self, project: int, tasks: Sequence[int]) -> list[dict[str, Any]]:
        """Return some tasks of a project with their annotations; those that are gone are left out."""
        ...

    def people(self) -> dict[int, tuple[str, ...]]:
        """Return the names by which each user is known, by number."""
        ...
