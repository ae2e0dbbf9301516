"""Small tables of items for the tests of duplicates."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.builder.dedup import DedupRun, DedupWish, find_duplicates
from benchwright.schemas.ids import make_group
from benchwright.schemas.item import Item
from benchwright.schemas.parts import Context, Exam, Key, Media, Option
from benchwright.schemas.rows import to_frame

STEM = "A farmer brings a gill sample of 12 trout after three days of slow feeding. Which structure carries the spores?"
OPTIONS = ("The antler sheath of the outer plate", "The rumen fold", "A quill of the lower comb", "The siphon wall")


WORDS = [
    a + b
    for a in ("gil", "cro", "rum", "tar", "sple", "ant", "hoo", "com", "siph")
    for b in ("ava", "enti", "ord", "ula", "ixen")
]


def made(rng: random.Random, count: int) -> str:
    """Return a text of invented words."""
    return " ".join(rng.choices(WORDS, k=count))


def item(
    number: int | str,
    stem: str = STEM,
    options: Sequence[str] = OPTIONS,
    *,
    key: str | None = None,
    language: str = "en",
    exam: tuple[str, str, str] = ("made", "one", "test"),
    **more: Any,
) -> Item:
    """Return one item; its key is the letter of an option."""
    return Item(
        group=make_group(*exam, str(number)),
        language=language,
        origin_language=language,
        stem=stem,
        kind="single" if options else "open",
        options=tuple(
            Option(id=label, label=label, text=text) for label, text in zip("ABCDEFGH", options, strict=False)
        ),
        key=Key(status="official", answers=((key,),)) if key else Key(),
        exam=Exam(code=exam[0], edition=exam[1], part=exam[2], number=str(number)),
        **more,
    )


def with_context(text: str) -> Context:
    """Return a vignette."""
    return Context(id=text[:8], text=text)


def with_picture(sign: str) -> tuple[Media, ...]:
    """Return one picture."""
    return (Media(sha256=sign * 64, media_type="image/png"),)


def written(path: Path, items: Sequence[Item]) -> Path:
    """Write a table of items."""
    path.parent.mkdir(parents=True, exist_ok=True)
    to_frame(items, Item).write_parquet(path)
    return path


def search(path: Path, items: Sequence[Item], **wish: Any) -> DedupRun:
    """Return the pairs of some items."""
    return find_duplicates([written(path / "items.parquet", items)], DedupWish(**wish))


def kinds(run: DedupRun) -> list[str]:
    """Return the kinds of all pairs."""
    return run.pairs["kind"].to_list()


def only(run: DedupRun) -> dict[str, Any]:
    """Return the one pair."""
    assert run.pairs.height == 1, run.pairs.to_dicts()
    return run.pairs.row(0, named=True)


def ids(frame: pl.DataFrame) -> list[tuple[str, str]]:
    """Return the two ids of each row."""
    return [(str(a), str(b)) for a, b in frame.select("id_a", "id_b").rows()]
