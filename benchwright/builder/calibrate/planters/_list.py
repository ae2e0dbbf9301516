"""All kinds, by name."""

from __future__ import annotations

from typing import Final

from benchwright.builder.calibrate.planters._harmless import HARMLESS
from benchwright.builder.calibrate.planters._kind import Kind
from benchwright.builder.calibrate.planters._languages import LANGUAGES
from benchwright.builder.calibrate.planters._numbers import NUMBERS
from benchwright.builder.calibrate.planters._shapes import SHAPES
from benchwright.builder.calibrate.planters._words import WORDS

__all__ = ["KINDS"]

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in (*NUMBERS, *WORDS, *SHAPES, *LANGUAGES, *HARMLESS)}
