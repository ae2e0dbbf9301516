"""One part of a scoring after the other: its fields with all their texts, and later its numbers, lie on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchwright.audits import pair_items, risk
from benchwright.builder._stretches import put_aside, stretch
from benchwright.builder.score._collect import Collected
from benchwright.builder.score._metric import Info, Metric
from benchwright.builder.score._numbers import Numbers
from benchwright.builder.score._rows import ROWS, rows_of
from benchwright.builder.score._shards import measured
from benchwright.builder.score._table import (
    SKIPPED,
    disagreement_scores,
    field_scores,
    item_scores,
    skipped_of,
    span_findings,
)
from benchwright.builder.score.facts import FACTS, FACTS_SIGNATURE, fact_agreement
from benchwright.schemas.item import Item
from benchwright.schemas.plugins import AuditContext
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Finding, Score

if TYPE_CHECKING:
    from benchwright.builder.score._plan import Plan

__all__ = ["ABOUT", "Parts"]

_ITEMS = table_schema(Item)
_SCORES = table_schema(Score)
_FINDINGS = table_schema(Finding)
_SIDES = ("items", "sources", "back", "reference")
_IDS = pl.Schema({"id": pl.String, "group": pl.String})
ABOUT = pl.Schema(dict.fromkeys(("item_id", "group", "language", "engine", "text_hash"), pl.String()))
_DIGITS = "0123456789abcdef"
Tick = Callable[[str, int, int, str], None]


@dataclass
class Parts:
    """The parts of a run in a folder."""

    folder: Path
    plan: Plan
    infos: list[Info] = field(default_factory=list)
    signatures: dict[str, dict[str, str]] = field(default_factory=dict)
    """By metric and language."""
    fields: int = 0
    files: int = 0
    _starts: list[int] = field(default_factory=list)

    def meet(self, *, facts: bool) -> None:
        """Bring the texts of each field together, and compare facts while whole items are at hand."""
        for part in range(self.plan.parts):
            items, sources, back, reference = (stretch(self.folder, f"{side}-{part}", _ITEMS) for side in _SIDES)
            rows = rows_of(items, sources, back, reference)
            self.fields += rows.height
            put_aside(rows, self.folder, f"rows-{part}", 0)
            put_aside(items.select("id", "group").unique("id").sort("id"), self.folder, f"ids-{part}", 0)
            if facts:
                self._compare(part, items, sources, back, rows)
            for side in _SIDES:
                for path in self.folder.glob(f"{side}-{part}-*.arrow"):
                    path.unlink()

    def tell_facts(self) -> None:
        """Count the facts among what was measured, behind all metrics."""
        self.infos.append(FACTS)
        self.signatures[FACTS.name] = {"": FACTS_SIGNATURE}

    def _compare(
        self, part: int, items: pl.DataFrame, sources: pl.DataFrame, back: pl.DataFrame, rows: pl.DataFrame
    ) -> None:
        if back.height:
            pairs = pair_items(items.lazy(), AuditContext(sources=sources.lazy())).collect()
            result = fact_agreement(items, sources, back, rows, dict(pairs.iter_rows()))
            put_aside(result.scores, self.folder, f"scores-{part}", 0)
            put_aside(result.findings, self.folder, f"findings-{part}", 0)
        lacking = rows.with_columns(pl.lit(None, dtype=pl.String).alias("reason"))
        put_aside(skipped_of(lacking, FACTS), self.folder, f"skipped-{part}", 0)

    def measure(self, metric: Metric, numbers: Numbers, shard_rows: int, tick: Tick | None) -> None:
        """Measure the fields of all parts, and keep their numbers."""
        info = metric.info
        self.infos.append(info)
        heights = dict(self.plan.items.group_by("part").len().iter_rows())
        total, done = self.plan.items.height, 0
        for part in range(self.plan.parts):
            rows = stretch(self.folder, f"rows-{part}", ROWS)
            for language, own in _by_language(rows, info):

                def told(few: int, many: int, at: int = done, size: int = heights[part], tag: str = language) -> None:
                    if tick:
                        tick(info.name, at + size * few // max(1, many), total, tag)

                complete = own.filter(pl.all_horizontal(pl.col(one).is_not_null() for one in info.columns))
                made = measured(complete, metric, language, numbers, shard_rows=shard_rows, tick=told)
                found = made.select("item_id", "field", "value", "reason", "spans")
                self._keep(part, own.join(found, on=["item_id", "field"], how="left"), metric, language)
            done += heights[part]
        if tick:
            tick(info.name, total, total, "")

    def _keep(self, part: int, rows: pl.DataFrame, metric: Metric, language: str) -> None:
        self.signatures.setdefault(metric.info.name, {})[language] = metric.signature(language)
        self.files += 1
        put_aside(field_scores(rows, metric, language), self.folder, f"scores-{part}", self.files)
        put_aside(skipped_of(rows, metric.info), self.folder, f"skipped-{part}", self.files)
        put_aside(span_findings(rows, metric, language), self.folder, f"findings-{part}", self.files)

    def about(self, part: int) -> pl.DataFrame:
        """Return the items of a part that have a source, sorted by id."""
        rows = stretch(self.folder, f"rows-{part}", ROWS)
        return rows.select(ABOUT.names()).unique("item_id").sort("item_id")

    def skipped(self, part: int) -> pl.DataFrame:
        """Return the fields of a part that have no number."""
        return stretch(self.folder, f"skipped-{part}", SKIPPED).sort("item_id", "field", "name")

    def collected(self) -> Collected:
        """Return the numbers of all items."""
        found = Collected()
        for part in range(self.plan.parts):
            of_fields = stretch(self.folder, f"scores-{part}", _SCORES)
            found.add(item_scores(of_fields, self.infos), self.about(part))
        return found

    def scores(self, part: int, apart: pl.DataFrame) -> pl.DataFrame:
        """Return all scores of a part, sorted.

        Args:
            part: its number.
            apart: ``item_id``, the place among all items, and ``value``: how far the metrics disagree.
        """
        of_fields = stretch(self.folder, f"scores-{part}", _SCORES)
        of_items = item_scores(of_fields, self.infos)
        about = self.about(part)
        places = about.select("item_id").with_row_index("place", offset=self._first(part))
        named = apart.rename({"item_id": "place"}).join(places, on="place")
        findings = stretch(self.folder, f"findings-{part}", _FINDINGS)
        ranked = risk(stretch(self.folder, f"ids-{part}", _IDS), findings)
        told = (of_fields, of_items, disagreement_scores(named, self.infos), ranked)
        scores = pl.concat([one.select(_SCORES.names()) for one in told])
        return scores.sort("item_id", "name", "field", nulls_last=False)

    def _first(self, part: int) -> int:
        if not self._starts:
            heights = [self.about(one).height for one in range(self.plan.parts)]
            self._starts = list(accumulate(heights, initial=0))
        return self._starts[part]

    def findings(self) -> Iterator[pl.DataFrame]:
        """Yield the findings of all parts, sorted by their ids; ids begin with one of sixteen digits."""
        paths = sorted(self.folder.glob("findings-*.arrow"))
        for digit in _DIGITS:
            own = [pl.scan_ipc(path).filter(pl.col("finding_id").str.starts_with(digit)) for path in paths]
            yield pl.concat([pl.LazyFrame(schema=_FINDINGS), *own]).collect().sort("finding_id")


def _by_language(rows: pl.DataFrame, info: Info) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the rows of each language that a metric compares in."""
    compared = "source_language" if "source" in info.columns and "target" not in info.columns else "language"
    for (language,), part in sorted(rows.partition_by(compared, as_dict=True).items()):
        yield str(language), part
