"""Intervals of a share that was measured on a sample without replacement.

The interval is Wilson's (1927) with the number of items that a simple random sample would have needed for the same
variance (Korn and Graubard 1998, "Confidence intervals for proportions with small expected number of positive counts
estimated from survey data"): it stays inside 0 and 1 and does not collapse where no error was seen.
"""

from __future__ import annotations

import math

from benchwright.builder._intervals import Z, score_interval

__all__ = ["quantile", "wilson"]


def quantile(freedom: float) -> float:
    """Return the 97.5 % point of Student's t, by the series of Fisher and Cornish; 1.96 for many degrees of freedom.

    Accurate to 0.01 from 5 degrees of freedom on; fewer are taken as five would be, widened in proportion.
    """
    scarce = max(1.0, 5 / max(freedom, 1))
    v = max(freedom, 5.0)
    z = Z
    first = (z**3 + z) / (4 * v)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    return (z + first + second + third) * scarce


def wilson(share: float, effective: float, freedom: float) -> tuple[float, float]:
    """Return the 95 % interval of a share, both ends between 0 and 1.

    Args:
        share: the estimate, 0 to 1.
        effective: size of the simple random sample with the same variance, correction for the finite set included;
            infinite where every item was reviewed.
        freedom: degrees of freedom of the variance.
    """
    if math.isinf(effective):
        return share, share
    return score_interval(share, max(effective, 1.0), quantile(freedom))
