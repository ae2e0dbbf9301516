"""The demonstration: what `make demo` shows on a fresh machine."""

from __future__ import annotations

import polars as pl
import pytest

from tests.conftest import Demo

pytestmark = pytest.mark.slow

MOST_SECONDS = 120
"""`make demo` has three minutes; the environment takes under one of them."""


def test_demo_succeeds_and_names_report_and_release(demo: Demo) -> None:
    assert demo.code == 0, demo.output
    assert str(demo.folder / "build/report.html") in demo.output
    assert str(demo.folder / "release/1.0.0") in demo.output
    assert (demo.folder / "build/report.html").is_file()
    assert (demo.folder / "release/1.0.0/README.md").is_file()


def test_demo_finds_every_planted_error(demo: Demo) -> None:
    assert demo.code == 0, demo.output
    assert "missed" not in demo.output.lower().replace("0 missed", "")


def test_demo_is_quick(demo: Demo) -> None:
    assert demo.seconds < MOST_SECONDS


def test_demo_says_that_the_gate_was_shut(demo: Demo) -> None:
    assert "gate not met" in demo.output


def test_ledger_of_the_demo_balances(demo: Demo) -> None:
    ledger = pl.read_parquet(demo.folder / "build/ledger.parquet").filter(pl.col("event") == "count")
    assert ledger.height > 0
    out = pl.col("rows_out") + pl.col("rows_rejected") + pl.col("rows_merged")
    assert ledger.filter(pl.col("rows_in") != out).height == 0
