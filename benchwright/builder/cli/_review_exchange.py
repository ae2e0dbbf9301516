"""``benchwright review export`` and ``review import``."""

from __future__ import annotations

from typing import Final

__all__ = ["COMMANDS"]

COMMANDS: Final[tuple[tuple[str, object, tuple[str, ...]], ...]] = ()
