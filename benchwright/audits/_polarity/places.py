"""Where in a text the words of its lexicon stand: only for the few pairs that the columns found to contradict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl
import regex

from benchwright.audits._polarity.concepts import hits
from benchwright.audits._polarity.lexicon import COUNTED, lexicon
from benchwright.audits._polarity.normal import UNSPACED, word_runs

__all__ = ["Place", "Reading", "readings", "stands_on"]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place in a text, in code points, and what the words there mean: as a row of ``HITS``."""

    start: int
    end: int
    text: str
    meaning: Mapping[str, int]

    def on(self, pole: str, number: int) -> bool:
        """Tell whether the words stand on a pole (``a`` or ``b``) of the axis with this number."""
        return stands_on(self.meaning, pole, number)


def stands_on(meaning: Mapping[str, int], pole: str, number: int) -> bool:
    """Tell whether a meaning, as a row of ``HITS``, is on a pole (``a`` or ``b``) of the axis with this number."""
    half, bit = divmod(number, 64)
    return bool(meaning[f"{pole}{half}"] >> bit & 1)


class Reading:
    """One text and the words in it that mean something; their places are looked up when they are asked for."""

    def __init__(
        self, text: str, form: str, listed: Sequence[str], meanings: Mapping[str, Mapping[str, int]], language: str
    ) -> None:
        self._found = (text, form, listed, meanings, language)
        self.meant = [meanings[hit] for hit in listed]
        """What each hit means, in the order of the hits."""

    @cached_property
    def places(self) -> list[Place]:
        """The places of the words that mean something."""
        return _of_text(*self._found)


def readings(texts: pl.DataFrame) -> dict[tuple[str, str], Reading]:
    """Return a reading for each ``language`` and ``text``."""
    found: dict[tuple[str, str], Reading] = {}
    for key, part in texts.unique().group_by("language"):
        language = str(key[0])
        own = lexicon(language)
        meanings = {row["hit"]: row for row in own.table.iter_rows(named=True)}
        for text, form, listed in hits(part["text"], own).select("text", "form", "hit").iter_rows():
            found[language, text] = Reading(text, form, listed, meanings, language)
    return found


def _of_text(
    text: str, form: str, listed: Sequence[str], meanings: Mapping[str, Mapping[str, int]], language: str
) -> list[Place]:
    words = [match.span() for match in regex.finditer(word_runs(language), text)]
    starts = _word_starts(form)
    if len(words) != len(starts):  # A text whose words cannot be told one by one has no places.
        return []
    found: list[Place] = []
    at = word = 0
    for hit in listed:
        at = form.index(hit, at)
        first = at + len(hit) - len(hit.lstrip())
        last = at + len(hit.rstrip()) - 1
        at += len(hit)
        while word + 1 < len(starts) and starts[word + 1] <= first:
            word += 1
        final = word
        while final + 1 < len(starts) and starts[final + 1] <= last:
            final += 1
        if any(meanings[hit][name] for name in COUNTED):
            start, end = words[word][0], words[final][1]
            if language in UNSPACED:
                start = min(start + first - starts[word], end)
                end = min(words[final][0] + last - starts[final] + 1, end)
            found.append(Place(start, end, text[start:end], meanings[hit]))
    return found


def _word_starts(form: str) -> list[int]:
    return [match.start() for match in regex.finditer(r"\S++", form)]
