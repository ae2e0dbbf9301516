"""Twins of items: options in another order, “none of the others” for the right one, other numbers, other units."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import regex

from benchwright._version import __version__
from benchwright.audits import option_ties_digest
from benchwright.builder.store import write_records, write_table
from benchwright.builder.tables import items_table
from benchwright.builder.twins._phrases import phrase_for
from benchwright.builder.twins._refuse import BEFORE, BEHIND, refused
from benchwright.builder.twins._units import reworded
from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.ids import make_id
from benchwright.schemas.item import Item
from benchwright.schemas.parts import DerivedFrom, Key, Option
from benchwright.schemas.rows import from_frame
from benchwright.schemas.tables import LedgerEntry

__all__ = ["KINDS", "Twins", "make_twins", "twins_file"]

NONE_ID: Final = "none"
"""Id of the option that says that none of the others is right."""
_FREE_NUMBER: Final = regex.compile(rf"(?<![{BEFORE}])\p{{Nd}}{{2,3}}(?![{BEHIND}])")


@dataclass(frozen=True)
class Twins:
    """Twins, the items that got none with all reasons, and the count."""

    items: list[Item]
    rejects: pl.DataFrame
    ledger: LedgerEntry


def make_twins(table: pl.DataFrame, kind: str, *, seed: int = 0) -> Twins:
    """Return a twin of a kind for each item of a table for which it would be right.

    Args:
        table: a table of items.
        kind: ``shuffle``, ``none-of-the-others``, ``numbers`` or ``units``.
        seed: another number gives another order or other numbers; the twin of an item depends on its id alone.

    Raises:
        NotFoundError: there is no such kind.
    """
    if kind not in KINDS:
        raise NotFoundError(
            Problem("name-unknown", "there is no such kind of twin", found=kind, expected=", ".join(sorted(KINDS)))
        )
    against = refused(table, kind)
    kept = table.join(against.select(pl.col("item_id").alias("id")).unique(), on="id", how="anti").sort("id")
    method = f"twins/{kind}|seed:{seed}|words:{option_ties_digest()}|version:{__version__}"
    # One record for each item that gets a twin: texts of an item are put together anew, which a column cannot do.
    twins = [
        _derived(one, KINDS[kind](one, _draw(f"{seed}/{kind}/{one.id}")), method, kind)
        for one in from_frame(kept, Item)
    ]
    rejected = against["item_id"].n_unique()
    ledger = LedgerEntry(
        stage="twins", unit="item", rows_in=table.height, rows_out=len(twins), rows_rejected=rejected, detail=method
    )
    ledger.assert_balanced()
    return Twins(twins, against, ledger)


def _draw(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - an order that anyone can make again


def twins_file(source: Path, kind: str, out: Path, *, seed: int = 0) -> Twins:
    """Make the twins of a table of items and write them, what was refused, and the ledger, beside each other.

    Raises:
        NotFoundError: the table or the kind does not exist.
        OutputError: the output cannot be written.
    """
    made = make_twins(items_table(source), kind, seed=seed)
    write_records(out, made.items, Item)
    write_table(out.with_name(f"{out.stem}.rejects.parquet"), made.rejects)
    write_records(out.with_name(f"{out.stem}.ledger.parquet"), [made.ledger], LedgerEntry)
    return made


def _shuffled(item: Item, draw: random.Random) -> Item:
    """Move the options and leave the marks: an id stays with its text, so that the key stays right as it is."""
    order = list(item.options)
    right = {option for answer in item.key.answers for option in answer}
    places = [option.id in right for option in order]
    for _ in range(20):
        draw.shuffle(order)
        if [option.id in right for option in order] != places:
            break
    marked = [option.model_copy(update={"label": old.label}) for option, old in zip(order, item.options, strict=True)]
    return item.replace(rules_checked=True, options=tuple(marked))


def _without_key(item: Item, _draw: random.Random) -> Item:
    """Take the right option out; what stands last says that none of the others is right, and is the key."""
    ((right,),) = item.key.answers
    others = [option for option in item.options if option.id != right]
    name = NONE_ID if all(option.id != NONE_ID for option in others) else f"{NONE_ID}-of-the-others"
    texts = [*others, Option(id=name, label="", text=phrase_for(item.language) or "")]
    marked = [option.model_copy(update={"label": old.label}) for option, old in zip(texts, item.options, strict=True)]
    marks = tuple(mark for mark in item.marks if mark.field != f"option:{right}")
    key = Key(status=item.key.status, answers=((name,),), source=item.key.source)
    return item.replace(rules_checked=True, options=tuple(marked), key=key, marks=marks)


def _renumbered(item: Item, draw: random.Random) -> Item:
    """Replace each whole number of two or three digits in the stem by one that is near it."""
    return item.replace(rules_checked=True, stem=_near_numbers(item.stem, draw), marks=())


def _in_other_units(item: Item, _draw: random.Random) -> Item:
    """Say masses and volumes in other units: the amounts are the same, and so is the key."""
    made = reworded(item.language, item.stem, [one.text for one in item.options])
    options = [one.model_copy(update={"text": text}) for one, text in zip(item.options, made.options, strict=True)]
    return item.replace(rules_checked=True, stem=made.stem, options=tuple(options))


def _near_numbers(stem: str, draw: random.Random) -> str:
    def near(found: regex.Match[str]) -> str:
        digits = found.group()
        value = int(digits)
        step = draw.choice((1, 2))
        other = value + step if value + step < 10 ** len(digits) else value - step
        # Digits of other scripts stand in a row from their zero.
        zero = ord(digits[0]) - int(digits[0])
        return "".join(chr(zero + int(one)) for one in str(other).zfill(len(digits)))

    return _FREE_NUMBER.sub(near, stem)


def _derived(source: Item, twin: Item, method: str, kind: str) -> Item:
    group, language = source.group, source.language
    variant = f"{source.variant}.{kind}" if source.variant else kind
    return twin.replace(
        rules_checked=True,
        id=make_id(group, language, variant),
        origin="perturbed",
        derived_from=DerivedFrom(
            id=source.id, text_hash=source.hashes.text_hash, method=method, edit=EDITS[kind], same_key=SAME_KEY[kind]
        ),
        # What people did, why an option is right, and where the text was read: all of it was said of the source.
        human=None,
        rationales=(),
        provenance=(),
        tier="raw",
        revision=None,
    )


KINDS: Final[dict[str, Callable[[Item, random.Random], Item]]] = {
    "shuffle": _shuffled,
    "none-of-the-others": _without_key,
    "numbers": _renumbered,
    "units": _in_other_units,
}
EDITS: Final = {
    "shuffle": "options-shuffled",
    "none-of-the-others": "right-option-replaced",
    "numbers": "numbers-reworded",
    "units": "units-reworded",
}
SAME_KEY: Final[dict[str, bool | None]] = {"shuffle": True, "none-of-the-others": False, "numbers": None, "units": True}
"""Whether the same key is claimed to hold; null: a person has to say."""
