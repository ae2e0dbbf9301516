"""Answers as evidence, on simulated benchmarks: what of planted damage and shifted keys is found, and how fast.

Usage: python bench/answers.py [--only divergence,fdr,keys,speed] [--sets 200] [--write]

`divergence`: 13 languages, 11,829 questions, 3 % damaged in each translation; AUC over all translations. `fdr`: the
share of false alarms among findings at a nominal 5 %, mean over many smaller sets. `keys`: 2 % of keys shifted, one
language, beside a plain vote and confident learning (Northcutt, Jiang and Chuang 2021: the rank by self-confidence less
the mean of the class, with the share of models as the probability). `speed`: both audits over 20 models and 153,777
questions in two languages, as processor seconds.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.answersim import Simulated, simulate  # noqa: E402  (the script may be started from anywhere)
from bench.extraction import put  # noqa: E402
from benchwright.audits._answers.chance import draws, q_values  # noqa: E402
from benchwright.audits._answers.flips import Drops, Marks, drops  # noqa: E402
from benchwright.audits._answers.truth import Choices, key_posterior  # noqa: E402

QUESTIONS, LANGUAGES, LARGE = 11_829, 13, 153_777
FDR_SET = (1_500, 3, 20)


def marks_of(told: Simulated) -> Marks:
    """Return right and wrong answers of a simulated set."""
    right = (told.chosen == told.keys[:, None, None]).astype(np.float32)
    return Marks(right, np.ones_like(right), np.full(len(right), 0.25))


def auc(score: np.ndarray, hit: np.ndarray) -> float:
    """Return the area under the curve, ties counted half."""
    _, places, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    n = int(hit.sum())
    return float((ranks[hit].sum() - n * (n + 1) / 2) / (n * (len(hit) - n)))


def found(told: list[Drops], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return middle and drawn p-values of all translations, one language after the other."""
    middle = np.concatenate([one.below + one.exactly / 2 for one in told[1:]])
    names = (f"{seed}/{language}/{row}" for language in range(1, len(told)) for row in range(len(told[0].below)))
    drawn = np.concatenate([one.below for one in told[1:]]) + draws(names) * np.concatenate(
        [one.exactly for one in told[1:]]
    )
    return middle, drawn


def divergence() -> Iterator[tuple[str, str, str]]:
    for models, target in ((20, 0.90), (4, 0.75)):
        told = simulate(1, QUESTIONS, LANGUAGES, models)
        middle, _ = found(drops(marks_of(told)), 1)
        hit = told.damaged[:, 1:].T.ravel()
        yield (
            f"answers: damaged translations ranked, {models} models (target AUC {target})",
            f"AUC {auc(-middle, hit):.3f}",
            f"{len(hit)} translations, {int(hit.sum())} damaged",
        )


def fdr(sets: int) -> Iterator[tuple[str, str, str]]:
    rates, powers, hits = [], [], 0
    for seed in range(1000, 1000 + sets):
        told = simulate(seed, *FDR_SET)
        _, drawn = found(drops(marks_of(told)), seed)
        hit, bad = q_values(drawn) <= 0.05, told.damaged[:, 1:].T.ravel()
        rates.append(float((hit & ~bad).sum() / max(1, hit.sum())))
        powers.append(float((hit & bad).sum() / bad.sum()))
        hits += int(hit.sum())
    error = float(np.std(rates) / len(rates) ** 0.5)
    yield (
        "answers: false discovery rate at a nominal 0.05 (target 0.04 to 0.06)",
        f"{np.mean(rates):.3f} (standard error {error:.3f}); found {100 * np.mean(powers):.1f} % of the damaged",
        f"{sets} sets of {FDR_SET[0]} questions, {FDR_SET[1]} languages, {FDR_SET[2]} models; {hits} findings",
    )


def keys() -> Iterator[tuple[str, str, str]]:
    for models in (20, 8, 4):
        told = simulate(2, QUESTIONS, 1, models, damage=0.0, shift=0.02)
        chosen = told.chosen[:, 0]
        said = key_posterior(Choices(chosen, np.full(QUESTIONS, 4), told.keys))
        shares = np.stack([(chosen == place).mean(axis=1) for place in range(4)], axis=1)
        own = shares[np.arange(QUESTIONS), told.keys]
        base = np.array([own[told.keys == place].mean() for place in range(4)])[told.keys]
        ways = {"ours": -said.stands, "vote": shares.max(axis=1) - own, "confident learning": base - own}
        told_ways = ", ".join(
            f"{name} {precision(rank, told):.2f} and {recall(rank, told):.3f}" for name, rank in ways.items()
        )
        yield (
            f"answers: shifted keys, {models} models (target precision at 50 0.9 with 20)",
            f"precision at 50 and recall at 5 % of items: {told_ways}; share estimated {100 * said.share:.1f} %",
            f"{QUESTIONS} questions, {int(told.shifted.sum())} shifted",
        )


def precision(rank: np.ndarray, told: Simulated) -> float:
    """Return the share of shifted keys among the fifty first."""
    return float(told.shifted[np.argsort(-rank, kind="stable")[:50]].mean())


def recall(rank: np.ndarray, told: Simulated) -> float:
    """Return the share of the shifted keys among the first twentieth."""
    top = np.argsort(-rank, kind="stable")[: len(rank) // 20]
    return float(told.shifted[top].sum() / told.shifted.sum())


def speed() -> Iterator[tuple[str, str, str]]:
    told = simulate(3, LARGE, 2, 20)
    start, wall = time.process_time(), time.monotonic()
    drops(marks_of(told))
    middle = time.process_time()
    key_posterior(Choices(told.chosen[:, 0], np.full(LARGE, 4), told.keys))
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield (
        "answers: divergence and keys, 20 models, 153,777 questions, 2 languages (target 30 s, 2 GiB)",
        (
            f"{time.monotonic() - wall:.0f} s; {middle - start:.0f} and {end - middle:.0f} processor seconds, "
            f"{peak:.0f} MiB at most"
        ),
        f"{LARGE} questions",
    )


def main() -> None:
    """Print lines of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="divergence,fdr,keys,speed", help="parts, with commas")
    parser.add_argument("--sets", type=int, default=200, help="sets of the false discovery rate")
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    options = parser.parse_args()
    parts = {"divergence": divergence, "fdr": lambda: fdr(options.sets), "keys": keys, "speed": speed}
    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    for name in options.only.split(","):
        for target, measured, n in parts[name]():
            line = f"| {target} | {measured} | {n} | `python bench/answers.py --only {name} --write` | {commit} |"
            print(line, flush=True)
            if options.write:
                put([line])


if __name__ == "__main__":
    main()
