"""Peak memory and processor time of scorings of 20,000, 50,000 and 153,000 items; `--write` puts it into RESULTS.md.

The items are those of `bench/score_apertium.py`, many times over under ids of their own: equal texts are measured once,
so this is what tables and checks take, and not the metrics themselves (`bench/score_speed.py` has those). Each size is
scored in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.run import put  # noqa: E402  (the script may be started from anywhere)
from benchwright.builder.score import ScoreWish, score_items  # noqa: E402

MADE = ROOT / "bench/out/apertium"
OUT = ROOT / "bench/out/score-memory"
CALL = "`python bench/score_memory.py --write`"
TIMES = (20, 50, 153)
ROW_GROUP = 32_768
"""Rows of a group, as `translate` writes its tables."""


def grow(name: str, times: int) -> None:
    """Write a table many times over, with other groups and ids in each copy."""
    table = pl.read_parquet(MADE / f"{name}.parquet")
    parts = []
    for number in range(times):
        renamed = [pl.col(one).str.replace("^([^/]+)/", f"${{1}}-{number}/") for one in ("id", "group")]
        named = pl.field("id").str.replace("^([^/]+)/", f"${{1}}-{number}/").alias("id")
        parts.append(table.with_columns(*renamed, pl.col("derived_from").struct.with_fields(named)))
    pl.concat(parts).sort("id").write_parquet(OUT / f"{name}.parquet", row_group_size=ROW_GROUP)


def measure() -> dict[str, float]:
    """Score what lies there and return peak, processor time and counts."""
    started = time.process_time()
    wish = ScoreWish([OUT / "en.parquet"], back=[OUT / "back.parquet"], metrics=("chrf", "facts"), jobs=1)
    run = score_items([OUT / "es.parquet"], OUT / "scores", wish)
    scores = run.table("scores").select(pl.len()).collect().item()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    return {"items": run.items, "scores": scores, "peak": peak, "seconds": time.process_time() - started}


def apart(*words: str) -> str:
    """Run this script in a process of its own, and return what it prints."""
    return subprocess.run([sys.executable, __file__, *words], check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the line into RESULTS.md")
    parser.add_argument("--grow", nargs=2, metavar=("NAME", "TIMES"), help="write one of the tables")
    parser.add_argument("--measure", action="store_true", help="score the tables that lie there")
    options = parser.parse_args()
    if options.grow:
        grow(options.grow[0], int(options.grow[1]))
        return
    if options.measure:
        print(json.dumps(measure()))
        return
    found = []
    for times in TIMES:
        shutil.rmtree(OUT, ignore_errors=True)
        OUT.mkdir(parents=True)
        for name in ("es", "en", "back"):
            apart("--grow", name, str(times))
        found.append(json.loads(apart("--measure")))
    shutil.rmtree(OUT)
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    most = found[-1]
    peaks = ", ".join(f"{one['peak']:.0f} MiB for {one['items']:,.0f}" for one in found)
    said = (
        f"peak {peaks} items; {most['seconds']:.0f} s of processor time for tables, chrF of {TIMES[-1]} times the same "
        f"texts and facts of the most, {most['scores']:,.0f} scores; what grows are ids, groups and numbers"
    )
    target = "memory of a scoring of 153,777 items (target: constant)"
    line = f"| {target} | {said} | {most['items']:.0f} items | {CALL} | {commit} |"
    print(line)
    if options.write:
        put([line])


if __name__ == "__main__":
    main()
