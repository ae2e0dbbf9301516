"""Which word translates which, learned from the file at hand: IBM model 1 in both directions, without positions.

Several translations of one source text count once, so that they do not vouch for each other. The work has a bound,
whatever the size of the file, and the order of the items does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.audits._paired import UNSEGMENTED, Pairs
from benchwright.audits._pool import current_run
from benchwright.audits._words import Ints, Words

__all__ = ["ENOUGH_TEXTS", "WordTable", "word_table"]

ENOUGH_TEXTS: Final = 3000
"""So many distinct source texts give a table; on 1,000 sentences it found nothing that was left out."""
_ROUNDS: Final = 5
_MEETINGS: Final = 2_000_000
"""Pairs of a source word and a target word that are learned from; further texts are left out."""
_LONGEST: Final = 40
"""Words; longer texts teach little and cost their square."""
_DIGITS: Final = 6
_LIFT: Final = 3.0
"""A word is a translation when the source word becomes it so many times as often as words do on the average."""
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WordTable:
    """What the words of a source language become.

    ``shares``: ``source`` and ``target`` (numbers of forms in small letters) and ``share``, how often the source word
    became this one, 0 to 1. ``words``: ``source``, ``texts`` (how many texts have it) and ``best`` (its largest share).
    ``texts``: how many texts it was learned from.
    """

    shares: pl.DataFrame
    words: pl.DataFrame
    texts: int


def word_table(pairs: Pairs, source: str, target: str) -> WordTable | None:
    """Return the table of two languages, or None where the file has too little text or no spaces between words.

    Within a run it is made once.
    """
    run, name = current_run(), f"word table {source} {target}"
    known = None if run is None else run.kept.get(name)
    if isinstance(known, tuple) and known[0] is pairs:
        return known[1] if isinstance(known[1], WordTable) else None
    made = _made(pairs, source, target)
    if run is not None:
        run.kept[name] = (pairs, made)
    return made


def _made(pairs: Pairs, source: str, target: str) -> WordTable | None:
    if source in UNSEGMENTED or target in UNSEGMENTED or source == target:
        return None
    rows = pairs.rows.filter(
        (pl.col("source_language") == source)
        & (pl.col("target_language") == target)
        & (pl.col("source") != pl.col("target"))
    )
    if rows["source_text"].n_unique() < ENOUGH_TEXTS:
        return None
    words = pairs.words
    lengths = np.diff(words.start)
    # The order of the texts themselves decides, for sums in another order differ in their last digits.
    ordered = (
        rows.select("source", "target", "source_text", "target_text")
        .sort("source", "target")
        .unique("source_text", keep="first", maintain_order=True)
    )
    left, right = (ordered[name].to_numpy().astype(np.int64) for name in ("source_text", "target_text"))
    meetings = lengths[left] * lengths[right]
    kept = (lengths[left] <= _LONGEST) & (lengths[right] <= _LONGEST) & (meetings > 0)
    # Of too many texts every second, third and so on, in the order of the alphabet.
    step = max(1, -(-int(meetings[kept].sum()) // _MEETINGS))
    return _learned(words, left[kept][::step], right[kept][::step])


def _learned(words: Words, left: Ints, right: Ints) -> WordTable:
    low = words.forms["low"].to_numpy().astype(np.int64)
    wide, deep = np.diff(words.start)[left], np.diff(words.start)[right]
    size = wide * deep
    text = np.repeat(np.arange(len(left)), size)
    offset = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    across, down = offset // deep[text], offset % deep[text]
    source = low[words.form[words.start[left][text] + across]]
    target = low[words.form[words.start[right][text] + down]]
    place = np.repeat(np.cumsum(deep) - deep, size) + down
    keys, meeting = np.unique(source * len(low) + target, return_inverse=True)
    of_source, of_target = keys // len(low), keys % len(low)
    share: Reals = np.ones(len(keys))
    count: Reals = share
    for _ in range(_ROUNDS):
        expected = share[meeting]
        count = np.bincount(meeting, weights=expected / np.bincount(place, weights=expected)[place]).astype(np.float64)
        share = count / np.bincount(of_source, weights=count)[of_source]
    usual = np.bincount(of_target, weights=count, minlength=len(low)) / count.sum()
    kept = share >= _LIFT * usual[of_target]
    shares = pl.DataFrame(
        {"source": of_source[kept], "target": of_target[kept], "share": np.round(share[kept], _DIGITS)},
        schema={"source": pl.Int32, "target": pl.Int32, "share": pl.Float64},
    )
    texts = _texts_with(words, left, low)
    best = shares.group_by("source").agg(pl.col("share").max().alias("best"))
    return WordTable(shares, texts.join(best, on="source", how="inner").sort("source"), len(left))


def _texts_with(words: Words, texts: Ints, low: Ints) -> pl.DataFrame:
    """Return ``source``, a form in small letters, and ``texts``, in how many of the texts it stands."""
    size = np.diff(words.start)[texts]
    text = np.repeat(np.arange(len(texts)), size)
    place = np.arange(len(text)) - np.repeat(np.cumsum(size) - size, size)
    seen = np.unique(text * len(low) + low[words.form[words.start[texts][text] + place]]) % len(low)
    return pl.DataFrame({"source": seen}, schema={"source": pl.Int32}).group_by("source").len("texts")
