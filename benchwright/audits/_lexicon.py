"""Kit: lexicons, one file per language and one pattern per line, kept as package data."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from benchwright.schemas.text import sha256_of

__all__ = ["lexicon", "lexicon_digest"]

_DATA: Final = "_data"
_PLACE: Final = r"^(?:[a-z]{2,3})$"


@lru_cache(maxsize=16)
def lexicon(name: str) -> dict[str, str]:
    """Return for each language (primary subtag) one pattern that matches any line of its file, letters of any case.

    Lines that begin with ``#`` say where the words come from.
    """
    folder = files("benchwright.audits").joinpath(_DATA, name)
    patterns: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        language = file.name.removesuffix(".txt")
        if file.name.endswith(".txt") and re.fullmatch(_PLACE, language):
            lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
            words = [line for line in lines if line and not line.startswith("#")]
            patterns[language] = f"(?i)(?:{'|'.join(words)})"
    return patterns


def lexicon_digest(name: str) -> str:
    """Return the first eight digits of a hash of a lexicon, for signatures."""
    return sha256_of(lexicon(name))[:8]
