"""Kit: word lists, one file per language, one word a line; matched in one pass over the plain form of a text.

``word`` is a whole word or phrase, ``stem*`` the beginning of a word, ``*part*`` any part of one; words in scripts that
are written without spaces are always parts. Lines that begin with ``#`` are remarks.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Final

import polars as pl
import regex

from benchwright.builder.clean.filters._texts import plain
from benchwright.schemas.text import sha256_of

__all__ = ["hits", "languages", "leftover", "lexicon", "lexicon_digest"]

_PACKAGE: Final = "benchwright.builder.clean.filters"
_UNSPACED: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}]")
_PROCLITICS: Final = {"ar": ("", "ال", "و", "وال", "ب", "بال", "لل")}
"""What a language writes together with the word that follows."""


@lru_cache(maxsize=32)
def lexicon(name: str) -> dict[str, tuple[str, ...]]:
    """Return for each language (primary subtag) the patterns of its file, spaces standing for edges of words.

    The words of ``und.txt``, where there is one, belong to every language.
    """
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(files(_PACKAGE).joinpath("data", name).iterdir(), key=lambda one: one.name):
        if file.name.endswith(".txt"):
            lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
            found[file.name.removesuffix(".txt")] = _patterns(
                [line for line in lines if line and line[0] != "#"], file.name.removesuffix(".txt")
            )
    shared = found.pop("und", ())
    return {tongue: tuple(sorted({*words, *shared})) for tongue, words in found.items()}


def _patterns(lines: list[str], tongue: str) -> tuple[str, ...]:
    words = pl.DataFrame({"line": lines}).select(plain(pl.col("line"))).to_series().to_list()
    patterns: set[str] = set()
    for line, word in zip(lines, words, strict=True):
        part = bool(_UNSPACED.search(line))
        start = "" if part or line.startswith("*") else " "
        end = "" if part or line.endswith("*") else " "
        before = _PROCLITICS.get(tongue, ("",)) if start else ("",)
        patterns |= {f"{start}{one}{word.strip()}{end}" for one in before}
    return tuple(sorted(patterns))


def languages(name: str) -> frozenset[str]:
    """Return the languages that a list knows."""
    return frozenset(lexicon(name))


def lexicon_digest(name: str) -> str:
    """Return the first eight digits of a hash of a list, for signatures."""
    return sha256_of(lexicon(name))[:8]


def hits(name: str, texts: pl.Series, tongues: pl.Series) -> pl.Series:
    """Return how many different words of the list stand in each plain text.

    A text is compared with the list of its language; where the language is not known, or has no list, with all of them.
    """
    lists = lexicon(name)
    every = tuple(sorted({word for words in lists.values() for word in words}))
    frame = pl.DataFrame({"text": texts, "tongue": tongues, "row": pl.int_range(len(texts), eager=True)})
    parts = [
        part.select(
            "row",
            count=pl.col("text")
            .str.extract_many(list(lists.get(str(key[0]), every)), overlapping=True)
            .list.n_unique(),
        )
        for key, part in frame.group_by("tongue", maintain_order=True)
    ]
    if not parts:
        return pl.Series("count", [], dtype=pl.UInt32)
    return pl.concat(parts).sort("row")["count"].cast(pl.UInt32)


def leftover(name: str, texts: pl.Series, tongues: pl.Series) -> pl.Series:
    """Return what stays of each plain text when the words and phrases of the list are taken out, longest first."""
    lists = lexicon(name)
    every = {word for words in lists.values() for word in words}
    frame = pl.DataFrame({"text": texts, "tongue": tongues, "row": pl.int_range(len(texts), eager=True)})
    parts = [
        # Every space twice, so that words that stand side by side have edges of their own.
        part.select(
            "row",
            rest=pl.col("text")
            .str.replace_all(" ", "  ")
            .str.replace_many(_longest_first(lists.get(str(key[0]), every)), [" "], leftmost=True)
            .str.replace_all(" +", " ")
            .str.strip_chars(" "),
        )
        for key, part in frame.group_by("tongue", maintain_order=True)
    ]
    if not parts:
        return pl.Series("rest", [], dtype=pl.String)
    return pl.concat(parts).sort("row")["rest"]


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted({_spread(word) for word in words}, key=lambda one: (-len(one), one))


def _spread(word: str) -> str:
    inner = word.strip().replace(" ", "  ")
    return f"{' ' * word.startswith(' ')}{inner}{' ' * word.endswith(' ')}"
