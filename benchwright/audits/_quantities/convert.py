"""Kit: whether two quantities are one amount in two units."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from benchwright.audits._quantities.lexicon import data_lines
from benchwright.audits._quantities.model import Quantity

__all__ = ["conversion", "same_unit", "units_clash"]

_LADDERS: Final[tuple[tuple[str, str], ...]] = (
    ("g", "kg:1e3 g:1 mg:1e-3 ug:1e-6 ng:1e-9 pg:1e-12 t:1e6 lb:453.59237 oz:28.349523"),
    ("L", "L:1 dL:0.1 mL:1e-3 uL:1e-6 fL:1e-15"),
    ("m", "km:1e3 m:1 cm:1e-2 mm:1e-3 um:1e-6 nm:1e-9 in:0.0254 ft:0.3048 mi:1609.344"),
    ("mol", "mol:1 mmol:1e-3 umol:1e-6 nmol:1e-9 pmol:1e-12"),
    ("s", "wk:604800 d:86400 h:3600 min:60 s:1 ms:1e-3"),
    ("mo", "a:12 mo:1"),
    ("Hz", "Hz:1 kHz:1e3 MHz:1e6"),
    ("V", "kV:1e3 V:1 mV:1e-3"),
    ("IU", "IU:1 mU:1e-3"),
)
_SCALES: Final = {
    unit: (base, float(size)) for base, row in _LADDERS for unit, size in (step.split(":") for step in row.split())
}
_OLD: Final = frozenset({"lb", "oz", "in", "ft", "mi"})
_CLOSE: Final = 0.01
_EXACT: Final = 1e-9
_ALIKE: Final = (
    frozenset({"mEq", "mmol"}),
    frozenset({"mmHg", "mm"}),
    frozenset({"Cel", "deg"}),
    frozenset({"Fahr", "deg"}),
    frozenset({"bpm", "min"}),
)


@lru_cache(maxsize=4096)
def _scale(unit: str) -> tuple[tuple[str, ...], float] | None:
    dimensions: list[str] = []
    total = 1.0
    for place, part in enumerate(unit.split("/")):
        known = _SCALES.get(part)
        if known is None:
            return None
        dimensions.append(known[0])
        total = total * known[1] if place == 0 else total / known[1]
    return tuple(dimensions), total


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, str], list[tuple[float, float]]]:
    table: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for line in data_lines("units", "conversions"):
        left, right, factor, offset, *_ = line.split()
        table.setdefault((left, right), []).append((float(factor), float(offset)))
        table.setdefault((right, left), []).append((1 / float(factor), -float(offset) / float(factor)))
    return table


def conversion(source: Quantity, target: Quantity) -> tuple[str, str] | None:
    """Return the two units when the target is the source's amount in another unit, within its rounding; else None."""
    for left in source.unit:
        for right in target.unit:
            if left != right and _converts(source, target, left, right):
                return left, right
    return None


def _converts(source: Quantity, target: Quantity, left: str, right: str) -> bool:
    one, other = _scale(left), _scale(right)
    ways = list(_table().get((left, right), ()))
    exact = False
    if one is not None and other is not None and one[0] == other[0]:
        ways.append((one[1] / other[1], 0.0))
        exact = not (_OLD & {left, right})
    for factor, offset in ways:
        # A temperature has a fixed zero: there a share of the value is no measure of rounding.
        close = 0.0 if offset else _CLOSE
        rounding = 0.51 * (10.0**-target.decimals + abs(factor) * 10.0**-source.decimals)
        for here in source.values:
            for there in target.values:
                if isinstance(here, str) or isinstance(there, str):
                    continue
                if _near(here * factor + offset, there, rounding, exact=exact, close=close):
                    return True
    return False


def _near(wanted: float, there: float, rounding: float, *, exact: bool, close: float) -> bool:
    return abs(wanted - there) <= (_EXACT * max(abs(there), 1.0) if exact else max(rounding, close * abs(there)))


def same_unit(source: Quantity, target: Quantity) -> bool:
    """Tell whether both have a unit and it can be the same."""
    return bool(source.unit & target.unit)


def units_clash(source: Quantity, target: Quantity) -> bool:
    """Tell whether both have units and no reading makes them one; what only one side divides by is no clash."""
    if not source.unit or not target.unit or source.unit & target.unit:
        return False
    return not any(_alike(left, right) for left in source.unit for right in target.unit)


def _alike(left: str, right: str) -> bool:
    if left.startswith(right + "/") or right.startswith(left + "/"):
        return True
    here, there = left.split("/"), right.split("/")
    return len(here) == len(there) and all(
        a == b or any({a, b} == pair for pair in _ALIKE) for a, b in zip(here, there, strict=True)
    )
