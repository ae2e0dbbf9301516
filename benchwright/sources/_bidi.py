"""Visual order -> logical order, for lines whose characters were sorted by their position on the page.

The inverse of the reordering step of the Unicode Bidirectional Algorithm (UAX #9). The inverse is not unique: a number
beside a foreign word is printed the same way whichever of the two is read first, and word processors give signs the
direction of the keyboard with which they were typed. What decides then is how people write, see
:mod:`benchwright.sources._bidiruns`.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._bidiruns import cells_from_left, left_to_right_runs, runs_from_left
from benchwright.sources._remembered import remembered

__all__ = ["GAP", "direction", "is_rtl", "is_rtl_code", "logical_order", "turned_brackets"]

_RTL_RANGES = ((0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))
GAP: Final = 9
"""Code point that stands for a wide gap: what it separates is ordered by itself."""
_PAIRS: Final = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›"}
_OTHER: Final = _PAIRS | {close: opening for opening, close in _PAIRS.items()}
_AFTER: Final = frozenset(".,;:?!،؛؟)]}»")


def is_rtl_code(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Tell for each code point whether it belongs to a script that runs from right to left."""
    result = np.zeros(codes.shape, dtype=bool)
    for low, high in _RTL_RANGES:
        result |= (codes >= low) & (codes <= high)
    return result


@remembered(65536)
def _kind(code: int) -> str:
    """Return R (right to left), L (left to right) or N (numbers and neutrals)."""
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "N"
    kind = unicodedata.bidirectional(chr(code))
    if kind in ("R", "AL"):
        return "R"
    if kind == "NSM":
        return "R" if any(low <= code <= high for low, high in _RTL_RANGES) else "L"
    return "L" if kind == "L" else "N"


def is_rtl(code: int) -> bool:
    """Tell whether a code point is a letter, or a mark on a letter, that runs from right to left."""
    return _kind(code) == "R"


def direction(code: int) -> str:
    """Return R for a letter that runs from right to left, L for other letters and digits, N for all else."""
    kind = _kind(code)
    return "L" if kind == "N" and unicodedata.bidirectional(chr(code)) in ("EN", "AN") else kind


def logical_order(codes: Sequence[int], rtl: bool) -> list[int]:
    """Return the positions of visually sorted characters in the order in which they are read.

    Args:
        codes: code points from left to right; :data:`GAP` for a gap that separates columns or cells.
        rtl: the base direction of the paper.
    """
    kinds = [_kind(code) for code in codes]
    if rtl:
        stretches = _stretches(codes)
        if "R" not in kinds and GAP in codes:
            cells = [_text(codes[start:stop]) for start, stop in stretches if codes[start] != GAP]
            stretches = stretches[::-1] if cells and cells_from_left(cells[::-1]) else stretches
        return [k for start, stop in stretches for k in _from_right(codes, kinds, start, stop)]
    return _from_left(codes, kinds) if "R" in kinds else list(range(len(codes)))


def _stretches(codes: Sequence[int]) -> list[tuple[int, int]]:
    """Return what stands between wide gaps, and the gaps, from right to left."""
    gaps = [k for k, code in enumerate(codes) if code == GAP]
    cuts = sorted({0, len(codes), *gaps, *(k + 1 for k in gaps)})
    return list(itertools.pairwise(cuts))[::-1]


def _from_left(codes: Sequence[int], kinds: Sequence[str]) -> list[int]:
    """Order a line that runs from left to right: from one right-to-left letter to the last one it turns round."""
    result: list[int] = []
    k = 0
    while k < len(codes):
        end = k
        if kinds[k] == "R":
            for j in range(k, len(codes)):
                if kinds[j] == "L" or codes[j] == GAP:
                    break
                end = j if kinds[j] == "R" else end
        result.extend(_from_right(codes, kinds, k, end + 1))
        k = end + 1
    return result


def _from_right(codes: Sequence[int], kinds: Sequence[str], start: int, stop: int) -> list[int]:
    """Order what runs from right to left; words and numbers inside keep their own direction."""
    if stop - start == 1:
        return [start]
    text = _text(codes[start:stop])
    if "R" not in kinds[start:stop] and runs_from_left(text):
        return list(range(start, stop))
    result: list[int] = []
    at = len(text)
    for low, high in reversed(left_to_right_runs(text)):
        result.extend(range(start + at - 1, start + high - 1, -1))
        result.extend(range(start + low, start + high))
        at = low
    result.extend(range(start + at - 1, start - 1, -1))
    return result


def _text(codes: Sequence[int]) -> str:
    return "".join("\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code) for code in codes)


def turned_brackets(text: str) -> str:
    """Return a line in logical order with every bracket turned the way in which it encloses.

    Text layers store either what is meant or what is seen, PDFium turns some of them: only what stands around a
    bracket tells. A bracket with room before it opens, one with room after it closes; else it closes what is open.
    """
    if not any(char in _OTHER for char in text):
        return text
    result = list(text)
    pending: list[str] = []
    for k, char in enumerate(text):
        if char not in _OTHER:
            continue
        opening = char if char in _PAIRS else _OTHER[char]
        if _opens(text, k, opening in pending):
            result[k] = opening
            pending.append(opening)
            continue
        result[k] = _PAIRS[opening]
        if opening in pending:
            del pending[len(pending) - 1 - pending[::-1].index(opening)]
    return "".join(result)


def _opens(text: str, k: int, pending: bool) -> bool:
    room_before = k == 0 or text[k - 1].isspace() or text[k - 1] in "([{«‹*" or (text[k - 1] in _OTHER and not pending)
    room_after = k + 1 == len(text) or text[k + 1].isspace() or text[k + 1] in _AFTER
    if room_before != room_after:
        return room_before
    if pending or room_before:
        return not pending
    word = text[k + 1 :].split(" ", 1)[0]
    return any(_OTHER.get(char, "") in (text[k], _OTHER[text[k]]) for char in word) or not _is_mark(text, k)


def _is_mark(text: str, k: int) -> bool:
    """Tell whether what stands before a bracket is a number or a letter at the start of a stretch: ``1)``, ``A)``."""
    word = text[:k].rsplit(" ", 1)[-1]
    return len(word) <= 1 or word.isdigit() or (len(word) <= 3 and k == len(word))
