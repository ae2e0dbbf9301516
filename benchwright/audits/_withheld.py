"""Kit: half of the words of the lexicons, withheld for a trial of what is found of words that nobody listed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["half_withheld", "is_withheld", "left"]

_seed: ContextVar[int | None] = ContextVar("_withheld_seed", default=None)


def is_withheld(entry: str, seed: int) -> bool:
    """Tell whether an entry is of the half that a seed withholds; capitals make no difference."""
    return hashlib.sha256(f"{seed}/{entry.casefold()}".encode()).digest()[0] % 2 == 0


def left(entries: Iterable[str]) -> list[str]:
    """Return the entries of a lexicon that are not withheld: all of them, outside of a trial."""
    seed = _seed.get()
    return [entry for entry in entries if seed is None or not is_withheld(entry, seed)]


@contextmanager
def half_withheld(seed: int) -> Iterator[None]:
    """Let the audits run without half of the words for negation, opposites, numbers, units and drugs.

    What was made of the lexicons before is forgotten, and so is what is made of them meanwhile. Words that only keep
    other words from being misread stay. Not for several threads at a time.
    """
    token = _seed.set(seed)
    _forget()
    try:
        yield
    finally:
        _seed.reset(token)
        _forget()


def _forget() -> None:
    """Empty what functions of this room remember: any of it may come from a lexicon."""
    room = __name__.rpartition(".")[0]
    for name in [name for name in sys.modules if name.startswith(f"{room}.")]:
        for value in list(vars(sys.modules[name]).values()):
            clear = getattr(value, "cache_clear", None)
            if callable(clear):
                clear()
