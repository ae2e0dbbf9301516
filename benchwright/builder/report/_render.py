"""From tables to one HTML file: the parts that need no script are written here, the rest is data for the script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import polars as pl

from benchwright._version import __version__
from benchwright.builder.report._answerplots import answer_plots
from benchwright.builder.report._coverage import CELL_LIMIT, SIGNS, STATES, Part, coverage
from benchwright.builder.report._data import ITEM_LIMIT, finding_rows, item_views, reject_rows
from benchwright.builder.report._pictures import PICTURE_LIMIT, Pictures
from benchwright.builder.report._plots import risk_plots, severity_plot
from benchwright.builder.report._tables import Tables
from benchwright.builder.report._verdict import CRITERIA, LIMIT, check_cells, criteria_of
from benchwright.schemas.languages import language_name
from benchwright.schemas.tables import REJECT_REASONS

__all__ = ["CHANGE_LIMIT", "render"]

CHANGE_LIMIT: Final = 500
VERDICT_LIMIT: Final = 200
"""Rows of the table of checks and languages; all of them stand in checks.csv."""
ABSENT_LIMIT: Final = 200
"""Numbers without an item that are listed under the grid of one part."""
_SEVERITIES: Final = ("critical", "major", "minor", "info")
_FILE_COLUMNS: Final = ("file", "role", "language", "expected", "found", "keyed", "figures", "rejected", "doubts")


def render(tables: Tables, facts: Mapping[str, Any], pictures: Pictures, raw_link: str | None) -> str:
    """Return the report as one HTML document without any reference outside itself.

    The same tables and facts give the same text; nothing in it depends on clock, machine or path.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("benchwright.builder.report", "_template")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    items, left_out = item_views(tables, pictures)
    parts = coverage(tables, {one["group"]: one["reason"] for one in facts.get("excused") or ()})
    data = {
        "findings": finding_rows(tables),
        "items": items,
        "pictures": pictures.draw(),
        "rejects": reject_rows(tables),
        "titles": _titles(),
        "raw": raw_link,
    }
    return environment.get_template("report.html.j2").render(
        title=facts.get("title") or ", ".join(tables.items["exam"].struct.field("code").unique().sort()) or "no items",
        version=__version__,
        tiles=_tiles(tables, parts),
        gate=facts.get("gate"),
        states=STATES,
        signs=SIGNS,
        page_link=partial(_page_link, raw_link),
        absent_limit=ABSENT_LIMIT,
        parts=parts,
        languages={part.language: language_name(part.language) for part in parts},
        cells_left_out=sum(part.total for part in parts) > CELL_LIMIT,
        cell_limit=CELL_LIMIT,
        codes=_codes(tables),
        files=_files(tables, facts),
        counts=_counts(tables),
        changes=_changes(tables),
        change_total=tables.ledger.filter(pl.col("event") != "count").height,
        reasons=_reasons(tables),
        criteria=_by_dataset(criteria_of(tables)),
        criterion_list=CRITERIA,
        criterion_limit=LIMIT,
        cells=check_cells(tables)[:VERDICT_LIMIT],
        plots=[
            ("Risk of the items", risk_plots(tables)),
            ("Findings by severity", severity_plot(tables)),
            *answer_plots(tables),
        ],
        absent=tables.absent,
        items_left_out=left_out,
        item_limit=ITEM_LIMIT,
        picture_limit=PICTURE_LIMIT,
        pictures_left_out=pictures.left_out,
        pictures_failed=pictures.failed,
        severities=_SEVERITIES,
        data=script_json(data),
    )


def _page_link(raw: str | None, file: str | None, page: int | None) -> str | None:
    """Return the address of a page of a raw file, or null where the report lies elsewhere."""
    if raw is None or not file:
        return None
    return f"{raw}/{quote(file)}" + (f"#page={page}" if page else "")


