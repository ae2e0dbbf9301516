"""Approximate search among vectors beside the exact one: pairs found, pairs missed, and processor seconds of both.

Usage: python bench/dupnear.py [--items 50000] [--work FOLDER] [--least 0.9] [--write]

The vectors are counts of hashed stretches of four bytes of the items of bench/dupdata.py, in 256 numbers: they need no
model, and copies with words changed are near. Recall is the share of the pairs of the exact search that the graph has
too. One thread.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[_name] = "1"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

from benchwright.builder.dedup._nearby import nearby  # noqa: E402
from benchwright.builder.dedup.vectors import nearest  # noqa: E402

WIDTH = 256


def vectors_of(texts: list[str]) -> Any:
    """Return one vector of length one for each text."""
    made = np.empty((len(texts), WIDTH), np.float32)
    for place, text in enumerate(texts):
        raw = np.frombuffer(text.lower().encode() + b"    ", np.uint8).astype(np.uint32)
        four = raw[:-3] | raw[1:-2] << 8 | raw[2:-1] << 16 | raw[3:] << 24
        mixed = (four * np.uint32(2654435761)) >> 8
        made[place] = np.bincount(mixed & (WIDTH - 1), np.where(mixed >> 8 & 1, 1.0, -1.0), WIDTH)
    return made / np.maximum(1e-9, np.linalg.norm(made, axis=1, keepdims=True))


def timed(work: Callable[[], Any]) -> tuple[set[tuple[int, int]], float]:
    """Return the pairs of a search and its processor seconds."""
    start = time.process_time()
    left, right, _ = work()
    return set(zip(left.tolist(), right.tolist(), strict=True)), time.process_time() - start


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--work", type=Path, default=ROOT / "bench/out/dedup")
    parser.add_argument("--least", type=float, default=0.9)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    folder = given.work / f"items-{given.items}"
    if not (folder / "items.parquet").is_file():
        subprocess.run([sys.executable, ROOT / "bench/dupdata.py", folder, "--items", str(given.items)], check=True)
    texts = pl.read_parquet(folder / "items.parquet", columns=["stem"])["stem"].to_list()
    vectors = vectors_of(texts)
    exact, seconds = timed(lambda: nearest(vectors, given.least))
    found, graph = timed(lambda: nearby(vectors, given.least))
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    line = (
        "| duplicates: approximate search among vectors beside the exact one | "
        f"recall {len(exact & found) / len(exact):.4f} ({len(exact & found)} of {len(exact)} pairs), "
        f"{len(found - exact)} other pairs; {graph:.0f} processor seconds, exact {seconds:.0f} | "
        f"{len(vectors):,} vectors of {WIDTH} numbers | `python bench/dupnear.py --items {given.items} --write` | "
        f"{told.stdout.strip()} |"
    )
    print(line)
    if given.write:
        from bench.extraction import put

        put([line])


if __name__ == "__main__":
    main()
