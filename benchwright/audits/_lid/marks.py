"""Kit: letters with marks by language: how many of 100 letters, and which."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

__all__ = ["expected_rates", "marked_letters"]


@lru_cache(maxsize=1)
def expected_rates() -> dict[str, tuple[float, str]]:
    """Return letters with marks per 100 letters, and which they are, by primary subtag."""
    text = files("benchwright.audits").joinpath("_data", "diacritics", "rates.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {language: (float(rate), marked) for language, rate, marked in rows}


def marked_letters() -> dict[str, str]:
    """Return the letters with marks that a language writes, by primary subtag."""
    return {language: marked for language, (_, marked) in expected_rates().items()}
