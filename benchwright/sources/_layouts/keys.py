"""How a key is written, by the evidence of all rows: letters, labels, numbers from 0 or 1, texts, flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from benchwright.sources._layouts.model import KeyIn

__all__ = ["LETTERS", "PLACES", "KeyForm", "answers_of", "key_form"]

LETTERS: Final = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
PLACES: Final = 26 * 27
"""Places that have a letter or two letters; a number beyond them is no answer of any question."""
Form = Literal["letter", "label", "index", "text", "flags"]
_FITS: Final = 0.98
_RUN: Final = r"^[A-Za-z]{2,10}$"


@dataclass(frozen=True)
class KeyForm:
    """How the key of a file is written, and why. ``form`` is null when the data do not tell."""

    form: Form | None
    base: Literal[0, 1] | None = None
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def key_form(narrow: pl.DataFrame, key: KeyIn | None) -> KeyForm:
    """Return how the key is written.

    What the layout declares holds unless the data contradict it: a 0 under numbering from 1, or a number equal to
    the number of options under numbering from 0. Numbers that never reach either end leave the base undecided.
    """
    if key is None:
        return KeyForm(None, reasons=["the layout has no key"])
    if key.form == "flags":
        return KeyForm("flags", reasons=["each option says whether it is right"])
    tokens = _exploded(narrow)
    if tokens.is_empty():
        return KeyForm(key.form, key.base, doubts=["no row has a key"])
    shares = _shares(tokens)
    if key.form is not None and key.form != "index":
        share = shares[key.form]
        doubts = [] if share >= _FITS else [f"{share:.1%} of the keys are a {key.form} of their options"]
        return KeyForm(key.form, reasons=[f"the layout says {key.form}; {share:.1%} of the keys fit"], doubts=doubts)
    if key.form == "index" or (shares["number"] >= _FITS and shares["label"] < _FITS and shares["text"] < _FITS):
        return _index_form(tokens, key, shares["number"])
    for form in ("letter", "label", "text"):
        if shares[form] >= _FITS:
            return KeyForm(form, reasons=[f"{shares[form]:.1%} of the keys are a {form} of their options"])
    said = ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    return KeyForm(None, doubts=[f"the keys are of no one form: {said}"])


def _exploded(narrow: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each token of a key: token, number of options, labels and texts."""
    return (
        narrow.select("tokens", "labels", "texts")
        .with_columns(_options=pl.col("texts").list.len())
        .filter(pl.col("tokens").list.len() > 0, pl.col("_options") > 0)
        .explode("tokens")
        .with_columns(pl.col("tokens").str.strip_chars())
        .filter(pl.col("tokens") != "")
    )


def _letter() -> pl.Expr:
    return pl.col("tokens").str.to_uppercase().replace_strict(LETTERS, range(len(LETTERS)), default=None)


def _shares(tokens: pl.DataFrame) -> dict[str, float]:
    letters = _run_fits()
    row = tokens.select(
        letter=letters.mean(),
        label=pl.col("labels").list.contains(pl.col("tokens")).fill_null(value=False).mean(),
        text=pl.col("texts").list.eval(pl.element().str.strip_chars()).list.contains(pl.col("tokens")).mean(),
        number=pl.col("tokens").str.contains(r"^\d{1,2}$").mean(),
    ).row(0, named=True)
    return {name: float(share or 0.0) for name, share in row.items()}


def _run_fits() -> pl.Expr:
    """Tell whether a token is one letter within the options, or a run of letters in order (``ACD``)."""
    one = (_letter() < pl.col("_options")).fill_null(value=False)
    signs = pl.col("tokens").str.to_uppercase().str.split("")
    places = signs.list.eval(pl.element().replace_strict(LETTERS, range(len(LETTERS)), default=99))
    rising = places.list.diff().list.eval(pl.element().fill_null(1) > 0).list.all()
    run = pl.col("tokens").str.contains(_RUN) & rising & (places.list.max() < pl.col("_options"))
    return one | run.fill_null(value=False)


