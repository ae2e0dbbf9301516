#!/usr/bin/env python3
"""Measure reading, joining and telling of very many answers: made logs of 52 models, one for each.

python bench/answerscale.py --tasks 87 --write      # 87 tasks of 12,000 items: 54 million answers
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.extraction import put  # noqa: E402

MODELS, ITEMS, OPTIONS = 52, 12_000, "ABCD"


def made_items(tasks: int) -> pl.DataFrame:
    """Return items of as many tasks, each with questions of its own, in two languages."""
    from benchwright.schemas import Item
    from benchwright.schemas.rows import to_frame
    from tests.audits.clean import exam

    first = to_frame(exam(1, ("es", "en"))[:1], Item)
    count = tasks * ITEMS
    number = pl.int_range(count, eager=True)
    language = pl.select(pl.when(number % 2 == 0).then(pl.lit("es")).otherwise(pl.lit("en"))).to_series()
    groups = pl.select(pl.format("t{}/1/1/{}", number // ITEMS, number % ITEMS // 2)).to_series()
    whole = pl.concat([first] * 1).select(pl.all().gather(pl.Series(np.zeros(count, np.int64))))
    text_hash = pl.select(pl.format("{}", number)).to_series()
    return whole.with_columns(
        groups.alias("group"),
        language.alias("language"),
        pl.Series("id", groups + "@" + language),
        pl.Series("stem", "Question number " + text_hash + " of this set: which one?"),
        pl.col("hashes").struct.with_fields(text_hash.alias("text_hash")),
    )


def write_logs(folder: Path, items: pl.DataFrame) -> int:
    """Write one table of answers for each model; return how many answers there are."""
    hard = np.random.default_rng(1).normal(0, 1.2, items.height // 2).repeat(2)
    for model in range(MODELS):
        rng = np.random.default_rng(100 + model)
        knows = rng.random(items.height) < 1 / (1 + np.exp(hard - rng.normal(0.5, 0.8)))
        chosen = np.where(knows, 0, rng.integers(0, 4, items.height))
        answers = pl.Series(chosen).replace_strict(range(4), list(OPTIONS), return_dtype=pl.String)
        pl.DataFrame({"item_id": items["id"], "model": f"model-{model:02d}", "answer": answers}).write_parquet(
            folder / f"model-{model:02d}.parquet"
        )
    return MODELS * items.height


def peak() -> float:
    """Return the most memory of this process so far, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def work(folder: Path, logs: Path) -> list[tuple[str, float, float]]:
    """Read, join, judge and tell the answers; return the parts with seconds and the memory so far."""
    from benchwright.audits import divergence, itemfit
    from benchwright.builder.answers.run import AnswerWish, take_answers, write_answers
    from benchwright.schemas.plugins import AuditContext

    told = []
    items = pl.read_parquet(folder / "items.parquet")
    told.append(("items", 0.0, peak()))
    start = time.monotonic()
    wish = AnswerWish([logs])
    joined = take_answers(items, None, wish, folder / "kept")
    told.append(("read and joined", time.monotonic() - start, peak()))
    for audit in (divergence.AUDIT, itemfit.AUDIT):
        start = time.monotonic()
        audit.run(items.lazy(), AuditContext(predictions=joined.table))
        told.append((audit.name, time.monotonic() - start, peak()))
    start = time.monotonic()
    write_answers(folder / "out", joined, items, None, wish, pl.DataFrame())
    told.append(("tables", time.monotonic() - start, peak()))
    return told


def main() -> None:
    """Print a line of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=87, help="tasks of 12,000 items")
    parser.add_argument("--folder", type=Path, help="a folder made before; given to the process that is measured")
    parser.add_argument("--write", action="store_true", help="put the line into RESULTS.md")
    options = parser.parse_args()
    if options.folder:
        print(
            "; ".join(
                f"{name} {taken:.0f} s, {most:.1f} GiB"
                for name, taken, most in work(options.folder, options.folder / "logs")
            )
        )
        return
    with TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "logs").mkdir()
        items = made_items(options.tasks)
        items.write_parquet(folder / "items.parquet")
        count = write_logs(folder / "logs", items)
        del items
        own = [sys.executable, __file__, "--folder", made]
        told = subprocess.run(own, capture_output=True, text=True, check=True).stdout.strip()
    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    command = f"`python bench/answerscale.py --tasks {options.tasks} --write`"
    name = f"answers: {MODELS} models by {options.tasks} tasks by {ITEMS} items, memory at most so far"
    line = f"| {name} | {told} | {count} answers | {command} | {commit} |"
    print(line)
    if options.write:
        put([line])


if __name__ == "__main__":
    main()
