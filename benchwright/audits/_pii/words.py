"""The words and forms that detectors go by; package data, one file for each matter."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import regex

from benchwright.schemas.text import sha256_text

__all__ = ["UNSPACED", "alternation", "beside", "data_digest", "listed", "pieces", "table"]

_DATA: Final = "_data"
_FOLDER: Final = "pii"
_FILES: Final = (
    "ids.toml",
    "phones.toml",
    "words.toml",
    "names.toml",
    "streets.toml",
    "given_names.txt",
    "never_names.txt",
)
# Scripts that are written without spaces: a word of theirs may stand right beside other letters.
UNSPACED: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")


@lru_cache(maxsize=16)
def _text(file: str) -> str:
    return files("benchwright.audits").joinpath(_DATA, _FOLDER, file).read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def table(file: str) -> dict[str, Any]:
    """Return a TOML file of the data."""
    return tomllib.loads(_text(file))


@lru_cache(maxsize=4)
def listed(file: str) -> frozenset[str]:
    """Return the words of a plain list, in lower case."""
    lines = [line for line in _text(file).splitlines() if not line.startswith("#")]
    return frozenset(word for line in lines for word in line.casefold().split())


@lru_cache(maxsize=64)
def pieces(file: str, name: str) -> tuple[str, ...]:
    """Return the patterns of one matter in all languages, each once, the longest first."""
    found = {piece for some in table(file)[name].values() for piece in some}
    return tuple(sorted(found, key=lambda piece: (-len(piece), piece)))


def beside(words: tuple[str, ...]) -> str:
    """Return one pattern for words that end where a letter does not go on."""
    spaced = [word for word in words if not UNSPACED.search(word)]
    joined = [word for word in words if UNSPACED.search(word)]
    parts = []
    if spaced:
        parts.append(rf"(?<![\p{{L}}\p{{M}}\p{{N}}])(?:{'|'.join(spaced)})(?![\p{{L}}\p{{M}}])")
    if joined:
        parts.append("|".join(joined))
    return f"(?:{'|'.join(parts)})"


def alternation(file: str, name: str) -> str:
    """Return one pattern that matches any word of a matter, letters of any case."""
    return f"(?i:{beside(pieces(file, name))})"


@lru_cache(maxsize=1)
def data_digest() -> str:
    """Return the first eight digits of a hash of all the data, for signatures."""
    return sha256_text("\n".join(_text(file) for file in _FILES))[:8]
