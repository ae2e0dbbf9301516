"""Series of statements, each true or false: the signs in keys, under questions and beside the statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._keys import Cell, KeyTable
from benchwright.sources._kindwords import truth_pairs
from benchwright.sources._lines import Line
from benchwright.sources._words import fold, narrow

__all__ = ["Series", "series_table", "statements_in", "truth_at_end"]

_LEAST: Final = 2
_MOST: Final = 10
_JOIN: Final = r"(?:\s*[,;/|\-–—·.]\s*|\s+|)"
_GAP: Final = regex.compile(_JOIN)
_LABEL: Final = r"[(\[]?(?:\p{L}|\p{N}{1,2})\s?[)\].:=–-]+\s*"
_HEAD: Final = regex.compile(r"^\s*[(\[]?(?P<number>\p{Nd}{1,3})\s?[.)\]:=．、–-]*\s+(?=\S)")


@dataclass(frozen=True)
class Series:
    """Marks of true and false in their order."""

    pair: tuple[str, str]
    values: tuple[bool, ...]
    end: int
    """Where in the text the marks end."""


@lru_cache(maxsize=1)
def _signs() -> tuple[tuple[tuple[str, str], regex.Pattern[str]], ...]:
    """Return for each pair the pattern of one mark; single letters only count as capitals."""
    result = []
    for true, false in truth_pairs():
        flags = 0 if len(true) == len(false) == 1 else regex.IGNORECASE
        one = "|".join(
            regex.escape(form)
            for form in sorted({w for word in (true, false) for w in _forms(word)}, key=lambda w: (-len(w), w))
        )
        result.append(((true, false), regex.compile(rf"(?:(?!{one}){_LABEL})?(?P<sign>{one})", flags)))
    return tuple(result)


def _forms(word: str) -> tuple[str, ...]:
    return (word.upper(),) if len(word) == 1 else (word,)


def statements_in(text: str, pair: tuple[str, str] | None = None) -> Series | None:
    """Return the series of two or more marks with which a text begins, or None.

    ``V F V V F``, ``TFTTF``, ``a) V b) F c) V``, ``True, False, True``; the text may go on after it.
    """
    plain = narrow(text)
    best: Series | None = None
    for known, one in _signs():
        if pair is not None and known != pair:
            continue
        values: list[bool] = []
        at = len(plain) - len(plain.lstrip(" ([:"))
        end = at
        while len(values) < _MOST:
            found = one.match(plain, at)
            if found is None:
                break
            values.append(_is_true(found["sign"], known))
            end = found.end()
            gap = _GAP.match(plain, end)
            at = gap.end() if gap else end
        after = plain[end : end + 1]
        if len(values) < _LEAST or after.isalpha() or (after == "." and plain[end + 1 : end + 2].isalpha()):
            continue
        if best is None or len(values) > len(best.values):
            best = Series(known, tuple(values), end)
    return best


def _is_true(sign: str, pair: tuple[str, str]) -> bool:
    return fold(sign) == fold(pair[0])


def series_table(lines: Sequence[Line]) -> KeyTable | None:
    """Return the key of series in some lines: a number, then a mark for each statement; None without one.

    All entries have the same pair of signs, and both signs occur.
    """
    found: dict[int, tuple[Cell, Series]] = {}
    for i, line in enumerate(lines):
        text = narrow(line.text)
        at = 0
        while (head := _HEAD.match(text[at:])) is not None:
            begin = at + head.end()
            series = statements_in(text[begin:])
            number = int(head["number"])
            if series is None or not number or number in found:
                break
            end = begin + series.end
            found[number] = (Cell(number, line.text[begin:end].strip(), i, begin, end), series)
            at = end
    if not found:
        return None
    pair = Counter(series.pair for _, series in found.values()).most_common(1)[0][0]
    table = KeyTable("truth")
    values: set[bool] = set()
    for number, (cell, _) in found.items():
        series = statements_in(cell.printed, pair)
        if series is not None and series.end >= len(cell.printed.rstrip(" .)]")):
            table.cells[number] = cell
            values.update(series.values)
    return table if len(table.cells) >= _LEAST + 1 and len(values) == 2 else None


def truth_at_end(texts: Sequence[str]) -> tuple[tuple[bool, ...], tuple[int, ...]] | None:
    """Return the mark that closes each statement of a question, and where it begins; None unless all have one."""
    ends = [narrow(text).rstrip().rstrip(".;").rstrip().rstrip(")]").rstrip().casefold() for text in texts]
    for pair, _ in _signs():
        forms = tuple(form.casefold() for word in pair for form in _forms(word))
        if not all(end.endswith(forms) for end in ends):
            continue
        values: list[bool] = []
        starts: list[int] = []
        for text in texts:
            found = _end_pattern(pair).search(narrow(text))
            if found is None:
                break
            values.append(_is_true(found["sign"], pair))
            starts.append(found.start())
        else:
            return tuple(values), tuple(starts)
    return None


@lru_cache(maxsize=64)
def _end_pattern(pair: tuple[str, str]) -> regex.Pattern[str]:
    forms = "|".join(regex.escape(form) for word in pair for form in _forms(word))
    flags = 0 if max(map(len, pair)) == 1 else regex.IGNORECASE
    bracketed = rf"[(\[]\s*(?P<sign>{forms})\s*[)\]]"
    return regex.compile(rf"\s*(?:{bracketed}|(?<=[.;:]|\s[–—-])\s*(?P<sign>{forms}))\s*[.;]?\s*$", flags)
