"""What answers say, as plots: where languages diverge, how far keys stand, how items and the set measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import polars as pl

from benchwright.builder.report._plots import Bar, Line, Plot
from benchwright.builder.report._tables import Tables

__all__ = ["answer_plots"]

_COLUMNS: Final = 40
"""Subjects of a map; those with the most items."""
_BLOCKS: Final = 20
"""Parts of equal size where items have no subject."""
_LANGUAGES: Final = 30
_BINS: Final = 20
_FOUND: Final = 0.05
_DOUBT: Final = 0.5
_HEATS: Final = (0.0, 0.02, 0.05, 0.1)
"""Shares above which a cell of the map is darker."""
_CURVES: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Items that are drawn, as places in the order of difficulty."""
_PARAMETERS: Final = {"item_difficulty": "difficulty", "item_slope": "slope"}
_ABILITIES: Final = np.linspace(-4.0, 4.0, 61)


def answer_plots(tables: Tables) -> list[tuple[str, list[Plot]]]:
    """Return named groups of plots, one plot for each language; a group without scores is empty."""
    names = ["divergence_q", "key_doubt", *_PARAMETERS]
    told = tables.scores.filter(pl.col("name").is_in(names)).select("item_id", "name", "value").drop_nulls()
    about = tables.items.select(
        pl.col("id").alias("item_id"),
        "group",
        "language",
        pl.col("options").list.len().alias("size"),
        pl.col("labels").list.eval(pl.element().struct.field("taxonomy")).alias("taxonomies"),
        pl.col("labels").list.eval(pl.element().struct.field("value")).alias("values"),
    ).unique("item_id", keep="first", maintain_order=True)
    rows = told.join(about, on="item_id", how="inner")
    return [
        ("Divergence between languages", _maps(rows.filter(pl.col("name") == "divergence_q"))),
        ("Doubt about keys", _doubts(rows.filter(pl.col("name") == "key_doubt"))),
        ("Curves of items", _each(_wide(rows), _items)),
        ("Information of the set", _each(_wide(rows), _information)),
    ]


def _maps(rows: pl.DataFrame) -> list[Plot]:
    """Return one strip for each language; strips have the same columns, and so make a map."""
    if rows.is_empty():
        return []
    placed, columns = _columns(rows)
    counts = placed.group_by("language", "column").agg(
        pl.len().alias("n"), (pl.col("value") <= _FOUND).sum().alias("k")
    )
    cells = {(language, column): (n, k) for language, column, n, k in counts.iter_rows()}
    width = 100 / len(columns)
    plots = []
    for language, n in _greatest(rows):
        bars, worst = [], (0.0, "")
        for place, column in enumerate(columns):
            if (language, column) not in cells:
                continue
            size, found = cells[language, column]
            share = found / size
            worst = max(worst, (share, column))
            heat = sum(share > limit for limit in _HEATS)
            told = f"{column}: {found} of {size} items diverge ({100 * share:.1f} %)"
            bars.append(Bar(round(place * width, 2), 0, round(width * 0.94, 2), 40, f"heat{heat}", told))
        total = sum(k for (name, _), (_, k) in cells.items() if name == language)
        words = f"{total} of {n} items diverge" + (f", most in {worst[1]} ({100 * worst[0]:.1f} %)" if worst[0] else "")
        plots.append(Plot(language, words, bars))
    return plots


