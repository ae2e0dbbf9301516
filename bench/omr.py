"""Cells of optical-mark forms drawn at random: right, wrong, and unknown, with marks that are clear and that are not.

Usage: python bench/omr.py [FORMS] [FIRST SEED] [--write]

Half of the forms have rows with two clear marks, with none, and with a faint or an erased one: there only `unknown` is
right. Forms are turned by up to 2 degrees, grained and saved as JPEG.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.extraction import put  # noqa: E402  (the script may be started from anywhere)
from benchwright.sources._omrsheet import marked_form  # noqa: E402
from tests.sources.forms import FormStyle, draw_answers  # noqa: E402

COUNTS = ("cells", "right", "rows", "read", "wrong", "unknown", "doubtful", "guessed", "refused")


def style_of(generator: random.Random) -> FormStyle:
    """Draw a form that numbers can be read on."""
    return FormStyle(
        questions=generator.choice((20, 30, 48, 60, 100)),
        options=generator.choice((3, 4, 5)),
        blocks=generator.choice((1, 2, 3, 4)),
        shape=generator.choice(("circle", "box", "flat")),
        letters=generator.random() < 0.5,
        size=generator.choice((16, 18, 22, 26)),
        skew=generator.uniform(-2.0, 2.0),
        noise=generator.choice((0.0, 4.0, 8.0, 12.0)),
        quality=generator.choice((95, 75, 45)),
        pencil=generator.choice((20, 60, 90)),
        outline=generator.choice((0, 60, 150, 200)),
    )


def one(seed: int) -> dict[str, int]:
    """Draw one form and read it."""
    generator = random.Random(f"form {seed}")
    style = style_of(generator)
    answers: list[int | tuple[int, ...] | None] = [generator.randrange(style.options) for _ in range(style.questions)]
    doubtful: set[int] = set()
    faint: dict[int, int] = {}
    if seed % 2:
        doubtful = set(generator.sample(range(style.questions), 4))
        for k, row in enumerate(sorted(doubtful)):
            if k == 0:
                answers[row] = tuple(generator.sample(range(style.options), 2))
            else:
                answers[row] = None
            if k > 1:
                faint[row] = (130, 190)[k - 2] if style.pencil < 90 else 175
    image = draw_answers(style, answers, generator, faint)
    result = dict.fromkeys(COUNTS, 0)
    result["rows"] = style.questions
    result["cells"] = style.questions * style.options
    result["doubtful"] = len(doubtful)
    marked = marked_form(image)
    if marked is None:
        result["refused"] = 1
        result["unknown"] = style.questions
        return result
    read = {number: row.filled for number, row in marked.rows}
    for k, answer in enumerate(answers):
        told = read.get(k + 1)
        if k in doubtful:
            result["guessed"] += told is not None
            result["right"] += style.options if told is None else 0
            continue
        result["read"] += told == answer
        result["wrong"] += told is not None and told != answer
        result["unknown"] += told is None
        result["right"] += style.options if told == answer else 0
    return result


def main() -> None:
    """Print a line per form that is not wholly right, and the sums; write them into RESULTS.md when asked."""
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    count, first = (*numbers, *(40, 100)[len(numbers) :])
    total = dict.fromkeys(COUNTS, 0)
    for seed in range(first, first + count):
        row = one(seed)
        if row["wrong"] or row["guessed"] or row["unknown"]:
            print(seed, row, flush=True)
        for name, value in row.items():
            total[name] += value
    clear = total["rows"] - total["doubtful"]
    told = (
        f"cells {total['right'] / total['cells']:.2%} right; of {clear} clear rows {total['read']} read, "
        f"{total['wrong']} wrong, {total['unknown']} unknown ({total['refused']} forms refused whole); of "
        f"{total['doubtful']} doubtful rows {total['guessed']} answered"
    )
    print(told)
    if "--write" in sys.argv:
        state = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
        n = f"{total['cells']} cells, {count} forms from seed {first}"
        call = f"`python bench/omr.py {count} {first} --write`"
        put([f"| optical-mark forms drawn at random | {told} | {n} | {call} | {state.stdout.strip()} |"])


if __name__ == "__main__":
    main()
