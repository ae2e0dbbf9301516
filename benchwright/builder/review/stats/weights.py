"""How alike two values of a scale count: 1 for equal ones, and what a weighting gives for the others."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Weighting", "weights_of"]

Weighting = Literal["identity", "linear", "quadratic"]


def weights_of(points: NDArray[np.float64], weighting: Weighting | int) -> NDArray[np.float64]:
    """Return the likeness of every two values, 0 to 1.

    Args:
        points: place of each value on the scale: its rank, or its number on an interval scale.
        weighting: ``identity``; ``linear`` and ``quadratic`` fall with the distance and its square (Cohen 1968);
            a whole number counts all values as alike that are no further apart (agreement within k).
    """
    distance = np.abs(points[:, None] - points[None, :])
    if isinstance(weighting, int):
        return (distance <= weighting).astype(np.float64)
    if weighting == "identity":
        return np.eye(len(points), dtype=np.float64)
    widest = float(distance.max()) or 1.0
    share = distance / widest
    return np.asarray(1 - (share if weighting == "linear" else share**2), dtype=np.float64)
