"""Shares with intervals: what each check found in each language, and six criteria for each dataset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from benchwright.builder._intervals import wilson
from benchwright.builder.report._tables import Tables

__all__ = ["CRITERIA", "LIMIT", "Criterion", "check_cells", "criteria_of", "loud_items"]

LIMIT: Final = 0.02
"""Share of items with a major or critical finding that a criterion allows."""
_LOUD: Final = ("major", "critical")


@dataclass(frozen=True)
class Criterion:
    """One question about a dataset, and the codes whose findings answer it."""

    name: str
    question: str
    codes: tuple[str, ...]
    """Codes or beginnings of codes."""
    needs_source: bool = False


CRITERIA: Final = (
    Criterion(
        "keys",
        "Is there one usable key, the same in every language?",
        ("S0", "S511", "G101", "G104", "G105", "C103", "C15", "T6"),
    ),
    Criterion("items", "Are stems, options and pictures whole?", ("S1", "S2", "S3", "S4", "G102", "G106", "C102")),
    Criterion("fairness", "Does nothing but knowledge lead to the answer?", ("S50", "S512")),
    Criterion("language", "Is every text in the language that it says, and written as people write it?", ("L",)),
    Criterion("faithfulness", "Does every translation ask the same as its source?", ("T",), needs_source=True),
    Criterion(
        "documents",
        "Is it complete, described, and free of personal data?",
        ("C101", "C111", "C12", "C13", "R", "P", "G103"),
    ),
)
"""Our own six; published audits of datasets ask people about correctness, grammar, coherence, terms and culture, which
no rule can answer: what a criterion sees stands on the pages of its codes."""


def loud_items(tables: Tables) -> pl.DataFrame:
    """Return ``id``, ``code`` of every unwaived major or critical finding; one about a group counts for its items."""
    loud = tables.findings.filter(pl.col("severity").is_in(_LOUD) & ~pl.col("waived"))
    own = loud.filter(pl.col("scope").is_in(["item", "pair"])).select(pl.col("item_id").alias("id"), "code")
    grouped = (
        loud.filter(pl.col("scope") == "group")
        .select(pl.col("subject").alias("group"), "code")
        .join(tables.items.select("id", "group"), on="group")
        .select("id", "code")
    )
    return pl.concat([own, grouped]).unique()


def check_cells(tables: Tables) -> list[dict[str, Any]]:
    """Return one row per code and language with findings, the worst share first.

    ``code``, ``title``, ``language``, ``n`` (items of the language), ``flagged``, ``share``, ``low``, ``high`` (95 %
    interval of Wilson 1927). Only unwaived major and critical findings count.
    """
    from benchwright.audits import audit_codes

    titles = {code.code: code.title for code in audit_codes()}
    languages = tables.items.select("id", "language")
    sizes = dict(languages.group_by("language").len().iter_rows())
    counts = (
        loud_items(tables)
        .join(languages, on="id")
        .group_by("code", "language")
        .agg(pl.col("id").n_unique().alias("flagged"))
    )
    rows = [
        _cell({"code": code, "title": titles.get(code, ""), "language": language}, flagged, sizes[language])
        for code, language, flagged in counts.iter_rows()
    ]
    return sorted(rows, key=lambda row: (-row["low"], -row["share"], row["code"], row["language"]))


def criteria_of(tables: Tables) -> list[dict[str, Any]]:
    """Return one row per dataset and criterion, with a verdict.

    A criterion is ``met`` when at most :data:`LIMIT` of the items fail and so says the upper end of the interval,
    ``not met`` when the lower end is above it, else ``open``: more items, or people, have to decide.
    ``not checked`` where nothing could be compared.
    """
    datasets = tables.items.select("id", pl.col("exam").struct.field("code").alias("dataset"))
    loud = loud_items(tables).join(datasets, on="id")
    rows = []
    for dataset, size in sorted(datasets.group_by("dataset").len().iter_rows()):
        for criterion in CRITERIA:
            own = loud.filter((pl.col("dataset") == dataset) & _of(criterion.codes))
            base = {"dataset": dataset, "criterion": criterion.name, "question": criterion.question}
            row = _cell(base, own["id"].n_unique(), size)
            seen = not criterion.needs_source or tables.has_sources
            codes = own.group_by("code").len().sort("len", "code", descending=[True, False])["code"].head(5)
            rows.append({**row, "verdict": _verdict(row) if seen else "not checked", "codes": codes.to_list()})
    return rows


def _of(codes: Iterable[str]) -> pl.Expr:
    return pl.any_horizontal([pl.col("code").str.starts_with(code) for code in codes])


def _cell(named: dict[str, Any], flagged: int, n: int) -> dict[str, Any]:
    low, high = wilson(flagged, n) or (0.0, 1.0)
    return {**named, "n": n, "flagged": flagged, "share": flagged / n if n else 0.0, "low": low, "high": high}


def _verdict(row: dict[str, Any]) -> str:
    if row["high"] <= LIMIT:
        return "met"
    return "not met" if row["low"] > LIMIT else "open"
