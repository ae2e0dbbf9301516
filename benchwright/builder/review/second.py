"""Conflicts as tasks for one more reviewer, who settles them on the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from benchwright.builder.review.assigning import with_pseudonyms
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.records import PlannedTask, Reviewer
from benchwright.schemas.rows import to_frame
from benchwright.schemas.text import sha256_of

__all__ = ["plan_second"]


def plan_second(folder: ReviewFolder, conflicts: Sequence[Mapping[str, Any]], name: str) -> int:
    """Plan one task for each item that reviewers are divided about; return how many are new.

    The verdicts of these tasks decide, and do not count in agreement.

    Raises:
        UserError: ``review-plan-wrong``.
    """
    people = with_pseudonyms([Reviewer(name=name)], folder.reviewers())
    who = people[0].pseudonym
    there = folder.tasks()
    planned = there.filter(pl.col("role") == "item").unique(["item_id", "text_hash", "round"], keep="first")
    rows = {(row["item_id"], row["text_hash"], row["round"]): row for row in planned.iter_rows(named=True)}
    made = []
    for one in sorted({(one["item_id"], one["text_hash"], one["round"]) for one in conflicts}):
        row = rows.get(one)
        if row is not None:
            key = sha256_of([*one, who, "adjudication"])[:16]
            made.append(PlannedTask.model_validate({**row, "task": key, "reviewer": who, "role": "adjudication"}))
    new = to_frame([one for one in made if one.task not in set(there["task"])], PlannedTask)
    folder.write_reviewers(people)
    folder.add_tasks(new)
    return new.height
