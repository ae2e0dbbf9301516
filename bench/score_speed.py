"""Processor time of the scores without a model, and what 153,777 items would take; `--write` puts the line in.

Fields are those of 1,000 items of HeadQA in English and their back-translations by Apertium (`bench/score_apertium.py`
makes them). The projection multiplies what was measured here and by `bench/comet_run.py`; nothing of it was run whole.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.run import RESULTS, put  # noqa: E402  (the script may be started from anywhere)
from benchwright.audits import pair_items  # noqa: E402
from benchwright.builder.score._rows import rows_of  # noqa: E402
from benchwright.builder.score.facts import fact_agreement  # noqa: E402
from benchwright.builder.score.lexical import KINDS, sentence_scores  # noqa: E402
from benchwright.schemas.plugins import AuditContext  # noqa: E402

MADE = ROOT / "bench/out/apertium"
CALL = "`python bench/score_speed.py --write`"
WANTED = 153_777


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    options = parser.parse_args()
    items, sources, back = (pl.read_parquet(MADE / f"{name}.parquet") for name in ("es", "en", "back"))
    started = time.process_time()
    rows = rows_of(items, sources, back)
    source_of = dict(pair_items(items.lazy(), AuditContext(sources=sources.lazy())).collect().iter_rows())
    table_s = time.process_time() - started
    texts = rows.select("source", "back").drop_nulls().unique().sort("source", "back").rows()
    seconds: dict[str, float] = {}
    for kind in KINDS:
        sentence_scores(kind, "en", texts[:50])
        started = time.process_time()
        sentence_scores(kind, "en", texts)
        seconds[kind] = time.process_time() - started
    fact_agreement(items.head(50), sources, back, rows, source_of)
    started = time.process_time()
    fact_agreement(items, sources, back, rows, source_of)
    seconds["facts"] = time.process_time() - started
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    rates = ", ".join(f"{name} {len(texts) / one:,.0f}" for name, one in seconds.items())
    factor = WANTED / items.height
    whole = sum(seconds.values()) * factor
    said = (
        f"different fields a second of processor time: {rates}; all together {whole / 60:.0f} minutes of one core for "
        f"{WANTED:,} such items ({table_s * factor:.0f} s more for the table of fields), projected from these"
    )
    target = "scores without a model, 150,000 items"
    n = f"{len(texts):,} fields of {items.height:,} items"
    lines = [f"| {target} | {said} | {n} | {CALL} | {commit} |"]
    lines += projection(rows, items.height, CALL, commit)
    print("\n".join(lines))
    if options.write:
        put(lines)


def projection(rows: pl.DataFrame, items: int, call: str, commit: str) -> list[str]:
    """Return the hours that COMET would take, from the rate that RESULTS.md has."""
    text = RESULTS.read_text(encoding="utf-8")
    found = re.search(r"^\| COMET: stems and options, one system.*?: ([\d.]+) segments/s", text, flags=re.MULTILINE)
    if found is None:
        return []
    fields = rows.filter(pl.col("source").is_not_null()).height
    hours = WANTED * fields / items / float(found[1]) / 3600
    each = f"{fields / items:.1f} fields an item at {found[1]} segments/s of one core, both measured"
    said = (
        f"{hours:,.0f} core hours with a model of the XLM-R base shape in fp32, one system: {each}; GPU hours not "
        "measured: no GPU was at hand"
    )
    return [f"| scores by COMET of 153,777 items, projected | {said} | {items:,} items | {call} | {commit} |"]


if __name__ == "__main__":
    main()
