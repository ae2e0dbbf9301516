"""A look at the beginning of a file, before it is read whole."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchwright.sources._layouts.opened import PACKED

__all__ = ["may_say"]

_HEAD: Final = 2**18


def may_say(path: Path, *words: str) -> bool:
    """Tell whether the beginning of a file has all these words; of what cannot be told so, say yes."""
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if path.suffix.casefold() in PACKED or b"\x00" in head[:64]:
        return True
    return all(word.encode() in head for word in words)
