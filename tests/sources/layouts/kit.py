"""What tests of layouts have in common: files on disk, items read back, and how an item is shown."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl

from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame
from benchwright.schemas.tables import Reject
from benchwright.sources import IntakeOptions, guess_layout, shipped_layouts, take_in
from benchwright.sources._layouts.model import Layout
from tests.sources.layouts.bank import FIXTURES, Case
from tests.sources.layouts.shapes import SHAPES
from tests.sources.layouts.tables_1 import TABLES_1
from tests.sources.layouts.tables_2 import TABLES_2
from tests.sources.layouts.tables_3 import TABLES_3

__all__ = ["CASES", "Read", "read", "shown", "written"]

CASES = [*TABLES_1, *TABLES_2, *TABLES_3, *SHAPES]
Read = tuple[Layout, list[Item], list[Reject], int]


def written(case: Case, folder: Path = FIXTURES) -> Path:
    """Write the files of a case under a folder and return the first."""
    path = folder / case.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(case.data())
    for name, data in case.beside.items():
        (path.parent / name).write_bytes(data())
    return path


def read(path: Path, name: str, scratch: Path, options: IntakeOptions | None = None, media: Path | None = None) -> Read:
    """Read a file as its layout is told; return layout, items in the order of the file, rejects, and records."""
    guess = guess_layout(path, name, shipped_layouts().values())
    intake = take_in(path, name, guess.chosen.layout, options)
    parts = list(intake.parts((scratch / f"{n}.arrow" for n in itertools.count()), 1, media))
    frames = [pl.read_ipc(part.path) for part in parts]
    items = [item for frame in frames for item in from_frame(frame, Item)]
    items.sort(key=lambda item: (item.provenance[0].row or 0, item.origin != "native"))
    rejects = [reject for part in parts for reject in part.rejects]
    return intake.layout, items, rejects, sum(part.records for part in parts)


def shown(item: Item, names: Sequence[str]) -> dict[str, Any]:
    """Return fields of an item by simple names; a name that is none is a taxonomy, with its label's value."""
    simple: dict[str, Any] = {
        "config": unquote(item.group.split("/")[1]),
        "edition": item.exam.edition,
        "part": item.exam.part,
        "profession": item.exam.profession,
        "points": item.exam.points,
        "origin": item.origin,
        "origin_language": item.origin_language,
        "kind": item.kind,
        "status": item.key.status,
        "accepted": item.key.accepted,
        "label": item.options[0].label if item.options else None,
        "context": item.context.text if item.context else None,
        "rationale": item.rationales[0].text if item.rationales else None,
        "needs_image": item.needs_image,
        "media": [one.sha256 for one in item.media],
        "share": item.human.share_correct if item.human else None,
        "shares": tuple(one.share for one in item.human.distribution) if item.human else (),
        "prohibited": tuple(one.id for one in item.options if one.prohibited),
    }
    labels = {label.taxonomy: label.value for label in item.labels}
    return {name: simple[name] if name in simple else labels.get(name) for name in names}


if __name__ == "__main__":
    for each in CASES:
        written(each)
