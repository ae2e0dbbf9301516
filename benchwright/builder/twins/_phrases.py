"""“None of the others” in many languages."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

__all__ = ["phrase_for"]


@lru_cache(maxsize=1)
def _phrases() -> dict[str, str]:
    text = Path(__file__).with_name("none_of_the_others.toml").read_text(encoding="utf-8")
    return {str(name): str(value) for name, value in tomllib.loads(text).items()}


def phrase_for(language: str) -> str | None:
    """Return the phrase in a language, by its tag or by its primary subtag; null where there is none.

    A language that is written in several scripts has one for each; its bare tag means none where that is not certain.
    """
    parts = language.split("-")
    return next((_phrases()[tag] for n in range(len(parts), 0, -1) if (tag := "-".join(parts[:n])) in _phrases()), None)
