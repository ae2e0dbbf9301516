"""`import` at scale: items per processor second and second, and peak memory, of rows that are invented here.

Usage: python bench/intake.py [--rows N] [--kinds parquet,csv,jsonl] [--write]

The rows have the columns of MedMCQA: a question of about 90 characters, four options of about 20, a key as a number
from 0, an explanation of about 120 and two labels, drawn from made-up words by a fixed seed. Each kind of file is one
run of the program from its start to the finished table; processor seconds are those of the process and its children,
the peak is the greatest sum of their resident sets in samples of a tenth of a second.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "bench/out/intake"
PROGRAM = "from benchwright.builder.cli import main; main()"
SYLLABLES = tuple(f"{sign}{sound}" for sign in "bcdfghklmnprstvz" for sound in "aeiou")
CHUNK = 50_000


@dataclass(frozen=True)
class Used:
    """One run: processor seconds, seconds, peak of the sum of resident sets in MiB, and its exit code."""

    cpu: float
    wall: float
    mib: float
    code: int


def texts(rng: np.random.Generator, words: np.ndarray, rows: int, least: int, most: int) -> pl.Series:
    """Return texts of some words each."""
    counts = rng.integers(least, most + 1, rows)
    flat = pl.Series("word", words[rng.integers(0, len(words), int(counts.sum()))])
    frame = pl.DataFrame({"row": np.repeat(np.arange(rows), counts), "word": flat})
    joined = frame.group_by("row", maintain_order=True).agg(pl.col("word").str.join(" "))["word"]
    return joined.str.slice(0, 1).str.to_uppercase() + joined.str.slice(1)


def material(rows: int, kind: str) -> Path:
    """Return a file of this many rows, made where it is absent; written in stretches."""
    path = OUT / f"medmcqa-{rows}.{kind}"
    if path.exists():
        return path
    OUT.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20)
    words = np.array(sorted({"".join(rng.choice(SYLLABLES, rng.integers(2, 5))) for _ in range(30_000)}), dtype=object)
    made = path.with_suffix(".part")
    frames = []
    for start in range(0, rows, CHUNK):
        size = min(CHUNK, rows - start)
        frame = pl.DataFrame(
            {
                "id": [f"q{number:08d}" for number in range(start, start + size)],
                "question": texts(rng, words, size, 7, 14) + "?",
                **{f"op{letter}": texts(rng, words, size, 1, 3) for letter in "abcd"},
                "cop": rng.integers(0, 4, size),
                "choice_type": ["single"] * size,
                "exp": texts(rng, words, size, 8, 18) + ".",
                "subject_name": rng.choice(
                    np.array(["Anatomy", "Surgery", "Medicine", "Pathology"], dtype=object), size
                ),
                "topic_name": texts(rng, words[:500], size, 1, 2),
            }
        )
        frames.append(frame)
    whole = pl.concat(frames)
    if kind == "parquet":
        whole.write_parquet(made, row_group_size=CHUNK)
    elif kind == "csv":
        whole.write_csv(made)
    else:
        whole.write_ndjson(made)
    made.replace(path)
    return path


def family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    found, at = [pid], 0
    while at < len(found):
        for task in Path(f"/proc/{found[at]}/task").glob("*/children"):
            try:
                found += [int(one) for one in task.read_text().split()]
            except OSError:
                continue
        at += 1
    return found


def resident(pids: list[int]) -> float:
    """Return the sum of the resident sets in MiB, what processes share counted once for each."""
    total = 0.0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        except OSError:
            continue
    return total


def used(command: list[str]) -> Used:
    """Run a command and watch it."""
    before, start, peak = os.times(), time.monotonic(), 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ)) as process:
        over = threading.Event()
        threading.Thread(target=lambda: (process.wait(), over.set()), daemon=True).start()
        while not over.wait(0.1):
            peak = max(peak, resident(family(process.pid)))
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Used(cpu, time.monotonic() - start, peak, process.returncode)


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kinds", default="parquet,csv,jsonl")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    lines = []
    for kind in given.kinds.split(","):
        path, out = material(given.rows, kind), OUT / "out"
        shutil.rmtree(out, ignore_errors=True)
        arguments = ["import", str(path), "--layout", "medmcqa", "--out", str(out / "items.parquet"), "--lang", "en"]
        done = used([sys.executable, "-c", PROGRAM, *arguments])
        items = pl.scan_parquet(out / "items.parquet").select(pl.len()).collect().item() if not done.code else 0
        told = (
            f"{items / done.wall:,.0f} items/s, {items / done.cpu:,.0f} per processor second, at most "
            f"{done.mib:,.0f} MiB in all processes, exit {done.code}, "
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
        lines.append(
            (f"import of a columnar layout, {kind}, {given.rows:,} rows (target 100,000 items/s)", told, items)
        )
        print(f"{lines[-1][0]}: {told}")
    if given.write:
        sys.path.insert(0, str(ROOT))
        from bench.extraction import put

        state = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        call = f"`python bench/intake.py {' '.join(sys.argv[1:])}`"
        put([f"| {name} | {told} | {n:,} items | {call} | {state.stdout.strip()} |" for name, told, n in lines])


if __name__ == "__main__":
    main()
