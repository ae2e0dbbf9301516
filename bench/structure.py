"""Structural audits on real benchmarks: shares flagged for each code, and precision by the judgement of a reader.

Usage: python bench/structure.py [--write] [--sample CODE N]

`structure_judged.tsv` holds judgements of random findings as id, code, benchmark and `right` or `wrong`, without any
text; `--sample` prints further ones to be judged. A finding is right when the item really has the defect.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.benchmarks import benchmarks  # noqa: E402  (the script may be started from anywhere)
from bench.extraction import put  # noqa: E402
from benchwright.audits import audits  # noqa: E402
from benchwright.schemas.plugins import AuditContext  # noqa: E402

NAMES = (
    *("completeness", "contradictions", "degenerate", "editions", "giveaway", "key", "labels", "markup", "media"),
    *("options", "optionsets", "optiontexts", "publishing", "rationales", "references", "runon", "stems", "text"),
)
SEVERE = ("major", "critical")
JUDGED = ROOT / "bench/structure_judged.tsv"
KNOWN = ("S001", "S301", "S302")
"""Codes that repeat what the benchmark's own columns say: a missing key, a picture that is not there."""


def found_in(items: pl.DataFrame) -> tuple[pl.DataFrame, float]:
    """Return the findings of the structural audits and the processor time they took."""
    chosen = [audit for audit in audits() if audit.name in NAMES]
    started = time.process_time()
    found = pl.concat([audit.run(items.lazy(), AuditContext()).findings for audit in chosen])
    return found, time.process_time() - started


def judged() -> dict[str, str]:
    """Return the judgement of each finding that a reader has seen."""
    with JUDGED.open(encoding="utf-8", newline="") as lines:
        return {row["finding"]: row["judgement"] for row in csv.DictReader(lines, delimiter="\t")}


def main() -> None:
    """Print the table and the sums; write lines into RESULTS.md when asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sample", nargs=2, metavar=("CODE", "N"))
    asked = parser.parse_args()
    every: list[pl.DataFrame] = []
    items = seconds = 0.0
    flagged = said = 0
    for name, table in benchmarks():
        found, spent = found_in(table)
        seconds, items = seconds + spent, items + table.height
        severe = found.filter(pl.col("severity").is_in(SEVERE) & pl.col("item_id").is_not_null())
        told = severe.filter(~pl.col("code").is_in(KNOWN))
        flagged, said = flagged + told["item_id"].n_unique(), said + severe["item_id"].n_unique()
        shares = {
            str(code): f"{part['subject'].n_unique() / table.height:.1%}"
            for (code,), part in sorted(found.filter(pl.col("item_id").is_not_null()).group_by("code"))
        }
        wider = Counter(found.filter(pl.col("item_id").is_null())["code"].to_list())
        share = told["item_id"].n_unique() / table.height
        print(f"{name}: {table.height} items, severe {share:.1%}; {shares}; wider {dict(wider)}")
        every.append(found.with_columns(pl.lit(name).alias("benchmark")))
    findings = pl.concat(every)
    if asked.sample:
        print_sample(findings, asked.sample[0], int(asked.sample[1]))
    lines = [line_of_precision(findings, int(items)), line_of_share(findings, int(items), flagged, said, seconds)]
    for line in lines:
        print(line)
    if asked.write:
        state = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
        put([f"{line} `python bench/structure.py --write` | {state.stdout.strip()} |" for line in lines])


def print_sample(findings: pl.DataFrame, code: str, n: int) -> None:
    """Print random severe findings of a code that nobody has judged."""
    seen = list(judged())
    rest = findings.filter(
        (pl.col("code") == code) & pl.col("severity").is_in(SEVERE) & ~pl.col("finding_id").is_in(seen)
    )
    for row in rest.sample(min(n, rest.height), seed=5).iter_rows(named=True):
        shown = f"{row['message'][:150]}\t{(row['evidence'] or '')[:200]!r}"
        print(f"{row['finding_id']}\t{code}\t{row['benchmark']}\t\t{shown}")


def line_of_precision(findings: pl.DataFrame, items: int) -> str:
    """Return how many of the judged severe findings are right, and what follows for the clean items."""
    verdicts = judged()
    severe = findings.filter(pl.col("severity").is_in(SEVERE) & ~pl.col("code").is_in(KNOWN))
    severe = severe.filter(pl.col("scope").is_in(["item", "group"]))
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for code, one in severe.select("code", "finding_id").iter_rows():
        if one in verdicts:
            seen[code] += 1
            right[code] += verdicts[one] == "right"
    false = sum(
        part.height * (1 - right[str(code)] / seen[str(code)])
        for (code,), part in severe.group_by("code")
        if seen[str(code)]
    )
    unseen = sorted({code for code in severe["code"].to_list() if not seen[code]})
    parts = ", ".join(f"{code} {right[code]}/{seen[code]}" for code in sorted(seen))
    measured = f"{sum(right.values())} of {sum(seen.values())} judged severe findings right ({parts}"
    measured += f"; not judged: {', '.join(unseen) or 'none'}); clean items disturbed about {false / items:.2%}; "
    measured += "the rules were mended on these same benchmarks, so this is no held-out figure"
    return (
        f"| structure: precision by hand >= 0.9, <= 2 % of clean items | {measured} | {items} items of 16 benchmarks |"
    )


def line_of_share(findings: pl.DataFrame, items: int, flagged: int, said: int, seconds: float) -> str:
    """Return the share of items with a severe finding, and the speed."""
    codes = Counter(findings.filter(pl.col("severity").is_in(SEVERE))["code"].to_list())
    top = ", ".join(f"{code} {n}" for code, n in codes.most_common(8))
    measured = (
        f"{flagged / items:.1%} of items with a severe finding, {said / items:.1%} with those that repeat what the "
    )
    measured += f"benchmark says ({top}); {items / seconds:,.0f} items per second of processor time"
    return f"| structure: real benchmarks | {measured} | {items} items of 16 benchmarks |"


if __name__ == "__main__":
    main()
