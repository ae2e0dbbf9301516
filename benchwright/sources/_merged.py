"""Items of a scan that may hold the text of a question whose number was not read: their keys are withheld.

OCR loses a number now and then, and the text under it then stands in the question before it, options included. A key
for the one question must not be given to the options of the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Final

from benchwright.schemas.item import Item
from benchwright.schemas.tables import Reject

__all__ = ["doubtful", "noted"]

_SAYS: Final = "not read on this scan, and its text may stand in this question"
_FEW: Final = 2
"""Times as many numbers lost around a run as there are in it, from which on the run itself is in doubt."""


def noted(items: Sequence[Item], rejects: Sequence[Reject]) -> list[Item]:
    """Return items in which a note of the key says that the number after them was not found, where OCR read them."""
    lost = {reject.number for reject in rejects if reject.reason == "number-missing"}
    result = []
    for item in items:
        number = _number(item)
        if number is None or str(number + 1) not in lost or not _by_ocr(item) or item.key.note:
            result.append(item)
            continue
        note = f"number {number + 1} was {_SAYS}"
        result.append(item.replace(rules_checked=True, key=item.key.model_copy(update={"note": note})))
    return result


def doubtful(items: Sequence[Item], numbers: Collection[str]) -> Mapping[str, str]:
    """Return for numbers of items why no key may be given to them.

    Args:
        items: of one booklet.
        numbers: those that its key has.
    """
    found = {number: item for item in items if (number := _number(item)) is not None and _by_ocr(item)}
    if not found:
        return {}
    told = {str(k): note for k, item in found.items() if (note := item.key.note) is not None and _SAYS in note}
    wanted = {int(number) for number in numbers if number.isdigit()}
    last = max(found)
    if last + 1 in wanted:
        told.setdefault(str(last), f"number {last + 1} was {_SAYS}")
    lost = wanted - set(found)
    for run in _runs(sorted(found)):
        around = _gap(lost, run[0], -1) + _gap(lost, run[-1], 1)
        if around > _FEW * len(run):
            why = f"{around} numbers around it were not read on this scan, so that its own number is in doubt"
            told |= {str(k): why for k in run if str(k) not in told}
    return told


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    runs = [[number] for number in numbers[:1]]
    for before, number in pairwise(numbers):
        if number == before + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _gap(lost: Collection[int], start: int, step: int) -> int:
    """Return how many numbers in a row were lost beside one."""
    count = 0
    while start + step * (count + 1) in lost:
        count += 1
    return count


def _number(item: Item) -> int | None:
    number = item.exam.number
    return int(number) if number.isascii() and number.isdigit() else None


def _by_ocr(item: Item) -> bool:
    return any(place.ocr for place in item.provenance)
