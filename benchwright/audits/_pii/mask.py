"""Masking: personal data becomes placeholders such as `[NAME_1]`, the same for the same value in a thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from unicodedata import category

import polars as pl
import regex

from benchwright.audits._pii.detect import PLACEHOLDER, detect
from benchwright.audits._pii.fold import fold
from benchwright.audits._pii.gate import gates
from benchwright.audits._pii.model import Hit, Kind
from benchwright.audits._pii.names import is_never

__all__ = ["HITS", "Masked", "mask", "restore"]

HITS: Final = pl.Schema(
    {
        "row": pl.Int64,
        "thread": pl.String,
        "kind": pl.String,
        "number": pl.Int64,
        "start": pl.Int64,
        "end": pl.Int64,
        "rule": pl.String,
    }
)
"""Places of what was masked: ``row`` counts from 0, ``start`` and ``end`` are code points of the text before."""

_COMPACT: Final = regex.compile(r"[^\p{L}\p{N}]+")
_WORD: Final = regex.compile(r"[\p{L}\p{M}'’\-]+")
_EPONYM: Final = regex.compile(
    r"(?:(?:['’]s)? ?(?:disease|syndrome|sign|test|criteria|lymphoma|sarcoma|palsy|phenomenon|reflex|score|scale|tumou?r|"
    r"disorder|operation|procedure|maladie|enfermedad|síndrome|syndrom|malattia|morbus))"
)
_SHORT: Final = 3
_PHONE_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Masked:
    """What :func:`mask` returns."""

    texts: pl.Series
    """The texts with placeholders, in the order given."""
    hits: pl.DataFrame
    """One row for each placeholder set, with the columns of :data:`HITS`; with ``value`` only where asked for."""


@dataclass(slots=True)
class _Row:
    text: str
    thread: str
    # Pieces replaced: start and end in the text as it is now, and in the text as it came.
    pieces: list[tuple[int, int, int, int]] = field(default_factory=list)
    found: list[tuple[int, int, Kind, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Thread:
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    names: list[tuple[int, set[str]]] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def number(self, kind: Kind, value: str) -> int:
        """Return the number of a value: a known one where it was met before."""
        if kind == "NAME":
            return self._name(value)
        key = (kind, _canonical(kind, value))
        if key not in self.numbers:
            self.last[kind] += 1
            self.numbers[key] = self.last[kind]
        return self.numbers[key]

    def _name(self, value: str) -> int:
        """Names are one where the words of one are among those of the other, and of no third."""
        words = {word.casefold() for word in _WORD.findall(value)} or {value.casefold()}
        alike = [place for place, (_, known) in enumerate(self.names) if words <= known or known <= words]
        exact = [place for place in alike if self.names[place][1] == words]
        if exact or len(alike) == 1:
            number, known = self.names[(exact or alike)[0]]
            self.names[(exact or alike)[0]] = (number, known | words)
            return number
        self.last["NAME"] += 1
        self.names.append((self.last["NAME"], words))
        return self.last["NAME"]


def _canonical(kind: Kind, value: str) -> str:
    compact = _COMPACT.sub("", fold(value)).casefold()
    return compact[-_PHONE_DIGITS:] if kind == "PHONE" else compact


def mask(texts: pl.Series, threads: pl.Series | None = None, *, keep_values: bool = False) -> Masked:
    """Replace personal data by typed placeholders.

    Everything else stays as it is, and masking a masked text changes nothing.

    Args:
        texts: any texts; null stays null.
        threads: what belongs together: the same value gets the same number there. Without it, each text is alone.
        keep_values: add the values to the hits, as ``value``. They are the personal data: keep them apart, or not at all.
    """
    rows: dict[int, _Row] = {}
    opened = gates(texts)
    names = threads.cast(pl.String) if threads is not None else pl.int_range(len(texts), eager=True).cast(pl.String)
    # What follows is a loop over the few texts that the gates let through, and their threads.
    active = {row: gate for row, gate in enumerate(opened.to_list()) if gate}
    originals = texts.to_list() if active else []
    labels = names.to_list() if active else []
    members: dict[str, list[int]] = defaultdict(list)
    if threads is not None and active:
        for row, label in enumerate(labels):
            members[str(label)].append(row)
    known: dict[str, _Thread] = defaultdict(_Thread)
    while active:
        found = {row: hits for row, gate in active.items() if (hits := _look(rows, originals, row, gate))}
        for row in found:
            label = str(labels[row])
            for other in members.get(label, [row]):
                if other not in rows and originals[other] is not None:
                    rows[other] = _Row(originals[other], label)
        changed = _apply(rows, found, known)
        again = gates(pl.Series([rows[row].text for row in changed], dtype=pl.String)).to_list()
        active = {row: gate for row, gate in zip(changed, again, strict=True) if gate}
    return _collected(texts, rows, originals, keep_values=keep_values)


def _look(rows: dict[int, _Row], originals: Sequence[str], row: int, gate: int) -> list[Hit]:
    return detect(rows[row].text if row in rows else originals[row], gate)


def _apply(rows: dict[int, _Row], found: dict[int, list[Hit]], known: dict[str, _Thread]) -> list[int]:
    """Set the placeholders of one round, thread by thread and from top to bottom; return the rows that changed."""
    by_thread: dict[str, list[int]] = defaultdict(list)
    for row in sorted(rows):
        by_thread[rows[row].thread].append(row)
    changed = []
    for label in {rows[row].thread: None for row in sorted(found)}:
        thread = known[label]
        members = by_thread[label]
        if not thread.last:
            _count_given(thread, [rows[row].text for row in members])
        hits = {row: list(found.get(row, ())) for row in members}
        _spread(rows, hits)
        for row in members:
            if hits[row]:
                _replace(rows[row], sorted(hits[row], key=lambda hit: hit.start), thread)
                changed.append(row)
    return changed


def _count_given(thread: _Thread, texts: Iterable[str]) -> None:
    """Begin after the placeholders that the texts already have."""
    for text in texts:
        for match in PLACEHOLDER.finditer(text):
            thread.last[match["kind"]] = max(thread.last[match["kind"]], int(match["number"]))


def _spread(rows: dict[int, _Row], hits: dict[int, list[Hit]]) -> None:
    """Add the other mentions of a name that was found in the thread."""
    full: set[str] = set()
    for row, some in hits.items():
        full |= {rows[row].text[hit.start : hit.end] for hit in some if hit.kind == "NAME"}
    wanted = _mentions(full, [rows[row].text for row in hits])
    if not wanted:
        return
    for row, some in hits.items():
        text = rows[row].text
        taken = [(hit.start, hit.end) for hit in some] + [match.span() for match in PLACEHOLDER.finditer(text)]
        for start, end in _mentioned(text, wanted):
            if not any(low < end and start < high for low, high in taken):
                some.append(Hit(start, end, "NAME", "mention", 40))


def _mentioned(text: str, words: set[str]) -> Iterator[tuple[int, int]]:
    """Yield where words stand alone, from left to right without overlaps, of several at one place the longest.

    The words are others in every thread, and to compile a pattern of them takes longer than to search for them.
    """
    found = sorted((place, -len(word)) for word in words for place in _finds(word, text))
    after = 0
    for start, length in found:
        end = start - length
        if start >= after and _is_apart(text, start, end, "LMN", "@_") and not _EPONYM.match(text, end):
            yield start, end
            after = end


def _finds(word: str, text: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _is_written(word: str, text: str) -> bool:
    """Tell whether a word stands in a text between other than letters."""
    return any(_is_apart(text, place, place + len(word), "L", "") for place in _finds(word, text))


def _is_apart(text: str, start: int, end: int, kinds: str, signs: str) -> bool:
    beside = (text[start - 1 : start], text[end : end + 1])
    return not any(sign and (sign in signs or category(sign)[0] in kinds) for sign in beside)


def _mentions(names: set[str], texts: Sequence[str]) -> set[str]:
    """Return what else of the names is masked in the thread: whole names, and words that are never written small."""
    wanted: set[str] = set()
    for name in names:
        words = _WORD.findall(name)
        if len(name) > 1 and (len(words) > 1 or len(name) > _SHORT or not name[:1].isupper()):
            wanted.add(name)
        wanted |= {word for word in words if len(word) >= _SHORT and word[0].isupper()}
    return {
        word
        for word in wanted
        if (" " in word or not is_never(word))
        and not (word[0].isupper() and any(_is_written(word.lower(), text) for text in texts))
    }


def _replace(row: _Row, hits: Sequence[Hit], thread: _Thread) -> None:
    out: list[str] = []
    place = length = 0
    new: list[tuple[int, int, int, int]] = []
    moved: list[tuple[int, int, int, int]] = []
    old = list(row.pieces)

    def carry(limit: int) -> None:
        while old and old[0][1] <= limit:
            low, high, first, last = old.pop(0)
            moved.append((low + length - place, high + length - place, first, last))

    for hit in hits:
        carry(hit.start)
        number = thread.number(hit.kind, row.text[hit.start : hit.end])
        sign = f"[{hit.kind}_{number}]"
        out.append(row.text[place : hit.start])
        length += hit.start - place
        start, end = _original(row, hit.start), _original(row, hit.end)
        new.append((length, length + len(sign), start, end))
        row.found.append((start, end, hit.kind, number, hit.rule))
        out.append(sign)
        length += len(sign)
        place = hit.end
    carry(len(row.text))
    out.append(row.text[place:])
    row.text = "".join(out)
    row.pieces = sorted([*moved, *new])


def _original(row: _Row, place: int) -> int:
    """Return where a place of the text as it is now stood in the text as it came."""
    return place + sum((last - first) - (high - low) for low, high, first, last in row.pieces if high <= place)


def _collected(texts: pl.Series, rows: dict[int, _Row], originals: Sequence[str], *, keep_values: bool) -> Masked:
    table = [
        (row, rows[row].thread, kind, number, start, end, rule)
        for row in sorted(rows)
        for start, end, kind, number, rule in sorted(rows[row].found)
    ]
    hits = pl.DataFrame(table, schema=HITS, orient="row")
    if keep_values:
        hits = hits.with_columns(
            pl.Series("value", [originals[one[0]][one[4] : one[5]] for one in table], dtype=pl.String)
        )
    touched = [row for row in sorted(rows) if rows[row].found]
    if not touched:
        return Masked(texts, hits)
    masked = texts.cast(pl.String).scatter(touched, [rows[row].text for row in touched])
    return Masked(masked, hits)


def restore(masked: str, hits: pl.DataFrame) -> str:
    """Return the text as it was, from the hits of one row that were kept with their values."""
    out: list[str] = []
    place = shift = 0
    for start, end, kind, number, value in (
        hits.sort("start").select("start", "end", "kind", "number", "value").iter_rows()
    ):
        sign = f"[{kind}_{number}]"
        at = start + shift
        out += [masked[place:at], value]
        place = at + len(sign)
        shift += len(sign) - (end - start)
    return "".join([*out, masked[place:]])
