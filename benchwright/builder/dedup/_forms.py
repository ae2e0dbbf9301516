"""Kit: the forms in which the parts of two items are compared; the items keep their texts.

The comparable form is NFKC, lower-cased, of letters, marks, digits and the signs that carry a value; raised and lowered
digits stay apart from others, so that 10² is not 102.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.builder.dedup._letters import PART

__all__ = ["MASK", "RAISED", "form", "with_forms"]

RAISED: Final = dict(
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", [f"{sign}{n}" for sign in ("ꞌ", "ꞌꞌ") for n in range(10)], strict=True)
)
_FOLDED: Final = {"ß": "ss", "ς": "σ"}
_DROPPED: Final = r"[^\p{L}\p{M}\p{N}+<>=±×÷≤≥≠%^√−]+"
MASK: Final = "#"


def form(text: pl.Expr) -> pl.Expr:
    """Return the comparable form of a text."""
    wide = text.str.replace_many(RAISED).str.normalize("NFKC").str.to_lowercase().str.replace_many(_FOLDED)
    return wide.str.replace_all(_DROPPED, "")


def with_forms(frame: pl.DataFrame) -> pl.DataFrame:
    """Return items with the columns in which they are compared.

    Args:
        frame: columns ``stem``, ``context`` and ``options``, the texts of the options with :data:`PART` between them.

    Returns:
        The same with ``stem_form``, ``context_form``, ``stem_masked`` (runs of digits as one sign), ``printed``
        (forms of the options in their order), ``sorted`` (the same sorted) and ``masked`` (sorted and masked).
    """
    # Each form is made once and used several times: the steps are apart, since lists are not shared between columns.
    once = frame.with_columns(
        stem_form=form(pl.col("stem")),
        context_form=form(pl.col("context")),
        printed=pl.col("options").str.split(PART).list.eval(form(pl.element())),
    )
    masked = pl.col("printed").list.eval(pl.element().str.replace_all(r"\p{N}+", MASK)).list.sort()
    return once.with_columns(
        stem_masked=pl.col("stem_form").str.replace_all(r"\p{N}+", MASK),
        printed=pl.col("printed").list.join(PART),
        sorted=pl.col("printed").list.sort().list.join(PART),
        masked=masked.list.join(PART),
    )
