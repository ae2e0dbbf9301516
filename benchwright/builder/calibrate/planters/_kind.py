"""One kind of damage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchwright.builder.calibrate.planters._draft import Change, Draft, Tools

__all__ = ["Kind"]


@dataclass(frozen=True)
class Kind:
    """One kind of damage, or of a change that is none."""

    name: str
    title: str
    plant: Callable[[Draft, Tools], Change | None]
    alarm: bool = True
    """False for changes that keep the meaning: an audit must stay silent."""
    needs_source: bool = False
    """Whether only a comparison with the source can tell."""
    whole_file: bool = False
    """Whether it is a damage of a file, that strikes all its items at once."""
