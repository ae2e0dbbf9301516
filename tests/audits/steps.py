"""How much work a call is, counted in calls of functions: the same on a fast machine and on a busy one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

EXTRA = 1.3
"""What a longer text may cost beyond its share, for work that grows with the logarithm of its length."""


def steps(work: Callable[[], object]) -> int:
    """Return how many functions were called, those of Python and those of compiled modules.

    What happens inside one compiled call is not seen: patterns of polars are run by automata, in linear time whatever
    they are, and those of the module ``regex`` are tried for themselves.
    """
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def is_linear(work: Callable[[str], object], text: str, times: int = 4) -> bool:
    """Tell whether a text so many times as long takes at most so many times the steps, and a little more."""
    short = text[: len(text) // times]
    work(short)  # Lexicons and patterns are read once, and count for neither.
    least, most = steps(lambda: work(short)), steps(lambda: work(text))
    return most <= times * EXTRA * max(least, 1000)
