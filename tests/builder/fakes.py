"""Readers of a toy format, in place of the sources room: one question on each line, `3 text`; keys `3 B`."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import benchwright.sources as sources
from benchwright.schemas import Exam, Item, Key, LedgerEntry, Media, Option, Problem, Provenance, Reject
from benchwright.schemas.errors import InputError, MissingDependencyError
from benchwright.schemas.ids import make_group, make_id
from benchwright.schemas.papers import (
    ExamGuess,
    FileReport,
    FileRule,
    KeyEntry,
    KeySheet,
    Layout,
    MediaSink,
    NumberLayout,
    OptionLayout,
    PaperJob,
    PartGuess,
    Role,
    Survey,
)
from benchwright.schemas.parts import KeyChange

RECIPE = r"""
recipe: 1
dataset: {name: toy, title: Toy exam, languages: [es]}
exams:
  - id: toy
    editions: {"2024": {release_date: "2024-05"}}
    files:
      - {match: '(?P<part>\d+)\.txt', role: booklet}
      - {match: 'key(?P<part>\d+)\.txt', role: key, status: official}
      - {match: 'fix(?P<part>\d+)\.txt', role: key, status: revised}
      - {match: '.*\.html', role: ignore}
    parts: {"1": {expect: 3}}
    layout: plain
layouts:
  plain: {score: 0.9, number: {style: "1."}, options: {marks: ["A.", "B.", "C.", "D."]}}
