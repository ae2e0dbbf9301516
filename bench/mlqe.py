"""Measures `risk` on sentences whose catastrophic errors three people labelled.

`--write` puts the line into RESULTS.md. The threshold of each pair of languages is chosen on the other one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.biomqm import audited  # noqa: E402
from bench.riskfit import Bools, Reals, auc, best_threshold, matthews  # noqa: E402
from bench.run import put  # noqa: E402
from benchwright.audits._content.difficulty import INTERCEPT, WEIGHTS  # noqa: E402

PAIRS = ("ende", "encs")
CALL = "`python bench/mlqe.py --write`"


def read(data: Path, name: str) -> tuple[Bools, Reals, Reals]:
    """Return what is wrong, the risk, and one less what the findings leave over."""
    path = data / f"mlqe_pe/catastrophic_errors/{name}_majority_dev.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    table, safe = audited([(row[1], row[2]) for row in rows], name[:2], name[2:])
    prior = 1 / (1 + np.exp(-(INTERCEPT + table @ np.array(WEIGHTS))))
    return np.array([row[-1] == "ERR" for row in rows]), 1 - (1 - prior) * safe, 1 - safe


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the line into RESULTS.md")
    options = parser.parse_args()
    data = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
    read_ones = {name: read(data, name) for name in PAIRS}
    parts = []
    for name, other in zip(PAIRS, reversed(PAIRS), strict=True):
        limit, _ = best_threshold(*read_ones[other][:2])
        wrong, risk, found = read_ones[name]
        parts.append(
            f"{name}: Matthews correlation {matthews(wrong, risk >= limit):.3f} at {limit:.2f}, chosen on {other}; any "
            f"major finding alone {matthews(wrong, found >= 0.4):.3f}; AUC {auc(wrong, risk):.3f}"
        )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    n = sum(len(wrong) for wrong, _, _ in read_ones.values())
    target = "MLQE-PE, catastrophic errors (a generic peer rule: -0.02 to 0.10)"
    line = f"| {target} | {'; '.join(parts)} | {n} sentences | {CALL} | {commit} |"
    print(line)
    if options.write:
        put([line])


if __name__ == "__main__":
    main()
