"""Booklets of the typesetter, language and layout drawn at random, read back by the PDF reader alone.

python bench/booklets.py 40 7000                    40 booklets from seed 7000, layouts of the typesetter
python bench/booklets.py 40 7000 --conventions      numbers and option marks of many more kinds
python bench/booklets.py 40 7000 --show             and what differs
python bench/booklets.py 40 7000 --write            put the line into RESULTS.md
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.extraction import put  # noqa: E402
from bench.papers import git  # noqa: E402
from benchwright.schemas.errors import InputError  # noqa: E402
from benchwright.schemas.item import Item  # noqa: E402
from benchwright.schemas.tables import Reject  # noqa: E402
from tests.sources.printed import differences, read_printed  # noqa: E402
from tests.typesetter.conventions import ambiguous, draw_convention  # noqa: E402
from tests.typesetter.layout import SHAPED, Layout, draw  # noqa: E402
from tests.typesetter.press import print_exam  # noqa: E402
from tests.typesetter.text import LANGUAGES, random_exam  # noqa: E402

COUNT = 30
Difference = tuple[str, str, Any, Any]


def drawn(seed: int, *, conventions: bool) -> tuple[str, Layout, dict[str, Any]]:
    """Draw language, layout, and what the questions have."""
    pick = random.Random(f"booklet {seed}")
    least = pick.choice((3, 4, 5))
    fields: dict[str, Any] = {
        "options": (least, least + (pick.random() < 0.15)),
        "contexts": pick.random() < 0.4,
        "tables": pick.random() < 0.2,
        "figures": pick.random() < 0.25,
        "parts": 2 if pick.random() < 0.15 else 1,
    }
    if conventions:
        one = draw_convention(seed, COUNT)
        return one.language, one.layout, fields | {"figures": False, "tables": False, "parts": 1}
    language = pick.choice(sorted(set(LANGUAGES) - SHAPED))
    return language, draw(seed, language, key_format="csv"), fields


def measured(seed: int, folder: Path, *, conventions: bool) -> tuple[Counter[str], list[Difference], str]:
    """Print one booklet, read it, and count questions, texts, and losses that nothing tells of."""
    language, layout, fields = drawn(seed, conventions=conventions)
    told = f"{seed} {language} {fields} {layout}"
    if conventions and ambiguous(layout):
        return Counter(ambiguous=1), [], told
    printed = print_exam(random_exam(seed, language, COUNT, **fields), layout, folder / str(seed), with_keys=False)
    try:
        read: list[Item | Reject] = read_printed(printed.booklet, language)
    except InputError as error:
        refused = Counter(booklets=1, refused=1, questions=len(printed.truth["items"]))
        return refused, [("refused", "", error.problems[0].code, "")], told
    found = differences(read, printed.truth)
    numbers = {one.number for one in read if isinstance(one, Reject)}
    count = Counter(booklets=1, questions=len(printed.truth["items"]), whole=int(not found))
    for cause, number, *_ in found:
        count[("told" if number in numbers else "silent") if cause == "missing" else cause] += 1
    return count, found, told


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("booklets", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--conventions", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.booklets):
            count, found, told = measured(seed, Path(folder), conventions=options.conventions)
            total += count
            if options.show and found:
                print(dict(count), told, flush=True)
                for cause, number, got, wanted in found[:4]:
                    print(f"    {cause} {number}\n      {str(got)[:400]!r}\n      {str(wanted)[:400]!r}")
    every = max(total["questions"], 1)
    lost = total["told"] + total["silent"]
    items = total["questions"] - lost - sum(COUNT for _ in range(total["refused"]))
    said = (
        f"items {items} of {total['questions']} ({100 * items / every:.1f} %), told {total['told']}, "
        f"silent {total['silent']}, booklets refused whole {total['refused']}; "
        f"stems exact {items - total['stem']}, option sets exact {items - total['options']}, "
        f"shared cases wrong {total['context']}, figures wrong {total['figures']}; "
        f"{total['whole']} of {total['booklets']} booklets whole"
    )
    print(said)
    if options.write:
        kind = "conventions of numbers and marks" if options.conventions else "language and layout"
        flag = " --conventions" if options.conventions else ""
        call = f"python bench/booklets.py {options.booklets} {options.seed}{flag} --write"
        n = f"{total['booklets']} booklets from seed {options.seed}, not seen before"
        commit = git("rev-parse", "--short", "HEAD")
        put([f"| booklets of the typesetter, {kind} drawn at random | {said} | {n} | `{call}` | {commit} |"])


if __name__ == "__main__":
    main()