def _index_form(tokens: pl.DataFrame, key: KeyIn, share: float) -> KeyForm:
    numbers = tokens.select(n=pl.col("tokens").cast(pl.Int64, strict=False), options="_options").drop_nulls()
    zeros, tops = int((numbers["n"] == 0).sum()), int((numbers["n"] == numbers["options"]).sum())
    doubts = [] if share >= _FITS else [f"only {share:.1%} of the keys are numbers"]
    seen = f"of {numbers.height} keys {zeros} are 0 and {tops} are the number of options"
    if zeros and tops:
        if key.base is None:
            return KeyForm(None, doubts=[*doubts, f"numbers from 0 and from 1 are mixed: {seen}"])
        return KeyForm("index", key.base, [f"the layout says from {key.base}"], [*doubts, seen])
    if zeros or tops:
        base: Literal[0, 1] = 0 if zeros else 1
        contradicted = key.base is not None and key.base != base
        if contradicted:
            return KeyForm(None, doubts=[*doubts, f"the layout counts from {key.base}, but {seen}"])
        return KeyForm("index", base, [seen], doubts)
    if key.base is not None:
        return KeyForm("index", key.base, [f"the layout says from {key.base}; {seen}"], doubts)
    return KeyForm(None, doubts=[*doubts, f"numbers from 0 and from 1 both fit: {seen}"])


def answers_of(narrow: pl.DataFrame, form: KeyForm) -> pl.DataFrame:
    """Return ``places`` (0-based places of the right options, per row) and ``unread`` (tokens that are no answer)."""
    if form.form == "flags":
        places = narrow.select(
            pl.col("flags").list.eval(pl.when(pl.element()).then(pl.int_range(pl.len()))).list.drop_nulls().alias("p")
        )["p"]
        return pl.DataFrame({"places": places.cast(pl.List(pl.Int64)), "unread": _none(narrow.height)})
    if form.form is None:
        return pl.DataFrame(
            {"places": pl.Series([None] * narrow.height, dtype=pl.List(pl.Int64)), "unread": narrow["tokens"]}
        )
    return _placed(narrow, form)


def _none(height: int) -> pl.Series:
    return pl.Series([None] * height, dtype=pl.List(pl.String))


def _placed(narrow: pl.DataFrame, form: KeyForm) -> pl.DataFrame:
    numbered = narrow.select("tokens", "labels", "texts").with_row_index("at")
    tokens = numbered.explode("tokens").with_columns(pl.col("tokens").str.strip_chars())
    tokens = tokens.filter(pl.col("tokens").is_not_null() & (pl.col("tokens") != ""))
    if form.form == "letter":
        tokens = tokens.with_columns(
            pl.when(pl.col("tokens").str.contains(_RUN))
            .then(pl.col("tokens").str.split(""))
            .otherwise(pl.concat_list("tokens"))
        ).explode("tokens")
    placed = tokens.with_columns(_place(form).cast(pl.Int64).alias("place"))
    together = placed.group_by("at", maintain_order=True).agg(
        pl.col("place").drop_nulls().unique(maintain_order=True).alias("places"),
        pl.col("tokens").filter(pl.col("place").is_null()).alias("unread"),
    )
    joined = numbered.select("at").join(together, on="at", how="left", maintain_order="left")
    return joined.select("places", "unread")


def _place(form: KeyForm) -> pl.Expr:
    if form.form == "letter":
        return _letter()
    if form.form == "index":
        number = pl.col("tokens").cast(pl.Int64, strict=False) - (form.base or 0)
        return pl.when(number.is_between(0, PLACES - 1)).then(number)
    column = "labels" if form.form == "label" else "texts"
    return _first_equal(column)


def _first_equal(column: str) -> pl.Expr:
    return pl.struct("tokens", column).map_batches(
        lambda both: pl.Series(
            [_index(one["tokens"], one[column] or ()) for one in both.to_list()],
            dtype=pl.Int64,
        ),
        return_dtype=pl.Int64,
    )


def _index(token: str, among: Sequence[str]) -> int | None:
    stripped = [one.strip() for one in among]
    return stripped.index(token) if stripped.count(token) == 1 else None
