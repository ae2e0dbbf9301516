"""Places of a text where a word seems to be missing, by a small linear model of the classes of the words around them.

The model is a logistic regression on hashed sequences of word classes at each boundary between two words. It was
trained on clean sentences from which a noun, a name or a pronoun was taken out (``bench/gapmodel.py``). A closed-class
word and a sign are classes of their own; other words have the parts of speech that the word list gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.audits._paired import Pairs
from benchwright.audits._words import Words

__all__ = ["GapModel", "gap_model", "gap_scores"]

Numbers = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

_BASES: Final = tuple(1000003**power % 2**64 for power in range(5))
_WIDTHS: Final = (2, 3, 3, 4, 1, 1, 4)
"""Classes that each feature looks at."""
_MASK: Final = np.uint64(0xFFFFFFFFFFFF)
_BEFORE: Final = 3
_AFTER: Final = 2
_SIGNS: Final = frozenset(".,;:?!()\"“”%-–—/'’$€£")
_SUFFIXES: Final = (("ly", "R"), ("ing", "Vg"), ("ed", "Vd"), ("tion", "N"), ("s", "Ns"))
_LATIN: Final = ("vitro", "vivo", "situ", "utero", "silico", "ovo", "toto", "natura", "vacuo", "extremis", "se")
"""What stands after a preposition that is no English one."""
_OPEN_ENDS: Final = (":", "¤", "</s>", "_")
"""What may follow an unfinished stem: its options complete it."""


@dataclass(frozen=True)
class GapModel:
    """Weights and classes of one language; ``numbers`` has the number of each class, ``kinds`` the class of a word."""

    weights: npt.NDArray[np.float32]
    intercept: float
    numbers: dict[str, int]
    kinds: dict[str, str]

    def kind(self, word: str, *, first: bool) -> str:
        """Return the class of a word; ``first`` for the first of a text, whose capital letter says nothing."""
        small = word.lower().replace("’", "'")
        if not first and word.isupper() and word != "I" and word[0].isalpha():
            return "NP"
        if small in self.numbers and small not in self.kinds and word[0].isalpha():
            return small
        if not word[0].isalpha():
            return "#" if word[0].isdigit() else (word if word in _SIGNS else "¤")
        if small.endswith("'s"):
            return "POSS"
        known = self.kinds.get(small)
        if word[0].isupper() and (known is None or not first):
            return "NP"
        return known or next((f"u{kind}" for suffix, kind in _SUFFIXES if small.endswith(suffix)), "u")

    def is_word(self, word: str) -> bool:
        """Tell whether a word, in small letters, is a common word of the language and not only a name."""
        return word in self.kinds or (word in self.numbers and word.isalpha())


@lru_cache(maxsize=4)
def gap_model(language: str) -> GapModel | None:
    """Return the model of a language, or None where none is shipped."""
    folder = files("benchwright.audits").joinpath("_data", "gaps")
    weights, words = folder.joinpath(f"{language}.npz"), folder.joinpath(f"{language}.txt")
    if not weights.is_file():
        return None
    with np.load(BytesIO(weights.read_bytes())) as stored:
        table = stored["weights"].astype(np.float32) * np.float32(stored["scale"])
        intercept, classes = float(stored["intercept"]), str(stored["classes"]).split("\n")
    kinds: dict[str, str] = {}
    for line in words.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, _, listed = line.partition("\t")
            kinds.update(dict.fromkeys(listed.split(" "), kind))
    return GapModel(table, intercept, {name: place for place, name in enumerate(classes)}, kinds)


def _placed(value: Numbers, size: int) -> Numbers:
    """Return the places of hashes in a table whose size is a power of two."""
    value &= _MASK
    place: Numbers = value >> np.uint64(21)
    place ^= value
    place ^= value >> np.uint64(33)
    place &= np.uint64(size - 1)
    return place


def features(classes: Numbers, size: int) -> list[Numbers]:
    """Return the places of the features of each boundary; ``classes`` are padded texts, one after another.

    A feature is its own number and the classes around the boundary, as digits of one number; what several features
    share is multiplied once.
    """
    z, a, b, c, d = (np.roll(classes, shift) for shift in (3, 2, 1, 0, -1))
    once, twice, thrice = (np.uint64(base) for base in _BASES[1:4])
    named = [np.uint64(number * _BASES[width] % 2**64) for number, width in enumerate(_WIDTHS, 1)]
    two = b * once + c
    three = a * twice + two
    sums = (two, three, two * once + d, three * once + d, b, c, z * thrice + three)
    return [_placed(one + name, size) for one, name in zip(sums, named, strict=True)]


def gap_scores(pairs: Pairs, language: str) -> pl.DataFrame:
    """Return for each text that is a target in a language its most suspicious boundary.

    Columns: ``target_text``, ``at`` (number of the word after the boundary), ``score`` (log odds that something is
    missing there, higher is worse), ``words``. A language without a model gives no rows.
    """
    model = gap_model(language)
    texts = pairs.rows.filter(pl.col("target_language") == language)["target_text"].unique().sort().to_numpy()
    empty = {"target_text": pl.UInt32, "at": pl.Int64, "score": pl.Float64, "words": pl.Int64}
    if model is None or not len(texts):
        return pl.DataFrame(schema=empty)
    classes, at, text, lengths = _padded(pairs.words, texts.astype(np.int64), model)
    size = len(model.weights)
    score = np.full(len(classes), np.float32(model.intercept))
    for places in features(classes, size):
        score += model.weights.take(places.view(np.int64))
    closed = np.array([model.numbers.get(name, -1) for name in _OPEN_ENDS])
    hidden = (at < 0) | np.isin(classes.astype(np.int64), closed) | _compounds(classes, pairs.words, at, model)
    score[hidden] = -np.inf
    begin = np.concatenate([[0], np.cumsum(lengths + _BEFORE + _AFTER)[:-1]])
    best = np.maximum.reduceat(score, begin)
    first = np.flatnonzero(score == np.repeat(best, lengths + _BEFORE + _AFTER))
    rows = pl.DataFrame({"target_text": text[first], "at": at[first], "score": score[first].astype(np.float64)})
    counted = pl.DataFrame({"target_text": texts, "words": lengths}).cast({"target_text": pl.UInt32})
    return (
        rows.filter(pl.col("score").is_finite())
        .unique("target_text", keep="first", maintain_order=True)
        .cast({"target_text": pl.UInt32})
        .join(counted, on="target_text", how="inner", maintain_order="left")
    )


def _compounds(classes: Numbers, words: Words, at: npt.NDArray[np.int64], model: GapModel) -> Bools:
    """Tell which boundaries stand before "at-risk", before "in vitro", around one word in brackets, or before all."""
    after, before = np.roll(classes, -1), np.roll(classes, 2)
    hyphens = [model.numbers.get(sign, -1) for sign in "-–"]
    opening, closing = model.numbers.get("(", -1), model.numbers.get(")", -1)
    latin = words.forms["form"].str.to_lowercase().is_in(list(_LATIN)).to_numpy()
    same_text = (at >= 0) & (np.roll(at, -1) == at + 1) & (at + 1 < len(words.form))
    following = np.where(same_text, at + 1, 0)
    left = np.roll(classes, 1).astype(np.int64)
    hidden: Bools = (
        np.isin(after.astype(np.int64), hyphens)
        | np.isin(left, [*hyphens, model.numbers["<s>"]])
        | ((classes == closing) & ((before == opening) | (left == model.numbers["a"])))
        | (latin[words.form[following]] & same_text)
    )
    return hidden


def _padded(
    words: Words, texts: npt.NDArray[np.int64], model: GapModel
) -> tuple[Numbers, npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return classes, number of the word (or -1) and number of the text for padded texts, and the texts' lengths."""
    start, stop = words.start[texts], words.start[texts + 1]
    lengths = stop - start
    width = lengths + _BEFORE + _AFTER
    begin = np.concatenate([[0], np.cumsum(width)[:-1]])
    offset = np.arange(int(width.sum())) - np.repeat(begin, width)
    at = np.repeat(start, width) + offset - _BEFORE
    inside = (offset >= _BEFORE) & (offset < _BEFORE + np.repeat(lengths, width))
    unknown = model.numbers["u"]
    forms = words.forms["form"].to_list()
    used = np.unique(words.form[at[inside]]) if inside.any() else np.array([], dtype=np.int64)
    later, initial = np.full(len(forms), unknown), np.full(len(forms), unknown)
    # A class is looked up once for each form of the vocabulary, not for each word of the texts.
    for number in used:
        later[number] = model.numbers.get(model.kind(forms[number], first=False), unknown)
        initial[number] = model.numbers.get(model.kind(forms[number], first=True), unknown)
    classes = np.where(offset < _BEFORE, model.numbers["<s>"], model.numbers["</s>"]).astype(np.uint64)
    classes[inside] = later[words.form[at[inside]]].astype(np.uint64)
    first = inside & (offset == _BEFORE)
    classes[first] = initial[words.form[at[first]]].astype(np.uint64)
    # A boundary stands before each word and before the end of the text.
    counted = inside | (offset == _BEFORE + np.repeat(lengths, width))
    return classes, np.where(counted, at, -1), np.repeat(texts, width), lengths
