"""Names of a target that nothing in the source resembles, and names of a source that the target lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._content.exonyms import known_name, named_alike, stems_of
from benchwright.audits._content.frequency import zipf
from benchwright.audits._content.gaps import gap_model
from benchwright.audits._content.sound import latin, similar
from benchwright.audits._paired import UNSEGMENTED, Pairs
from benchwright.audits._words import Bools

__all__ = ["SCHEMA", "unmatched_names"]

SCHEMA: Final = {
    "pair": pl.UInt32,
    "side": pl.String,
    "at": pl.Int64,
    "form": pl.Int32,
    "known": pl.Boolean,
}
_SHORTEST: Final = 3
_NOUN_CAPITALS: Final = ("de", "lb")
_DEMONYM: Final = re.compile("(?:ish|ians?|ese)$")
_MIXED: Final = r"^[\p{L}]?\p{Lu}\p{Lu}|\p{Lu}$"
"""Abbreviations with small letters in them, as ARNm and AMPc."""
_ELISION: Final = re.compile("['’]")
_SENTENCE: Final = 400
"""Longer texts are cut after so many words, so that the work grows with the length of a text and not faster."""


@lru_cache(maxsize=1)
def _unlike() -> frozenset[str]:
    text = files("benchwright.audits").joinpath("_data", "content", "unlike_names.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def unmatched_names(pairs: Pairs) -> pl.DataFrame:
    """Return the names without a counterpart; columns as :data:`SCHEMA`, ``side`` is ``source`` or ``target``.

    ``known``: the name is that of a country, a city or a language in the locale data.
    """
    parts = [
        _of_languages(pairs, source, target) for source, target in pairs.languages() if source != target and target
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *parts])


def _of_languages(pairs: Pairs, source: str, target: str) -> pl.DataFrame:
    rows = pairs.rows.filter((pl.col("source_language") == source) & (pl.col("target_language") == target))
    found = pl.DataFrame(schema=SCHEMA)
    for side in ("target", "source"):
        if side == "source" and source in UNSEGMENTED:
            continue
        if side == "target" and (target in _NOUN_CAPITALS or target in UNSEGMENTED):
            continue
        candidates = _candidates(pairs, rows, side, source, target)
        loose = _unexplained(pairs, candidates, side, source, target)
        found.extend(loose)
    return found


def _candidates(pairs: Pairs, rows: pl.DataFrame, side: str, source: str, target: str) -> pl.DataFrame:
    """Names of one side whose spelling the other side does not have; no loop over texts."""
    words, other = pairs.words, "target" if side == "source" else "source"
    text_of, initial = words.text_of, words.initial
    mine = words.within(rows[f"{side}_text"])
    capital = words.column("capital") & ~words.column("upper")
    plain = (words.forms["form"].str.len_chars() >= _SHORTEST) & ~words.forms["form"].str.contains(_MIXED)
    capital &= plain.to_numpy()
    if side == "target" and gap_model(target) is None:
        # Without a list of the common words, a word that the file writes in small letters as well is one.
        seen = np.bincount(words.form[mine], minlength=words.forms.height) > 0
        low = words.forms["low"].to_numpy()
        capital &= ~seen[low]
    used = np.flatnonzero(np.bincount(words.form[mine], minlength=words.forms.height) * capital)
    named = np.zeros(words.forms.height, dtype=np.bool_)
    named[used] = _is_name(words.forms["form"].gather(used).to_list(), side, source, target)
    if side == "source" and source not in _NOUN_CAPITALS:
        # A word that the sources write in small letters as well is no name, but a noun with the capital of a title.
        small = words.forms["low"].to_numpy()[used]
        written = np.bincount(words.form[mine], minlength=words.forms.height) > 0
        known = np.array([known_name(form, source) for form in words.forms["form"].gather(used)], dtype=np.bool_)
        named[used] &= ~written[small] | (small == used) | known
    led = np.zeros(len(words.form), dtype=np.bool_)
    led[1:] = capital[words.form[:-1]]
    at = np.flatnonzero(mine & named[words.form] & (~initial | (led if side == "target" else False)))
    low = words.forms["low"].to_numpy()
    places = pl.DataFrame(
        {"text": text_of[at].astype(np.int64), "at": at, "form": words.form[at], "low": low[words.form[at]]}
    )
    numbers = rows.select(
        "pair", pl.col(f"{side}_text").cast(pl.Int64).alias("text"), pl.col(f"{other}_text").alias("other")
    )
    wanted = np.zeros(words.forms.height, dtype=np.bool_)
    wanted[places["low"].unique().to_numpy()] = True
    there = np.flatnonzero(wanted[low[words.form]] & words.within(rows[f"{other}_text"]))
    same = pl.DataFrame({"other": text_of[there].astype(np.int64), "low": low[words.form[there]]}).unique()
    return places.join(numbers, on="text").join(
        same.with_columns(pl.col("other").cast(pl.UInt32)), on=["other", "low"], how="anti"
    )


def _is_name(forms: Sequence[str], side: str, source: str, target: str) -> Bools:
    small = [_bare(form).lower() for form in forms]
    model = gap_model(target)
    own = gap_model(source)
    zs, zt = zipf(source, small), zipf(target, small)
    plain = [model is not None and model.is_word(word) for word in small]
    native = [own is not None and own.is_word(word) for word in small]
    if side == "target":
        kept = [
            not common and word not in _unlike() and not _DEMONYM.search(word)
            for word, common in zip(small, plain, strict=True)
        ]
        return np.array(kept, dtype=np.bool_)
    known = np.array([known_name(form, source) for form in forms], dtype=np.bool_)
    near = (zt >= 1.5) & (zt >= zs - 0.3) & (zs < 4.3)
    if source not in _NOUN_CAPITALS:
        near = (zs <= 5.3) & (((zt >= 1) & (zt >= zs - 1.5)) | (zs <= 2.6))
    common = np.array(plain, dtype=np.bool_) | np.array(native, dtype=np.bool_)
    return np.asarray((known | near) & ~common, dtype=np.bool_)


def _unexplained(pairs: Pairs, candidates: pl.DataFrame, side: str, source: str, target: str) -> pl.DataFrame:
    """Only names that are spelled otherwise on the other side come here: a few in a hundred fields."""
    words = pairs.words
    forms = words.forms["form"].to_list()
    is_word = words.column("word")
    bare: dict[int, str] = {}
    kept: list[tuple[int, str, int, int, bool]] = []
    cached: dict[int, list[str]] = {}
    language = source if side == "source" else target
    for pair, at, form, other in candidates.select("pair", "at", "form", "other").iter_rows():
        if other not in cached:
            span = words.form[words.start[other] : min(words.start[other + 1], words.start[other] + _SENTENCE)]
            numbers = set(span[is_word[span]].tolist())
            bare.update((number, _bare(forms[number])) for number in numbers if number not in bare)
            cached[other] = sorted({bare[number] for number in numbers})
        name = _bare(forms[form])
        known = known_name(name, language)
        if source in UNSEGMENTED:
            loose = known and not _held(name, cached[other], source, target)
        else:
            loose = not _explained(name, cached[other], side, source, target)
        if loose:
            kept.append((pair, side, at, form, known))
    return pl.DataFrame(kept, schema=SCHEMA, orient="row")


def _bare(word: str) -> str:
    """Return a word without an elided article or a possessive ending: the longest part."""
    return max(_ELISION.split(word), key=len)


def _explained(name: str, others: Sequence[str], side: str, source: str, target: str) -> bool:
    for other in others:
        if similar(name, other, loose=not other[:1].isupper() and other[:1] == other[:1].upper()) or (
            len(other) >= 2 and other[0].isupper() and name.startswith(other)
        ):
            return True
        if side == "source":
            if named_alike(name, other, source, target):
                return True
        elif named_alike(other, name, source, target):
            return True
    return False


def _held(name: str, others: Sequence[str], source: str, target: str) -> bool:
    runs = "".join(latin(one) for one in others)
    return any(stem in runs for stem in stems_of(name, source, target))
