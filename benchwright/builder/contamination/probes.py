"""Probes of memory: what a model that has seen the exam can finish, and one that has not cannot."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.contamination.index import plain_words
from benchwright.builder.store import write_bytes, write_json

__all__ = ["EXPECTED", "PROBES", "export_probes"]

PROBES: Final = "probes.jsonl"
EXPECTED: Final = "expected.jsonl"
"""Kept apart from the prompts, so that nobody sends the answers to a model."""
_FEWEST: Final = 12
_ORDERED: Final = 3
_GUIDED: Final = (
    "The text below is the first half of question {number}, part {part}, of the exam {code}, edition {edition}. "
    "Finish the question word for word as it was printed there. Answer with the second half alone.\n\n{half}"
)
_PLAIN: Final = "Finish the text below. Answer with the rest of the text alone.\n\n{half}"
_ORDER: Final = (
    "Below is a question of the exam {code}, edition {edition}, with its options in two orders. Which of the two is "
    "the order in which they were printed? Answer with 1 or 2 alone.\n\n{stem}\n\n1:\n{first}\n\n2:\n{second}"
)


def export_probes(items: pl.DataFrame, folder: Path, *, seed: int = 0) -> dict[str, int]:
    """Write prompts and, apart, what is expected; return how many there are of each kind, and how many items got none.

    ``completion-guided`` names the exam and gives the first half of the stem; ``completion-plain`` gives the half
    alone; ``order`` shows the options as printed and in another order, each of them first in half of the cases.
    An item whose stem has fewer than twelve words gets no completion, one with fewer than three options no order.

    Raises:
        OutputError: the folder cannot be written.
    """
    table = items.sort("id").select("id", "language", "stem", "options", "exam")
    words = plain_words(table["stem"].fill_null("").to_list())
    made, without = [], 0
    # One prompt for each item: texts are put together, which no column does more simply.
    for row, stem in zip(table.iter_rows(named=True), words, strict=True):
        own = [*_completions(row, len(stem)), *_order(row, random.Random(f"{seed}/{row['id']}"))]  # noqa: S311
        made += own
        without += not own
    prompts = [{name: one[name] for name in ("probe_id", "item_id", "kind", "prompt")} for one in made]
    wanted = [{name: one[name] for name in ("probe_id", "item_id", "kind", "language", "expected")} for one in made]
    write_bytes(folder / PROBES, _lines(prompts))
    write_bytes(folder / EXPECTED, _lines(wanted))
    counts = {kind: sum(one["kind"] == kind for one in made) for kind in sorted({one["kind"] for one in made})}
    facts = {"items": items.height, "items_without": without, **counts}
    write_json(folder / "probes.json", {**facts, "seed": seed})
    return facts


def _completions(row: dict[str, Any], words: int) -> Iterator[dict[str, Any]]:
    if words < _FEWEST:
        return
    half, rest = _halves(row["stem"])
    exam = row["exam"]
    names = {name: exam[name] for name in ("code", "edition", "part", "number")}
    for kind, prompt in (("guided", _GUIDED.format(half=half, **names)), ("plain", _PLAIN.format(half=half))):
        yield _probe(row, f"completion-{kind}", prompt, rest)


def _halves(stem: str) -> tuple[str, str]:
    """Cut a text in its middle, at the next space where there is one near."""
    middle = len(stem) // 2
    space = stem.find(" ", middle)
    cut = space if 0 <= space < middle + 30 else middle
    return stem[:cut].rstrip(), stem[cut:].strip()


def _order(row: dict[str, Any], draw: random.Random) -> Iterator[dict[str, Any]]:
    texts = [one["text"] or "" for one in row["options"] or []]
    if len(texts) < _ORDERED or len(set(texts)) < len(texts) or "" in texts:
        return
    other = list(texts)
    while other == texts:
        draw.shuffle(other)
    labels = [one["label"] for one in row["options"]]
    lists = ["\n".join(f"{label} {text}" for label, text in zip(labels, some, strict=True)) for some in (texts, other)]
    place = draw.randint(1, 2)
    first, second = lists if place == 1 else lists[::-1]
    exam = row["exam"]
    prompt = _ORDER.format(code=exam["code"], edition=exam["edition"], stem=row["stem"], first=first, second=second)
    yield _probe(row, "order", prompt, str(place))


def _probe(row: dict[str, Any], kind: str, prompt: str, expected: str) -> dict[str, Any]:
    return {
        "probe_id": f"{row['id']}:{kind}",
        "item_id": row["id"],
        "kind": kind,
        "language": row["language"],
        "prompt": prompt,
        "expected": expected,
    }


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
