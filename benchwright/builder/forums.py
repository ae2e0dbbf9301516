"""Dumps of forums -> one table of items, with what was refused and how the dump was read."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from benchwright._version import __version__
from benchwright.builder._unpacking import with_members
from benchwright.builder.merging import merge_parts
from benchwright.builder.store import writing
from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.languages import parse_language
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import LedgerEntry, Reject
from benchwright.sources._forum.intake import SUFFIXES, ForumReport, forum_files, thread_batches
from benchwright.sources._forum.items import ForumPlacement, items_of_entries
from benchwright.sources._forum.profile import Profile, read_profile
from benchwright.sources._language import language_of

__all__ = ["ForumRun", "import_forum"]

_CHUNK: Final = 2**20
_SLICE: Final = 2048
_SAMPLE: Final = 300


@dataclass(frozen=True)
class ForumRun:
    """The whole import: ``ledger`` counts posts, those that became part of another's entry as merged."""

    items: int
    language: str
    rejects: pl.DataFrame
    report: ForumReport
    ledger: LedgerEntry
    written: list[Path]


def import_forum(
    paths: Sequence[Path],
    out: Path,
    *,
    profile: Path | Profile | None = None,
    language: str | None = None,
    site: str | None = None,
    progress: Callable[[str, int, int, str], None] | None = None,
) -> ForumRun:
    """Read a dump of a forum and write its items; rejects are written beside them.

    Args:
        paths: files, folders or archives (.zip, .tar, packed or not) of one dump.
        out: Parquet table of items.
        profile: how the dump is read; what it leaves open is inferred.
        language: of all entries that do not say their own.
        site: first part of the ids.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file does not exist.
        InputError: no file can be read, the profile is wrong or cannot be inferred, the language is unclear, or a
            member of an archive is not safe.
        OutputError: the output cannot be written.
    """
    given = read_profile(profile) if isinstance(profile, Path) else profile or Profile()
    changes = {"language": parse_language(language) if language else given.language, "site": site or given.site}
    given = given.model_copy(update=changes)
    report = ForumReport()
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".import-") as folder:
        paths = with_members(paths, Path(folder) / "archives", SUFFIXES, "dump of a forum")
        hashes = {file: _sha256(path) for path, file in forum_files(paths)}
        taken = _Taken(Path(folder), given, hashes, report)
        for number, (entries, rejects) in enumerate(thread_batches(paths, given, report)):
            taken.add(entries, rejects)
            if progress:
                progress("import", number + 1, number + 2, f"{report.records} records")
        return _finish(taken, out)


class _Taken:
    """The items of all batches as sorted part files."""

    def __init__(self, folder: Path, given: Profile, hashes: dict[str, str], report: ForumReport) -> None:
        self.files: list[Path] = []
        self.rejects: list[Reject] = []
        self.report = report
        self.language = given.language or ""
        self.turns = 0
        self._folder = folder
        self._given = given
        self._hashes = hashes

    def add(self, entries: pl.DataFrame, rejects: list[Reject]) -> None:
        """Write the items of one batch."""
        self.rejects.extend(rejects)
        if entries.is_empty():
            return
        if not self.language and entries["language"].null_count():
            self.language = self._told(entries)
        place = ForumPlacement(
            language=self.language or "und",
            parser=f"forum:{self.report.kind}|v:{__version__}",
            sha256=self._hashes,
            contributor=self._given.contributor,
            answers_as_key=self._given.answers_as_key,
        )
        self.turns += int(entries["turns"].list.len().sum())
        path = self._folder / f"{len(self.files):06d}.arrow"
        items_of_entries(entries, place).sort("id", maintain_order=True).write_ipc(path, record_batch_size=_SLICE)
        self.files.append(path)

    def _told(self, entries: pl.DataFrame) -> str:
        found = language_of("\n".join(entries["question"].head(_SAMPLE)))
        if found is None:
            raise InputError(
                Problem(
                    "language-unclear",
                    "the language of this dump is not known",
                    entries["file"][0],
                    found="no column that says it, and text that does not tell",
                    expected="a BCP-47 tag",
                    remedy="say it: --lang es",
                )
            )
        self.report.doubts.append(f"the language {found} was told from the text; --lang says it for certain")
        return found


def _finish(taken: _Taken, out: Path) -> ForumRun:
    report = taken.report
    beside = out.with_name("rejects.parquet" if out.name == "items.parquet" else f"{out.stem}.rejects.parquet")
    with writing(out):
        made = out.with_name(f"{out.name}.part~")
        merged = merge_parts(taken.files, made)
        made.replace(out)
        twice = [
            Reject(
                file=row["file"], reason="post-repeated", number=str(row["row"]), text=row["stem"][:300],
                detail=f"found: the id {row['id']} a second time; expected: ids that differ", group=row["group"],
                language=row["language"], stage="import",
            )
            for row in merged.repeated.iter_rows(named=True)
        ]  # fmt: skip
        rejects = to_frame([*taken.rejects, *twice], Reject).sort("file", "number", "reason", "detail")
        rejects.write_parquet(beside)
    ledger = LedgerEntry(
        stage="import",
        unit="post",
        rows_in=report.posts,
        rows_out=merged.rows,
        rows_rejected=report.posts - taken.turns + len(twice),
        rows_merged=taken.turns - report.entries,
    )
    ledger.assert_balanced()
    return ForumRun(merged.rows, taken.language, rejects, report, ledger, [out, beside])


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
