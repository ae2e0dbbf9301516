"""COMET's own `predict` beside the worker's scorer on one checkpoint; runs in the environment `comet`.

Usage: comet_speed.py MODEL WORKER_FOLDER TINY_FOLDER SEGMENTS ROUNDS THREADS [--half]

Prints one JSON line. Seconds are processor time, so that what else the machine does counts little; the two take turns.
"""

from __future__ import annotations

import importlib
import json
import logging
import random
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

LENGTHS = {"sentences": (3.4, 0.55, 4), "fields": (2.2, 1.0, 1)}
"""Mean and spread of the logarithm of the tokens of a text, and the fewest: news, and stems with their options."""
SHARD = 1024


def segments(kind: str, count: int, systems: int, tokens: float) -> list[list[str]]:
    """Return rows of source, translation, reference; words have that many tokens on the average."""
    rng = random.Random(5)
    mean, spread, least = LENGTHS[kind]
    words = importlib.import_module("tiny_comet").WORDS

    def text(size: float) -> str:
        return " ".join(rng.choices(words, k=max(1, round(max(least, min(200, size)) / tokens))))

    rows = []
    for _ in range(count // systems):
        size = rng.lognormvariate(mean, spread)
        source, reference = text(size), text(size * rng.uniform(0.85, 1.25))
        rows += [[source, text(size * rng.uniform(0.85, 1.25)), reference] for _ in range(systems)]
    rng.shuffle(rows)
    return rows


def seconds(work: Callable[[], list[float]]) -> tuple[float, list[float]]:
    """Return the processor seconds of a call, and what it returns."""
    started = time.process_time()
    made = work()
    return time.process_time() - started, made


class Silent:
    """A channel that nobody reads."""

    done = 0


def main() -> None:
    """Measure and print."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    model, folder, tiny, count, rounds, threads = sys.argv[1:7]
    import torch
    from comet import load_from_checkpoint

    sys.path[:0] = [folder, tiny]
    worker: Any = importlib.import_module("comet_worker")
    torch.set_num_threads(int(threads))
    own = worker.Scorer({"model": model, "device": "cpu"}, Silent())
    peer = load_from_checkpoint(f"{model}/checkpoints/model.ckpt", local_files_only=True)
    half = "--half" in sys.argv
    if half:
        peer.half()

    def theirs(rows: list[list[str]]) -> list[float]:
        samples = [dict(zip(("src", "mt", "ref"), row, strict=True)) for row in rows]
        told = peer.predict(samples, batch_size=16, gpus=0, num_workers=0, progress_bar=False)
        return list(told["scores"])

    def ours(rows: list[list[str]]) -> list[float]:
        return [one for begin in range(0, len(rows), SHARD) for one in own.score(rows[begin : begin + SHARD])["scores"]]

    words = importlib.import_module("tiny_comet").WORDS
    per_word = len(own.model.encoder.tokenizer(" ".join(words))["input_ids"]) / len(words)
    warm = segments("fields", 8, 1, per_word)
    theirs(warm), ours(warm)
    found: dict[str, Any] = {"threads": int(threads)}
    # float16 on a processor is shown once.
    for kind in list(LENGTHS)[: 1 if half else None]:
        for systems in (1, 5)[: 1 if half else None]:
            rows = segments(kind, int(count), systems, per_word)
            tokens = own.model.encoder.tokenizer([text for row in rows for text in row])["input_ids"]
            taken: list[tuple[float, float]] = []
            apart = 0.0
            for _ in range(int(rounds)):
                peer_s, peer_scores = seconds(lambda rows=rows: theirs(rows))
                own_s, own_scores = seconds(lambda rows=rows: ours(rows))
                taken.append((peer_s, own_s))
                apart = max(apart, *(abs(a - b) for a, b in zip(own_scores, peer_scores, strict=True)))
            ratios = sorted(a / b for a, b in taken)
            found[f"{kind}-{systems}"] = {
                "n": len(rows),
                "tokens": sum(map(len, tokens)) / len(rows),
                "ratio": ratios[(len(ratios) - 1) // 2],
                "ratios": ratios,
                "peer": len(rows) / min(a for a, _ in taken),
                "own": len(rows) / min(b for _, b in taken),
                "apart": apart,
            }
            print(kind, systems, found[f"{kind}-{systems}"], file=sys.stderr, flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
