"""Duplicates: recall of planted copies, precision of kinds, time and memory, beside the peers on the same items.

Usage: python bench/dedup.py [--work FOLDER] [--items N] [--peers FOLDER --python NAME=PYTHON ...] [--growth N,N]
                             [--cuts N,N] [--shards N,N] [--mqp] [--embed PYTHON] [--write]

All of the lines of RESULTS.md in one run:

    python bench/dedup.py --peers FOLDER --python rensa=PYTHON --python datasketch=PYTHON --python datatrove=PYTHON
        --python semhash=PYTHON --growth 50000,100000,197243,400000,800000 --cuts 4,16,64 --shards 1000000,5000000
        --mqp --embed PYTHON --write

Each line is written as soon as it is measured; a peer that fails is told and left out. FOLDER of --peers holds
w3_dedup.py, the scripts of the peers; --python rensa=/envs/a/bin/python says which Python runs one. Every process has
one thread; processor seconds are those of the whole process with its imports, memory is its peak resident set. The
kinds are checked by `bench/dupcheck.py`, which shares no code with the package.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import dupcheck, dupdata  # noqa: E402  (the script may be started from anywhere)
from bench.extraction import put  # noqa: E402

BENCHWRIGHT = Path(sys.executable).parent / "benchwright"
ONE = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
TARGETS = {
    "exact_norm": 0.99, "edit1": 0.99, "edit5": 0.98, "edit10": 0.95, "edit20": 0.9, "reorder": 0.99, "number": 0.99,
}  # fmt: skip
Line = tuple[str, str, str]


def timed(command: list[str]) -> tuple[str, float, float]:
    """Run a process and return what it printed, its processor seconds and its peak memory in GiB."""
    code = (
        "import resource,subprocess,sys; p=subprocess.run(sys.argv[1:],stdout=subprocess.PIPE);"
        "sys.stdout.buffer.write(p.stdout); u=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(); print(u.ru_utime+u.ru_stime, u.ru_maxrss/2**20, p.returncode)"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, check=True, env={**os.environ, **ONE}
    )
    *said, last = outcome.stdout.strip().splitlines()
    seconds, memory, exit_code = last.split()
    if exit_code != "0":
        raise RuntimeError(f"{command}: exit {exit_code}\n{outcome.stderr[-2000:]}")
    return "\n".join(said), float(seconds), float(memory)


def data(work: Path, items: int) -> Path:
    """Return the folder with that many items, made once."""
    folder = work / f"items-{items}"
    if not (folder / "gold.jsonl").is_file():
        subprocess.run([sys.executable, ROOT / "bench/dupdata.py", folder, "--items", str(items)], check=True)
    return folder


def ours(folder: Path, *more: str) -> tuple[pl.DataFrame, float, float]:
    """Return the pairs of one search, its processor seconds and its memory."""
    out = folder / "duplicates.parquet"
    _, seconds, memory = timed([str(BENCHWRIGHT), "dedup", str(folder / "items.parquet"), "-o", str(out), "-q", *more])
    return pl.read_parquet(out), seconds, memory


def planted(folder: Path) -> dict[tuple[int, int], str]:
    """Return the planted pairs with their grades."""
    lines = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    return {(min(one["a"], one["b"]), max(one["a"], one["b"])): one["grade"] for one in lines}


def numbered(pairs: pl.DataFrame) -> list[tuple[int, int]]:
    """Return the numbers of the items of each pair."""
    number = [[int(name.split("/")[3].split("@")[0]) for name in pairs[side]] for side in ("id_a", "id_b")]
    return [(min(a, b), max(a, b)) for a, b in zip(*number, strict=True)]


def quality(folder: Path, pairs: pl.DataFrame, seconds: float, memory: float, count: int) -> Iterator[Line]:
    """Yield recall by grade, precision by kind, pairs that were not planted, time and memory."""
    gold, found = planted(folder), set(numbered(pairs))
    sizes, hits = Counter(gold.values()), Counter(grade for pair, grade in gold.items() if pair in found)
    shares = ", ".join(f"{grade} {hits[grade] / sizes[grade]:.3f}" for grade in TARGETS)
    aims = " / ".join(str(aim) for aim in TARGETS.values())
    yield f"duplicates: recall of planted copies, at least {aims}", shares, f"{count:,} items, {len(gold)} planted"
    told = dupcheck.confirmed(folder / "items.parquet", pairs)
    yield (
        "duplicates: precision by kind >= 0.98, kinds recomputed by other code",
        ", ".join(f"{kind} {right}/{all_}" for kind, (right, all_) in sorted(told.items())),
        f"{pairs.height} pairs",
    )
    others = Counter(
        kind for pair, kind in zip(numbered(pairs), pairs["kind"].to_list(), strict=True) if pair not in gold
    )
    yield (
        "duplicates: pairs that were not planted",
        ", ".join(f"{k} {n}" for k, n in sorted(others.items())),
        f"{sum(others.values())} pairs",
    )
    yield (
        "duplicates: <= 4 processor seconds and <= 0.8 GiB for 197,243 items",
        f"{seconds:.1f} s, {memory:.2f} GiB; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores",
        f"{count:,} items",
    )


def peers(folder: Path, scripts: Path, pythons: dict[str, str], seconds: float) -> Iterator[Line]:
    """Yield what each peer needs for the same items, and what it finds."""
    gold = planted(folder)
    for name, python in pythons.items():
        try:
            said, theirs, memory = timed([python, str(scripts / "w3_dedup.py"), name, str(folder)])
        except RuntimeError as error:
            print(f"{name} left out: {error}", file=sys.stderr)
            continue
        told = json.loads(said.strip().splitlines()[-1])
        recall = ", ".join(f"{grade} {told['recall'].get(grade, 0.0)}" for grade in TARGETS)
        others = f"{told['not_planted']} pairs not planted, no kinds"
        yield (
            f"duplicates: {name} on the same items in the same run",
            f"{theirs:.1f} s, {memory:.2f} GiB, {theirs / seconds:.1f} times ours; recall {recall}; {others}",
            f"{len(gold)} planted",
        )


def growth(work: Path, sizes: tuple[int, ...]) -> Iterator[Line]:
    """Yield the time for several numbers of items."""
    told = []
    for size in sizes:
        _, seconds, memory = ours(data(work, size))
        told.append(f"{size // 1000} k {seconds:.1f} s {memory:.2f} GiB")
    yield (
        "duplicates: growth close to linear from 50 k to 800 k items",
        ", ".join(told),
        f"{len(sizes)} sizes, one run each",
    )


CUT = """
import sys
from pathlib import Path
from benchwright.builder.dedup import DedupWish, find_duplicates
from benchwright.builder.dedup._index import Settings
run = find_duplicates([Path(sys.argv[1])], DedupWish(settings=Settings(crowd=int(sys.argv[2]))))
run.pairs.write_parquet(sys.argv[3])
print(run.candidates)
"""


def cuts(folder: Path, crowds: tuple[int, ...]) -> Iterator[Line]:
    """Yield what is found and what it costs for several numbers of items from which a hash joins neighbours only."""
    gold, told = planted(folder), []
    for crowd in crowds:
        out = folder / f"cut-{crowd}.parquet"
        items = str(folder / "items.parquet")
        said, seconds, _ = timed([sys.executable, "-c", CUT, items, str(crowd), str(out)])
        pairs = pl.read_parquet(out)
        recall = len(gold.keys() & set(numbered(pairs))) / len(gold)
        told.append(f"{crowd}: recall {recall:.4f}, {int(said):,} candidates, {pairs.height} pairs, {seconds:.1f} s")
    yield (
        "duplicates: items of one hash or stem from which only neighbours are compared (16 is the default)",
        "; ".join(told),
        f"{len(gold)} planted",
    )


def shards(work: Path, copies: tuple[int, ...]) -> Iterator[Line]:
    """Yield time and memory on disk, for items that are repeated with other words in each copy."""
    told = []
    for count in copies:
        folder = work / f"posts-{count}"
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for part in range(count // 100_000):
            path = folder / f"items-{part}.parquet"
            files.append(str(path))
            if not path.is_file():
                part_of(work, part).write_parquet(path, compression="zstd", compression_level=1)
        out = folder / "duplicates.parquet"
        parts = str(max(8, count // 100_000))
        _, seconds, memory = timed([str(BENCHWRIGHT), "dedup", *files, "-o", str(out), "-q", "--shards", parts])
        told.append(f"{count / 1e6:g} million {seconds:.0f} s, {memory:.2f} GiB, {parts} parts")
    yield (
        "duplicates: on disk in bounded memory, projected to 26 million rows",
        "; ".join(told),
        f"{max(copies):,} items",
    )


def part_of(work: Path, part: int) -> pl.DataFrame:
    """Return a hundred thousand items; those after the first million are the first in another alphabet.

    Letters move along their alphabet, and signs of Chinese along their block: the texts are others, of the same lengths
    and with the same phrases in common, and made in a tenth of the time.
    """
    first = work / "posts" / f"items-{part % 10}.parquet"
    if not first.is_file():
        first.parent.mkdir(parents=True, exist_ok=True)
        rows, _ = dupdata.make(data_folder(), 100_000, seed=100 + part % 10)
        dupdata.table(rows).write_parquet(first, compression="zstd", compression_level=1)
    frame = pl.read_parquet(first).with_columns(pl.col("group", "id").str.replace("made/", f"made{part}/"))
    step = part // 10
    if not step:
        return frame
    moved = {
        chr(code): chr(start + (code - start + 3 * step) % size)
        for start, size in ((97, 26), (65, 26), (0x3041, 86), (0x4E00, 20_000))
        for code in range(start, start + size)
    }
    text = pl.element().struct.field("text").str.replace_many(moved)
    return frame.with_columns(
        pl.col("stem").str.replace_many(moved), pl.col("options").list.eval(pl.element().struct.with_fields(text))
    )


def data_folder() -> Path:
    """Return the folder of real data."""
    return Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")


def mqp(embed: str | None) -> Iterator[Line]:
    """Yield the average precision on question pairs that doctors labelled."""
    rows, labels = dupcheck.medical_pairs(data_folder() / "mqp/mqp.csv")
    if not rows:
        return
    from benchwright.builder.dedup._score import likeness
    from benchwright.schemas.text import comparable

    left, right = ([comparable(row[side]) for row in rows] for side in (0, 1))
    values = {"text": list(likeness(left, right, 0.0))}
    if embed is not None:
        values["meaning"] = json.loads(
            subprocess.run(
                [embed, ROOT / "bench/dupvectors.py", "--pairs"],
                input=json.dumps(rows),
                capture_output=True,
                text=True,
                check=True,
                cwd=ROOT,
            ).stdout.splitlines()[-1]
        )
        values["both (mean)"] = [(a + b) / 2 for a, b in zip(values["text"], values["meaning"], strict=True)]
        values["both (weight of each half set on the other)"] = weighed(values["text"], values["meaning"], labels)
    told = ", ".join(f"{name} {dupcheck.average_precision(one, labels):.3f}" for name, one in values.items())
    chance = sum(labels) / len(labels)
    yield (
        "duplicates: average precision on medical question pairs",
        f"{told}; chance {chance:.3f}",
        f"{len(rows)} pairs",
    )


def weighed(text: list[float], meaning: list[float], labels: list[int]) -> list[float]:
    """Return both values in one, for each half of the pairs with the weight that is best on the other half.

    A question stands in two pairs that follow each other, so that halves are of pairs of pairs.
    """
    half = [place // 2 % 2 for place in range(len(labels))]

    def best(own: int) -> float:
        there = [place for place in range(len(labels)) if half[place] == own]
        return max(
            (step / 20 for step in range(21)),
            key=lambda weight: dupcheck.average_precision(
                [weight * text[at] + (1 - weight) * meaning[at] for at in there], [labels[at] for at in there]
            ),
        )

    weights = [best(1), best(0)]
    return [weights[half[at]] * text[at] + (1 - weights[half[at]]) * meaning[at] for at in range(len(labels))]


def embedding(python: str) -> Iterator[Line]:
    """Yield the rate of encoding beside plain `encode` of the same model."""
    outcome = subprocess.run(
        [python, ROOT / "bench/dupvectors.py"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    told = json.loads(outcome.stdout.splitlines()[-1])
    yield (
        "duplicates: vectors within 1e-5 of plain encode, >= 1.2 times its speed, >= 2 where half of the texts repeat",
        f"largest difference {told['difference']:.1e}; {told['distinct']:.2f} times, {told['half']:.2f} times",
        f"{told['n']} texts, MiniLM, processor seconds",
    )


def judged(folder: Path, pairs: pl.DataFrame, count: int = 100) -> None:
    """Write pairs that were not planted for people to judge."""
    gold = planted(folder)
    texts = dict(pl.read_parquet(folder / "items.parquet", columns=["id", "stem"]).rows())
    rows = [row for pair, row in zip(numbered(pairs), pairs.to_dicts(), strict=True) if pair not in gold]
    chosen: list[dict[str, Any]] = random.Random(1).sample(rows, min(count, len(rows)))
    with (folder / "judge.jsonl").open("w", encoding="utf-8") as stream:
        for row in chosen:
            line = {**row, "a": texts[row["id_a"]], "b": texts[row["id_b"]]}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def measure(options: argparse.Namespace) -> Iterator[Line]:
    """Yield the lines that were asked for."""
    folder = data(options.work, options.items)
    pairs, seconds, memory = ours(folder)
    yield from quality(folder, pairs, seconds, memory, options.items)
    judged(folder, pairs)
    if options.peers:
        yield from peers(folder, options.peers, dict(one.split("=", 1) for one in options.python), seconds)
    if options.growth:
        yield from growth(options.work, tuple(int(one) for one in options.growth.split(",")))
    if options.cuts:
        yield from cuts(folder, tuple(int(one) for one in options.cuts.split(",")))
    if options.shards:
        yield from shards(options.work, tuple(int(one) for one in options.shards.split(",")))
    if options.mqp:
        yield from mqp(options.embed)
    if options.embed:
        yield from embedding(options.embed)


def called(arguments: list[str]) -> str:
    """Return the command without the paths of one machine."""
    plain = [re.sub(r"(^|=)/\S+", lambda found: f"{found[1]}PATH", one) for one in arguments]
    return " ".join(["python bench/dedup.py", *plain])


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=ROOT / "bench/out/dedup")
    parser.add_argument("--items", type=int, default=dupdata.FULL)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--growth", help="numbers of items, with commas: 50000,100000,197243,400000,800000")
    parser.add_argument("--cuts", help="numbers of items with one hash, with commas: 4,16,64")
    parser.add_argument("--shards", help="numbers of rows, with commas: 1000000,5000000")
    parser.add_argument("--mqp", action="store_true")
    parser.add_argument("--embed", help="a Python that has sentence-transformers and the model")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target, measured, n in measure(options):
        line = f"| {target} | {measured} | {n} | `{called(sys.argv[1:])}` | {told.stdout.strip()} |"
        print(line, flush=True)
        if options.write:
            put([line])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
