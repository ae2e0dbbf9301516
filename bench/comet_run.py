"""Measures COMET's `predict` beside the worker on a random XLM-R; `--write` puts the lines into RESULTS.md.

The environment is that of `benchwright doctor --install comet`. Random weights are right for speed and prove nothing of
quality. The vocabulary is small, as the size of a table of embeddings has no part in the time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.run import put  # noqa: E402  (the script may be started from anywhere)
from benchwright.builder.environments import find  # noqa: E402

OUT = ROOT / "bench/out"
CALL = "`python bench/comet_run.py --write{half}`"
TARGETS = {
    "sentences-1": "COMET: sentences, one system, none repeated (target 1.55 x `predict` in fp32, within 1e-5)",
    "sentences-5": "COMET: sentences, five systems for each source (target 1.75 x `predict` in fp32, within 1e-5)",
    "fields-1": "COMET: stems and options, one system, none repeated (target 1.55 x `predict` in fp32, within 1e-5)",
    "fields-5": "COMET: stems and options, five systems (target 1.75 x `predict` in fp32, within 1e-5)",
}
HALF = {"sentences-1": "COMET: sentences, one system, beside float16 as `comet-score` takes it (no target)"}
SHAPES = {"base": (768, 12, 3072, 12), "large": (1024, 24, 4096, 16)}
BUILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import tiny_comet
folder = Path(sys.argv[2])
hidden, layers, inner, heads = map(int, sys.argv[3:7])
tiny_comet.write_encoder(folder / "encoder", hidden, layers, inner=inner, heads=heads, positions=514)
kind, settings = tiny_comet.kinds(str(folder / "encoder"))["softmax"]
tiny_comet.save(folder / "model", kind, {**settings, "hidden_sizes": [3072, 1024]})
"""


def commit() -> str:
    """Return the commit that is measured."""
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.strip()


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    parser.add_argument("--shape", choices=SHAPES, default="base")
    parser.add_argument("--segments", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--half", action="store_true", help="let COMET run in float16, as comet-score does")
    options = parser.parse_args()
    python = str(find("comet").python)
    folder = OUT / f"comet-{options.shape}"
    quiet = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    if not (folder / "model/checkpoints/model.ckpt").is_file():
        shape = map(str, SHAPES[options.shape])
        subprocess.run([python, "-c", BUILD, str(ROOT / "tests/services"), str(folder), *shape], env=quiet, check=True)
    worker = ROOT / "benchwright/builder/score/worker"
    numbers = [str(one) for one in (options.segments, options.rounds, options.threads)]
    half = ["--half"] * options.half
    script = str(ROOT / "bench/comet_speed.py")
    folders = [str(folder / "model"), str(worker), str(ROOT / "tests/services")]
    command = [python, script, *folders, *numbers, *half]
    told = subprocess.run(command, env=quiet, stdout=subprocess.PIPE, text=True, check=True).stdout
    found = json.loads(told.splitlines()[-1])
    lines = []
    call = CALL.format(half=" --half" * options.half + f" --shape {options.shape}" * (options.shape != "base"))
    for name, target in (HALF if options.half else TARGETS).items():
        one = found[name]
        shaped = target if options.shape == "base" else target.replace("COMET:", f"COMET, {options.shape} shape:")
        ends = f"{one['ratios'][0]:.2f} to {one['ratios'][-1]:.2f}"
        measured = (
            f"{one['ratio']:.2f} x (median; {ends}): {one['own']:.2f} segments/s beside {one['peer']:.2f} of "
            f"`predict`, greatest difference {one['apart']:.0e}; random XLM-R {options.shape}, {one['tokens']:.0f} "
            f"tokens a segment, "
            f"{options.threads} thread{'s' * (options.threads > 1)}, processor time, other work beside"
        )
        lines.append(f"| {shaped} | {measured} | {one['n']} segments, {options.rounds} rounds | {call} | {commit()} |")
    print("\n".join(lines))
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()
