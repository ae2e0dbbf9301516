"""What reviewers get: the page and the tasks of one group, of items or of two versions side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from benchwright.builder.review.axes import Axis
from benchwright.builder.review.comparing.page import PAIR_INSTRUCTION, pair_config, pair_task
from benchwright.builder.review.comparing.pairs import ids_of, is_pair, pair_hash
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.form import Shape, config_of, instruction_of, shape_of
from benchwright.builder.review.taskdata import Material, task_of

__all__ = ["Page", "groups_of", "page_of", "shown_pairs"]

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """The tasks of one round, language and reviewer, and the page that shows them."""

    shape: Shape
    tasks: list[dict[str, Any]]
    paired: bool

    def config(self, axes: Sequence[Axis]) -> str:
        """Return the labelling config."""
        return pair_config(self.shape, axes) if self.paired else config_of(self.shape, axes)

    def instruction(self, axes: Sequence[Axis]) -> str:
        """Return the instruction."""
        return PAIR_INSTRUCTION if self.paired else instruction_of(axes)


def groups_of(tasks: pl.DataFrame) -> Iterator[tuple[tuple[int, str, str], pl.DataFrame]]:
    """Yield round, language and reviewer with their tasks: one project each, so that nobody sees another's verdicts."""
    for name, some in sorted(tasks.group_by(["round", "language", "reviewer"]), key=lambda pair: pair[0]):
        yield (int(str(name[0])), str(name[1]), str(name[2])), some.sort("task")


def page_of(folder: ReviewFolder, some: pl.DataFrame, language: str, material: Material, shown: Sequence[str]) -> Page:
    """Return the page of one group; a round holds either items or pairs."""
    if some.height and is_pair(str(some["item_id"][0])):
        pairs = shown_pairs(folder, some)
        shape = _shape([row for both in pairs.values() for row in both], language, material, ())
        rows = some.iter_rows(named=True)
        return Page(shape, [pair_task(row, *pairs[row["task"]], shape, material) for row in rows], paired=True)
    items = _items(folder, some)
    shape = _shape(list(items.values()), language, material, shown)
    made = [task_of(row, items[row["role"], row["item_id"]], shape, material) for row in some.iter_rows(named=True)]
    return Page(shape, made, paired=False)


def shown_pairs(folder: ReviewFolder, tasks: pl.DataFrame) -> dict[str, tuple[Row, Row]]:
    """Return the two versions of each task of a pair, in the order in which they are shown."""
    wanted = [(row["task"], row["text_hash"], ids_of(row["item_id"])) for row in tasks.iter_rows(named=True)]
    names = sorted({name for _, _, both in wanted for name in both})
    by_id: dict[str, list[Row]] = {}
    for row in folder.shown().filter(pl.col("id").is_in(names)).iter_rows(named=True):
        by_id.setdefault(row["id"], []).append(row)
    found: dict[str, tuple[Row, Row]] = {}
    for task, text_hash, (one, two) in wanted:
        # An item that changed between two rounds was shown with several texts.
        for first in by_id.get(one, ()):
            for second in by_id.get(two, ()):
                if pair_hash(first["hashes"]["text_hash"], second["hashes"]["text_hash"]) == text_hash:
                    found[task] = (first, second)
    return found


def _items(folder: ReviewFolder, tasks: pl.DataFrame) -> dict[tuple[str, str], Row]:
    """Return the rows of the items by role and id: seeded errors have rows of their own."""
    wanted = tasks["item_id"].unique().implode()
    hashes = tasks.select("item_id", "text_hash").unique()
    now = pl.col("hashes").struct.field("text_hash").alias("text_hash")
    found: dict[tuple[str, str], Row] = {}
    for seeds, roles in ((False, ("item", "repeat", "adjudication")), (True, ("seed",))):
        some = folder.shown(seeds=seeds).filter(pl.col("id").is_in(wanted)).with_columns(now)
        rows = some.join(hashes, left_on=["id", "text_hash"], right_on=["item_id", "text_hash"], how="semi")
        for row in rows.iter_rows(named=True):
            for role in roles:
                found[role, row["id"]] = row
    return found


def _shape(rows: Sequence[Row], language: str, material: Material, shown: Sequence[str]) -> Shape:
    source = next((material.sources[row["id"]] for row in rows if row["id"] in material.sources), None)
    shape = shape_of(rows, language, source["language"] if source else None, shown)
    crops = "image" in shown and any(row["id"] in material.crops for row in rows)
    return replace(shape, picture=shape.picture or crops)
