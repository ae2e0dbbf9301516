"""English to Spanish and back through Apertium: what the scores see, and what the facts of the back-translation see.

Items are 1,000 of HeadQA in English, drawn by a fixed seed, from `BENCHWRIGHT_DATA` or `../shared/data`. In a copy of
the Spanish versions one number that has a unit or stands behind "de" is multiplied by ten in every item that has one,
and the copy is translated back too. `--write` puts the lines into RESULTS.md.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.benchmarks import benchmarks  # noqa: E402  (the script may be started from anywhere)
from bench.run import put  # noqa: E402
from benchwright.audits import run_audits  # noqa: E402
from benchwright.builder.score import ScoreRun, ScoreWish, score_items  # noqa: E402
from benchwright.builder.store import write_table  # noqa: E402
from benchwright.schemas.item import Item  # noqa: E402
from benchwright.schemas.plugins import AuditContext  # noqa: E402
from benchwright.schemas.rows import from_frame, to_frame  # noqa: E402

OUT = ROOT / "bench/out/apertium"
CALL = "`python bench/score_apertium.py --write`"
ITEMS = 1000
DOSE = re.compile(r"(?<![\d.,])(\d{1,3})(?= ?(?:mg|g|ml|mm|cm|kg|mcg|UI|años|días|horas|%)\b| ?%)")


def translate(items: Path, language: str, out: Path) -> Path:
    """Translate a table with Apertium."""
    command = Path(sys.executable).parent / "benchwright"
    words = [items, "--to", language, "--engine", "apertium", "-o", out, "--cache", OUT / "cache.sqlite", "--quiet"]
    subprocess.run([command, "translate", *map(str, words)], check=True)
    return out


def tenfold(items: Path, out: Path) -> tuple[Path, set[str]]:
    """Write a copy in which one number of each stem that has a dose is ten times as great; return whose."""
    changed = []
    for one in from_frame(pl.read_parquet(items), Item, checked=True):
        stem = DOSE.sub(lambda match: f"{match[1]}0", one.stem, count=1)
        if stem != one.stem:
            changed.append(one.replace(stem=stem, marks=()))
    write_table(out, to_frame(changed, Item).sort("id"))
    return out, {one.id for one in changed}


def of_stems(run: ScoreRun, name: str, ids: set[str]) -> pl.Series:
    """Return the scores of the stems of some items, by id."""
    own = run.scores.filter(
        (pl.col("name") == name) & (pl.col("field") == "stem") & pl.col("item_id").is_in(sorted(ids))
    )
    return own.sort("item_id")["value"]


def measure() -> list[tuple[str, str, str]]:
    """Return target, what was measured and n of each line."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    _, whole = next(iter(benchmarks("HEAD-QA en")))
    write_table(OUT / "en.parquet", whole.sample(ITEMS, seed=3).sort("id"))
    es = translate(OUT / "en.parquet", "es", OUT / "es.parquet")
    back = translate(es, "en", OUT / "back.parquet")
    wrong, ids = tenfold(es, OUT / "wrong.parquet")
    wrong_back = translate(wrong, "en", OUT / "wrong-back.parquet")
    good = score_items([es], OUT / "scores", ScoreWish([OUT / "en.parquet"], back=[back]))
    bad = score_items([wrong], OUT / "scores-wrong", ScoreWish([OUT / "en.parquet"], back=[wrong_back]))
    lines = []
    seen = set(bad.findings.filter((pl.col("code") == "F101") & (pl.col("field") == "stem"))["item_id"])
    alarms = set(good.findings.filter((pl.col("code") == "F101") & (pl.col("field") == "stem"))["item_id"])
    before, after = of_stems(good, "chrf_back", ids), of_stems(bad, "chrf_back", ids)
    every = of_stems(good, "chrf_back", set(good.about["item_id"]))
    above = int((after >= float(every.median() or 0)).sum())  # type: ignore[arg-type]
    said = (
        f"found by the facts of the back-translation {len(seen & ids)} of {len(ids)} (on the same stems unharmed "
        f"{len(alarms & ids)} alarms); chrF falls from a median of {before.median():.1f} to {after.median():.1f}, "
        f"and {above} of the wrong ones stay above the median {every.median():.1f} of all; HeadQA in English"
    )
    target = "scores: a dose ten times as great in an Apertium translation, seen through its back-translation"
    lines.append((target, said, f"{len(ids)} stems of {good.about.height} items"))
    items, sources = pl.read_parquet(es), pl.read_parquet(OUT / "en.parquet")
    direct = run_audits(items.lazy(), AuditContext(sources=sources.lazy()), select=("T", "L"))
    flagged = set(direct.findings.filter(pl.col("severity").is_in(["major", "critical"]))["item_id"].drop_nulls())
    perfect = good.scores.filter((pl.col("name") == "chrf_back") & pl.col("field").is_null() & (pl.col("value") > 80))
    high = set(perfect["item_id"]) & flagged
    facts = set(good.findings["item_id"])
    said = (
        f"flagged {len(flagged)} of {items.height}; {len(high)} of them have a chrF above 80 in every field; the facts "
        f"of the back-translation flag {len(facts)}, {len(flagged - facts)} flagged ones not among them; no labels: "
        "flags are not errors"
    )
    target = "scores: items that the audit of an Apertium translation flags (major or critical), beside the scores"
    lines.append((target, said, f"{items.height} items"))
    return lines


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    options = parser.parse_args()
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [f"| {target} | {said} | {n} | {CALL} | {told.stdout.strip()} |" for target, said, n in measure()]
    print("\n".join(lines))
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()
