"""Measures the review: coverage of the intervals, agreement of many ratings, tasks to a real server and back.

python bench/review.py coverage [--write]
python bench/review.py agreement [--write]
python bench/review.py board --url URL --token TOKEN [--write]   (needs the extra [review] and a server)
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import polars as pl

from benchwright.builder.review.agreement import AgreementWish, agreement
from benchwright.builder.review.simulation import Setting, coverage
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Verdict

if TYPE_CHECKING:
    from benchwright.builder.review.labelstudio.board import Board

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "RESULTS.md"
SETTINGS = (
    Setting(items=2000, rate=0.05, random=200),
    Setting(items=2000, rate=0.05, random=200, ranked=200),
    Setting(items=1000, rate=0.10, random=300, ranked=100),
    Setting(items=5000, rate=0.02, random=300, ranked=300),
    Setting(items=600, rate=0.30, random=150, ranked=50, strata=3),
    Setting(items=500, rate=0.15, random=200),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["coverage", "agreement", "board"])
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--token", default="")
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    lines = {"coverage": measure_coverage, "agreement": measure_agreement}.get(given.what)
    rows = lines() if lines else measure_board(given.url, given.token, given.tasks)
    for row in rows:
        print(row)
    if given.write:
        write(rows, given.what)


def measure_coverage() -> list[tuple[str, str, str]]:
    rows = []
    for one in SETTINGS:
        found = coverage(one, sets=1000, seed=11)
        told = "; ".join(f"{name} {100 * each.covered:.1f} % (width {each.width:.4f})" for name, each in found.items())
        name = (
            f"{one.items} items, error rate {one.rate}, {one.random} random, {one.ranked} by risk, {one.strata} strata"
        )
        rows.append((f"review: 95 % intervals cover 93-97 %: {name}", told, "1,000 simulated sets"))
    return rows


def measure_agreement() -> list[tuple[str, str, str]]:
    ratings = made_ratings(10_000, 3, ("errors", "terminology", "key_right", "same_test"))
    wall, cpu = time.perf_counter(), time.process_time()
    found = agreement(ratings, AgreementWish(resamples=1000))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    told = f"{cpu:.1f} processor seconds, {wall:.1f} s on the busy machine, {found.height} figures with intervals"
    return [
        ("review: agreement of 120,000 ratings, 1,000 resamples (target 60 s)", told, f"{ratings.height:,} ratings")
    ]


def made_ratings(items: int, raters: int, axes: tuple[str, ...]) -> pl.DataFrame:
    """Return verdicts of thirty people in three languages, each item judged by some of them."""
    draw = np.random.default_rng(5)
    values = {"errors": ["none", "minor", "major", "critical"], "terminology": list("12345")}
    parts = []
    for axis in axes:
        names = values.get(axis, ["yes", "no", "unsure"])
        truth = draw.integers(0, len(names), items)
        first = draw.integers(0, 30, items)
        for number in range(raters):
            said = np.clip(truth + draw.choice([-1, 0, 0, 0, 1], items), 0, len(names) - 1)
            parts.append(
                pl.DataFrame(
                    {
                        "item_id": [f"d/s/{place}@{('es', 'ja', 'ar')[place % 3]}" for place in range(items)],
                        "reviewer": [f"R{(who + number) % 30:02d}" for who in first],
                        "value": [names[place] for place in said],
                        "confidence": draw.integers(1, 6, items),
                    }
                ).with_columns(pl.lit(axis).alias("axis"))
            )
    schema = table_schema(Verdict)
    table = pl.concat(parts).with_columns(
        pl.lit("h").alias("text_hash"),
        pl.lit("human").alias("reviewer_kind"),
        pl.lit("item").alias("role"),
        pl.lit(1, dtype=pl.Int64).alias("round"),
        pl.lit([], dtype=schema["spans"]).alias("spans"),
    )
    absent = [pl.lit(None, dtype=schema[name]).alias(name) for name in schema if name not in table.columns]
    return table.with_columns(absent).select(schema.names())


def measure_board(url: str, token: str, tasks: int) -> list[tuple[str, str, str]]:
    from benchwright.builder.review.axes import axes_named
    from benchwright.builder.review.folder import ReviewFolder
    from benchwright.builder.review.labelstudio.pull import pull_server
    from benchwright.builder.review.labelstudio.sdk import connect
    from benchwright.builder.review.pushing import RoundWish, plan_round, push_round
    from tests.builder.review.exam import write_exam

    name = f"bench{int(time.time())}"
    with tempfile.TemporaryDirectory() as scratch:
        items, sources = write_exam(Path(scratch), tasks, ("es",))
        folder = ReviewFolder(Path(scratch) / "review")
        wish = RoundWish(items=items, project=name, source=sources, axes=("errors", "key_right"))
        plan_round(wish, folder)
        board = connect(url, token)
        started = time.perf_counter()
        done = push_round(wish, folder, cast("Board", Annotating(board)), folder.plans()[-1], progress=tell)
        pushing = time.perf_counter() - started
        started = time.perf_counter()
        again = push_round(wish, folder, board, folder.plans()[-1])
        repeating = time.perf_counter() - started
        started = time.perf_counter()
        pulled = pull_server(board, folder, name, {one.name: one for one in axes_named(wish.axes)}, progress=tell)
        pulling = time.perf_counter() - started
    told = (
        f"push {pushing:.0f} s ({done.added} added), push again {repeating:.0f} s ({again.added} added), "
        f"pull {pulling:.0f} s ({pulled.taken} annotations taken)"
    )
    name = f"review: {tasks:,} annotated tasks pushed and pulled on a real server"
    return [(name, told, f"{tasks:,} tasks")]


class Annotating:
    """A server whose tasks come with an annotation, as if somebody had worked through them."""

    def __init__(self, board: Any) -> None:
        self._board = board

    def __getattr__(self, name: str) -> Any:
        return getattr(self._board, name)

    def add(self, project: int, tasks: Sequence[dict[str, Any]]) -> None:
        from tests.builder.review.exam import chosen

        said = {"result": [chosen("errors", "minor"), chosen("key_right", "yes")], "lead_time": 20}
        self._board.add(project, [{**one, "annotations": [said]} for one in tasks])


def tell(stage: str, done: int, total: int, name: str) -> None:
    print(f"{stage} {done}/{total} {name}", flush=True)


def write(rows: list[tuple[str, str, str]], what: str) -> None:
    """Put the lines into the results, in place of those of the same targets."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    kept = [
        line
        for line in RESULTS.read_text(encoding="utf-8").splitlines()
        if not any(line.startswith(f"| {target} |") for target, _, _ in rows)
    ]
    made = [
        f"| {t} | {m} | {n} | `python bench/review.py {what} --write` | {commit.stdout.strip()} |" for t, m, n in rows
    ]
    RESULTS.write_text("\n".join([*kept, *made]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
