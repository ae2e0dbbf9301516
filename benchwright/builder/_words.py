"""The words around a question in its own language: the data is ``words.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

__all__ = ["Words", "words_of"]

_OTHER: Final = {"no": "nb", "nn": "nb", "zh": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "zh-CN": "zh-Hans"}


@dataclass(frozen=True)
class Words:
    """Words of one language, and which language they are of."""

    language: str
    question: str
    answer: str
    choose_one: str
    choose_all: str
    briefly: str
    explanation: str


@lru_cache(maxsize=256)
def words_of(language: str) -> Words:
    """Return the words of a language; where there are none, those of English. ``language`` of the result tells."""
    known = _known()
    tag = _OTHER.get(language, language)
    parts = tag.split("-")
    tries = [tag, "-".join(parts[:2]), _OTHER.get(parts[0], parts[0])]
    found = next((one for one in tries if one in known), "en")
    return Words(found, *known[found])


@lru_cache(maxsize=1)
def _known() -> dict[str, list[str]]:
    known: dict[str, list[str]] = json.loads(
        files("benchwright.builder.export").joinpath("words.json").read_text(encoding="utf-8")
    )
    return known
