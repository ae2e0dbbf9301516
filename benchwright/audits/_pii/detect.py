"""All detectors over one text, and what stays where two of them claim the same letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import regex

from benchwright.audits._pii.addresses import find_places
from benchwright.audits._pii.east import find_eastern_names
from benchwright.audits._pii.fold import fold
from benchwright.audits._pii.labelled import find_births, find_records
from benchwright.audits._pii.model import KINDS, Hit
from benchwright.audits._pii.names import RULES, find_names
from benchwright.audits._pii.numbers import find_mixed, find_numbers
from benchwright.audits._pii.web import find_addresses, find_machines, find_pages

__all__ = ["ALL", "DETECTORS", "PLACEHOLDER", "detect"]

PLACEHOLDER: Final = regex.compile(rf"\[(?P<kind>{'|'.join(KINDS)})_(?P<number>[1-9][0-9]{{0,8}})\]")
DETECTORS: Final = (
    "numbers",
    "mixed",
    "email",
    "pages",
    "machines",
    "eastern",
    *RULES,
    "record",
    "id-labelled",
    "birth",
    "born",
    "street",
    "address",
)
"""In the order of the bits of a gate."""
ALL: Final = (1 << len(DETECTORS)) - 1
_PLAIN: Final[dict[str, Callable[[str], Iterator[Hit]]]] = {
    "mixed": find_mixed,
    "email": find_addresses,
    "pages": find_pages,
    "machines": find_machines,
    "eastern": find_eastern_names,
}
_LEAST_REST: Final = 6


def detect(text: str, gates: int = ALL) -> list[Hit]:
    """Return the personal data of one text, in order, without overlaps.

    Args:
        text: any text; offsets are code points of it.
        gates: which detectors look, as bits in the order of :data:`DETECTORS`.
    """
    folded = fold(text)
    found = [hit for bit, name in enumerate(DETECTORS) if gates >> bit & 1 for hit in _run(name, text, folded)]
    if not found:
        return []
    blocked = [match.span() for match in PLACEHOLDER.finditer(text)]
    return _resolved(_joined(found), folded, blocked)


def _run(name: str, text: str, folded: str) -> Iterator[Hit]:
    if name == "numbers":
        return find_numbers(text, folded)
    if name in _PLAIN:
        return _PLAIN[name](folded)
    if name in RULES:
        return find_names(folded, name)
    if name in ("record", "id-labelled"):
        return find_records(folded, name)
    return find_births(folded, name) if name in ("birth", "born") else find_places(folded, name)


def _resolved(found: Iterable[Hit], folded: str, blocked: list[tuple[int, int]]) -> list[Hit]:
    """Keep the heaviest of what overlaps; of an address, what is left of it."""
    taken = list(blocked)
    kept: list[Hit] = []
    for hit in sorted(set(found), key=lambda hit: (-hit.weight, hit.start - hit.end, hit.start, hit.kind, hit.rule)):
        pieces = [(hit.start, hit.end)]
        if any(start < hit.end and hit.start < end for start, end in taken):
            pieces = _rest(hit, taken, folded) if hit.kind == "ADDRESS" else []
        for start, end in pieces:
            if start < end:
                kept.append(Hit(start, end, hit.kind, hit.rule, hit.weight))
                taken.append((start, end))
    return sorted(kept, key=lambda hit: hit.start)


def _joined(found: Iterable[Hit]) -> list[Hit]:
    """Make one of addresses that overlap: a street, and what a word announced around it."""
    out: list[Hit] = []
    last: Hit | None = None
    for hit in sorted(found, key=lambda hit: (hit.start, -hit.end)):
        if hit.kind != "ADDRESS":
            out.append(hit)
        elif last is not None and hit.start < last.end:
            last = Hit(last.start, max(last.end, hit.end), "ADDRESS", last.rule, last.weight)
        else:
            out += [last] if last is not None else []
            last = hit
    return [*out, last] if last is not None else out


def _rest(hit: Hit, taken: list[tuple[int, int]], folded: str) -> list[tuple[int, int]]:
    free = [(hit.start, hit.end)]
    for low, high in taken:
        free = [
            part
            for start, end in free
            for part in (
                [(start, end)] if high <= start or end <= low else [(start, min(low, end)), (max(high, start), end)]
            )
            if part[0] < part[1]
        ]
    trimmed = []
    for start, end in free:
        piece = folded[start:end]
        start += len(piece) - len(piece.lstrip(" ,;\n"))
        end -= len(piece) - len(piece.rstrip(" ,;\n"))
        if sum(sign.isalnum() for sign in folded[start:end]) >= _LEAST_REST and any(
            s.isdigit() for s in folded[start:end]
        ):
            trimmed.append((start, end))
    return trimmed
