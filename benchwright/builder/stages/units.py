"""What the join looks at together: a part of a sitting, or a whole sitting where pictures or statistics are of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from benchwright.builder.stages.human import HumanTask
from benchwright.builder.stages.images import ImageTask, sitting_of
from benchwright.builder.stages.keys import KeyTask
from benchwright.builder.stages.parse import ParseTask
from benchwright.builder.stages.tasks import Tasks
from benchwright.schemas.papers import PaperJob

__all__ = ["Unit", "units_of"]

_Place = tuple[str, str]
T = TypeVar("T", ImageTask, HumanTask)


@dataclass
class Unit:
    """Booklets whose items may be joined with each other, and the files that serve them alone."""

    papers: list[ParseTask] = field(default_factory=list)
    keys: list[KeyTask] = field(default_factory=list)
    images: list[ImageTask] = field(default_factory=list)
    humans: list[HumanTask] = field(default_factory=list)


def units_of(tasks: Tasks) -> list[Unit]:
    """Return the units in the order of exam, edition and part; files that serve no sitting are a unit of their own."""
    sittings: set[_Place] = {(paper.job.exam, paper.job.edition) for paper in tasks.papers}
    images, humans = _by_sitting(tasks.images, sittings), _by_sitting(tasks.humans, sittings)
    whole = {place for place in (*images, *humans) if place}
    units: dict[tuple[str, str, str], Unit] = defaultdict(Unit)
    for paper in tasks.papers:
        units[_unit(paper.job, whole)].papers.append(paper)
    for key in tasks.keys:
        units[_unit(key.job, whole)].keys.append(key)
    for place in whole:
        units[(*place, "")].images = images.get(place, [])
        units[(*place, "")].humans = humans.get(place, [])
    homeless = Unit(images=images.get(None, []), humans=humans.get(None, []))
    return [*(units[name] for name in sorted(units)), *([homeless] if homeless.images or homeless.humans else [])]


def _unit(job: PaperJob, whole: set[_Place]) -> tuple[str, str, str]:
    place = (job.exam, job.edition)
    return (*place, "" if place in whole else job.part.partition("+")[0])


def _by_sitting(tasks: Sequence[T], sittings: set[_Place]) -> dict[_Place | None, list[T]]:
    found: dict[_Place | None, list[T]] = defaultdict(list)
    for task in tasks:
        found[sitting_of(task.job, sittings)].append(task)
    return found
