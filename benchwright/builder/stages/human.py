"""Stage human: files with statistics of the real exam; the join gives their rows to items by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from benchwright.builder.recipe import Placed, Recipe
from benchwright.builder.stages._facts import what_is_read
from benchwright.builder.stages._joined import Joined, count
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages._marks import is_finished, mark_finished, piece_signature
from benchwright.builder.stages.images import side_job, sitting_of
from benchwright.builder.store import read_json, write_json
from benchwright.schemas.errors import InputError
from benchwright.schemas.item import Item
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.parts import Human
from benchwright.schemas.tables import Reject

__all__ = ["HumanTask", "human_tasks", "join_humans"]

VERSION: Final = 2


@dataclass(frozen=True)
class HumanTask:
    """One file with statistics to read."""

    raw: Path
    build: Path
    job: PaperJob
    signature: str
    stage: ClassVar[str] = "human"

    @property
    def folder(self) -> Path:
        """The folder of the part."""
        return BuildFolder(self.build).piece("human", self.job)

    @property
    def name(self) -> str:
        """What a person calls the task."""
        return self.job.file

    def finished(self) -> bool:
        """Tell whether the rows are there, read from the same file with the same settings by the same reader."""
        return is_finished(self.folder, self.signature, base=self.build)

    def run(self) -> None:
        """Read the file and write its rows; a file that cannot be read leaves the reason instead."""
        from benchwright import sources

        try:
            rows = sources.read_statistics(self.raw / self.job.file, self.job.file)
        except InputError as error:
            self.failed(str(error), self.signature)
            return
        plain = [
            {
                "number": one.number,
                "part": one.part,
                "row": one.row,
                "page": one.page,
                "human": one.human.model_dump(mode="json"),
            }
            for one in rows
        ]
        self._write({"rows": plain, "unreadable": None}, self.signature)

    def failed(self, detail: str, signature: str = "unfinished") -> None:
        """Write the part of a file that could not be read."""
        self._write({"rows": [], "unreadable": detail}, signature)

    def _write(self, content: dict[str, Any], signature: str) -> None:
        path = self.folder / "rows.json"
        write_json(path, content)
        mark_finished(self.folder, signature, [path], base=self.build, facts={"file": self.job.file})


def human_tasks(recipe: Recipe, placed: Placed, raw: Path, build: Path) -> list[HumanTask]:
    """Return the task of each file with statistics."""
    from benchwright import sources

    tasks = []
    for file in placed.files:
        if file.role == "human":
            job = side_job(recipe, file)
            reader = sources.reader_signature(raw / file.name)
            signature = piece_signature("human", VERSION, job=what_is_read(job), reader=reader)
            tasks.append(HumanTask(raw, build, job, signature))
    return tasks


def join_humans(items: Sequence[Item], tasks: Sequence[HumanTask]) -> Joined:
    """Give items the statistics of their exam, edition and part."""
    joined = Joined(list(items))
    for task in tasks:
        content: dict[str, Any] = read_json(task.folder / "rows.json")
        unreadable = content["unreadable"]
        joined.ledger.append(count("human", task.job.file, "file", 1, int(unreadable is not None)))
        if unreadable is not None:
            why = Reject(file=task.job.file, reason="file-unreadable", detail=unreadable, stage="human")
            joined.rejects.append(why)
            joined.rows[task.job.file] = {"doubts": [f"not read: {unreadable}"]}
            continue
        _join_one(joined, task.job, content["rows"])
    return joined


def _join_one(joined: Joined, job: PaperJob, rows: Sequence[dict[str, Any]]) -> None:
    from benchwright import sources

    sittings: dict[tuple[str, str], list[Item]] = {}
    for item in joined.items:
        sittings.setdefault((item.exam.code, item.exam.edition), []).append(item)
    place = sitting_of(job, sittings)
    mine = [item for item in sittings.get(place, []) if _serves(job, item)] if place else []
    statistics = [
        sources.HumanRow(
            str(row["number"]), Human.model_validate(row["human"]), int(row["row"]), row["part"], row["page"]
        )
        for row in rows
    ]
    changed, rejects = sources.join_statistics(mine, statistics, job.file)
    by_id = {item.id: item for item in changed}
    joined.items = [by_id.get(item.id, item) for item in joined.items]
    joined.rejects += rejects
    lost = len({(one.detail or "").partition(":")[0] for one in rejects})
    joined.ledger.append(count("human", job.file, "row", len(rows), lost))
    doubts = [f"{lost} rows belong to no item"] if lost else []
    joined.rows[job.file] = {"found": len(rows), "rejected": lost, "doubts": doubts}


def _serves(job: PaperJob, item: Item) -> bool:
    return job.part in ("", item.exam.part) and job.language in ("", item.language)
