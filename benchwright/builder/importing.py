"""Files of existing benchmarks -> one table of items, with what was refused and what was decided."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from benchwright.audits import language_told
from benchwright.builder._unpacking import members_of
from benchwright.builder.merging import merge_parts
from benchwright.builder.store import writing
from benchwright.schemas.errors import InputError, NotFoundError, OutputError, Problem
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import LedgerEntry, Reject
from benchwright.sources import (
    IntakeOptions,
    draft_of,
    guess_layout,
    layout_named,
    read_mapping,
    shipped_layouts,
    take_in,
)
from benchwright.sources._layouts.archives import is_archive

if TYPE_CHECKING:
    from benchwright.sources import Guess, Intake
    from benchwright.sources._layouts.model import Layout

__all__ = ["FileReport", "ImportRun", "import_files", "write_draft"]

_SIDE: Final = {
    ".csv",
    ".tsv",
    ".txt",
    ".tab",
    ".jsonl",
    ".ndjson",
    ".json",
    ".parquet",
    ".xml",
    ".xlsx",
    ".gold",
    ".eval",
}


@dataclass(frozen=True)
class FileReport:
    """What became of one file, and why it was read so."""

    file: str
    layout: str
    language: str
    records: int
    items: int
    rejected: int
    keyed: int
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ImportRun:
    """The whole import. ``rejects`` is the written table; an item whose key was not read is in both."""

    files: list[FileReport]
    items: int
    rejects: pl.DataFrame
    ledger: LedgerEntry
    written: list[Path]


def import_files(
    files: Sequence[Path],
    out: Path,
    *,
    layout: str = "auto",
    mapping: Path | None = None,
    options: IntakeOptions | None = None,
    workers: int | None = None,
    progress: Callable[[str, int, int, str], None] | None = None,
) -> ImportRun:
    """Read files of existing benchmarks and write their items.

    Args:
        files: files, or folders and archives whose tables are all taken.
        out: Parquet table of items; rejects and the report are written beside it.
        layout: name of a layout, or ``auto``.
        mapping: the user's own layout, instead of ``layout``.
        options: what the user says of all files.
        workers: processes for a file of several batches; null is one for each core, at most four.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file or a layout does not exist.
        InputError: a file cannot be read, or no layout fits; the problems of all files at once.
        OutputError: the output cannot be written.
    """
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".import-") as folder:
        paths = list(_all_files(files, Path(folder)))
        asked = options or IntakeOptions()
        opened = _open_all(paths, layout, mapping, replace(asked, tell=asked.tell or language_told))
        parts = _Parts(Path(folder), workers, out.parent / "media")
        reports = []
        for done, (intake, guess) in enumerate(opened):
            if progress:
                progress("import", done, len(opened), intake.file)
            reports.append(parts.take(intake, guess))
        if progress:
            progress("import", len(opened), len(opened), out.name)
        return _finish(parts, reports, out)


def write_draft(path: Path, out: Path) -> None:
    """Write a mapping for a file, drafted from its columns.

    Raises:
        InputError: no column can be the question or its options.
        OutputError: the mapping exists or cannot be written.
    """
    if out.exists():
        raise OutputError(Problem("output-exists", "the mapping exists", str(out), remedy="give another name"))
    text = draft_of(path, "/".join(path.parts[-2:]).lstrip("/"))
    with writing(out):
        out.write_text(text, "utf-8")


def _all_files(files: Sequence[Path], folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files with what they are called; archives are unpacked below ``folder``."""
    for number, path in enumerate(files):
        if path.is_dir():
            inner = sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.casefold() in _SIDE)
            yield from ((one, f"{path.name}/{one.relative_to(path).as_posix()}") for one in inner)
        elif not path.exists():
            raise NotFoundError(
                Problem("file-not-found", "the file does not exist", str(path), remedy="check its name")
            )
        elif is_archive(path):
            members = members_of(path, folder / f"archive-{number}", "table", frozenset(_SIDE))
            yield from ((one.path, f"{path.name}/{one.name}") for one in members)
        else:
            yield path, "/".join(path.parts[-2:]).lstrip("/")


def _open_all(
    paths: Sequence[tuple[Path, str]], layout: str, mapping: Path | None, options: IntakeOptions
) -> list[tuple[Intake, Guess | None]]:
    """Decide on all files before the first item is written, so that one answer of the user serves for all.

    A file that is read with another one has no records of its own and is left out.
    """
    given = read_mapping(mapping) if mapping else None if layout == "auto" else layout_named(layout)
    opened: dict[Path, tuple[Intake, Guess | None]] = {}
    problems: dict[Path, Sequence[Problem]] = {}
    for path, name in paths:
        try:
            guess = None if given else guess_layout(path, name, shipped_layouts().values())
            chosen: Layout = given or guess.chosen.layout  # type: ignore[union-attr]
            opened[path] = (take_in(path, name, chosen, options), guess)
        except InputError as error:
            problems[path] = error.problems
    beside = {other.resolve() for intake, _ in opened.values() for other in intake.beside}
    said = [one for path, several in problems.items() if path.resolve() not in beside for one in several]
    if said:
        raise InputError(said)
    return [one for path, one in opened.items() if path.resolve() not in beside]


