"""Stage keys: each key file becomes a sheet of labels as printed, one for each booklet that it serves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from benchwright.builder.recipe import Placed
from benchwright.builder.stages._facts import what_is_read
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages._marks import is_finished, mark_finished, piece_signature
from benchwright.builder.store import write_bytes
from benchwright.schemas.errors import InputError
from benchwright.schemas.papers import KeySheet, PaperJob
from benchwright.schemas.tables import Reject

__all__ = ["KeyTask", "key_tasks", "read_sheet"]

VERSION: Final = 1


@dataclass(frozen=True)
class KeyTask:
    """One key file to read for one booklet."""

    raw: Path
    build: Path
    job: PaperJob
    signature: str
    stage: ClassVar[str] = "keys"

    @property
    def folder(self) -> Path:
        """The folder of the part."""
        return BuildFolder(self.build).piece("keys", self.job)

    @property
    def name(self) -> str:
        """What a person calls the task."""
        return self.job.file

    def finished(self) -> bool:
        """Tell whether the sheet is there, made from the same file with the same settings by the same reader."""
        return is_finished(self.folder, self.signature, base=self.build)

    def run(self) -> None:
        """Read the key and write its sheet; a file that cannot be read becomes a sheet with that reject."""
        from benchwright import sources

        try:
            sheet = sources.read_key(self.raw / self.job.file, self.job)
        except InputError as error:
            several = any(problem.code == "key-ambiguous" for problem in error.problems)
            sheet = empty_sheet(self.job, str(error), "key-ambiguous" if several else "file-unreadable")
        write_sheet(self, _with_language(sheet, self.job.language), self.signature)

    def failed(self, detail: str) -> None:
        """Write the sheet of a key whose reader stopped with an unexpected error; the next run tries it again."""
        write_sheet(self, empty_sheet(self.job, detail), "unfinished")


def key_tasks(placed: Placed, raw: Path, build: Path) -> list[KeyTask]:
    """Return the task of each key file and booklet."""
    from benchwright import sources

    return [
        KeyTask(
            raw,
            build,
            job,
            piece_signature(
                "keys",
                VERSION,
                job=what_is_read(job),
                reader=sources.reader_signature(raw / job.file),
            ),
        )
        for job in placed.keys
    ]


def _with_language(sheet: KeySheet, language: str) -> KeySheet:
    """Return the sheet with the language of the booklet in its rejects: the same file may serve several editions."""
    rejects = tuple(one.model_copy(update={"language": one.language or language}) for one in sheet.rejects)
    return sheet.model_copy(update={"rejects": rejects})


def empty_sheet(job: PaperJob, detail: str, reason: str = "file-unreadable") -> KeySheet:
    """Return the sheet of a key file from which nothing could be taken, and why."""
    reject = Reject(file=job.file, reason=reason, detail=detail, language=job.language, stage="keys")
    return KeySheet(
        file=job.file,
        exam=job.exam,
        edition=job.edition,
        part=job.part,
        booklet=job.booklet,
        status=job.status or "official",
        entries=(),
        rejects=(reject,),
        parser="none",
    )


def write_sheet(task: KeyTask, sheet: KeySheet, signature: str) -> None:
    """Write a sheet and its mark."""
    path = task.folder / "sheet.json"
    write_bytes(path, (sheet.model_dump_json(indent=1) + "\n").encode("utf-8"))
    mark_finished(task.folder, signature, [path], base=task.build, facts={"file": task.job.file})


def read_sheet(task: KeyTask) -> KeySheet:
    """Return a finished sheet."""
    return KeySheet.model_validate_json((task.folder / "sheet.json").read_bytes())
