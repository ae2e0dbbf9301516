"""Papers of many kinds of question, from `new` to `build`: what the tests of kinds share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
from reportlab.pdfgen.canvas import Canvas

from benchwright.builder.new import new_project
from benchwright.builder.run import run_build
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, PrintItem
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam

__all__ = ["Built", "build", "changed", "exam", "printed_key", "sentence"]


@dataclass(frozen=True)
class Built:
    """The tables of a build."""

    items: list[dict[str, Any]]
    rejects: list[dict[str, Any]]

    def each(self, name: str) -> list[Any]:
        """One field of all items."""
        return [item[name] for item in self.items]

    def answers(self) -> list[list[list[str]]]:
        """The complete correct responses of all items."""
        return [item["key"]["answers"] for item in self.items]

    def options(self) -> list[list[str]]:
        """The texts of the options of all items."""
        return [[option["text"] for option in item["options"]] for item in self.items]

    def reasons(self) -> set[str]:
        """Why anything was refused."""
        return {reject["reason"] for reject in self.rejects}


def exam(language: str = "en", count: int = 8, *, seed: int = 5, options: int = 4, keyed: bool = True) -> PrintExam:
    """A made-up exam of one part."""
    made = random_exam(seed, language, count, options=(options, options))
    return made if keyed else changed(made, lambda item: replace(item, key=None))


def changed(made: PrintExam, change: Callable[[PrintItem], PrintItem], **fields: Any) -> PrintExam:
    """The exam with each item changed."""
    return replace(made, items=tuple(change(item) for item in made.items), **fields)


def sentence(number: int) -> str:
    """A sentence that no other question has."""
    names = ("heron", "lantern", "harbour", "violin", "glacier", "orchard", "compass", "meadow", "anvil", "ferry")
    return f"The {names[number % 10]} of row {number} shows it beyond any doubt."


def build(
    folder: Path,
    made: PrintExam | None,
    layout: Layout | None = None,
    *,
    keys: bool = True,
    more: Callable[[Path], object] | None = None,
) -> Built:
    """Print the exam, take it from `new` to `build`, and return its tables.

    Args:
        folder: an empty folder, or one with raw files in ``raw``.
        made: the exam; None when ``more`` writes all files.
        layout: how it is printed.
        keys: whether key files are printed too.
        more: writes further raw files.
    """
    raw = folder / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    if made is not None:
        print_exam(made, layout or Layout(), raw, with_keys=keys)
        (raw / "truth.json").unlink()
    if more is not None:
        more(raw)
    new_project(folder / "project", [raw])
    run_build(folder / "project", jobs=1)
    tables = folder / "project" / "build"
    items = pl.read_parquet(tables / "items.parquet").to_dicts()
    order = sorted(items, key=lambda item: (item["language"], item["exam"]["part"], int(item["exam"]["number"])))
    return Built(order, pl.read_parquet(tables / "rejects.parquet").to_dicts())


def printed_key(rows: Sequence[str], *, title: str = "Answer key") -> Callable[[Path], object]:
    """A key file with one line for each row."""

    def write(raw: Path) -> None:
        page = Canvas(str(raw / "key.pdf"), pagesize=(595, 842))
        height = 780.0
        page.drawString(60, height, title)
        for row in rows:
            height -= 17
            if height < 60:
                page.showPage()
                height = 780.0
            page.drawString(60, height, row)
        page.save()

    return write
