"""Kit: keys by what they say, so that the order of the options does not matter."""

from __future__ import annotations

import polars as pl

from benchwright.builder.dedup._letters import PART
from benchwright.schemas.text import comparable

__all__ = ["with_keys"]


def with_keys(items: pl.DataFrame) -> pl.DataFrame:
    """Return items with ``key``: the texts of the right answers, so that reordered options do not matter.

    Runs over the few items that stand in a pair.
    """
    keys: list[str | None] = []
    for answers, ids, options in items.select("answers", "option_ids", "options").iter_rows():
        if answers is None or not answers.startswith("#"):
            keys.append(answers)
            continue
        texts = dict(zip(ids.split(PART), options.split(PART), strict=False))
        responses = [
            sorted(comparable(texts.get(one, one)) for one in each.split("+")) for each in answers[1:].split("|")
        ]
        keys.append("|".join(sorted("+".join(each) for each in responses)))
    return items.with_columns(key=pl.Series(keys, dtype=pl.String))