class _Parts:
    """The items of all batches as sorted part files, and the rejects."""

    def __init__(self, folder: Path, workers: int | None, media: Path) -> None:
        self.folder = folder
        self.workers = workers
        self.media = media
        self.files: list[Path] = []
        self.rejects: list[Reject] = []
        self.records = 0

    def take(self, intake: Intake, guess: Guess | None) -> FileReport:
        """Write the items of one file and say what became of it."""
        records = items = keyed = 0
        rejected = 0
        names = (self.folder / f"{number:06d}.arrow" for number in count(len(self.files)))
        for part in intake.parts(names, self.workers, self.media):
            records += part.records
            items += part.items
            keyed += part.keyed
            rejected += part.records - part.items
            self.rejects.extend(part.rejects)
            self.files.append(part.path)
        self.records += records
        language = intake.placement.language or "in a column"
        reasons = [*(guess.chosen.reasons if guess else []), *(f"read with {one.name}" for one in intake.beside)]
        doubts = [*(guess.chosen.doubts if guess else []), *intake.doubts]
        unique = list(dict.fromkeys(doubts))
        return FileReport(
            intake.file, intake.layout.name, language, records, items, rejected, keyed, reasons, unique, intake.unused
        )


def _finish(parts: _Parts, reports: list[FileReport], out: Path) -> ImportRun:
    beside = out.with_name("rejects.parquet" if out.name == "items.parquet" else f"{out.stem}.rejects.parquet")
    report = out.with_name("import.md" if out.name == "items.parquet" else f"{out.stem}.import.md")
    with writing(out):
        made = out.with_name(f"{out.name}.part~")
        merged = merge_parts(parts.files, made)
        made.replace(out)
        twice = _repeated(merged.repeated)
        rejects = to_frame([*parts.rejects, *twice], Reject).sort("file", "number", "reason", "detail")
        rejects.write_parquet(beside)
    ledger = LedgerEntry(
        stage="import",
        rows_in=parts.records,
        rows_out=merged.rows,
        rows_rejected=parts.records - sum(one.items for one in reports) + len(twice),
    )
    ledger.assert_balanced()
    with writing(report):
        report.write_text(_report(reports, rejects, ledger), "utf-8")
    return ImportRun(reports, merged.rows, rejects, ledger, [out, beside, report])


def _repeated(rows: pl.DataFrame) -> list[Reject]:
    """Return a reject for every item whose id an earlier one has: the first stays."""
    return [
        Reject(
            file=row["file"],
            reason="number-repeated",
            number=str(row["row"]),
            text=row["stem"][:300],
            detail=f"record {row['row']}; found: the id {row['id']} a second time; expected: ids that differ",
            group=row["group"],
            language=row["language"],
            stage="import",
        )
        for row in rows.iter_rows(named=True)
    ]


def _report(reports: Sequence[FileReport], rejects: pl.DataFrame, ledger: LedgerEntry) -> str:
    lines = [
        "# Import",
        "",
        f"{ledger.rows_in} records: {ledger.rows_out} items, {ledger.rows_rejected} rejected.",
        "",
        "| file | layout | language | records | items | keyed | rejected |",
        "|---|---|---|---|---|---|---|",
        *("| " + " | ".join(str(value) for value in _row(one)) + " |" for one in reports),
        "",
    ]
    for one in reports:
        said = [*(f"reason: {text}" for text in one.reasons), *(f"doubt: {text}" for text in one.doubts)]
        said += [f"not used: column {name}" for name in one.unused]
        if said:
            lines += [f"## {one.file}", "", *(f"- {text}" for text in said), ""]
    if rejects.height:
        lines += ["## Rejects", "", "| file | record | reason | detail |", "|---|---|---|---|"]
        lines += [
            f"| {row['file']} | {row['number']} | {row['reason']} | {_cell(row['detail'])} |"
            for row in rejects.head(1000).iter_rows(named=True)
        ]
        if rejects.height > 1000:
            lines.append(f"\n{rejects.height - 1000} more in the table of rejects.")
    return "\n".join(lines) + "\n"


def _row(one: FileReport) -> tuple[object, ...]:
    return one.file, one.layout, one.language, one.records, one.items, one.keyed, one.rejected


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|").replace("\n", " ")
