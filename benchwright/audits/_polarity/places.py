"""Where in a text the words of its lexicon stand: only for the few pairs that the columns found to contradict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import regex

from benchwright.audits._polarity.concepts import hits
from benchwright.audits._polarity.lexicon import COUNTED, lexicon
from benchwright.audits._polarity.normal import UNSPACED, word_runs

__all__ = ["Place", "places"]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place in a text, in code points, and what the words there mean: as a row of ``HITS``."""

    start: int
    end: int
    text: str
    meaning: Mapping[str, int]

    def on(self, pole: str, number: int) -> bool:
        """Tell whether the words stand on a pole (``a`` or ``b``) of the axis with this number."""
        half, bit = divmod(number, 64)
        return bool(self.meaning[f"{pole}{half}"] >> bit & 1)


def places(texts: pl.DataFrame) -> dict[tuple[str, str], list[Place]]:
    """Return for each ``language`` and ``text`` the places of the words that mean something, in their order."""
    found: dict[tuple[str, str], list[Place]] = {}
    for key, part in texts.unique().group_by("language"):
        language = str(key[0])
        own = lexicon(language)
        meanings = {row["hit"]: row for row in own.table.iter_rows(named=True)}
        for text, form, listed in hits(part["text"], own).select("text", "form", "hit").iter_rows():
            found[language, text] = _of_text(text, form, listed, meanings, language)
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
