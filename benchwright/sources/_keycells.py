"""Printed answers and notes of a key -> complete correct responses."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import regex

from benchwright.schemas.papers import KeyEntry
from benchwright.schemas.parts import KeyStatus
from benchwright.sources._keys import AND_WORDS, OR_WORDS, KeyTable
from benchwright.sources._words import fold, keywords, says_annulled

__all__ = ["entries_of", "read_notes"]

_RUN = regex.compile(r"(?<![\p{Latin}\p{M}])(?:[A-J]{1,6}|[a-j]{1,6})(?![\p{Latin}\p{M}])")
_RANGE = regex.compile(r"[^\s\p{P}]\s?[-–—]\s?[^\s\p{P}]")
_NO_BRACKETS = dict.fromkeys(map(ord, "()[]【】"))
_MARKERS = "#*×✕"
_EXPLAINED = f"{_MARKERS}Xx-–—"
"""Signs that a legend may explain; without one they say nothing."""


def entries_of(table: KeyTable, status: KeyStatus) -> list[KeyEntry]:
    """Return the entries of a table: cells, with what the notes say of marked ones.

    A marked cell (``#``, ``*``) that no note explains becomes an entry with status unknown: never a guess.
    """
    notes = " ".join(table.notes)
    said = read_notes(notes)
    legend = [*table.notes, *table.legend]
    annulled_marks = {sign for sign in _EXPLAINED if _legend_annuls(legend, sign)}
    entries = []
    for number in sorted(table.cells):
        cell = table.cells[number]
        printed = unicodedata.normalize("NFKC", cell.printed).translate(_NO_BRACKETS).strip().rstrip(".")
        marked = printed[:1] in _MARKERS and len(printed) > 1
        printed = printed.lstrip(_MARKERS + " ") if marked else printed
        note = said.get(number)
        if note is not None and (printed in _MARKERS or note[0] == "annulled"):
            entries.append(_entry(number, printed, note[1], note[0], note[2]))
        elif printed in annulled_marks or says_annulled(printed):
            entries.append(_entry(number, printed, (), "annulled", None))
        elif printed in _MARKERS or printed in keywords()["unanswered"] or not _plain_answer(printed, table.alphabet):
            entries.append(_entry(number, printed, (), "unknown", "no note explains this mark"))
        else:
            said_so = note[2] if note is not None and marked else None
            how: KeyStatus = "revised" if marked and status == "official" else status
            entries.append(_entry(number, printed, _responses(printed, table.alphabet), how, said_so))
    return entries


def _entry(
    number: int, printed: str, answers: tuple[tuple[str, ...], ...], status: KeyStatus, note: str | None
) -> KeyEntry:
    return KeyEntry(number=str(number), answers=answers, status=status, printed=printed, note=note)


def _plain_answer(printed: str, alphabet: str) -> bool:
    """Tell whether a cell holds answers and nothing else; ``X`` is a mark, and nothing says what ``A-C`` means."""
    return (printed.upper() != "X" or alphabet.startswith("roman")) and not _RANGE.search(printed)


_LOOK_ALIKES = str.maketrans("АВСЕавсе", "ABCEabce")
"""Cyrillic letters that typists use for Latin ones."""


def _responses(printed: str, alphabet: str) -> tuple[tuple[str, ...], ...]:
    """Return responses: parted letters are alternatives (A/C), letters written together belong together (AC)."""
    printed = printed.translate(_LOOK_ALIKES) if alphabet == "latin" else printed
    alternatives = [part for part in _OR.split(printed) if part.strip()]
    return tuple(response for part in alternatives for response in _alternative(part.strip(), alphabet))


_OR = regex.compile(rf"\s(?:{OR_WORDS})\s|[,/、;]|\s?(?:或|または|또는)\s?", regex.IGNORECASE)
_AND = regex.compile(rf"\s(?:{AND_WORDS})\s|[+&]|\s?(?:と|和|및)\s?", regex.IGNORECASE)


def _alternative(text: str, alphabet: str) -> list[tuple[str, ...]]:
    together = [part.strip() for part in _AND.split(text) if part.strip()]
    if len(together) > 1:
        return [tuple(together)]
    parts = text.split()
    if alphabet in {"persian", "digits"} or all(len(part) == 1 for part in parts):
        return [(part,) for part in parts]
    return [tuple(part) for part in parts]


def _legend_annuls(notes: Sequence[str], sign: str) -> bool:
    """Tell whether a legend explains a sign as annulled: ``(*) Questão anulada``."""
    return any(_names(sign, unicodedata.normalize("NFKC", note)) and says_annulled(note) for note in notes)


def _names(sign: str, note: str) -> bool:
    """Tell whether a note begins or ends with a sign; a letter or dash must stand alone."""
    if sign in _MARKERS and sign in note[:6]:
        return True
    alone = regex.escape(sign)
    return regex.search(rf"^\W?{alone}(?!\w)|(?<!\w){alone}\W?$", note) is not None


def read_notes(text: str) -> dict[int, tuple[KeyStatus, tuple[tuple[str, ...], ...], str]]:
    """Return what notes say of single numbers: status, responses and the words of the note.

    A clause runs from one mention of a number to the next. Letters written together are one response
    (``答B或D或BD`` accepts B, D, and B with D).
    """
    plain = regex.sub(r"\s+", " ", unicodedata.normalize("NFKC", text))
    words = "|".join(sorted((regex.escape(word) for word in keywords()["number_words"]), key=len, reverse=True))
    mention = regex.compile(rf"(?:(?:{words})\s?\.?[º°]?\s*)(\p{{Nd}}{{1,3}})\s*[題問번]?", regex.IGNORECASE)
    found = list(mention.finditer(fold(plain))) if len(fold(plain)) == len(plain) else list(mention.finditer(plain))
    result: dict[int, tuple[KeyStatus, tuple[tuple[str, ...], ...], str]] = {}
    for k, m in enumerate(found):
        end = found[k + 1].start() if k + 1 < len(found) else len(plain)
        clause = plain[m.end() : end]
        said = plain[m.start() : end].strip(" ,，、;；")
        if says_annulled(clause):
            result[int(m[1])] = ("annulled", (), said)
            continue
        runs = [run[0] for run in _RUN.finditer(clause)]
        upper = [run for run in runs if run.isupper()]
        answers = tuple(dict.fromkeys(tuple(run) for run in (upper or runs)))
        if answers:
            result[int(m[1])] = ("revised", answers, said)
    return result