"""


def install(put: Callable[[str, object], None], *, pause: float = 0.0) -> None:
    """Replace the functions of the sources room, by ``put(name, function)``."""
    for function in (survey, _slow(parse_paper, pause), read_key, join_keys, reader_signature, page_png, marked_png):
        put(function.__name__, function)


def permanently(name: str, function: object) -> None:
    """Replace one function for the rest of the process."""
    setattr(sources, name, function)


def write_project(project: Path, files: dict[str, str], recipe: str = RECIPE) -> Path:
    """Write the raw files and the recipe of a project."""
    raw = project / "raw"
    raw.mkdir(parents=True)
    for name, text in files.items():
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_text(text, encoding="utf-8")
    (project / "recipe.yaml").write_text(recipe, encoding="utf-8")
    return project


def questions(count: int, *, skip: Sequence[int] = (), figures: Sequence[int] = ()) -> str:
    """Return a booklet."""
    lines = [f"{n} pregunta {n}{' FIGURE' if n in figures else ''}" for n in range(1, count + 1) if n not in skip]
    return "\n".join(lines) + "\n"


def answers(count: int, letters: str = "ABCD") -> str:
    """Return a key."""
    return "".join(f"{n} {letters[n % len(letters)]}\n" for n in range(1, count + 1))


def reader_signature(path: Path) -> str:
    """Return one signature per suffix."""
    return f"toy{path.suffix}|version:1"


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if text.startswith("DAMAGED"):
        raise InputError(Problem(code="pdf-damaged", message="the file is damaged", file=path.name))
    if text.startswith("NEEDS"):
        raise MissingDependencyError(Problem(code="dependency-missing", message="needs a program", file=path.name))
    if text.startswith("BUG"):
        raise ZeroDivisionError("a bug of the reader")
    if text.startswith("DIE"):
        os.kill(os.getpid(), signal.SIGKILL)
    return [line for line in text.splitlines() if line]


def _slow(
    reader: Callable[[Path, PaperJob, MediaSink], Iterator[Item | Reject]], pause: float
) -> Callable[[Path, PaperJob, MediaSink], Iterator[Item | Reject]]:
    def parse_paper(path: Path, job: PaperJob, media: MediaSink) -> Iterator[Item | Reject]:
        for one in reader(path, job, media):
            time.sleep(pause)
            yield one

    return parse_paper


def parse_paper(path: Path, job: PaperJob, media: MediaSink) -> Iterator[Item | Reject]:
    """Read one booklet; `LOSE` on a line makes this reader break the law and lose the question.

    `KEY 7` stands for a page that looks like a key.
    """
    seen: set[int] = set()
    for line in _lines(path):
        number, _, text = line.partition(" ")
        if "LOSE" in text:
            continue
        if number == "KEY":
            yield Reject(file=job.file, page=int(text), reason="key-unreadable", detail="like a key", stage="keys")
            continue
        seen.add(int(number))
        pictures: tuple[Media, ...] = ()
        if "FIGURE" in text:
            sha256, name = media.put(text.encode(), "image/png")
            pictures = (Media(sha256=sha256, file=name, media_type="image/png"),)
        group = make_group(job.exam, job.edition, job.part, number)
        yield Item(
            id=make_id(group, job.language),
            group=group,
            language=job.language,
            origin_language=job.origin_language or job.language,
            stem=text,
            options=tuple(
                Option(id=letter, label=f"{letter}.", text=f"opcion {letter} de {number}") for letter in "ABCD"
            ),
            media=pictures,
            exam=Exam(code=job.exam, edition=job.edition, part=job.part, number=number),
            provenance=(Provenance(field="stem", file=job.file, page=1, x0=10, y0=20, x1=30, y1=40),),
            licence=job.licence,
        )
    lost = "LOSE" in path.read_text(encoding="utf-8")
    for missing in sorted(set(range(1, (job.expect or 0) + 1)) - seen) if not lost else ():
        yield Reject(
            file=job.file,
            reason="number-missing",
            number=str(missing),
            group=make_group(job.exam, job.edition, job.part, str(missing)),
            language=job.language,
        )


def read_key(path: Path, job: PaperJob) -> KeySheet:
    """Read one key."""
    status = job.status or "official"
    pairs = [line.split() for line in _lines(path)]
    entries = tuple(
        KeyEntry(number=number, answers=((answer,),), status=status, printed=f"{number} {answer}")
        for number, answer in pairs
    )
    return KeySheet(
        file=job.file, exam=job.exam, edition=job.edition, part=job.part, status=status, entries=entries, parser="toy"
    )


def join_keys(items: Sequence[Item], sheets: Sequence[KeySheet]) -> tuple[list[Item], list[Reject], list[LedgerEntry]]:
    """Give items their keys, the last sheet wins."""
    joined = []
    for item in items:
        changed = item
        for sheet in sheets:
            for entry in sheet.entries:
                if entry.number == item.exam.number:
                    old = changed.key
                    history = (KeyChange(status=old.status, answers=old.answers),) if old.answers else ()
                    key = Key(status=sheet.status, answers=entry.answers, source=sheet.file, history=history)
                    changed = changed.replace(key=key)
        joined.append(changed)
    return joined, [], []


def survey(
    raw: Path,
    files: Sequence[str],
    *,
    language: str | None = None,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
    sink: object = None,
) -> Survey:
    """Say that digits are booklets and that `key` is a key."""
    reports = []
    for name in files:
        if progress:
            progress(name)
        role: Role = "booklet" if name[0].isdigit() else "key" if name.startswith("key") else "ignore"
        reports.append(FileReport(file=name, role=role, why=(f"its name says {role}",)))
    if not any(report.role == "booklet" for report in reports):
        return Survey(exams=(), layouts={}, files=tuple(reports))
    exam = ExamGuess(
        id="toy",
        files=(
            FileRule(match=r"(?P<part>\d+)\.txt", role="booklet"),
            FileRule(match=r"key(?P<part>\d+)\.txt", role="key", status="official"),
        ),
        editions=("2024",),
        parts=(PartGuess(part="1", expect=3),),
        layout="plain",
    )
    layout = Layout(score=0.9, number=NumberLayout(style="1."), options=OptionLayout(marks=("A.", "B.")))
    spoken = (language,) if language else ("es",)
    return Survey(exams=(exam,), layouts={"plain": layout}, files=tuple(reports), languages=spoken)


def page_png(
    path: Path,
    page: int,
    box: tuple[float, float, float, float] | None,
    *,
    scale: float = 2.0,
    boxes: Sequence[tuple[float, float, float, float]] = (),
) -> bytes:
    """Return what was asked for, as bytes."""
    return f"{path.name} {page} {box} {scale} {list(boxes)}".encode()


def marked_png(
    path: Path,
    page: int,
    marks: Sequence[tuple[tuple[float, float, float, float], str, tuple[int, int, int]]],
    *,
    around: tuple[float, float] = (30.0, 12.0),
) -> bytes:
    """Return what was asked for, as bytes."""
    return f"{path.name} {page} {[(box, name) for box, name, _ in marks]} {around}".encode()
