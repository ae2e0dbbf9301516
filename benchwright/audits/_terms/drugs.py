"""Names of drugs in texts of alphabetic scripts, told apart across languages by one normal form.

International nonproprietary names differ between languages by spelling and ending: *amoxicillin, amoxicilina,
amoxicilline, amoksycylina, амоксициллин*. Their normal form is nearly the same; look-alikes are told apart by the
nearest name of a list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import regex

from benchwright.audits._withheld import left

__all__ = ["WORD", "Drug", "compared_drugs", "drug_gates", "drug_words", "drugs_of", "is_alphabetic"]

_FOLDER: Final = ("_data", "drugs")
WORD: Final = r"\p{L}[\p{L}\p{M}]{4,40}"
_TAIL: Final = r"[aeiouyęąůéèóíúăîαεηιοςаеиоуыяюіїйё]{0,2}[mnsklvhtrмхвйн]?[aeiouyаеиоуі]{0,2}"
_CYRILLIC: Final = {
    **dict(zip("абвгґдеєзиіїйклмнопрстуфхцчшэё", "abvggdeesiiiiklmnoprstufksksee", strict=True)),
    **dict(zip("жщъыьюя", ("s", "s", "", "i", "", "u", "a"), strict=True)),
}
_GREEK: Final = {
    **dict(zip("αβγδεζηθικλμνοπρσςτυφχω", "avgdesitiklmnoprsstifko", strict=True)),
    "ξ": "ks",
    "ψ": "ps",
}
_LETTERS: Final = {**_CYRILLIC, **_GREEK, "ß": "s", "ø": "o", "æ": "e", "ł": "l", "đ": "d", "ı": "i"}
_SPELLINGS: Final = (
    ("ph", "f"),
    ("th", "t"),
    ("rh", "r"),
    ("ch", "k"),
    ("qu", "k"),
    ("sz", "s"),
    ("cz", "k"),
    ("ae", "e"),
    ("oe", "e"),
    ("x", "ks"),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("z", "s"),
)
_VIRUS: Final = r"(?:v[ií]rus|wirus|в[иі]рус)\p{L}{0,3}$"
"""The names of viruses end as those of the drugs against them do: *coronavirus*, *-navir*."""
_SAME_NAME: Final = 86
_SAME_WORD: Final = 76
_OTHER_SCRIPTS: Final = (
    "am ar bn dv fa gu he hi hy ja ka km kn ko lo ml mr my ne or pa ps sd si ta te th ti ug ur yi yue zh"
)
_UNALPHABETIC: Final = frozenset(re.split(" ", _OTHER_SCRIPTS))


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug in a text: the word, its place, its normal form, and its number in the list of names, if it is there."""

    text: str
    start: int
    form: str
    number: int | None


def is_alphabetic(language: str) -> bool:
    """Tell whether a language is written in Latin, Cyrillic or Greek letters, as the normal form wants."""
    return language not in _UNALPHABETIC


@lru_cache(maxsize=1)
def drug_gates() -> tuple[str, ...]:
    """Return parts of words, one of which every text with a drug that we know holds."""
    begins = {word[:6] for line in _lines("names.txt") for word in left(line.split())}
    return tuple(sorted({*begins, *_stems()}))


def drug_words(words: Sequence[str]) -> dict[str, str]:
    """Return for each word that is a drug's name what tells the drug: its number, or its normal form."""
    known = ((word, _known(word)) for word in words)
    return {word: one[0] if one[1] is None else str(one[1]) for word, one in known if one is not None}


def drugs_of(text: str) -> list[Drug]:
    """Return the drugs of a text, in their order."""
    found: list[Drug] = []
    for match in regex.finditer(WORD, text):
        known = _known(match[0])
        if known is not None:
            found.append(Drug(match[0], match.start(), *known))
    return found


def compared_drugs(source: str, target: str) -> tuple[list[Drug], list[Drug]]:
    """Return the drugs of the source that the target lacks, and those of the target that the source lacks."""
    before, after = drugs_of(source), drugs_of(target)
    if not before:
        return [], []
    words = [_form(match[0]) for match in regex.finditer(WORD, target)]
    lost = [
        drug for drug in before if not any(_same(drug, other) for other in after) and not _written(drug, words, after)
    ]
    added = [drug for drug in after if not any(_same(drug, other) for other in before)]
    return lost, added


def _same(one: Drug, other: Drug) -> bool:
    if one.number is not None and other.number is not None:
        return one.number == other.number
    return _ratio(one.form, other.form) >= _SAME_WORD


def _written(drug: Drug, words: list[str], after: list[Drug]) -> bool:
    """Tell whether a word of the target is the name, misspelt or in a form that we do not take for a drug's."""
    taken = {other.form for other in after}
    return any(_ratio(drug.form, word) >= _SAME_WORD for word in words if word not in taken)


@lru_cache(maxsize=65_536)
def _known(word: str) -> tuple[str, int | None] | None:
    """Return the normal form of a drug's name and its number, or None for another word."""
    form = _form(word)
    number = _nearest(form)
    if number is None and not _has_stem(word.lower()):
        return None
    return form, number


def _nearest(form: str) -> int | None:
    from rapidfuzz import fuzz, process

    names = _names()
    near = process.extractOne(form, names.get(form[:2], ()), scorer=fuzz.ratio, score_cutoff=_SAME_NAME)
    return None if near is None else _numbers()[near[0]]


def _ratio(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other)


def _has_stem(word: str) -> bool:
    return len(word) > 6 and not regex.search(_VIRUS, word) and regex.search(_stem_pattern(), word) is not None


@lru_cache(maxsize=1)
def _stem_pattern() -> str:
    parts = sorted(_stems(), key=lambda stem: (-len(stem), stem))
    return rf"(?<=\p{{L}}{{2}})(?:{'|'.join(parts)}){_TAIL}$"


@lru_cache(maxsize=1)
def _stems() -> tuple[str, ...]:
    return tuple(sorted({stem for line in _lines("stems.txt") for stem in left(line.split())}))


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    """Return the number of its drug for the normal form of each name."""
    return {_form(word): number for number, line in enumerate(_lines("names.txt")) for word in left(line.split())}


@lru_cache(maxsize=1)
def _names() -> dict[str, list[str]]:
    """Return the normal forms of the names by their first two letters."""
    names: dict[str, list[str]] = {}
    for form in _numbers():
        names.setdefault(form[:2], []).append(form)
    return names


def _lines(name: str) -> list[str]:
    text = files("benchwright.audits").joinpath(*_FOLDER, name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=65_536)
def _form(word: str) -> str:
    """Return a word in plain letters, spelt as little as may be after one language, without its ending."""
    plain = "".join(one for one in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(one))
    plain = "".join(_LETTERS.get(one, one) for one in plain)
    for written, read in _SPELLINGS:
        plain = plain.replace(written, read)
    plain = regex.sub("c(?=[ei])", "s", plain).replace("c", "k").replace("h", "")
    plain = regex.sub(r"(.)\1+", r"\1", plain)
    short = regex.sub(r"(?:[aeiou]{1,2}(?:m|s)?|[aeiou])$", "", plain)
    return short if len(short) >= 4 else plain
