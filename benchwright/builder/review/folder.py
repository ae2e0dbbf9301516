"""The folder of one review: its plans, tasks, reviewers, verdicts and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from benchwright.builder.review.records import PlannedTask, Reviewer, ReviewPlan
from benchwright.builder.store import read_json, write_json, write_table
from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.tables import Decision, Verdict

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ReviewFolder", "empty_table"]


@dataclass(frozen=True)
class ReviewFolder:
    """Paths of one review, and its tables; a table that is not there is empty."""

    root: Path

    @property
    def verdicts(self) -> Path:
        """The verdicts of all rounds."""
        return self.root / "verdicts.parquet"

    @property
    def decisions(self) -> Path:
        """What became of the verdicts."""
        return self.root / "decisions.parquet"

    @property
    def people(self) -> Path:
        """Names and pseudonyms: the only file that says who is who."""
        return self.root / "private" / "reviewers.json"

    def shown(self, *, seeds: bool = False) -> pl.DataFrame:
        """Return the items as they were shown in all rounds; the damaged ones where asked."""
        return self.table("seeds.parquet" if seeds else "shown.parquet", Item)

    def add_shown(self, items: pl.DataFrame, *, seeds: bool = False) -> None:
        """Keep items as they are shown, beside those of earlier rounds."""
        import polars as pl

        there = self.shown(seeds=seeds)
        both = pl.concat([there, items.select(there.columns)])
        hashes = pl.col("hashes").struct
        both = both.with_columns(hashes.field("text_hash").alias("_t"), hashes.field("key_hash").alias("_k"))
        kept = both.unique(["id", "_t", "_k"], keep="first", maintain_order=True).sort("id", "_t", "_k")
        write_table(self.root / ("seeds.parquet" if seeds else "shown.parquet"), kept.drop("_t", "_k"))

    @property
    def journal(self) -> Path:
        """Which projects of a server hold which tasks."""
        return self.root / "pushed.json"

    def plans(self) -> list[ReviewPlan]:
        """Return the plans of all rounds, in order."""
        found = sorted(self.root.glob("plan-*.json"), key=lambda path: int(path.stem.partition("-")[2]))
        return [ReviewPlan.model_validate(read_json(path)) for path in found]

    def write_plan(self, plan: ReviewPlan) -> Path:
        """Write the plan of one round."""
        path = self.root / f"plan-{plan.round}.json"
        write_json(path, plan.model_dump(mode="json"))
        return path

    def table(self, name: str, record: type[BaseModel]) -> pl.DataFrame:
        """Return a table of this folder."""
        path = self.root / name
        if not path.is_file():
            return empty_table(record)
        import polars as pl

        from benchwright.schemas.rows import check_columns

        frame = pl.read_parquet(path)
        check_columns(frame.schema, record, file=str(path))
        return frame

    def tasks(self) -> pl.DataFrame:
        """Return the tasks of all rounds.

        Raises:
            NotFoundError: nothing was planned here.
        """
        if not (self.root / "tasks.parquet").is_file():
            raise NotFoundError(
                Problem(
                    "file-not-found",
                    "there is no review here",
                    str(self.root / "tasks.parquet"),
                    expected="the folder of a review",
                    remedy="`benchwright review push` plans one; --folder names another",
                )
            )
        return self.table("tasks.parquet", PlannedTask)

    def add_tasks(self, tasks: pl.DataFrame) -> None:
        """Write the tasks of one more round beside those that are there."""
        import polars as pl

        there = self.table("tasks.parquet", PlannedTask)
        write_table(self.root / "tasks.parquet", pl.concat([there, tasks]).unique("task", keep="first").sort("task"))

    def reviewers(self) -> list[Reviewer]:
        """Return everybody who was ever on the list."""
        data: Any = read_json(self.people)
        return [Reviewer.model_validate(one) for one in data or ()]

    def write_reviewers(self, reviewers: list[Reviewer]) -> None:
        """Write the list, for this user's eyes only, beside a file that keeps it out of version control."""
        there = {one.pseudonym: one for one in self.reviewers()}
        there |= {one.pseudonym: one for one in reviewers}
        write_json(self.people, [one.model_dump(mode="json") for _, one in sorted(there.items())])
        self.people.chmod(0o600)
        ignore = self.people.with_name(".gitignore")
        ignore.write_text("*\n", encoding="utf-8")

    def read_verdicts(self) -> pl.DataFrame:
        """Return the verdicts of all rounds."""
        return self.table("verdicts.parquet", Verdict)

    def read_decisions(self) -> pl.DataFrame:
        """Return the decisions of all rounds."""
        return self.table("decisions.parquet", Decision)


def empty_table(record: type[BaseModel]) -> pl.DataFrame:
    """Return a table without rows."""
    import polars as pl

    from benchwright.schemas.rows import table_schema

    return pl.DataFrame(schema=table_schema(record))
