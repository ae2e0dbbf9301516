"""The same damage with half of the lexicons' entries taken away: what the audits find of words that nobody listed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import polars as pl

from benchwright.audits import half_withheld, is_withheld
from benchwright.builder._intervals import wilson
from benchwright.builder.calibrate._measure import Answers, answers_of
from benchwright.builder.calibrate._rounds import Round
from benchwright.builder.calibrate._tables import drafts_of
from benchwright.builder.calibrate.planters import KINDS, Change, Draft
from benchwright.schemas.plugins import AuditContext

__all__ = ["WITHHELD_ROW", "entries_of", "is_removed", "withheld_figures"]

_FOLDERS: Final = ("polarity", "numbers", "units")
_EVERYWHERE: Final = (("units", "common.txt"), ("drugs", "names.txt"), ("drugs", "stems.txt"))
_KEPT: Final = "plain:"
"""Lines of words that only keep others from being misread; they are not withheld."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that put no space between words."""
_SIGNS: Final = re.compile(r"[|]|^[a-z_]+:|^\[.*\]$")
WITHHELD_ROW: Final = pl.Schema(
    {
        "kind": pl.String(),
        "alarm": pl.Boolean(),
        **dict.fromkeys(("n", "whole", "found"), pl.Int64()),
        **dict.fromkeys(("share", "low", "high"), pl.Float64()),
        "forms": pl.List(pl.String()),
    }
)


def withheld_figures(
    items: pl.DataFrame,
    rounds: Sequence[Round],
    context: AuditContext,
    select: Sequence[str],
    ignore: Sequence[str],
    answers: Answers,
    seed: int,
) -> pl.DataFrame:
    """Return one row per kind that put words into items which lost their entries in the lexicons.

    Columns: ``kind``, ``alarm``, ``n`` (damaged items whose new words have entries, all of them withheld), ``whole``
    (found of them with whole lexicons), ``found`` (without the entries), ``share``, ``low``, ``high`` (of ``found``;
    95 %, Wilson), ``forms`` (which words these were). Damage that puts no word in is not counted: it is seen by the
    words of the source.
    """
    keys = ["round", "item_id", "kind"]
    whole = {one.id: one for one in drafts_of(items, None)}
    told = pl.DataFrame(
        [
            (number, name, _put_in(whole[name], change))
            for number, one in enumerate(rounds, 1)
            for name, change in one.changes.items()
        ],
        schema={"round": pl.Int64, "item_id": pl.String, "words": pl.String},
        orient="row",
    )
    asked = answers.damaged.select(*keys, "language", pl.col("found").alias("whole")).join(
        told, on=["round", "item_id"], how="inner", maintain_order="left"
    )
    removed = [is_removed(language, words, seed) for language, words in asked.select("language", "words").iter_rows()]
    asked = asked.filter(pl.Series(removed, dtype=pl.Boolean))
    if asked.is_empty():
        return pl.DataFrame(schema=WITHHELD_ROW)
    with half_withheld(seed):
        again = answers_of(items, rounds, context, select, ignore).damaged
    joined = asked.join(again.select(*keys, "found"), on=keys, how="inner")
    rows = [_row(str(kind), part) for (kind,), part in joined.group_by("kind", maintain_order=True)]
    order = {name: place for place, name in enumerate(KINDS)}
    return pl.DataFrame(rows, schema=WITHHELD_ROW).sort(pl.col("kind").replace_strict(order, default=0))


def _put_in(whole: Draft, change: Change) -> str:
    """Return the words that the changed field has and the whole one has not."""
    before, after = (dict(one.fields).get(change.field, "") for one in (whole, change.draft))
    more = Counter(_WORD.findall(after.casefold())) - Counter(_WORD.findall(before.casefold()))
    return " ".join(more)


def _row(kind: str, part: pl.DataFrame) -> dict[str, Any]:
    n, found = part.height, int(part["found"].sum())
    low, high = wilson(found, n) or (0.0, 1.0)
    return {
        "kind": kind,
        "alarm": KINDS[kind].alarm,
        "n": n,
        "whole": int(part["whole"].sum()),
        "found": found,
        "share": found / n,
        "low": low,
        "high": high,
        "forms": part["words"].unique().sort().to_list(),
    }


def is_removed(language: str, words: str, seed: int) -> bool:
    """Tell whether entries of the lexicons have a word of these, and all such entries are withheld."""
    found = [entry for entry in entries_of(language) if _has(entry, words)]
    return bool(found) and all(is_withheld(entry, seed) for entry in found)


def _has(entry: str, text: str) -> bool:
    words = text.casefold().split()
    core = entry.casefold().strip("*").replace("_", " ")
    if " " in core or _UNSPACED.search(core):
        return core in " ".join(words)
    begins, ends = entry.endswith("*"), entry.startswith("*")
    return any(word == core or (begins and word.startswith(core)) or (ends and word.endswith(core)) for word in words)


@lru_cache(maxsize=64)
def entries_of(language: str) -> tuple[str, ...]:
    """Return the entries of all lexicons of a language that a trial withholds, and of those for every language."""
    name = f"{language.split('-', maxsplit=1)[0].lower()}.txt"
    places = (*((folder, name) for folder in _FOLDERS), *_EVERYWHERE)
    return tuple(sorted({entry for folder, file in places for entry in _read(folder, file)}))


def _read(folder: str, name: str) -> Iterator[str]:
    file = files("benchwright.audits").joinpath("_data", folder, name)
    if not file.is_file():
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith(("#", _KEPT)):
            yield from (word for word in _SIGNS.sub(" ", line).split() if not word.isdigit())
