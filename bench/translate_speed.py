"""Measures the transformers engine beside a plain `generate` loop: `python bench/translate_speed.py --write`.

Needs an environment with `benchwright[translate]`. The model has the shape of NLLB-200-distilled-600M, random weights:
right for speed, silent on quality. Random weights never end an answer, so both sides get a processor of scores that
ends each answer at 1.1 times the tokens of its source, as translations do. The plain loop takes batches of 16 in the
order of the input. Texts are different fields of this project's own questions, so that nothing is gained by equal ones;
time is that of the processor, with one thread.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

OUT = ROOT / "bench/out/translate"
CODES = ("eng_Latn", "spa_Latn")
SHAPES = {
    "600M": {"d_model": 1024, "layers": 12, "heads": 16, "inner": 4096, "words": 256_206},
    "small": {"d_model": 256, "layers": 4, "heads": 4, "inner": 1024, "words": 32_000},
}


def texts(rows: int) -> list[str]:
    """Return different fields of questions, in an order that has nothing to do with their length."""
    with (ROOT / "tests/fixtures/translation/english.csv").open(encoding="utf-8", newline="") as stream:
        fields = [row[name] for row in csv.DictReader(stream) for name in row if name not in ("id", "answer")]
    different = [text for text in dict.fromkeys(fields) if any(letter.isalpha() for letter in text)]
    random.Random(7).shuffle(different)
    return different[:rows]


def build(shape: str, folder: Path) -> Path:
    """Write a model with random weights, and a tokenizer that is learnt from the texts."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    learnt = Tokenizer(models.BPE(unk_token="<unk>"))
    learnt.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    learnt.train_from_iterator(texts(10_000), trainers.BpeTrainer(vocab_size=1500, special_tokens=special))
    trained = json.loads(learnt.to_str())["model"]
    merges = [tuple(one) if isinstance(one, list) else tuple(one.split(" ")) for one in trained["merges"]]
    tokenizer = NllbTokenizer(vocab=trained["vocab"], merges=merges, extra_special_tokens=list(CODES))
    size = SHAPES[shape]
    torch.manual_seed(1)
    config = M2M100Config(
        vocab_size=size["words"],
        d_model=size["d_model"],
        encoder_layers=size["layers"],
        decoder_layers=size["layers"],
        encoder_attention_heads=size["heads"],
        decoder_attention_heads=size["heads"],
        encoder_ffn_dim=size["inner"],
        decoder_ffn_dim=size["inner"],
        max_position_embeddings=1024,
        decoder_start_token_id=2,
        init_std=0.1,
    )
    folder.mkdir(parents=True, exist_ok=True)
    M2M100ForConditionalGeneration(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def timed(call: Any) -> tuple[Any, float]:
    """Return what a call gives, and its processor seconds."""
    start = time.process_time()
    found = call()
    return found, time.process_time() - start


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the line into RESULTS.md")
    parser.add_argument("--rows", type=int, default=96)
    parser.add_argument("--shape", choices=SHAPES, default="600M")
    wanted = parser.parse_args()
    import torch

    from tests.services.seq2seq_work import ending, opened, plain_loop, texts_of

    torch.set_num_threads(1)
    folder = OUT / f"nllb-{wanted.shape}"
    if not (folder / "tokenizer.json").is_file():
        build(wanted.shape, folder)
    engine = ending(opened(folder, sentences="no", device="cpu"))
    rows = texts(wanted.rows)
    texts_of(engine, rows[:1])
    own, own_seconds = timed(lambda: texts_of(engine, rows))
    peer, peer_seconds = timed(lambda: plain_loop(engine, rows))
    same = sum(a == b for a, b in zip(own, peer, strict=True))
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    size = SHAPES[wanted.shape]
    said = (
        f"{peer_seconds / own_seconds:.2f} x: {len(rows) / own_seconds:.2f} texts per processor second beside "
        f"{len(rows) / peer_seconds:.2f}; {same} of {len(rows)} answers have the same tokens; NLLB architecture with "
        f"random weights, {size['layers']} + {size['layers']} layers of width {size['d_model']}, {size['words']:,} "
        f"words, fp32, one thread, answers ended at 1.1 times their sources, other work beside "
        f"(load {os.getloadavg()[0]:.0f})"
    )
    name = "transformers engine beside `generate` in batches of 16 in input order (target 2 x, same tokens >= 99.9 %)"
    call = f"`python bench/translate_speed.py --shape {wanted.shape} --rows {wanted.rows} --write`"
    line = f"| {name} | {said} | {len(rows)} texts | {call} | {commit} |"
    print(line)
    if wanted.write:
        from bench.run import put

        put([line])


if __name__ == "__main__":
    main()
