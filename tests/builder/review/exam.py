"""A small translated exam, and a review server in memory that can fail at any call."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.builder.review.labelstudio.board import BoardTask
from benchwright.builder.review.taskdata import KEY
from benchwright.schemas import DerivedFrom, Exam, Item, Key, Option, Problem
from benchwright.schemas.errors import UserError
from benchwright.schemas.rows import to_frame

TEXTS = {
    "en": "A {age}-year-old patient receives {dose} mg of morphine in the left arm. What is it? <b>x</b> & y",
    "es": "Un paciente de {age} años recibe {dose} mg de morfina en el brazo izquierdo. ¿Cuál es el diagnóstico?",
    "ja": "{age}歳の患者の左腕にモルヒネ{dose}mgを投与した。診断はどれか。",
    "ar": "مريض عمره {age} سنة يتلقى {dose} ملغ من المورفين في الذراع اليسرى. ما هو التشخيص؟",
}


def item(number: int, language: str = "en", source: Item | None = None, **more: Any) -> Item:
    """Return one question in one language."""
    group = f"ex/2024/1/{number:03d}"
    given: dict[str, Any] = {
        "group": group,
        "language": language,
        "origin_language": "en",
        "stem": TEXTS[language].format(age=20 + number, dose=number + 5),
        "options": tuple(Option(id=one, label=f"{one}.", text=f"{language} {one}{number}") for one in "ABCD"),
        "key": Key(status="official", answers=(("A",),)),
        "exam": Exam(code="ex", edition="2024", part="1", number=str(number)),
    }
    if source is not None:
        given |= {
            "origin": "machine_translation",
            "derived_from": DerivedFrom(id=source.id, text_hash=source.hashes.text_hash, method="engine|model:mega-mt"),
        }
    return Item.model_validate({**given, **more})


def exam(count: int, languages: Sequence[str] = ("es",)) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return translated items and their sources."""
    sources = [item(number) for number in range(1, count + 1)]
    made = [item(n, language, one) for language in languages for n, one in enumerate(sources, start=1)]
    by_id = {one.id: one for one in made}
    return to_frame([by_id[name] for name in sorted(by_id)], Item), to_frame(sources, Item)


def write_exam(folder: Path, count: int, languages: Sequence[str] = ("es",)) -> tuple[Path, Path]:
    """Write the two tables."""
    made, sources = exam(count, languages)
    folder.mkdir(parents=True, exist_ok=True)
    made.write_parquet(folder / "items.parquet")
    sources.write_parquet(folder / "sources.parquet")
    return folder / "items.parquet", folder / "sources.parquet"


class Killed(BaseException):
    """Ends a test's run as a kill would."""


class MemoryBoard:
    """A review server in memory; ``before`` is called with the name of each call and may raise."""

    url = "memory:"

    def __init__(self, before: Callable[[str], None] | None = None) -> None:
        self.before = before or (lambda _: None)
        self.after: Callable[[str], None] = lambda _: None
        self.made: dict[str, int] = {}
        self.configs: dict[int, str] = {}
        self.held: dict[int, list[dict[str, Any]]] = {}
        self.users: dict[int, tuple[str, ...]] = {}
        self.next_id = 1
        self.lists = 0
        self.fetched = 0

    def _id(self) -> int:
        self.next_id += 1
        return self.next_id

    def projects(self) -> dict[str, int]:
        self.before("projects")
        return dict(self.made)

    def create(self, mark: str, title: str, config: str, instruction: str) -> int:
        self.before("create")
        number = self._id()
        self.made[mark], self.held[number], self.configs[number] = number, [], config
        assert len(title) <= 50
        self.after("create")
        return number

    def tasks(self, project: int) -> list[BoardTask]:
        self.before("tasks")
        self.lists += 1
        return [
            BoardTask(one["id"], one["data"][KEY], bool(one["annotations"]), str(one["annotations"]))
            for one in self.held[project]
        ]

    def count(self, project: int) -> int:
        self.before("count")
        return len(self.held[project])

    def add(self, project: int, tasks: Sequence[dict[str, Any]]) -> None:
        self.before("add")
        for one in tasks:
            self.held[project].append({"id": self._id(), **copy.deepcopy(one), "annotations": []})
        self.after("add")

    def remove(self, task: int) -> None:
        for held in self.held.values():
            held[:] = [one for one in held if one["id"] != task]

    def export(self, project: int, tasks: Sequence[int]) -> list[dict[str, Any]]:
        self.before("export")
        self.fetched += len(tasks)
        return copy.deepcopy([one for one in self.held[project] if one["id"] in set(tasks)])

    def people(self) -> dict[int, tuple[str, ...]]:
        return dict(self.users)

    def every_task(self) -> list[dict[str, Any]]:
        """All tasks of all projects."""
        return [one for held in self.held.values() for one in held]

    def annotate(self, task: dict[str, Any], user: int, results: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        """Add an annotation to a task."""
        at = f"2026-01-01T00:00:{self._id() % 60:02d}.{self.next_id:06d}Z"
        made = {"id": self._id(), "completed_by": user, "result": results, "created_at": at, "updated_at": at}
        added: dict[str, Any] = {**made, "lead_time": 12.5, "was_cancelled": False, **more}
        task["annotations"].append(added)
        return added


def unreachable() -> UserError:
    """The error of a server that does not answer."""
    return UserError(Problem("server-unreachable", "no answer"))


def chosen(name: str, value: str) -> dict[str, Any]:
    """Return one chosen value, as Label Studio writes it."""
    return {"id": name, "from_name": name, "to_name": "target", "type": "choices", "value": {"choices": [value]}}


def typed(name: str, text: str) -> dict[str, Any]:
    """Return one typed text."""
    return {"id": name, "from_name": name, "to_name": "target", "type": "textarea", "value": {"text": [text]}}


def marked(start: int, end: int, text: str, label: str, severity: str | None = None) -> list[dict[str, Any]]:
    """Return one marked place with its severity."""
    value = {"start": start, "end": end, "text": text}
    name = f"m{start}"
    found = [
        {"id": name, "from_name": "marks", "to_name": "target", "type": "labels", "value": {**value, "labels": [label]}}
    ]
    if severity:
        told = {**value, "choices": [severity]}
        found.append({"id": name, "from_name": "mark_severity", "to_name": "target", "type": "choices", "value": told})
    return found