def _columns(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return rows with ``column``: the subject, or a part of the questions in their order."""
    at = pl.col("taxonomies").list.eval(pl.element() == "subject").list.arg_max()
    has = pl.col("taxonomies").list.contains("subject")
    told = rows.with_columns(pl.when(has).then(pl.col("values").list.get(at, null_on_oob=True)).alias("column"))
    if told["column"].null_count() < told.height:
        told = told.with_columns(pl.col("column").fill_null("no subject"))
        sizes = told.group_by("column").len().sort("len", "column", descending=[True, False])
        kept = sizes.head(_COLUMNS)["column"].sort().to_list()
        return told.filter(pl.col("column").is_in(kept)), kept
    groups = rows["group"].unique().sort()
    parts = min(_BLOCKS, len(groups))
    block = {group: place * parts // len(groups) for place, group in enumerate(groups)}
    starts = [groups[-(-part * len(groups) // parts)] for part in range(parts)]
    names = [f"from {start}" for start in starts]
    column = pl.col("group").replace_strict(block, return_dtype=pl.Int64).replace_strict(range(parts), names)
    return rows.with_columns(column.alias("column")), names


def _doubts(rows: pl.DataFrame) -> list[Plot]:
    plots = []
    for language, n in _greatest(rows):
        values = rows.filter(pl.col("language") == language)["value"].to_numpy()
        counts = np.histogram(values, bins=_BINS, range=(0.0, 1.0))[0]
        most = float(counts.max()) ** 0.5 or 1.0
        width = 100 / _BINS
        bars = [
            Bar(
                round(place * width, 2),
                round(40 - 40 * int(count) ** 0.5 / most, 2),
                round(width * 0.9, 2),
                round(40 * int(count) ** 0.5 / most, 2),
                "high" if place >= _BINS / 2 else "low",
                f"{place / _BINS:.2f} to {(place + 1) / _BINS:.2f}: {count} items",
            )
            for place, count in enumerate(counts)
            if count
        ]
        doubted = int((values > _DOUBT).sum())
        words = f"{n} keys, {doubted} more likely wrong than right; from certain (left) to wrong (right)"
        plots.append(Plot(language, words, bars))
    return plots


def _wide(rows: pl.DataFrame) -> pl.DataFrame:
    both = rows.filter(pl.col("name").is_in(list(_PARAMETERS)))
    if both["name"].n_unique() < 2:
        return pl.DataFrame(schema={"language": pl.String})
    index = ["item_id", "language", "size"]
    return (
        both.pivot("name", index=index, values="value").rename(_PARAMETERS).drop_nulls().sort("difficulty", "item_id")
    )


def _each(rows: pl.DataFrame, draw: Callable[[str, pl.DataFrame], Plot]) -> list[Plot]:
    return [draw(language, rows.filter(pl.col("language") == language)) for language, _ in _greatest(rows)]


def _chances(items: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the chances to be right and the information at each ability, items by abilities."""
    floor = 1.0 / np.maximum(items["size"].to_numpy(), 2)[:, None]
    slope, hard = items["slope"].to_numpy()[:, None], items["difficulty"].to_numpy()[:, None]
    know = 1.0 / (1.0 + np.exp(-np.clip(slope * (_ABILITIES - hard), -30.0, 30.0)))
    chance = floor + (1.0 - floor) * know
    rate = (1.0 - floor) * slope * know * (1.0 - know)
    return chance, rate**2 / np.clip(chance * (1.0 - chance), 1e-9, None)


def _items(language: str, items: pl.DataFrame) -> Plot:
    places = sorted({int(share * (items.height - 1)) for share in _CURVES})
    shown = items[places]
    chance, _ = _chances(shown)
    lines = [
        Line(_points(values), f"curve{number}", f"{name}: difficulty {hard:.2f}, slope {slope:.2f}")
        for number, (values, (name, hard, slope)) in enumerate(
            zip(chance, shown.select("item_id", "difficulty", "slope").iter_rows(), strict=True)
        )
    ]
    low, high = float(items["difficulty"].min()), float(items["difficulty"].max())  # type: ignore[arg-type]
    words = (
        f"chance to be right by ability, -4 to 4 logits; {items.height} items, difficulty {low:.1f} to {high:.1f}; "
        f"drawn: the items at {', '.join(f'{100 * share:.0f} %' for share in _CURVES)} of the order of difficulty"
    )
    return Plot(language, words, [], lines)


def _information(language: str, items: pl.DataFrame) -> Plot:
    total = _chances(items)[1].sum(axis=0)
    most = float(total.max())
    best = float(_ABILITIES[int(total.argmax())])
    words = f"most at ability {best:.1f}: {most:.1f}, a standard error of {most**-0.5:.2f} logits; {items.height} items"
    return Plot(language, words, [], [Line(_points(total / most), "curve2", words)])


def _points(values: Sequence[float] | np.ndarray) -> str:
    step = 100 / (len(values) - 1)
    return " ".join(f"{place * step:.2f},{40 - 39 * value:.2f}" for place, value in enumerate(values))


def _greatest(rows: pl.DataFrame) -> list[tuple[str, int]]:
    sized = rows.group_by("language").len().sort("len", "language", descending=[True, False])
    return [(str(language), int(n)) for language, n in sized.head(_LANGUAGES).iter_rows()]
