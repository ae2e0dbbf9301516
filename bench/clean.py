"""Cleaning at scale: rows per processor second and peak memory, beside the peers on the same files in the same run.

Usage: python bench/clean.py [--peers FOLDER] [--data FOLDER] [--rows N,N] [--kill] [--near] [--mask] [--write]

FOLDER holds `gen.py` and `w5_clean.py`: the generator and the peers' scripts. Every peer reads the same packed JSON
lines, takes markup, addresses and double spaces out, drops answers under 20 characters, merges equal rows and writes
Parquet. Ours alone compares in normal form C, which merges a few rows more. One thread each; processor seconds of the
process with its imports, peak resident set of the process.
`--kill` kills a run three times and compares the bytes with an undisturbed one.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_LONGEST = 1800.0
ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "bench/out/clean"
PEERS = {"polars": 1, "polars_eager": 1, "hf_datasets": 1, "datatrove": 1}
CONFIG = """
columns: {keep: [user]}
normalise: {text: clean, addresses: remove}
length: {question: 0, answer: 20}
unique_ids: false
"""
KINDS = {"": "", "mask": "mask: true\n", "near": "near: {threshold: 0.8}\n"}


@dataclass(frozen=True)
class Measured:
    """One run: processor seconds, seconds, peak resident set in MiB, and what it printed last."""

    cpu: float
    wall: float
    rss: float
    code: int
    text: str


def measured(command: Sequence[str], kill_when: Callable[[], bool] | None = None) -> Measured:
    """Run a command with one thread; kill it where asked as soon as something is so."""
    env = {**os.environ, "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, text=True) as process:
        while kill_when is not None and not kill_when() and time.monotonic() - start < _LONGEST:
            time.sleep(0.02)
        if kill_when is not None:
            # Not process.kill(): it would take the exit code of a process that has ended, which is needed below.
            os.kill(process.pid, signal.SIGKILL)
        text = process.stdout.read() if process.stdout else ""
        # wait4 gives the use of this child alone; its own children are added by the kernel when it waited for them.
        _, status, use = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    return Measured(use.ru_utime + use.ru_stime, wall, use.ru_maxrss / 1024, process.returncode, text)


def material(peers: Path, data: Path, rows: int) -> Path:
    """Return the folder of the files of this many rows, made where it is absent."""
    folder = OUT / f"w5-{rows}"
    if not (folder / "meta.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-B", str(peers / "gen.py"), "w5", "--out", str(folder), "--scale", str(rows / 1e6)]
        subprocess.run(command, check=True, env={**os.environ, "EXAM_DATA": str(data)}, stdout=subprocess.DEVNULL)
    return folder


def ours(folder: Path, out: Path, kind: str = "") -> list[str]:
    """Return the command that cleans a folder."""
    config = OUT / f"clean{kind}.yaml"
    config.write_text(CONFIG + KINDS[kind], encoding="utf-8")
    files = [str(path) for path in sorted(folder.glob("*.jsonl.gz"))]
    program = "from benchwright.builder.cli import main; main()"
    return [sys.executable, "-c", program, "clean", *files, "-o", str(out), "--config", str(config), "--json"]


def bytes_of(out: Path) -> str:
    """Return one hash over all tables of an output."""
    total = hashlib.sha256()
    for path in sorted(out.rglob("*.parquet")):
        total.update(f"{path.relative_to(out)}\n".encode())
        total.update(path.read_bytes() if path.is_file() else b"")
    return total.hexdigest()


def kept_of(text: str) -> int:
    """Return the rows written, from the printed document."""
    return int(json.loads(text)["ledger"][-1]["rows_out"])


def speed(folder: Path, rows: int, peers: Path, rounds: int, names: Sequence[str]) -> str:
    """Run ours and the peers in turn; return the figures as text."""
    best: dict[str, Measured] = {}
    kept: dict[str, int] = {}
    for _ in range(rounds):
        for name in ("ours", *names):
            out = OUT / "out"
            shutil.rmtree(out, ignore_errors=True)
            command = ours(folder, out) if name == "ours" else [
                sys.executable, "-B", str(peers / "w5_clean.py"), name, str(folder)
            ]  # fmt: skip
            done = measured(command)
            if done.code:
                print(f"# {name}: exit {done.code}", file=sys.stderr)
                continue
            kept[name] = kept_of(done.text) if name == "ours" else json.loads(done.text.splitlines()[-1])["kept"]
            # The polars scripts unpack everything once more to count the rows: what they report leaves that out.
            if name not in best or done.cpu < best[name].cpu:
                best[name] = done
            print(f"# {name}: {rows / done.cpu:,.0f} rows/s, {done.rss:.0f} MiB, kept {kept[name]}", file=sys.stderr)
    told = [
        f"{name} {rows / one.cpu:,.0f} rows per processor second, {one.rss:.0f} MiB, keeps {kept[name]}"
        for name, one in best.items()
    ]
    return f"{'; '.join(told)}; load {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores"


def killed(folder: Path) -> str:
    """Kill a run three times, let it end, and compare with an undisturbed one."""
    whole, out = OUT / "whole", OUT / "killed"
    for path in (whole, out):
        shutil.rmtree(path, ignore_errors=True)
    undisturbed = measured(ours(folder, whole))
    parts = len(list((whole / "entries.parquet").glob("*.parquet")))
    # In the middle of reading, near its end, and in the middle of writing.
    points = (("stages/read/*.json", parts // 3), ("stages/read/*.json", parts - 2), ("entries.parquet/*", parts // 2))
    codes = []
    for pattern, count in points:
        done = measured(ours(folder, out), lambda what=pattern, least=count: len(list(out.glob(what))) >= least)
        codes.append(done.code)
    last = measured(ours(folder, out))
    same = bytes_of(whole) == bytes_of(out)
    told = f"killed {codes.count(-9)} times, in reading, at its end and in writing, then exit {last.code}"
    return f"{told}: {'the same' if same else 'OTHER'} bytes as undisturbed (exit {undisturbed.code}), {parts} parts"


def with_stage(folder: Path, rows: int, kind: str) -> str:
    """Return the cost of a further stage."""
    plain, further = OUT / "plain", OUT / kind
    for path in (plain, further):
        shutil.rmtree(path, ignore_errors=True)
    base, more = measured(ours(folder, plain)), measured(ours(folder, further, kind))
    extra = more.cpu - base.cpu
    return f"{rows / extra:,.0f} rows per processor second for the stage alone, {more.rss:.0f} MiB, exit {more.code}"


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, default=ROOT.parent / "shared/bench/peers")
    data = Path(os.environ.get("BENCHWRIGHT_DATA", ROOT.parent / "shared/data"))
    parser.add_argument("--data", type=Path, default=data)
    parser.add_argument("--rows", default="1000000")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default=",".join(PEERS), help="peers to run, comma between; empty for none")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--near", action="store_true")
    parser.add_argument("--mask", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    modules = {"hf_datasets": "datasets", "polars_eager": "polars"}
    names = [name for name in given.only.split(",") if name and importlib.util.find_spec(modules.get(name, name))]
    lines: list[tuple[str, str, str]] = []
    for rows in map(int, given.rows.split(",")):
        folder = material(given.peers, given.data, rows)
        if given.kill:
            lines.append((f"cleaning killed three times, {rows:,} rows", killed(folder), "1 run"))
        lines += [
            (f"cleaning, stage {kind}, {rows:,} rows", with_stage(folder, rows, kind), "1 run")
            for kind in ("near", "mask")
            if getattr(given, kind)
        ]
        if not (given.kill or given.near or given.mask):
            target = f"read, normalise, filter, exact dedup, Parquet, {rows:,} rows (target 100,000 rows/s, 1 GiB)"
            lines.append(
                (target, speed(folder, rows, given.peers, given.rounds, names), f"{given.rounds} rounds, best")
            )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    call = f"`python bench/clean.py {shlex.join(one for one in sys.argv[1:] if not one.startswith('/'))}`"
    texts = [f"| {target} | {told} | {n} | {call} | {commit.stdout.strip()} |" for target, told, n in lines]
    print("\n".join(texts))
    if given.write:
        from bench.extraction import put

        put(texts)


if __name__ == "__main__":
    main()
