"""Near duplicates: what is alike is merged, other numbers never, and nothing is merged without being compared."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl

from benchwright.builder.clean import CleanConfig, clean
from benchwright.builder.clean._near import band_keys, similarity
from benchwright.builder.clean.config import Near
from tests.builder.clean.tree import tree

WORDS = [
    f"{start}{middle}{end}" for start in ("ba", "ko", "ri", "tu") for middle in "lmnprst" for end in ("a", "ex", "is")
]


def rows(count: int, seed: int = 3) -> tuple[list[dict[str, str]], dict[str, str], set[str]]:
    """Return rows, the copies with one word changed, and the copies with another dose."""
    rng = random.Random(seed)
    made: list[dict[str, str]] = []
    edited: dict[str, str] = {}
    other: set[str] = set()
    for number in range(count):
        name = f"n{number}"
        chance = rng.random()
        plain = [row for row in made if row["id"] not in other and row["id"] not in edited]
        if chance < 0.15 and plain:
            source = rng.choice(plain)
            words = source["answer"].split(" ")
            words[rng.randrange(len(words) - 2)] = "otherwise"
            made.append({"id": name, "question": source["question"], "answer": " ".join(words)})
            edited[name] = source["id"]
        elif chance < 0.25 and plain:
            source = rng.choice(plain)
            made.append({**source, "id": name, "answer": source["answer"].replace("dose 5", "dose 50")})
            other.add(name)
        else:
            answer = " ".join(rng.choices(WORDS, k=60)) + f" dose 5 {number}"
            made.append({"id": name, "question": " ".join(rng.choices(WORDS, k=12)), "answer": answer})
    return made, edited, other


def written(folder: Path, made: list[dict[str, str]]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in made), encoding="utf-8")
    return path


def test_edited_copies_are_merged_and_other_doses_stay(tmp_path: Path) -> None:
    made, edited = rows(1_500)[:2]
    config = CleanConfig.model_validate({"near": {"threshold": 0.7}, "block_mib": 0.1, "partition_rows": 400})
    report = clean([written(tmp_path, made)], tmp_path / "out", config)
    near = pl.read_parquet(report.dropped / "*.parquet").filter(pl.col("stage") == "near")
    gone = set(near["id"])
    assert len(gone & set(edited)) >= 0.98 * len(set(edited))
    # A copy of another dose may repeat one of the same dose, never the row that it was made from.
    kept = dict(near.select("id", pl.col("detail").str.extract(r"kept: (\w+);")).iter_rows())
    texts = {row["id"]: f"{row['question']}\n{row['answer']}" for row in made}
    stays = set(report.read()["id"])
    for name, first in kept.items():
        assert first in stays
        assert int(first[1:]) < int(name[1:])
        assert similarity(texts[name], texts[first], 3) >= 0.7
        assert ("dose 50" in texts[name]) == ("dose 50" in texts[first])
    merged = next(one.rows_merged for one in report.ledger if one.stage == "near")
    assert merged == len(gone)


def test_parts_and_ranges_change_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, rows(400)[0])
    trees = []
    for size in (5, 0.02):
        config = CleanConfig.model_validate({"near": {}, "block_mib": size, "partition_rows": int(size * 1000)})
        clean([path], tmp_path / str(size), config)
        trees.append(pl.read_parquet(tmp_path / str(size) / "entries.parquet"))
    assert trees[0].equals(trees[1])
    assert tree(tmp_path / "5")


def test_scripts_without_spaces_and_short_texts_have_keys() -> None:
    near = Near()
    texts = pl.Series(
        ["高血圧の治療について教えてください", "高血圧の治療について教えてください。", "yes", "", "第二の別の質問文"]
    )
    keys = band_keys(texts, near)
    assert (keys[0] == keys[1]).all()
    assert (keys[3] == 0).all()
    assert (keys[:3] != 0).all()
    assert not (keys[0] == keys[4]).any()


def test_similarity_is_the_share_of_common_word_triples() -> None:
    assert similarity("a b c d e", "a b c d e", 3) == 1.0
    assert similarity("a b c d e", "a b c d x", 3) == 2 / 4
    assert similarity("give 5 mg now please", "give 50 mg now please", 3) == 0.0
