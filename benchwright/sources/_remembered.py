"""Answers about texts that are remembered while one file is read, and forgotten before the next.

A paper is read under many hypotheses, so that the same texts are asked about again and again; two papers share few.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, ParamSpec, TypeVar, cast

__all__ = ["forget", "remembered"]

P = ParamSpec("P")
R = TypeVar("R")
_CLEARED: Final[list[Callable[[], None]]] = []


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that remembers up to so many answers of a function, until :func:`forget` is called."""

    def remember(function: Callable[P, R]) -> Callable[P, R]:
        kept = lru_cache(maxsize=most)(function)
        _CLEARED.append(kept.cache_clear)
        return cast("Callable[P, R]", kept)

    return remember


def forget() -> None:
    """Forget all answers: the memory of a process does not grow with the number of files that it reads."""
    for clear in _CLEARED:
        clear()
