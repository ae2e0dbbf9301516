"""Peak memory and processor time of a scoring of 153,000 items; `--write` puts the line into RESULTS.md.

The items are those of `bench/score_apertium.py`, 153 times over under ids of their own: equal texts are measured once,
so this is what tables and checks take, and not the metrics themselves (`bench/score_speed.py` has those).
"""

from __future__ import annotations

import argparse
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
TIMES = 153


def grow(name: str) -> None:
    """Write a table many times over, with other groups and ids in each copy."""
    table = pl.read_parquet(MADE / f"{name}.parquet")
    parts = []
    for number in range(TIMES):
        renamed = [pl.col(one).str.replace("^([^/]+)/", f"${{1}}-{number}/") for one in ("id", "group")]
        named = pl.field("id").str.replace("^([^/]+)/", f"${{1}}-{number}/").alias("id")
        parts.append(table.with_columns(*renamed, pl.col("derived_from").struct.with_fields(named)))
    pl.concat(parts).write_parquet(OUT / f"{name}.parquet")


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the line into RESULTS.md")
    parser.add_argument("--grow", metavar="NAME", help="write one of the tables, in a process of its own")
    options = parser.parse_args()
    if options.grow:
        grow(options.grow)
        return
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    for name in ("es", "en", "back"):
        subprocess.run([sys.executable, __file__, "--grow", name], check=True)
    started = time.process_time()
    wish = ScoreWish([OUT / "en.parquet"], back=[OUT / "back.parquet"], metrics=("chrf", "facts"), jobs=1)
    run = score_items([OUT / "es.parquet"], OUT / "scores", wish)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    said = (
        f"peak {peak:.1f} GiB, {seconds:.0f} s of processor time for tables, chrF of {TIMES} times the same texts and "
        f"facts, {run.scores.height:,} scores; not constant: all texts and numbers are held in memory"
    )
    target = "memory of a scoring of 153,777 items (target: constant)"
    line = f"| {target} | {said} | {run.about.height:,} items | {CALL} | {commit} |"
    print(line)
    if options.write:
        put([line])


if __name__ == "__main__":
    main()
