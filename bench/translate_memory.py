"""Peak memory of a translation of 20,000 and 60,000 items, and of the same once more with all versions standing.

`--write` puts the line into RESULTS.md. The items are those of `bench/score_apertium.py`, many times over under ids of
their own: Apertium is asked for each text once, and the rest is what items, tables and files take. Each run has a
process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import score_memory  # noqa: E402  (the script may be started from anywhere)
from bench.run import put  # noqa: E402
from benchwright.builder.translate import EngineWish, TranslateWish, translate_items  # noqa: E402

OUT = score_memory.OUT
CALL = "`python bench/translate_memory.py --write`"
TIMES = (20, 60)


def measure() -> dict[str, float]:
    """Translate what lies there, and return what was made, what stood there, and the peak."""
    wish = TranslateWish(["es"], [EngineWish("apertium")], cache=OUT / "cache")
    run = translate_items([OUT / "en.parquet"], OUT / "es.parquet", wish)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    return {"made": run.made, "kept": run.kept, "peak": peak}


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the line into RESULTS.md")
    parser.add_argument("--measure", action="store_true", help="translate the table that lies there")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure()))
        return
    said = []
    rows = 0
    for times in TIMES:
        shutil.rmtree(OUT, ignore_errors=True)
        OUT.mkdir(parents=True)
        score_memory.apart("--grow", "en", str(times))
        words = [sys.executable, __file__, "--measure"]
        runs = [json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout) for _ in range(2)]
        rows = int(runs[0]["made"])
        if runs[1]["kept"] != rows:
            raise SystemExit(f"{runs[1]['kept']} of {rows} versions stood there")
        said.append(f"{rows:,} items: {runs[0]['peak']:.0f} MiB, once more {runs[1]['peak']:.0f} MiB")
    shutil.rmtree(OUT)
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    target = "memory of a translation, and of one whose versions all stand (target: constant)"
    line = f"| {target} | peak {'; '.join(said)} | {rows} items | {CALL} | {commit} |"
    print(line)
    if options.write:
        put([line])


if __name__ == "__main__":
    main()
