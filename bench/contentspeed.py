"""Measures the processor time and memory of the audits codemix, names and content; `--write` puts the lines into
RESULTS.md.

Items are drawn from the English and Spanish HeadQA: a stem with a number of its own, and four options, in both
directions.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.run import put  # noqa: E402
from benchwright.audits import codemix, content, names  # noqa: E402
from benchwright.audits._pairs import PAIR_FIELDS  # noqa: E402
from benchwright.schemas.plugins import AuditContext  # noqa: E402

ITEMS = 150_000
CALL = "`python bench/contentspeed.py --write`"


def texts(data: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return stems and options that both languages have."""
    stems: list[tuple[str, str]] = []
    options: list[tuple[str, str]] = []
    for path in sorted((data / "es_mir_headqa/headqa_en").glob("*.json")):
        other = data / "es_mir_headqa/headqa_es" / path.name
        if not other.exists():
            continue
        both = [json.loads(one.read_text(encoding="utf-8"))["data"] for one in (path, other)]
        english, spanish = ({one["qid"]: one for one in side} for side in both)
        for name in sorted(english.keys() & spanish.keys()):
            stems.append((english[name]["qtext"], spanish[name]["qtext"]))
            answers = zip(english[name]["answers"], spanish[name]["answers"], strict=False)
            options += [(one["atext"], two["atext"]) for one, two in answers]
    return stems, options


def drawn(data: Path, *, into_english: bool) -> pl.DataFrame:
    """Return the fields of items drawn with a fixed seed."""
    stems, options = texts(data)
    random_ = random.Random(11)
    rows: list[tuple[str, ...]] = []
    tags = ("es", "en") if into_english else ("en", "es")
    for number in range(ITEMS):
        stem, mark = random_.choice(stems), random_.randint(2, 99)
        fields = [("stem", (f"({mark}) {stem[0]}", f"({mark}) {stem[1]}"))]
        fields += [(f"option:{letter}", random_.choice(options)) for letter in "ABCD"]
        for field, (english, spanish) in fields:
            source, target = (spanish, english) if into_english else (english, spanish)
            rows.append((f"s/{number:06d}@x", "h", "g", "s", field, source, target, *tags, *tags))
    return pl.DataFrame(rows, schema=PAIR_FIELDS, orient="row")


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    options = parser.parse_args()
    data = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    lines = []
    for name, into_english in (("English to Spanish", False), ("Spanish to English", True)):
        context = AuditContext(pairs=drawn(data, into_english=into_english).lazy())
        seconds = {}
        for audit in (codemix.AUDIT, names.AUDIT, content.AUDIT):
            started = time.process_time()
            audit.run(pl.LazyFrame(), context)
            seconds[audit.name] = time.process_time() - started
        total = sum(seconds.values())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        each = ", ".join(f"{audit} {took:.1f} s" for audit, took in seconds.items())
        said = f"{ITEMS / total:,.0f} items/s ({each}; the first cuts the words for all), peak memory {peak:.2f} GiB"
        target = f"audits codemix, names and content, {name}, one thread, processor time (target 25,000 items/s)"
        lines.append(f"| {target} | {said} | {ITEMS} items of 5 fields | {CALL} | {commit} |")
        print(lines[-1])
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()
