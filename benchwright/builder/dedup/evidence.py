"""What differs between the two items of a pair, in words: the difference that its kind is named after comes first."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import polars as pl

from benchwright.builder.dedup._letters import PART
from benchwright.builder.dedup._senses import differing_senses

__all__ = ["with_evidence"]

_LONGEST: Final = 60
_MOST: Final = 4
_WORDS: Final = 4000
"""Words of a text that are compared one by one to name what differs."""


def with_evidence(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs, as :func:`benchwright.builder.dedup._kinds.decided` gives them, with ``evidence``.

    Runs over the pairs that are reported. The two sides are named in the order of their ids.
    """
    told = [_evidence(_turned(row)) for row in pairs.iter_rows(named=True)]
    return pairs.with_columns(evidence=pl.Series(told, dtype=pl.String))


def _turned(row: dict[str, Any]) -> dict[str, Any]:
    if row["id_a"] <= row["id_b"]:
        return row
    other = {"_a": "_b", "_b": "_a"}
    return {name[:-2] + other[name[-2:]] if name[-2:] in other else name: value for name, value in row.items()}


def _evidence(row: dict[str, Any]) -> str:
    kind = row["kind"]
    if kind == "exact":
        return "stem and options are equal"
    if kind == "normalised":
        return "case, spaces or punctuation differ"
    if kind == "options_reordered":
        return f"options of b in the order of a: {_order(row)}"
    if kind == "number_changed":
        return _numbers(row)
    if kind == "polarity_changed":
        return _senses(row)
    if kind == "other_key":
        return f"key {_short(row['key_a'])} / {_short(row['key_b'])}"
    if kind == "cross_edition":
        order = f"; options in another order: {_order(row)}" if "option_order" in row["differs"] else ""
        return f"{row['code_a']} {row['edition_a']} / {row['code_b']} {row['edition_b']}{order}"
    if kind == "same_stem":
        return _options(row)
    return _words(row) if kind == "near" else f"{row['language_a']} / {row['language_b']}"


def _short(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def _order(row: dict[str, Any]) -> str:
    """Return for each option of a where it stands in b, from 1."""
    theirs: dict[str, list[int]] = {}
    for place, text in enumerate(row["printed_b"].split(PART), start=1):
        theirs.setdefault(text, []).append(place)
    return " ".join(str(theirs[text].pop(0)) if theirs.get(text) else "-" for text in row["printed_a"].split(PART))


def _numbers(row: dict[str, Any]) -> str:
    ours, theirs = (Counter(row[f"numbers_{side}"].split("|")) for side in "ab")
    only_a, only_b = (sorted((one - other).elements()) for one, other in ((ours, theirs), (theirs, ours)))
    return f"numbers {_listed(only_a)} -> {_listed(only_b)}"


def _listed(texts: list[str]) -> str:
    kept = [text for text in texts if text]
    return ", ".join(kept[:_MOST]) + (", …" if len(kept) > _MOST else "") if kept else "none"


def _senses(row: dict[str, Any]) -> str:
    changed = differing_senses(row)
    more = ", …" if len(changed) > _MOST else ""
    return "; ".join([", ".join(changed[:_MOST]) + more, _words(row)])


def _options(row: dict[str, Any]) -> str:
    ours, theirs = (Counter(one for one in row[f"printed_{side}"].split(PART) if one) for side in "ab")
    return f"{(ours & theirs).total()} of {ours.total()} and {theirs.total()} options in common"


def _words(row: dict[str, Any]) -> str:
    """Name the first words that differ."""
    from rapidfuzz.distance import Levenshtein

    ours, theirs = (
        f"{row[f'context_{side}']} {row[f'stem_{side}']} {row[f'options_{side}']}".replace(PART, " ").split()[:_WORDS]
        for side in "ab"
    )
    changes = [one for one in Levenshtein.opcodes(ours, theirs) if one.tag != "equal"]
    told = [
        f"{_short(' '.join(ours[one.src_start : one.src_end]))} -> "
        f"{_short(' '.join(theirs[one.dest_start : one.dest_end]))}"
        for one in changes[:_MOST]
    ]
    more = f"; {len(changes) - _MOST} more" if len(changes) > _MOST else ""
    return "; ".join(told) + more if told else "only spaces differ"
