"""Kit: the one language of many texts, where most of them agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._lid.identify import identifier
from benchwright.audits._lid.labels import label_language
from benchwright.schemas.plugins import AuditContext

__all__ = ["language_told"]

_PIECE: Final = 400
"""Signs that are told at once."""
_PIECES: Final = 60
_LABELS: Final = 5
_AGREE: Final = 0.75
"""Mean share of the language over all pieces: near relatives share theirs, and then a person has to say it."""
_LEAST: Final = 60
"""Signs below which nothing is said."""


def language_told(texts: Sequence[str]) -> str | None:
    """Return the primary subtag of the language whose mean share over all pieces is 0.75 or more; None otherwise.

    Source: the shipped identification model (see NOTICE), on pieces of a few hundred signs.

    Raises:
        MissingDependencyError: fastText is not installed.
    """
    whole = "\n".join(text for text in texts if text)[: _PIECE * _PIECES]
    if len(whole) < _LEAST:
        return None
    pieces = pl.Series("text", [whole[at : at + _PIECE] for at in range(0, len(whole), _PIECE)])
    sums: dict[str, float] = {}
    for told in identifier(AuditContext()).model.shares(pieces, _LABELS):
        for label, share in told.items():
            name = label_language(label)
            sums[name] = sums.get(name, 0.0) + share
    best = max(sorted(sums), key=lambda name: sums[name], default=None)
    return best if best is not None and sums[best] >= _AGREE * len(pieces) else None
