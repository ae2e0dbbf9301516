"""Layouts of existing benchmarks told by evidence: the confusion matrix, and the published files imported whole.

Usage: python bench/layouts.py [SEEDS] [--write]

Each file of the invented bank is read as published, as CSV without its header, with its columns in another order (one
order for each seed), and both. Right means that the items are the wanted ones, not that the name of the layout is.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.extraction import put  # noqa: E402  (the script may be started from anywhere)
from tests.sources.layouts.kit import CASES  # noqa: E402
from tests.sources.layouts.matrix import outcomes, tally  # noqa: E402


def main() -> None:
    """Print what was not right, and the sums; write them into RESULTS.md when asked."""
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    seeds = range(100, 100 + (numbers[0] if numbers else 12))
    found = list(outcomes(seeds))
    for one in found:
        if one.result in {"wrong", "undecidable"} or (one.result == "asked" and one.way in {"published", "no header"}):
            print(f"{one.result:12} {one.way:20} {one.case:45} {one.told}")
    said = []
    for way, counts in tally(found).items():
        parts = [
            f"{counts[result]} {result}" for result in ("right", "asked", "wrong", "undecidable") if counts[result]
        ]
        said.append(f"{way}: {', '.join(parts)}")
        print(said[-1])
    wrong = sum(one.result == "wrong" for one in found)
    told = f"wrong {wrong}; {'; '.join(said)}"
    if "--write" in sys.argv:
        state = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
        layouts = len({case.layout for case in CASES})
        n = f"{len(found)} readings of {len(CASES)} files of {layouts} layouts, {len(seeds)} orders of columns"
        call = f"`python bench/layouts.py {len(seeds)} --write`"
        put([f"| layouts told by evidence, never wrong | {told} | {n} | {call} | {state.stdout.strip()} |"])


if __name__ == "__main__":
    main()
