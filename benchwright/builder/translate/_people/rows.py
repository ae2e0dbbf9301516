"""The texts of a file for translators, whatever its format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchwright.schemas.errors import InputError, Problem

__all__ = ["Bundle", "Row", "broken_file"]


@dataclass(frozen=True)
class Row:
    """One field of one item. In a translation memory it has neither."""

    item_id: str
    field: str
    source: str
    target: str = ""
    """The draft on the way out, the translation on the way back."""
    notes: tuple[str, ...] = ()
    """For the translator on the way out, by the translator on the way back."""


@dataclass(frozen=True)
class Bundle:
    """The rows of a file, with its languages where it says them."""

    rows: Sequence[Row]
    source: str | None = None
    target: str | None = None
    coded: bool = False
    """Whether protected pieces stand as numbered placeholders."""


def broken_file(path: object, found: str, expected: str) -> InputError:
    """Return the error for a file that cannot be read as what it claims to be."""
    return InputError(
        Problem(
            code="exchange-broken",
            message="the file of translators cannot be read",
            file=str(path),
            found=found,
            expected=expected,
            remedy="ask for the file in the format that was sent",
        )
    )
