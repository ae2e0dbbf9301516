"""Kit: precision, recall and F1 of each label on rows that a classifier has not seen, with 95 % intervals."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from benchwright.builder._intervals import wilson

__all__ = ["held_out_figures"]

_RESAMPLES: Final = 1000


def held_out_figures(rows: pl.DataFrame, labels: tuple[str, ...], seed: int) -> dict[str, Any]:
    """Return the figures of a table with columns ``label``, ``told`` and ``group``.

    Precision and recall carry intervals of Wilson; F1 and accuracy those of 1,000 resamples of whole groups, since rows
    of one group are not independent.
    """
    counts = {label: _counts(rows, label) for label in labels}
    spreads = _resampled(rows, labels, seed)
    correct = rows.filter(pl.col("label") == pl.col("told")).height
    return {
        "n": rows.height,
        "groups": rows["group"].n_unique(),
        "accuracy": _rounded(correct / rows.height),
        "accuracy_interval": spreads["accuracy"],
        "macro_f1": _rounded(sum(_f1(*one) or 0.0 for one in counts.values()) / len(labels)),
        "labels": {
            label: {
                "n": right + missed,
                "told": right + false,
                "precision": _rounded(right / (right + false)) if right + false else None,
                "precision_interval": _pair(wilson(right, right + false)),
                "recall": _rounded(right / (right + missed)) if right + missed else None,
                "recall_interval": _pair(wilson(right, right + missed)),
                "f1": _rounded(_f1(right, false, missed)),
                "f1_interval": spreads[f"f1 {label}"],
            }
            for label, (right, false, missed) in counts.items()
        },
    }


def _counts(rows: pl.DataFrame, label: str) -> tuple[int, int, int]:
    is_it, said = pl.col("label") == label, pl.col("told").fill_null("") == label
    one = rows.select(
        (is_it & said).sum().alias("a"), (~is_it & said).sum().alias("b"), (is_it & ~said).sum().alias("c")
    )
    right, false, missed = one.row(0)
    return int(right), int(false), int(missed)


def _f1(right: int, false: int, missed: int) -> float | None:
    total = 2 * right + false + missed
    return 2 * right / total if total else None


def _resampled(rows: pl.DataFrame, labels: tuple[str, ...], seed: int) -> dict[str, list[float] | None]:
    import numpy as np

    told = pl.col("told").fill_null("")
    parts: list[pl.Expr] = [pl.len().alias("n"), (pl.col("label") == told).sum().alias("ok")]
    for place, label in enumerate(labels):
        is_it, said = pl.col("label") == label, told == label
        parts += [(is_it & said).sum().alias(f"a{place}"), (is_it ^ said).sum().alias(f"b{place}")]
    table = rows.group_by("group", maintain_order=True).agg(parts).drop("group")
    values = table.to_numpy().astype(np.float64)
    generator = np.random.default_rng(seed)
    weights = generator.multinomial(len(values), np.full(len(values), 1 / len(values)), size=_RESAMPLES)
    sums = weights @ values
    column = {name: sums[:, place] for place, name in enumerate(table.columns)}
    found: dict[str, list[float] | None] = {"accuracy": _spread(column["ok"] / column["n"])}
    for place, label in enumerate(labels):
        right, wrong = column[f"a{place}"], column[f"b{place}"]
        some = (right + wrong) > 0
        found[f"f1 {label}"] = _spread(2 * right[some] / (2 * right[some] + wrong[some])) if some.any() else None
    return found


def _spread(values: Any) -> list[float]:
    import numpy as np

    low, high = np.quantile(values, [0.025, 0.975])
    return [round(float(low), 4), round(float(high), 4)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _pair(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else [round(one, 4) for one in interval]
