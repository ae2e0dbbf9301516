"""A family of papers: how booklet and key are printed, and how one year differs from the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.typesetter.families.keysheet import KeyStyle, OneKey, print_key_sheet
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, PrintItem, Responses
from tests.typesetter.press import print_exam, settle_for
from tests.typesetter.styles import word
from tests.typesetter.text import random_exam
from tests.typesetter.truth import exam_truth
from tests.typesetter.versions import booklet_version

YEARS = ("2031", "2032")


@dataclass(frozen=True)
class Family:
    """The conventions of one family; texts are made up."""

    name: str
    """By what is seen on the page: also the name of the shipped layout."""
    language: str
    layout: Layout
    booklet: str
    """File name with `{year}`, and `{version}` where there are several."""
    key: str | None = None
    """File name of the key; None: it stands in the booklet."""
    key_style: KeyStyle | None = None
    """None: in the key format of the layout."""
    counts: tuple[int, int] = (24, 20)
    """Questions of the first and the second year, in each part."""
    options: tuple[int, int] = (4, 4)
    more: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of `random_exam`."""
    versions: tuple[str, ...] = ()
    """Names of the printed versions; the key has a column for each."""
    provisional: str | None = None
    """File name of the key that was issued before appeals."""
    others: tuple[str, ...] = ()
    """Headings of keys of other papers in the same file; the first is that of this one."""
    next_year: Mapping[str, Any] = field(default_factory=dict)
    """What the furniture of the second year does otherwise: parameters of the layout."""
    route: str = "reportlab"


@dataclass(frozen=True)
class Papers:
    """One year of a family, printed."""

    files: tuple[Path, ...]
    gold: tuple[dict[str, Any], ...]
    """One row for each question, as `evaluate-extraction` reads them."""
    changed: tuple[str, ...]
    """Numbers whose key the final key changed."""


def exam_of(family: Family, year: int) -> PrintExam:
    """The exam of the first (0) or second (1) year."""
    exam = random_exam(
        sum(map(ord, family.name)) + 1000 * year,
        family.language,
        family.counts[year],
        options=family.options,
        revised=family.provisional is not None,
        **family.more,
    )
    title = f"{exam.title} {YEARS[year]}"
    header = f"{exam.header} · {YEARS[year]}" if year else exam.header
    return replace(exam, title=title, header=header, items=tuple(_annul(family, exam.items)))


def _annul(family: Family, items: tuple[PrintItem, ...]) -> list[PrintItem]:
    """One question of every key file is annulled."""
    if family.key_style is None or family.provisional is not None:
        return list(items)
    return [replace(item, key=()) if place == 6 else item for place, item in enumerate(items)]


def print_year(family: Family, year: int, folder: Path) -> Papers:
    """Prints booklets and keys of one year into a folder."""
    layout = replace(family.layout, **(family.next_year if year else {}))
    exam = exam_of(family, year)
    exams = [booklet_version(exam, name, 3, shuffle_options=False) for name in family.versions] or [exam]
    work = folder / "print"
    files: list[Path] = []
    for one in exams:
        printed = print_exam(one, layout, work, family.route, with_keys=family.key_style is None)
        files.append(_named(printed.booklet, folder, family.booklet, year, one.version))
        if family.key is not None and family.key_style is None:
            files.append(_named(printed.keys[0], folder, family.key, year, None))
    if family.key is not None and family.key_style is not None:
        files += _key_sheets(family, family.key_style, exams, folder, year)
    settled = settle_for(layout, exam.language, family.route)
    truth = exam_truth(exams[0], settled, family.route, [])
    changed = tuple(str(item.number) for item in exam.items if item.revised_key is not None)
    return Papers(tuple(files), tuple(_gold(truth, files[0].name, family)), changed)


def _named(path: Path, folder: Path, template: str, year: int, version: str | None) -> Path:
    return path.rename(folder / template.format(year=YEARS[year], version=version))


def _key_sheets(family: Family, style: KeyStyle, exams: list[PrintExam], folder: Path, year: int) -> list[Path]:
    language = family.language
    title = f"{exams[0].title.rsplit(' ', 1)[0]} {YEARS[year]}"
    stages = [(family.key, True)] + ([(family.provisional, False)] if family.provisional else [])
    paths = []
    for name, final in stages:
        keys = [OneKey(exam.version or "", _answers(exam, final=final)) for exam in exams]
        if family.others:
            keys = [replace(keys[0], heading=family.others[0]), *_others(family, exams[0])]
        path = folder / str(name).format(year=YEARS[year])
        kind = word(language, "revised" if final and family.provisional else "key")
        paths.append(print_key_sheet(path, f"{title}. {kind}", keys, style, language))
    return paths


def _answers(exam: PrintExam, *, final: bool) -> tuple[tuple[int, Responses | None], ...]:
    return tuple((item.number, item.final_key if final else item.key) for item in exam.items)


def _others(family: Family, exam: PrintExam) -> list[OneKey]:
    """Keys of other papers: the same answers, each moved on by some places."""
    answers = _answers(exam, final=True)
    return [
        OneKey(heading, tuple((n, answers[(k + 1 + move) % len(answers)][1]) for k, (n, _) in enumerate(answers)))
        for move, heading in enumerate(family.others[1:])
    ]


def _gold(truth: dict[str, Any], file: str, family: Family) -> list[dict[str, Any]]:
    rows = []
    for item in truth["items"]:
        answers = item["revised_key"] if item["revised_key"] is not None else item["key"]
        row = {
            "file": file,
            "part": str(item["part"]),
            "number": str(item["number"]),
            "language": family.language,
            "stem": item["stem"],
            "options": [{"label": option["label"], "text": option["text"]} for option in item["options"]],
            "answers": answers,
            "status": "annulled" if answers == [] else "official",
            "figures": len(item["figures"]),
        }
        rows.append(row | ({"context": item["context"]} if item["context"] else {}))
    return rows
