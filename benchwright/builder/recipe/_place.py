"""Every file of raw/ gets its place: a rule of an exam, and from it the jobs of the readers."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchwright.builder.recipe.models import Edition, Exam, Recipe
from benchwright.schemas.errors import InputError, Problem, RecipeError
from benchwright.schemas.papers import FileRule, PaperJob
from benchwright.schemas.parts import KeyStatus, Licence

__all__ = ["Placed", "PlacedFile", "place_files", "raw_files"]

_ONLY_PART: Final = "1"
_UNTOLD: Final = "und"


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """One raw file and its place; texts are null where neither the rule nor the file name says."""

    name: str
    size: int
    sha256: str
    role: str
    exam: str
    edition: str | None = None
    part: str | None = None
    language: str | None = None
    booklet: str | None = None
    status: KeyStatus | None = None
    layout: str | None = None
    table: str | None = None
    expect: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The files of ``raw/``, the jobs they make, and the numbers of hidden files and of those that take no part."""

    files: tuple[PlacedFile, ...]
    papers: tuple[PaperJob, ...]
    keys: tuple[PaperJob, ...]
    hidden: int
    left_out: int = 0


def raw_files(raw: Path) -> tuple[list[str], int]:
    """Return the names of all files under ``raw/``, sorted, and the number of hidden files left out.

    Raises:
        InputError: the folder does not exist or is empty.
    """
    names, hidden = [], 0
    for folder, folders, files in os.walk(raw, followlinks=True):
        folders.sort()
        for file in files:
            name = (Path(folder) / file).relative_to(raw).as_posix()
            if any(step.startswith(".") for step in name.split("/")):
                hidden += 1
            else:
                names.append(name)
    if not names:
        raise InputError(
            Problem(
                code="file-not-found",
                message="there are no raw files",
                file=str(raw),
                found="an empty folder" if raw.is_dir() else "no such folder",
                expected="booklets and keys",
                remedy="put the files there, or name them: `benchwright new DIR --raw FILES...`",
            )
        )
    return sorted(names), hidden


def place_files(recipe: Recipe, raw: Path) -> Placed:
    """Return the place of every raw file and the jobs of the readers.

    A key without a part is given to each part of its edition, a key without a language to each language. A key job
    carries part and language of the booklet that it serves.

    Raises:
        RecipeError: files without a place, places that two files claim, values that no rule gives; all together.
        InputError: there are no files.
    """
    everything, hidden = raw_files(raw)
    names = [name for name in everything if _included(recipe, name)]
    problems: list[Problem] = []
    files = [place for name in names if (place := _place(recipe, raw, name, problems))]
    files = _limited(recipe, files)
    exams = {exam.id: exam for exam in recipe.exams}
    booklets = [_complete(recipe, exams[file.exam], file, problems) for file in files if file.role == "booklet"]
    kept = _one_each(booklets, "booklet-ambiguous", problems)
    papers = [_job(recipe, exams[file.exam], file, _part_of(file, kept)) for file in kept]
    keys = list(_key_jobs(recipe, exams, [file for file in files if file.role == "key"], kept, problems))
    _one_key_each(keys, problems)
    if not recipe.include and recipe.limit is None:
        problems.extend(_without_booklet(recipe, kept))
    if problems:
        raise RecipeError(problems)
    by_name = {file.name: file for file in kept}
    placed = tuple(by_name.get(file.name, file) for file in files)
    return Placed(placed, tuple(papers), tuple(keys), hidden, len(everything) - len(files))


def _included(recipe: Recipe, name: str) -> bool:
    return not recipe.include or any(re.fullmatch(pattern, name) for pattern in recipe.include)


def _limited(recipe: Recipe, files: Sequence[PlacedFile]) -> list[PlacedFile]:
    """Return the first booklets and what may belong to them; all files where the recipe sets no limit."""
    booklets = [file for file in files if file.role == "booklet"][: recipe.limit]
    if recipe.limit is None:
        return list(files)
    return [
        file
        for file in files
        if file in booklets or (file.role != "booklet" and any(_may_serve(file, one) for one in booklets))
    ]


def _may_serve(file: PlacedFile, booklet: PlacedFile) -> bool:
    pairs = (
        (file.edition, booklet.edition), (file.part, booklet.part), (file.booklet, booklet.booklet),
        (file.language, booklet.language),
    )  # fmt: skip
    return file.exam == booklet.exam and all(not mine or not its or mine == its for mine, its in pairs)


def _place(recipe: Recipe, raw: Path, name: str, problems: list[Problem]) -> PlacedFile | None:
    for exam in recipe.exams:
        for rule in exam.files:
            match = re.fullmatch(rule.match, name)
            if match:
                return _placed(exam, rule, match.groupdict(), raw, name)
    problems.append(
        Problem(
            code="file-unplaced",
            message="a raw file matches no rule of the recipe",
            file=name,
            expected="a rule under exams[].files for every file of raw/",
            remedy=f"add e.g. {{match: '{re.escape(name)}', role: ignore}}, or the role that it has",
        )
    )
    return None


