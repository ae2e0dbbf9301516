"""Kit: words for all languages together, and patterns of a lexicon applied to the texts of its language."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import polars as pl

from benchwright.audits._lexicon import lexicon
from benchwright.audits._texts import spans_of

__all__ = ["any_of", "in_every_language", "option_words", "pattern_file", "places", "primary"]

_DATA: Final = "_data"


def primary(language: str = "language") -> pl.Expr:
    """Return the primary subtag of a column of language tags."""
    return pl.col(language).str.to_lowercase().str.split("-").list.first()


@lru_cache(maxsize=1)
def option_words() -> dict[str, Any]:
    """Return the lists of ``_data/optionwords.toml``."""
    text = files("benchwright.audits").joinpath(_DATA, "optionwords.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=8)
def pattern_file(name: str) -> str:
    """Return one pattern that matches any line of ``_data/<name>.txt``."""
    text = files("benchwright.audits").joinpath(_DATA, f"{name}.txt").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    return "|".join(f"(?:{line})" for line in lines if line and not line.startswith("#"))


def any_of(words: list[str]) -> str:
    """Return a pattern for any of some plain words, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@lru_cache(maxsize=8)
def in_every_language(name: str) -> str:
    """Return one pattern of all languages of a lexicon, for phrases that no other language could mean otherwise."""
    return "|".join(f"(?:{pattern})" for _, pattern in sorted(lexicon(name).items()))


def places(texts: pl.LazyFrame, name: str, wrap: str = "{}") -> pl.LazyFrame:
    """Return the texts in which a lexicon's pattern for their own language occurs, with its places as ``spans``.

    Args:
        texts: columns ``subject``, ``language``, ``field``, ``text`` and others, which are kept.
        name: folder of the lexicon; a language that it lacks gives nothing.
        wrap: a pattern with ``{}`` where the lexicon's stands.
    """
    # A pattern cannot be a column: one branch for each language that the texts really have, each on its own texts.
    tagged = texts.with_columns(primary().alias("primary")).collect().rechunk()
    patterns = lexicon(name)
    branches = [
        spans_of(part.lazy(), wrap.format(patterns[str(language)]))
        for (language,), part in sorted(
            tagged.partition_by("primary", as_dict=True).items(), key=lambda one: str(one[0])
        )
        if language in patterns
    ]
    return pl.concat([spans_of(tagged.clear().lazy(), "."), *branches])
