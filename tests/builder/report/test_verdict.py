"""The verdict of a report: shares with intervals, criteria, plots, tables for papers."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest

from benchwright.audits import risk, run_audits
from benchwright.builder.report._papers import as_csv, as_latex
from benchwright.builder.report._plots import risk_plots, severity_plot
from benchwright.builder.report._tables import Tables, sources_by_item
from benchwright.builder.report._verdict import check_cells, criteria_of
from benchwright.schemas import Item, Key
from benchwright.schemas.plugins import AuditContext
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import LedgerEntry, Reject
from tests.audits.clean import item, table

BAD_KEY = Key(status="official", answers=(("Z",),))


def tables(items: list[Item], sources: list[Item] | None = None) -> Tables:
    frame = table(items).collect()
    given = table(sources) if sources else None
    findings = run_audits(frame.lazy(), AuditContext(sources=given), select=("S",)).findings
    return Tables(
        frame,
        pl.DataFrame(schema=table_schema(Reject)),
        findings,
        risk(frame, findings),
        pl.DataFrame(schema=table_schema(LedgerEntry)),
        sources=None if given is None else given.collect(),
        source_of=sources_by_item(frame, None if given is None else given.collect()),
    )


def broken(count: int, bad: int) -> list[Item]:
    return [item(n, key=BAD_KEY) if n <= bad else item(n) for n in range(1, count + 1)]


def test_cell_counts_items_and_carries_an_interval() -> None:
    (cell,) = [one for one in check_cells(tables(broken(50, 5))) if one["code"] == "S002"]
    assert (cell["n"], cell["flagged"], cell["language"]) == (50, 5, "es")
    # Wilson's interval of 5 in 50, as in Brown, Cai and DasGupta (2001): 0.0435 to 0.2136.
    assert cell["low"] == pytest.approx(0.0435, abs=5e-4)
    assert cell["high"] == pytest.approx(0.2136, abs=5e-4)


@pytest.mark.parametrize(("count", "bad", "verdict"), [(400, 0, "met"), (40, 0, "open"), (40, 12, "not met")])
def test_verdict_needs_enough_items(count: int, bad: int, verdict: str) -> None:
    rows = {one["criterion"]: one for one in criteria_of(tables(broken(count, bad)))}
    assert rows["keys"]["verdict"] == verdict
    assert rows["faithfulness"]["verdict"] == "not checked"


def test_faithfulness_is_checked_where_there_is_a_source() -> None:
    sources = [item(n) for n in range(1, 41)]
    rows = criteria_of(tables([item(n, "en") for n in range(1, 41)], sources))
    assert {one["criterion"]: one["verdict"] for one in rows}["faithfulness"] == "open"


def test_every_dataset_has_its_row() -> None:
    other = [
        one.replace(
            group=one.group.replace("ex/", "zz/"),
            id=one.id.replace("ex/", "zz/"),
            exam={**one.exam.model_dump(), "code": "zz"},
        )
        for one in broken(10, 0)
    ]
    assert {one["dataset"] for one in criteria_of(tables([*broken(10, 0), *other]))} == {"ex", "zz"}


def test_plots_say_what_they_show() -> None:
    made = tables(broken(50, 5))
    (plot,) = risk_plots(made)
    assert plot.name == "es"
    assert plot.words.startswith("50 items, median risk 0.000, 5 with risk 0.5 or more")
    assert sum(int(bar.title.split(": ")[1].split()[0]) for bar in plot.bars) == 50
    (bars,) = severity_plot(made)
    assert "5 critical" in bars.words


def test_no_items_give_empty_verdict() -> None:
    made = tables([])
    assert check_cells(made) == []
    assert criteria_of(made) == []
    assert risk_plots(made) == []


def test_tables_for_papers_are_safe_and_read_back() -> None:
    rows = [{"code": "=cmd()", "title": "50 % & more_of {it}", "share": 0.125, "codes": ["A", "B"]}]
    columns = ("code", "title", "share", "codes")
    (read,) = csv.DictReader(io.StringIO(as_csv(columns, rows)))
    assert read == {"code": "'=cmd()", "title": "50 % & more_of {it}", "share": "0.125", "codes": "A B"}
    text = as_latex(columns, rows)
    assert r"50 \% \& more\_of \{it\}" in text
    assert "12.50" in text
