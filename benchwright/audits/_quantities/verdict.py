"""Kit: what the numbers without partner, and the pairs that do not fit, say about a translation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benchwright.audits._quantities.lexicon import lexicon_of
from benchwright.audits._quantities.match import Alignment, align
from benchwright.audits._quantities.model import ARTICLE, DIGITS, WORD, Quantity
from benchwright.audits._quantities.order import swapped
from benchwright.audits._quantities.parse import quantities
from benchwright.audits._quantities.units import TIME_UNITS

__all__ = ["Verdict", "judge"]


class Verdict(NamedTuple):
    """One thing that is wrong: a code, and the numbers that show it."""

    code: str
    severity: str
    source: tuple[Quantity, ...]
    target: tuple[Quantity, ...]
    note: str = ""


_KINDS_APART: Final = frozenset({"roman", "month"})
_SHIFTS: Final = (1, 2, 3, 6)


def judge(source: str, target: str, source_language: str, target_language: str) -> list[Verdict]:
    """Compare the quantities of a text and of its translation; nothing is returned where they agree."""
    found = align(quantities(source, source_language), quantities(target, target_language))
    verdicts = [Verdict("T111", "info", (a,), (b,), f"{left} to {right}") for a, b, left, right in found.converted]
    verdicts += [
        Verdict("T110" if a.unit <= TIME_UNITS and b.unit <= TIME_UNITS else "T103", "critical", (a,), (b,))
        for a, b in found.clashing
    ]
    for a, b in found.pairs:
        verdicts += _signs(a, b, source, target)
    changed, missing, added = _replaced(found)
    verdicts += [_change(a, b) for a, b in changed]
    dual = 2.0 if "dual" in lexicon_of(source_language).flags | lexicon_of(target_language).flags else 1.0
    verdicts += _alone(missing, found, side=0, small=dual)
    verdicts += _alone(added, found, side=1, small=dual)
    turned = swapped(source, target, found.pairs)
    if turned is not None:
        (a, c), (b, d) = turned
        verdicts.append(Verdict("T108", "major", (a, b), (c, d)))
    return verdicts


def _signs(a: Quantity, b: Quantity, source: str, target: str) -> Iterator[Verdict]:
    if min(a.strength, b.strength) >= WORD and a.value != 0:
        if a.negative != b.negative and not (a.linked or b.linked):
            other, text = (b, target) if a.negative else (a, source)
            if not other.less and not any(dash in text[max(0, other.start - 3) : other.start] for dash in "-−–－"):
                yield Verdict("T106", "critical", (a,), (b,))
        if a.compared and b.compared and a.compared != b.compared:
            yield Verdict("T112", "critical", (a,), (b,))


def _replaced(found: Alignment) -> tuple[list[tuple[Quantity, Quantity]], list[Quantity], list[Quantity]]:
    """Pair what is left over: same unit first, then same kind, then in order."""
    source = [one for one in found.source if one.strength > ARTICLE]
    target = [one for one in found.target if one.strength > ARTICLE]
    changed: list[tuple[Quantity, Quantity]] = []
    if len(source) <= 50 and len(target) <= 50:
        for fits in (_one_unit, _one_kind, _both_sure):
            for one in list(source):
                other = next((other for other in target if fits(one, other)), None)
                if other is not None:
                    changed.append((one, other))
                    source.remove(one)
                    target.remove(other)
    return changed, source, target


def _one_unit(a: Quantity, b: Quantity) -> bool:
    return _both_sure(a, b) and bool(a.unit & b.unit)


def _one_kind(a: Quantity, b: Quantity) -> bool:
    return a.kind == b.kind and (a.kind in _KINDS_APART or (_both_sure(a, b) and a.before == b.before))


def _both_sure(a: Quantity, b: Quantity) -> bool:
    return min(a.strength, b.strength) >= WORD and not ({a.kind, b.kind} & _KINDS_APART)


def _change(a: Quantity, b: Quantity) -> Verdict:
    shift = _shift(a, b)
    if "code" in {a.kind, b.kind}:
        return Verdict("T113", "major", (a,), (b,))
    if shift:
        return Verdict("T102", "critical", (a,), (b,), f"a factor of {10 ** abs(shift)}")
    if a.age or b.age:
        return Verdict("T109", "critical", (a,), (b,))
    return Verdict("T101", "major", (a,), (b,))


def _shift(a: Quantity, b: Quantity) -> int:
    for one in a.values:
        for other in b.values:
            if isinstance(one, float) and isinstance(other, float) and one > 0 and other > 0:
                power = math.log10(other / one)
                if abs(power - round(power)) < 1e-9 and abs(round(power)) in _SHIFTS:
                    return round(power)
    return 0


def _alone(rest: Sequence[Quantity], found: Alignment, side: int, small: float) -> Iterator[Verdict]:
    """Numbers of one side only: one that is repeated elsewhere is no loss.

    0 and 1 often stand in an article or a prefix of the other language, 2 in its dual; they are minor there.
    """
    matched = {value for pair in found.pairs for value in pair[side].values}
    for one in rest:
        if one.strength < WORD or any(value in matched for value in one.values):
            continue
        here, there = ((one,), ()) if side == 0 else ((), (one,))
        partner = one.linked == "range" and any(pair[side].linked == "range" for pair in found.pairs)
        if partner:
            yield Verdict("T107", "major", here, there)
        elif one.strength == DIGITS and not (isinstance(one.value, float) and one.value <= small):
            yield Verdict("T105" if side else "T104", "major", here, there)
        else:
            yield Verdict("T114", "minor", here, there)