def script_json(value: Any) -> str:
    """Return JSON that may stand inside a script element: no ``<``, ``>``, ``&`` and no line separators in it."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _titles() -> dict[str, str]:
    from benchwright.audits import audit_codes

    return {code.code: code.title for code in audit_codes()}


def _tiles(tables: Tables, parts: Sequence[Part]) -> list[tuple[str, int, str]]:
    """Return name, number and class of the counts on top."""
    open_ones = tables.findings.filter(~pl.col("waived"))
    counts = dict(open_ones.group_by("severity").len().iter_rows())
    status = tables.items["key"].struct.field("status")
    missing = sum(part.counts.get("missing", 0) for part in parts)
    return [
        ("items", tables.items.height, ""),
        ("questions", tables.items["group"].n_unique(), ""),
        ("languages", tables.items["language"].n_unique(), ""),
        ("without key", int((status == "unknown").sum()), ""),
        ("annulled", int((status == "annulled").sum()), ""),
        ("numbers missing", missing, "critical" if missing else ""),
        *((f"{name} findings", counts.get(name, 0), name if counts.get(name) else "") for name in _SEVERITIES),
        ("waived", tables.findings.height - open_ones.height, ""),
        ("rejects", tables.rejects.height, ""),
    ]


def _by_dataset(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the criteria of each dataset, in their order."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["dataset"], []).append(row)
    return grouped


def _codes(tables: Tables) -> list[tuple[str, str, str, int, int]]:
    """Return code, title, worst severity, open findings and waived findings."""
    titles = _titles()
    rank = pl.col("severity").replace_strict({name: place for place, name in enumerate(_SEVERITIES)})
    rows = (
        tables.findings.group_by("code")
        .agg(rank.min().alias("worst"), (~pl.col("waived")).sum().alias("open"), pl.col("waived").sum())
        .sort("worst", "code")
    )
    return [
        (code, titles.get(code, ""), _SEVERITIES[worst], opened, waived)
        for code, worst, opened, waived in rows.iter_rows()
    ]


def _files(tables: Tables, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the file table of the run, or what can be told from the items and rejects alone."""
    given = facts.get("files")
    if given is not None:
        return [{name: row.get(name) for name in _FILE_COLUMNS} for row in given]
    named = tables.items.select(
        pl.col("provenance").list.eval(pl.element().struct.field("file")).list.unique().alias("file"),
        (pl.col("key").struct.field("status") != "unknown").alias("keyed"),
        pl.col("media").list.len().alias("figures"),
    ).explode("file", empty_as_null=False, keep_nulls=False)
    found = named.group_by("file").agg(pl.len().alias("found"), pl.col("keyed").sum(), pl.col("figures").sum())
    refused = tables.rejects.group_by("file").agg(pl.len().alias("rejected"))
    both = found.join(refused, on="file", how="full", coalesce=True).sort("file")
    return [{**dict.fromkeys(_FILE_COLUMNS), **row} for row in both.iter_rows(named=True)]


def _counts(tables: Tables) -> list[dict[str, Any]]:
    """Return the counts of the ledger summed by stage and unit, in the order of the stages."""
    sums = ("rows_in", "rows_out", "rows_rejected", "rows_merged")
    counts = tables.ledger.filter(pl.col("event") == "count")
    summed = counts.group_by("stage", "unit", maintain_order=True).agg(*(pl.col(name).sum() for name in sums))
    return list(summed.iter_rows(named=True))


def _changes(tables: Tables) -> list[dict[str, Any]]:
    columns = ("stage", "event", "subject", "rows_rejected", "unit", "reason", "detail")
    rows = tables.ledger.filter(pl.col("event") != "count").select(columns).head(CHANGE_LIMIT)
    return list(rows.iter_rows(named=True))


def _reasons(tables: Tables) -> list[tuple[str, str, int]]:
    rows = tables.rejects.group_by("reason").len().sort("reason")
    return [(reason, REJECT_REASONS.get(reason, ""), count) for reason, count in rows.iter_rows()]


def raw_link(raw: Path | None, out: Path) -> str | None:
    """Return the way from the report to the raw files where both lie in one project folder, else null."""
    if raw is None or raw.resolve().parent != out.resolve().parent.parent:
        return None
    return f"../{raw.name}"
