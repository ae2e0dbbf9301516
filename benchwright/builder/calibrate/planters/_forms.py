"""Words of the planters, one file per language, written for them alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeVar

__all__ = ["HALVES", "Forms", "Half", "forms_of", "half_of", "halved", "languages_with_forms", "replaced"]

Half = Literal["open", "held"]
HALVES: Final[tuple[Half, Half]] = ("open", "held")
"""Thresholds are set on the open half of items and surface forms; what is reported of them is the half held back."""

_PLACE: Final = "benchwright.builder.calibrate"
_LIST: Final = "forms"
_UNSPACED: Final = frozenset({"zh", "ja", "th", "km", "lo", "my"})
_AFFIXED: Final = frozenset({"ko", "tr", "hu", "fi", "he", "ar", "fa"})
"""Languages whose words take endings or prefixes without a space: only the first border of a word is asked for."""

Pair = tuple[str, str]
Row = TypeVar("Row", bound=Hashable)


@dataclass(frozen=True)
class Forms:
    """Words of one language; a language without a file has none, and its kinds of words are not planted."""

    language: str
    pairs: dict[str, tuple[Pair, ...]] = field(default_factory=dict)
    """By kind: negation, except, side, sex, direction, opposite, age, time, unit, unit_name, synonym, phrase,
    negation_same, abbreviation, drug."""
    numbers: tuple[str, ...] = ()
    """Cardinals in words from zero on."""
    sentences: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[Pair, ...]:
        """Return the pairs of a kind."""
        return self.pairs.get(kind, ())


def half_of(group: str) -> Half:
    """Return the half of an item by its group, so that all languages of a question are in one half."""
    return HALVES[hashlib.sha256(group.encode()).digest()[0] % 2]


def halved(rows: Sequence[Row], half: Half | None, kind: str = "") -> tuple[Row, ...]:
    """Return the surface forms of one half in their order; null is both halves.

    The half is that of the lower or of the higher hashes: it does not depend on the order of the list, and a new form
    moves at most one other from one half to the other.
    """
    if half is None:
        return tuple(rows)
    ordered = sorted(set(rows), key=lambda row: hashlib.sha256(f"{kind}/{row!r}".encode()).digest())
    middle = (len(ordered) + 1) // 2
    kept = set(ordered[:middle] if half == "open" else ordered[middle:])
    return tuple(row for row in rows if row in kept)


@lru_cache(maxsize=128)
def forms_of(language: str, half: Half | None = None) -> Forms:
    """Return the words of a language by its primary subtag; those of one half, or of both."""
    whole = _read(language)
    if half is None:
        return whole
    return Forms(
        language,
        {kind: halved(rows, half, kind) for kind, rows in whole.pairs.items()},
        whole.numbers,
        halved(whole.sentences, half),
    )


@lru_cache(maxsize=64)
def _read(language: str) -> Forms:
    file = files(_PLACE).joinpath(_LIST, f"{language}.yaml")
    if not re.fullmatch(r"[a-z]{2,3}", language) or not file.is_file():
        return Forms(language)
    from ruamel.yaml import YAML

    data: dict[str, Any] = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    pairs = {
        name: tuple((str(a), str(b)) for a, b in rows)
        for name, rows in data.items()
        if name not in {"numbers", "sentences"}
    }
    return Forms(language, pairs, tuple(map(str, data.get("numbers", ()))), tuple(map(str, data.get("sentences", ()))))


def languages_with_forms() -> list[str]:
    """Return the languages that have words."""
    folder = files(_PLACE).joinpath(_LIST)
    return sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml"))


def replaced(text: str, pairs: Sequence[Pair], language: str) -> tuple[str, str] | None:
    """Return the text with the first place of the first pair whose left word occurs, and that word; else null."""
    for left, right in pairs:
        if not left:
            continue
        found = _pattern(left, language).search(text)
        if found:
            return text[: found.start()] + _cased(found[0], right) + text[found.end() :], left
    return None


@lru_cache(maxsize=4096)
def _pattern(word: str, language: str) -> re.Pattern[str]:
    before = "" if language in _UNSPACED else r"(?<!\w)"
    after = "" if language in _UNSPACED | _AFFIXED else r"(?!\w)"
    return re.compile(f"{before}{re.escape(word)}{after}", re.IGNORECASE)


def _cased(old: str, new: str) -> str:
    if len(old) > 1 and old.isupper():
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() and not old.isupper() else new
