"""Stage images: each image booklet becomes pictures with their printed numbers; the join gives them to items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from benchwright.builder.recipe import Placed, PlacedFile, Recipe
from benchwright.builder.stages._facts import what_is_read
from benchwright.builder.stages._joined import Joined, count
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages._marks import is_finished, mark_finished, piece_signature, read_mark
from benchwright.builder.store import MediaStore, read_json, write_json
from benchwright.schemas.errors import InputError
from benchwright.schemas.item import Item
from benchwright.schemas.languages import parse_language
from benchwright.schemas.papers import PaperJob, PictureEntry
from benchwright.schemas.tables import Reject

__all__ = ["ImageTask", "image_tasks", "join_pictures"]

VERSION: Final = 1


@dataclass(frozen=True)
class ImageTask:
    """One image booklet to read."""

    raw: Path
    build: Path
    job: PaperJob
    signature: str
    stage: ClassVar[str] = "images"

    @property
    def folder(self) -> Path:
        """The folder of the part."""
        return BuildFolder(self.build).piece("images", self.job)

    @property
    def name(self) -> str:
        """What a person calls the task."""
        return self.job.file

    def finished(self) -> bool:
        """Tell whether the pictures are there, cut from the same file with the same settings by the same reader."""
        if not is_finished(self.folder, self.signature, base=self.build):
            return False
        return all((self.build / "media" / name).is_file() for name in media_of(self.folder))

    def run(self) -> None:
        """Read the booklet and write its pictures; a file that cannot be read becomes a list with that reject."""
        from benchwright import sources

        store = MediaStore(BuildFolder(self.build).media)
        try:
            read = sources.read_image_booklet(self.raw / self.job.file, self.job, store)
        except InputError as error:
            self.failed(str(error), self.signature)
            return
        self._write(read, store.names, self.signature)

    def failed(self, detail: str, signature: str = "unfinished") -> None:
        """Write the list of a booklet that could not be read."""
        refused = Reject(
            file=self.job.file, reason="file-unreadable", detail=detail, language=self.job.language or None,
            stage="images",
        )  # fmt: skip
        self._write([refused], set(), signature)

    def _write(self, read: Sequence[PictureEntry | Reject], media: set[str], signature: str) -> None:
        path = self.folder / "pictures.json"
        lists = {
            "pictures": [one.model_dump(mode="json") for one in read if isinstance(one, PictureEntry)],
            "rejects": [one.model_dump(mode="json") for one in read if isinstance(one, Reject)],
        }
        write_json(path, lists)
        kept = sorted({one["media"] for one in lists["pictures"]} & media)
        mark_finished(self.folder, signature, [path], base=self.build, facts={"file": self.job.file, "media": kept})


def media_of(folder: Path) -> list[str]:
    """Return the names of the pictures that a part has put under ``media/``."""
    mark = read_mark(folder)
    return [str(name) for name in mark["facts"].get("media", [])] if mark else []


def image_tasks(recipe: Recipe, placed: Placed, raw: Path, build: Path) -> list[ImageTask]:
    """Return the task of each image booklet."""
    from benchwright import sources

    tasks = []
    for file in placed.files:
        if file.role == "images":
            job = side_job(recipe, file)
            reader = sources.reader_signature(raw / file.name)
            signature = piece_signature("images", VERSION, job=what_is_read(job), reader=reader)
            tasks.append(ImageTask(raw, build, job, signature))
    return tasks


def side_job(recipe: Recipe, file: PlacedFile) -> PaperJob:
    """Return the job of a file that serves booklets: what neither rule nor name says stays empty and means all."""
    return PaperJob(
        file=file.name,
        sha256=file.sha256,
        exam=file.exam,
        edition=file.edition or "",
        part=file.part or "",
        language=parse_language(file.language) if file.language else "",
        role="images" if file.role == "images" else "human",
        layout=recipe.layouts.get(file.layout) if file.layout else None,
    )


def _read(task: ImageTask) -> tuple[list[PictureEntry], list[Reject]]:
    lists: dict[str, Any] = read_json(task.folder / "pictures.json")
    return (
        [PictureEntry.model_validate(one) for one in lists["pictures"]],
        [Reject.model_validate(one) for one in lists["rejects"]],
    )


def join_pictures(items: Sequence[Item], tasks: Sequence[ImageTask]) -> Joined:
    """Give items the pictures of the image booklets, and those that name one which is not there a missing one."""
    from benchwright import sources

    joined = Joined([])
    sittings: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        sittings[item.exam.code, item.exam.edition].append(item)
    entries: dict[tuple[str, str], list[PictureEntry]] = defaultdict(list)
    homeless: list[PictureEntry] = []
    for task in tasks:
        read, rejects = _read(task)
        joined.rejects += rejects
        joined.rows[task.job.file] = {"found": len(read), "figures": 0, "rejected": 0, "doubts": []}
        joined.ledger.append(count("images", task.job.file, "file", 1, _unreadable(rejects)))
        place = sitting_of(task.job, sittings)
        if place is None:
            homeless += read
        else:
            entries[place] += read
    for place, mine in sittings.items():
        attached = sources.attach_pictures(mine, entries.get(place, ()))
        joined.items += attached.items
        joined.rejects += attached.rejects
        for file, used in attached.used.items():
            _tell(joined, file, used, attached.how[file])
    for file in dict.fromkeys(entry.file for entry in homeless):
        _tell(joined, file, 0, "nothing says of which edition the pictures are")
    joined.rejects += [_homeless(entry) for entry in homeless]
    return joined


def sitting_of(job: PaperJob, sittings: Collection[tuple[str, str]]) -> tuple[str, str] | None:
    """Return exam and edition that a file serves: its own, or the only one there is."""
    if job.edition:
        return (job.exam, job.edition) if (job.exam, job.edition) in sittings else None
    mine = [place for place in sittings if place[0] == job.exam]
    return mine[0] if len(mine) == 1 else None


def _tell(joined: Joined, file: str, used: int, how: str) -> None:
    row = joined.rows[file]
    row["figures"], row["rejected"] = used, row["found"] - used
    if used < row["found"]:
        row["doubts"].append(f"{row['found'] - used} pictures belong to no item; {how}")
    joined.ledger.append(count("images", file, "picture", row["found"], row["found"] - used, detail=how))


def _unreadable(rejects: Sequence[Reject]) -> int:
    return min(sum(one.reason == "file-unreadable" for one in rejects), 1)


def _homeless(entry: PictureEntry) -> Reject:
    return Reject(
        file=entry.file, page=entry.page, x0=entry.x0, y0=entry.y0, x1=entry.x1, y1=entry.y1, text=entry.caption or "",
        reason="image-unattached", detail="nothing says of which edition the pictures are", stage="images",
    )  # fmt: skip
