"""Answer forms that print only the right cell of each row, drawn at random: rows right, wrong and unknown.

Usage: python bench/omrsingle.py [FORMS] [FIRST SEED] [--write]

Every other form has three rows of which nothing is certain: no cell, two, a crossed one, one between two letters, one
filled unlike the others, or other ink in the row; there only `unknown` is right. Forms are drawn in one to five blocks
with several series of letters, turned by up to a degree, grained and saved as JPEG.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.extraction import put  # noqa: E402  (the script may be started from anywhere)
from bench.papers import git  # noqa: E402
from benchwright.sources._omrsingle import single_form  # noqa: E402
from tests.sources.singleforms import DOUBTS, draw_single, random_single  # noqa: E402


def one(seed: int) -> Counter[str]:
    """Draw one form and read it."""
    style, pick = random_single(seed), random.Random(f"doubts {seed}")
    chosen = pick.sample(range(style.questions), 3) if seed % 2 else []
    image, truth = draw_single(style, {at: pick.choice(DOUBTS) for at in chosen})
    marked, _ = single_form(image)
    rows = dict(marked.rows) if marked else {}
    count = Counter(rows=len(truth), doubtful=len(chosen), refused=int(marked is None))
    for number, place in enumerate(truth, start=1):
        row = rows.get(number)
        told = marked.signs[row.filled] if marked and row and row.filled is not None else None
        if place is None:
            count["guessed"] += told is not None
        elif told is None:
            count["unknown"] += 1
        else:
            count["right" if told == style.signs[place] else "wrong"] += 1
    count["wrong"] += len([n for n, row in rows.items() if n > len(truth) and row.filled is not None])
    return count


def main() -> None:
    """Print a line per form that is not wholly right, and the sums; write them into RESULTS.md when asked."""
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    forms, first = (*numbers, *(40, 100)[len(numbers) :])
    total: Counter[str] = Counter()
    for seed in range(first, first + forms):
        count = one(seed)
        if count["wrong"] or count["guessed"] or count["unknown"]:
            print(seed, dict(count), flush=True)
        total.update(count)
    clear = total["rows"] - total["doubtful"]
    said = (
        f"of {clear} clear rows {total['right']} right ({total['right'] / clear:.2%}), {total['wrong']} wrong, "
        f"{total['unknown']} unknown ({total['refused']} forms refused whole); of {total['doubtful']} doubtful rows "
        f"{total['guessed']} answered"
    )
    print(said)
    if "--write" in sys.argv:
        n = f"{total['rows']} rows, {forms} forms from seed {first}, not seen before"
        call = f"`python bench/omrsingle.py {forms} {first} --write`"
        commit = git("rev-parse", "--short", "HEAD")
        put([f"| answer forms that print only the right cell, drawn at random | {said} | {n} | {call} | {commit} |"])


if __name__ == "__main__":
    main()
