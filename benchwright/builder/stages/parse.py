"""Stage parse: each booklet becomes items and rejects, as a part of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from benchwright.builder.ledger import sort_rejects
from benchwright.builder.recipe import Placed, Recipe
from benchwright.builder.stages._facts import facts_of, plain_job, what_is_read, with_facts
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages._marks import is_finished, mark_finished, piece_signature, read_mark
from benchwright.builder.stages.ahead import AheadStore
from benchwright.builder.store import MediaStore, read_records, write_records
from benchwright.schemas.errors import InputError
from benchwright.schemas.ids import make_group
from benchwright.schemas.item import Item, ItemKind, Origin
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.tables import Reject

__all__ = ["ParseTask", "parse_tasks", "read_part", "run_parse"]

VERSION: Final = 2


@dataclass(frozen=True)
class ParseTask:
    """One booklet to read; all that decides what its reader writes is in ``signature``."""

    raw: Path
    build: Path
    job: PaperJob
    kind: ItemKind
    origin: Origin | None
    signature: str
    stage: ClassVar[str] = "parse"

    @property
    def folder(self) -> Path:
        """The folder of the part."""
        return BuildFolder(self.build).piece("parse", self.job)

    @property
    def facts(self) -> dict[str, Any]:
        """What the recipe adds to the items when they are joined."""
        return facts_of(self.job, self.kind, self.origin)

    @property
    def name(self) -> str:
        """What a person calls the task."""
        return self.job.file

    def finished(self) -> bool:
        """Tell whether the part is there, made from the same file with the same settings by the same reader."""
        if not is_finished(self.folder, self.signature, base=self.build):
            return False
        mark = read_mark(self.folder)
        media = mark["facts"].get("media", []) if mark else []
        return all((self.build / "media" / name).is_file() for name in media)

    def run(self) -> None:
        """Do it."""
        run_parse(self)

    def failed(self, detail: str) -> None:
        """Write the part of a booklet whose reader stopped with an unexpected error; the next run tries it again."""
        _write(self, {}, unreadable(self.job, detail), MediaStore(BuildFolder(self.build).media), "unfinished")


def parse_tasks(recipe: Recipe, placed: Placed, raw: Path, build: Path) -> list[ParseTask]:
    """Return the task of each booklet."""
    from benchwright import sources

    origins: dict[str, Origin] = dict(recipe.pairing.origin) if recipe.pairing else {}
    tasks = []
    for job in placed.papers:
        kind, origin = recipe.defaults.kind, origins.get(job.language)
        signature = piece_signature(
            "parse",
            VERSION,
            job=what_is_read(job),
            reader=sources.reader_signature(raw / job.file),
        )
        tasks.append(ParseTask(raw, build, job, kind, origin, signature))
    return tasks


def run_parse(task: ParseTask) -> None:
    """Read one booklet and write its part: items sorted by id, rejects, and the mark.

    A file that cannot be read becomes a reject, and so does every question that it was expected to hold.

    Raises:
        OutputError: the part cannot be written.
    """
    from benchwright import sources

    media = MediaStore(BuildFolder(task.build).media)
    items: dict[str, Item] = {}
    rejects: list[Reject] = []
    try:
        job = plain_job(task.job)
        ahead = AheadStore(task.build).take(job, media)
        for one in sources.parse_paper(task.raw / task.job.file, job, media) if ahead is None else ahead:
            if isinstance(one, Reject):
                rejects.append(one)
            elif one.id in items:
                rejects.append(_repeated(one, task.job))
            else:
                items[one.id] = one
    except InputError as error:
        items, rejects = {}, unreadable(task.job, str(error))
    _write(task, items, rejects, media, task.signature)


def _write(task: ParseTask, items: dict[str, Item], rejects: list[Reject], media: MediaStore, signature: str) -> None:
    tables = [task.folder / "items.parquet", task.folder / "rejects.parquet"]
    write_records(tables[0], [items[name] for name in sorted(items)], Item)
    write_records(tables[1], sort_rejects(rejects), Reject)
    used = {one.file for item in items.values() for one in item.media if one.file}
    facts: dict[str, Any] = {"file": task.job.file, "media": sorted(used & media.names)}
    mark_finished(task.folder, signature, tables, base=task.build, facts=facts)


def read_part(task: ParseTask) -> tuple[list[Item], list[Reject]]:
    """Return the items of a finished part, with the facts of the recipe, and its rejects."""
    items = read_records(task.folder / "items.parquet", Item, checked=True)
    return with_facts(items, task.job, task.kind, task.origin), read_records(task.folder / "rejects.parquet", Reject)


def unreadable(job: PaperJob, detail: str) -> list[Reject]:
    """Return the rejects of a booklet that could not be read: the file, and each question that it should hold."""
    whole = Reject(file=job.file, reason="file-unreadable", detail=detail, language=job.language)
    numbers = [str(number) for number in range(1, (job.expect or 0) + 1)]
    return [
        whole,
        *(
            Reject(
                file=job.file,
                reason="number-missing",
                detail="the whole file could not be read",
                group=make_group(job.exam, job.edition, job.part, number),
                language=job.language,
                number=number,
            )
            for number in numbers
        ),
    ]


def _repeated(item: Item, job: PaperJob) -> Reject:
    first = next((one for one in item.provenance if one.field in {"stem", "item"}), None)
    return Reject(
        file=job.file,
        page=first.page if first else None,
        text=item.stem[:200],
        reason="number-repeated",
        detail="an item with this id came before",
        group=item.group,
        language=item.language,
        number=item.exam.number,
    )
