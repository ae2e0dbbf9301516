"""Booklets of boards, drawn at random in combinations that nobody had in mind, read back by the PDF reader alone.

python bench/boards.py 50 3000            50 booklets from seed 3000
python bench/boards.py 50 3000 --show     and those that were not read in full
python bench/boards.py 50 3000 --write    put the line into RESULTS.md
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.extraction import put  # noqa: E402
from bench.papers import git  # noqa: E402
from benchwright.schemas.errors import InputError  # noqa: E402
from benchwright.schemas.item import Item  # noqa: E402
from benchwright.schemas.papers import PaperJob  # noqa: E402
from benchwright.schemas.tables import Reject  # noqa: E402
from benchwright.sources.pdf import SOURCE  # noqa: E402
from tests.typesetter.boards import Board, draw_board, print_board  # noqa: E402

Read = tuple[dict[str, Item], list[Reject]]


class _Sink:
    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Keep nothing."""
        return "0" * 64, f"{len(data)}.{media_type.rpartition('/')[2]}"


def draw(seed: int) -> Board:
    """Draw a board with what may stand between and beside its columns."""
    pick = random.Random(f"more of a board {seed}")
    more: dict[str, Any] = {
        "gutter": pick.choice((22.0, 16.0, 10.0, 7.0, 30.0)),
        "mirrored": pick.choice((0.0, 0.0, 6.0, 12.0, 20.0)),
        "side": pick.choice(("none", "none", "turned", "lines", "marks")),
        "rule_signs": pick.random() < 0.15,
        "watermark": pick.choice(("none", "diagonal", "huge", "stamp", "sign")),
        "stuck": pick.random() < 0.25,
        "row_options": pick.choice((1, 1, 2, 4)),
    }
    return draw_board(seed, **more)


def letters(text: str) -> str:
    """Return the compared form of a text."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def read(path: Path, language: str) -> Read:
    """Return items by number, and rejects."""
    job = PaperJob(file=path.name, sha256="0" * 64, exam="x", edition="2031", part="1", language=language)
    try:
        found = list(SOURCE.parse(path, job, _Sink()))
    except InputError:
        return {}, []
    items = {one.exam.number: one for one in found if isinstance(one, Item) and one.exam.number}
    return items, [one for one in found if isinstance(one, Reject)]


def measured(seed: int, folder: Path) -> Counter[str]:
    """Print one booklet, read it, and count items, texts and silent losses."""
    board = draw(seed)
    path = folder / f"prova-{seed}.pdf"
    printed = print_board(board, path)
    items, rejects = read(path, board.language)
    told = {one.number for one in rejects if one.number}
    count: Counter[str] = Counter(questions=len(printed))
    for question in printed:
        one = items.get(str(question.number))
        if one is None:
            count["told" if str(question.number) in told else "silent"] += 1
            continue
        count["items"] += 1
        count["stems"] += letters(one.stem) == letters(question.stem)
        count["options"] += [letters(o.text) for o in one.options] == [letters(o.text) for o in question.options]
    return count


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("booklets", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.booklets):
            count = measured(seed, Path(folder))
            total.update(count)
            total["whole"] += count["options"] == count["stems"] == count["questions"]
            if options.show and not count["options"] == count["stems"] == count["questions"]:
                print(seed, dict(count), draw(seed), flush=True)
    asked = total["questions"]
    said = (
        f"items {total['items']} of {asked} ({100 * total['items'] / asked:.1f} %), told {total['told']}, "
        f"silent {total['silent']}; stems exact {total['stems']}, option sets exact {total['options']}; "
        f"{total['whole']} of {options.booklets} booklets whole"
    )
    print(said)
    if options.write:
        call = f"python bench/boards.py {options.booklets} {options.seed} --write"
        n = f"{options.booklets} booklets from seed {options.seed}, not seen before"
        put([(f"| booklets of boards, combinations drawn at random | {said} | {n} | `{call}` | "
             f"{git('rev-parse', '--short', 'HEAD')} |")])  # fmt: skip


if __name__ == "__main__":
    main()