def _placed(exam: Exam, rule: FileRule, groups: dict[str, str | None], raw: Path, name: str) -> PlacedFile:
    path = raw / name
    edition = rule.edition or groups.get("edition")
    renamed = exam.editions.get(edition or "")
    return PlacedFile(
        name=name,
        size=path.stat().st_size,
        sha256=_sha256(path),
        role=rule.role,
        exam=exam.id,
        edition=(renamed and renamed.edition) or edition,
        part=rule.part or groups.get("part"),
        language=rule.language or groups.get("language"),
        booklet=rule.booklet or groups.get("booklet"),
        status=(rule.status or "official") if rule.role == "key" else None,
        layout=rule.layout,
        table=rule.table,
        expect=rule.expect,
    )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            Problem(
                code="file-unreadable",
                message="a raw file cannot be read",
                file=str(path),
                found=str(error),
                expected="a file that this user may read",
                remedy="check the owner and mode of the file",
            )
        ) from None


def _complete(recipe: Recipe, exam: Exam, file: PlacedFile, problems: list[Problem]) -> PlacedFile:
    """Fill in what can only be one thing; a language that nothing tells is ``und``."""
    edition = file.edition or _only([entry.edition or name for name, entry in exam.editions.items()])
    language = file.language or _only(recipe.dataset.languages) or _UNTOLD
    part = file.part or _only(list(exam.parts)) or (None if exam.parts else _ONLY_PART)
    missing = [name for name, value in (("edition", edition), ("part", part)) if not value]
    if missing:
        problems.append(
            Problem(
                code="recipe-missing-key",
                message=f"nothing says the {' and '.join(missing)} of a booklet",
                file=file.name,
                place=f"exam {exam.id}",
                expected=f"{', '.join(missing)} in the rule, or as a named group of its match",
                remedy=f"add {missing[0]}: to the rule of this file",
            )
        )
    return replace(file, edition=edition or "", part=part or "", language=_tag(language))


def _tag(language: str) -> str:
    from benchwright.schemas.languages import parse_language

    return parse_language(language) if language else ""


def _only(values: Sequence[str]) -> str | None:
    distinct = set(values)
    return next(iter(distinct)) if len(distinct) == 1 else None


def _one_each(booklets: Iterable[PlacedFile], code: str, problems: list[Problem]) -> list[PlacedFile]:
    places: dict[tuple[str | None, ...], list[PlacedFile]] = defaultdict(list)
    for file in booklets:
        places[(file.exam, file.edition, file.part, file.language, file.booklet)].append(file)
    for place, claimants in places.items():
        if len(claimants) > 1:
            problems.append(_ambiguous(code, "booklet", place, [file.name for file in claimants]))
    return [file for claimants in places.values() for file in claimants]


def _ambiguous(code: str, what: str, place: Iterable[str | None], names: Sequence[str]) -> Problem:
    return Problem(
        code=code,
        message=f"{len(names)} files claim to be the same {what}",
        file=", ".join(sorted(names)),
        place=" / ".join(part for part in place if part),
        found=f"{len(names)} files",
        expected="one file for each exam, edition, part, language and booklet",
        remedy="tell them apart in the rules (edition, part, language, booklet), or give one the role ignore",
    )


def _part_of(file: PlacedFile, booklets: Sequence[PlacedFile]) -> str:
    """Return the part in ids: printed versions of one part whose order may differ are kept apart.

    The first booklet is the master and keeps the plain part; version ``2`` of part ``1`` is the part ``1+2``.
    """
    here = (file.exam, file.edition, file.part, file.language)
    names = sorted(one.booklet or "" for one in booklets if (one.exam, one.edition, one.part, one.language) == here)
    return file.part or "" if (file.booklet or "") == names[0] else f"{file.part}+{file.booklet}"


def _job(recipe: Recipe, exam: Exam, file: PlacedFile, part: str) -> PaperJob:
    defaults = recipe.defaults
    of_part = exam.parts.get(file.part or "")
    names = {entry.edition or name: entry for name, entry in exam.editions.items()}
    sitting = names.get(file.edition or "")
    licence = exam.licence or recipe.licence
    layout = file.layout or exam.layout
    return PaperJob(
        file=file.name,
        sha256=file.sha256,
        exam=exam.id,
        edition=file.edition or "",
        part=part,
        language=file.language or "",
        role="key" if file.role == "key" else "booklet",
        status=file.status,
        booklet=file.booklet,
        table=file.table,
        expect=file.expect or (of_part and of_part.expect) or exam.expect,
        country=exam.country or defaults.country,
        body=exam.body or defaults.body,
        profession=exam.profession or defaults.profession,
        specialty=(of_part and of_part.specialty) or exam.specialty or defaults.specialty,
        subject=of_part.subject if of_part else None,
        session_date=sitting.session_date if sitting else None,
        release_date=sitting.release_date if sitting else None,
        points=exam.points or defaults.points,
        pass_rule=exam.pass_rule,
        origin_language=_origin_language(recipe, file.language or ""),
        licence=Licence(id=licence.id, evidence=licence.evidence),
        contributor=defaults.contributor,
        layout=recipe.layouts[layout] if layout else None,
    )


