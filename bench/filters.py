"""Precision and recall of each quality filter on the labelled samples, and a classifier against the list of words.

Usage: python bench/filters.py [--misses FILTER] [--real] [--write]

The samples are invented (tests/builder/filters): templates in seven languages, half of the texts held out. Misses are
printed of the development half alone. With --real, where the real texts are there (BENCHWRIGHT_DATA or ../shared/data),
the filter not_medical is also run on questions of patients and of exams, and classifiers are trained on them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.extraction import put  # noqa: E402  (the script may be started from anywhere)
from benchwright.builder._figures import wilson  # noqa: E402
from benchwright.builder.clean.filters import ORDER, make_filter  # noqa: E402
from tests.builder.filters.samples import HALVES, entries_of, read_samples  # noqa: E402

COMMAND = "`python bench/filters.py --write`"


def commit() -> str:
    """Return the commit that is measured."""
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.strip()


def share(hits: int, count: int) -> str:
    """Return a share with its interval."""
    interval = wilson(hits, count)
    if interval is None:
        return "none"
    return f"{100 * hits / count:.1f} % ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def measured(name: str, half: str) -> dict[str, int]:
    """Return the counts of one filter on one half."""
    lines = [line for line in read_samples(name) if line["half"] == half]
    dropped = (~make_filter(name).keep(entries_of(lines))).to_list()
    wanted = [bool(line["drop"]) for line in lines]
    return {
        "n": len(lines),
        "right": sum(a and b for a, b in zip(wanted, dropped, strict=True)),
        "false": sum(b and not a for a, b in zip(wanted, dropped, strict=True)),
        "missed": sum(a and not b for a, b in zip(wanted, dropped, strict=True)),
    }


def misses(name: str) -> None:
    """Print what the filter gets wrong in the development half."""
    lines = [line for line in read_samples(name) if line["half"] == HALVES[0]]
    reasons = make_filter(name).reasons(entries_of(lines)).to_list()
    for line, reason in zip(lines, reasons, strict=True):
        if (reason is not None) != line["drop"]:
            texts = [line["question"], *(one["text"] for one in line["answers"])]
            print("missed" if line["drop"] else "false ", line["language"], line["kind"], reason, texts)


def rate(name: str) -> float:
    """Return entries per second of processor time, on the samples of all filters repeated."""
    every = [line for one in ORDER for line in read_samples(one)]
    frame = entries_of(every * max(1, 9_000 // len(every)))
    judge = make_filter(name)
    judge.reasons(frame.head(1000))
    best = 1e9
    for _ in range(2):
        start = time.process_time()
        judge.reasons(frame)
        best = min(best, time.process_time() - start)
    return frame.height / best


def main(arguments: list[str]) -> None:
    """Print, or write, the figures."""
    if "--misses" in arguments:
        misses(arguments[arguments.index("--misses") + 1])
        return
    rows: list[tuple[str, str, str]] = []
    for name in ORDER:
        halves = [measured(name, half) for half in HALVES]
        told = "; ".join(
            f"{half}: precision {share(one['right'], one['right'] + one['false'])}, "
            f"recall {share(one['right'], one['right'] + one['missed'])}"
            for half, one in zip(HALVES, halves, strict=True)
        )
        speed = f"; {rate(name):,.0f} entries/s" if "--write" in arguments else ""
        rows.append(
            (f"filter `{name}`, labelled samples we made", told + speed, f"{sum(one['n'] for one in halves):,}")
        )
        print(f"{rows[-1][0]}: {told}{speed}, n {rows[-1][2]}", flush=True)
    rows += real_rows() if "--real" in arguments or "--write" in arguments else []
    if "--write" in arguments:
        put([f"| {target} | {told} | {count} entries | {COMMAND} | {commit()} |" for target, told, count in rows])


def real_rows() -> list[tuple[str, str, str]]:
    """Return the figures on real texts, where they are there."""
    folder = Path(os.environ.get("BENCHWRIGHT_DATA", ROOT.parent / "shared/data"))
    if not folder.is_dir():
        return []
    from bench.filtertexts import classifier, word_list

    return [*word_list(folder), *classifier(folder)]


if __name__ == "__main__":
    main(sys.argv[1:])
