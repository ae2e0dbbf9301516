"""The cost on paper follows from the rate that it names."""

from __future__ import annotations

import re

import pytest

from tests.house.checkout import ROOT


def test_cost_follows_from_the_measured_rate() -> None:
    text = (ROOT / "docs/contamination.md").read_text(encoding="utf-8")
    rate = float(re.findall(r"core hours at R = (\d+)", text)[0])
    measured = re.findall(
        r"contamination speed, compiled loops.*?\| (\d+) MB of text",
        (ROOT / "bench/RESULTS.md").read_text(encoding="utf-8"),
    )
    assert rate <= max(float(one) for one in measured)
    rows = re.findall(r"\| ([\d.]+) (billion|trillion) tokens \| \d+ [GT]B \| ([\d.]+) \|", text)
    assert len(rows) == 2
    for number, unit, hours in rows:
        tokens = float(number) * {"billion": 1e9, "trillion": 1e12}[unit]
        assert tokens * 4.2 / (rate * 1e6) / 3600 == pytest.approx(float(hours), rel=0.03)
