"""All pieces of work of a recipe that each read one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchwright.builder.recipe import Placed, Recipe
from benchwright.builder.stages.human import HumanTask, human_tasks
from benchwright.builder.stages.images import ImageTask, image_tasks, media_of
from benchwright.builder.stages.keys import KeyTask, key_tasks
from benchwright.builder.stages.parse import ParseTask, parse_tasks

__all__ = ["Task", "Tasks", "tasks_of"]

Task = ParseTask | KeyTask | ImageTask | HumanTask


@dataclass(frozen=True)
class Tasks:
    """The files to read, by role."""

    papers: list[ParseTask]
    keys: list[KeyTask]
    images: list[ImageTask]
    humans: list[HumanTask]

    def all(self) -> list[Task]:
        """Return all of them; they do not depend on each other."""
        return [*self.papers, *self.keys, *self.images, *self.humans]

    def media(self) -> set[str]:
        """Return the names of the pictures that finished parts have put under ``media/``."""
        folders = [*(task.folder for task in self.papers), *(task.folder for task in self.images)]
        return {name for folder in folders for name in media_of(folder)}


def tasks_of(recipe: Recipe, placed: Placed, raw: Path, build: Path) -> Tasks:
    """Return the tasks of a recipe."""
    return Tasks(
        parse_tasks(recipe, placed, raw, build),
        key_tasks(placed, raw, build),
        image_tasks(recipe, placed, raw, build),
        human_tasks(recipe, placed, raw, build),
    )
