"""What personal data is found as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

__all__ = ["KINDS", "Hit", "Kind"]

Kind = Literal["NAME", "PHONE", "EMAIL", "ADDRESS", "ID", "RECORD", "BIRTHDATE", "URL", "USER", "IP", "ACCOUNT", "CARD"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Hit:
    """One place of personal data; offsets in code points of the text as it is stored."""

    start: int
    end: int
    kind: Kind
    rule: str
    """What found it: ``es-dni``, ``phone-international``, ``greeting``."""
    weight: float = 0.0
    """The heavier of two that overlap stays."""