def _origin_language(recipe: Recipe, language: str) -> str | None:
    """Return the language in which the question was written, or None for a native paper."""
    origin = recipe.pairing.origin if recipe.pairing else {}
    native = [one for one, kind in origin.items() if kind == "native"]
    written = recipe.defaults.origin_language or (native[0] if len(native) == 1 else None)
    return written if written and written != language else None


def _key_jobs(
    recipe: Recipe,
    exams: dict[str, Exam],
    keys: Sequence[PlacedFile],
    booklets: Sequence[PlacedFile],
    problems: list[Problem],
) -> Iterator[PaperJob]:
    for key in keys:
        exam = exams[key.exam]
        language = _tag(key.language) if key.language else None
        targets: dict[tuple[str, str, str], PlacedFile] = {}
        for booklet in booklets:
            same = booklet.exam == key.exam and booklet.edition == (key.edition or booklet.edition)
            fits = all(
                not mine or mine == its for mine, its in ((key.part, booklet.part), (language, booklet.language))
            )
            if same and fits and key.booklet in (None, booklet.booklet):
                place = (booklet.edition or "", _part_of(booklet, booklets), booklet.language or "")
                targets[place] = booklet
        editions = {booklet.edition for booklet in targets.values()}
        if len(editions) > 1:
            problems.append(
                Problem(
                    code="recipe-missing-key",
                    message="nothing says of which edition a key is",
                    file=key.name,
                    place=f"exam {key.exam}",
                    found=f"booklets of {len(editions)} editions that it could belong to",
                    expected="edition in the rule, or as a named group of its match",
                    remedy="add edition: to the rule of this file",
                )
            )
            continue
        if not targets:
            problems.append(
                Problem(
                    code="recipe-reference",
                    message="a key belongs to no booklet",
                    file=key.name,
                    place=" / ".join(one for one in (key.exam, key.edition, key.part, key.language) if one),
                    found="no booklet of this exam, edition, part and language",
                    expected="a booklet for every key",
                    remedy="check the edition and part in the rules, or give the key the role ignore",
                )
            )
        for (_, part, spoken), booklet in sorted(targets.items(), key=lambda pair: pair[0]):
            placed = replace(
                key,
                edition=booklet.edition,
                part=booklet.part,
                language=spoken,
                expect=key.expect or booklet.expect,
                layout=key.layout or booklet.layout,
            )
            # Printed versions may differ in order: a key that names none may hold a column for each.
            shared = booklet.booklet is not None and not key.booklet
            job = _job(recipe, exam, replace(placed, booklet=booklet.booklet) if shared else placed, part)
            yield job.model_copy(update={"shared": shared})


def _one_key_each(keys: Sequence[PaperJob], problems: list[Problem]) -> None:
    places: dict[tuple[str | None, ...], set[str]] = defaultdict(set)
    for job in keys:
        booklet = None if job.shared else job.booklet
        places[(job.exam, job.edition, job.part, booklet, job.language, job.status)].add(job.file)
    for place, names in places.items():
        if len(names) > 1:
            problems.append(_ambiguous("key-ambiguous", "key", place, sorted(names)))


def _without_booklet(recipe: Recipe, booklets: Sequence[PlacedFile]) -> Iterator[Problem]:
    """Yield the editions and parts of the recipe for which there is no booklet: their questions would vanish."""
    for index, exam in enumerate(recipe.exams):
        mine = [file for file in booklets if file.exam == exam.id]
        editions = {entry.edition or name: name for name, entry in exam.editions.items()}
        seen_editions = {file.edition for file in mine}
        if seen_editions and not seen_editions & editions.keys():
            # The recipe was given another year: lines that were there to be filled in, and were not, say nothing.
            editions = {key: name for key, name in editions.items() if exam.editions[name] != Edition()}
        parts = {name: name for name in exam.parts}
        seen = {"editions": {file.edition for file in mine}, "parts": {file.part for file in mine}}
        for kind, names in (("editions", editions), ("parts", parts)):
            for wanted, name in names.items():
                if wanted not in seen[kind]:
                    yield Problem(
                        code="recipe-reference",
                        message=f"no booklet belongs to the {kind.removesuffix('s')} {name!r}",
                        file="recipe.yaml",
                        place=f"exams[{index}].{kind}.{name}",
                        found=f"booklets of {', '.join(sorted(filter(None, seen[kind]))) or 'none'}",
                        expected="at least one booklet",
                        remedy="add the file to raw/, mend the rule that should match it, or delete the entry",
                    )
