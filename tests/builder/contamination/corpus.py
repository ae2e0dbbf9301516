"""Items and corpora of our own, with copies of known kinds."""

from __future__ import annotations

import json
import random
from pathlib import Path

from benchwright.schemas import Item, Key, Option
from tests.audits.clean import item, table

_WORDS = """
fever kidney patient daily tablet blood pressure after before surgery pain chest heart lung liver dose nurse infection
muscle spleen vessel stomach infusion bright narrow swollen gentle remote sudden severe mild chronic stable rising
falling morning evening during without around between history family travel water river winter summer teacher garden
"""
WORDS = _WORDS.split()


def sentence(draw: random.Random, length: int) -> str:
    return " ".join(draw.choice(WORDS) for _ in range(length))


def items_of(count: int, seed: int = 1) -> list[Item]:
    """Items whose words are drawn: no two share a run of words but by chance."""
    draw = random.Random(seed)
    made = []
    for number in range(1, count + 1):
        options = tuple(Option(id=one, label=one, text=sentence(draw, 4).capitalize()) for one in "ABCD")
        stem = f"A {draw.randint(20, 80)}-year-old: {sentence(draw, 22)}?"
        key = Key(status="official", answers=(("ABCD"[number % 4],),))
        made.append(item(number, "en", stem=stem, options=options, key=key))
    return made


def filler(draw: random.Random) -> str:
    return ". ".join(sentence(draw, draw.randint(6, 14)) for _ in range(12))


def filler_texts(text: str, seed: int = 5) -> list[str]:
    """Three documents of other words, and a text in the second."""
    draw = random.Random(seed)
    return [filler(draw), f"{filler(draw)}\n{text}\n{filler(draw)}", filler(draw)]


def full(one: Item, order: str = "ABCD") -> str:
    by_id = {option.id: option.text for option in one.options}
    return one.stem + "\n" + "\n".join(f"{place}) {by_id[which]}" for place, which in zip("ABCD", order, strict=True))


def write_items(path: Path, items: list[Item]) -> Path:
    table(items).collect().write_parquet(path)
    return path


def write_lines(path: Path, texts: list[str], *, ascii_only: bool = False) -> Path:
    lines = [json.dumps({"id": f"d{n}", "text": text}, ensure_ascii=ascii_only) + "\n" for n, text in enumerate(texts)]
    data = "".join(lines).encode("utf-8")
    if path.suffix == ".gz":
        import gzip

        data = gzip.compress(data)
    path.write_bytes(data)
    return path
