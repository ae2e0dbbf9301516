"""The whole road, translate, translate back and score, on two sizes of a real set; `--write` puts the line in.

Items are those of HEAD-QA in English, from `BENCHWRIGHT_DATA` or `../shared/data`: all of their texts differ. Each
step runs in a process of its own, whose processor time and peak memory are taken; the time of Apertium itself is not
in them, as its pipe is ended and not waited for. The projection to 153,777 items multiplies the time of the larger
size; no run of that length was made.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.benchmarks import benchmarks  # noqa: E402  (the script may be started from anywhere)
from bench.run import put  # noqa: E402
from benchwright.builder.score import ScoreWish, score_items  # noqa: E402
from benchwright.builder.translate import EngineWish, TranslateWish, translate_items  # noqa: E402

OUT = ROOT / "bench/out/translate-road"
CALL = "`python bench/translate_road.py --write`"
SIZES = (1000, 3000)
STEPS = ("es", "back", "score")
WANTED = 153_777


def step(name: str) -> None:
    """Do one step of the road."""
    en, es, back = (OUT / f"{one}.parquet" for one in ("en", "es", "back"))
    if name == "score":
        score_items([es], OUT / "scores", ScoreWish([en], back=[back], jobs=1))
    else:
        source, out, tag = (en, es, "es") if name == "es" else (es, back, "en")
        translate_items([source], out, TranslateWish([tag], [EngineWish("apertium")], cache=OUT / "cache"))


def measured(name: str) -> dict[str, float]:
    """Return processor seconds and peak memory in MiB of a step, of this process."""
    step(name)
    own = resource.getrusage(resource.RUSAGE_SELF)
    return {"seconds": own.ru_utime + own.ru_stime, "peak": own.ru_maxrss / 2**10}


def road(items: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Return what each step took for some items."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    items.sort("id").write_parquet(OUT / "en.parquet")
    found = {}
    for name in STEPS:
        words = [sys.executable, __file__, "--step", name]
        found[name] = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return found


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the line into RESULTS.md")
    parser.add_argument("--step", choices=STEPS, help="do one step with what lies there")
    options = parser.parse_args()
    if options.step:
        print(json.dumps(measured(options.step)))
        return
    _, whole = next(iter(benchmarks("HEAD-QA en")))
    runs = {size: road(whole.sample(size, seed=3)) for size in SIZES}
    shutil.rmtree(OUT)
    most = runs[SIZES[-1]]
    hours = {name: most[name]["seconds"] / SIZES[-1] * WANTED / 3600 for name in STEPS}
    peaks = "; ".join(
        f"{size:,} items: " + ", ".join(f"{name} {took['peak']:.0f}" for name, took in one.items())
        for size, one in runs.items()
    )
    said = (
        f"{sum(hours.values()):.1f} core hours projected (there {hours['es']:.1f}, back {hours['back']:.1f}, all "
        f"scores without a model {hours['score']:.1f}), Apertium, resumable, the time "
        f"of Apertium itself not counted; peak MiB of each step, {peaks}; GPU "
        "hours of other engines not measured: no GPU was at hand"
    )
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    target = f"translate, translate back and score {WANTED:,} items (target: constant memory, a projection)"
    line = f"| {target} | {said} | {SIZES[-1]} items | {CALL} | {commit} |"
    print(line)
    if options.write:
        put([line])


if __name__ == "__main__":
    main()
