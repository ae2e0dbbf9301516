"""Compares two tables of items: what came, what went, what changed and in which field, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from benchwright.builder.diff._pairs import matched
from benchwright.builder.diff.load import Side
from benchwright.schemas.text import canonical_json

__all__ = ["KINDS", "Change", "Difference", "compare"]

KINDS: Final = {
    "rekeyed": "another key",
    "text": "another text",
    "retiered": "another tier",
    "withheld": "its texts are withheld now",
    "published": "its texts are published now",
    "other": "another field",
}
"""Kinds of change in the order in which an item with several is filed."""
_TEXTS: Final = ("stem", "context", "options", "rationales", "turns", "rubric")
_LEFT_OUT: Final = {"hashes", "revision", "provenance", "id", "group", "schema_version", "withheld"}


@dataclass(frozen=True)
class Change:
    """One field of one item: where, before and after, as texts; null where it was not there."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ItemChange:
    """One item that differs, and why where a ledger says so."""

    id: str
    old_id: str
    kinds: tuple[str, ...]
    changes: tuple[Change, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two versions."""

    old: str
    new: str
    added: list[str]
    removed: list[str]
    changed: list[ItemChange]
    same: int
    matched_by_text: int = 0
    """Items whose ids differ and whose text is the same in both, alone in its language."""
    matched_by_part: int = 0
    """Items whose ids differ, and of which the stem or all options are the same in both, alone in their language."""
    languages: dict[str, dict[str, int]] = field(default_factory=dict)
    """Items of each language: old, new, added, removed, changed."""
    reasons_of_removed: dict[str, str] = field(default_factory=dict)
    pairs: pl.DataFrame = field(default_factory=pl.DataFrame)
    """``old_id`` and ``id`` of every item that both have."""

    @property
    def counts(self) -> dict[str, int]:
        """How many items are of each kind; an item with several changes counts in each."""
        kinds = Counter(kind for one in self.changed for kind in one.kinds)
        return {
            "added": len(self.added),
            "removed": len(self.removed),
            **{kind: kinds[kind] for kind in KINDS},
            "same": self.same,
        }


def compare(old: Side, new: Side) -> Difference:
    """Return what differs. Items are matched by id; the rest by their text, then by their stem or by their options.

    Provenance (the file that a key was read from is a part of it), revisions and hashes are not compared.
    """
    pairs, by_text, by_part = matched(old.items, new.items)
    candidates = _unequal(pairs, old.items, new.items)
    befores = _rows(old.items, candidates["old_id"])
    afters = _rows(new.items, candidates["id"])
    reasons = _reasons(new.ledger)
    # A loop over the items that differ: their fields are told apart one by one, for people to read.
    changed = []
    for old_id, item_id in candidates.select("old_id", "id").iter_rows():
        before, after = befores[old_id], afters[item_id]
        changes = tuple(_changes(before, after))
        kinds = _kinds(before, after, changes)
        if kinds:
            why = tuple(dict.fromkeys([*reasons.get(item_id, ()), *reasons.get(after["group"], ())]))
            changed.append(ItemChange(item_id, old_id, kinds, changes, why))
    removed = _left(old.items, pairs["old_id"])
    return Difference(
        old=old.name,
        new=new.name,
        added=_left(new.items, pairs["id"]),
        removed=removed,
        changed=changed,
        same=pairs.height - len(changed),
        matched_by_text=by_text,
        matched_by_part=by_part,
        languages=_languages(old.items, new.items, pairs, {one.id for one in changed}),
        reasons_of_removed={one: "; ".join(reasons[one]) for one in removed if one in reasons},
        pairs=pairs,
    )


def _rows(items: pl.DataFrame, ids: pl.Series) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in items.filter(pl.col("id").is_in(ids.implode())).iter_rows(named=True)}


def _left(items: pl.DataFrame, taken: pl.Series) -> list[str]:
    return items.filter(~pl.col("id").is_in(taken.implode()))["id"].sort().to_list()


def _unequal(pairs: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that may differ: another hash, tier or state of the texts, or another id."""
    columns = ["id", "tier", "withheld", pl.col("hashes").struct.field("hash").alias("hash")]
    both = pairs.join(old.select(columns).rename({"id": "old_id"}), on="old_id").join(
        new.select(columns), on="id", suffix="_new"
    )
    differs = (
        (pl.col("hash") != pl.col("hash_new"))
        | (pl.col("tier") != pl.col("tier_new"))
        | (pl.col("withheld").is_null() != pl.col("withheld_new").is_null())
    )
    return both.filter(differs).sort("id")


def _kinds(before: dict[str, Any], after: dict[str, Any], changes: tuple[Change, ...]) -> tuple[str, ...]:
    fields = {change.field.split(":")[0] for change in changes}
    was, now = before["withheld"] is not None, after["withheld"] is not None
    found = []
    if _key(before) != _key(after):
        found.append("rekeyed")
    if fields & {"stem", "context", "option", "rationale", "turn", "rubric"} and not (was or now):
        found.append("text")
    if before["tier"] != after["tier"]:
        found.append("retiered")
    if was != now:
        found.append("withheld" if now else "published")
    rest = fields - {"stem", "context", "option", "rationale", "turn", "rubric", "key", "tier"}
    if rest or (fields and not found):
        found.append("other")
    return tuple(found)


def _key(row: dict[str, Any]) -> str:
    key = row["key"]
    answers = sorted(sorted(one) for one in key["answers"])
    return canonical_json([key["status"], answers, sorted(key["accepted"]), row["numeric"]])


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    hidden = before["withheld"] is not None or after["withheld"] is not None
    for name, value in before.items():
        if name in _LEFT_OUT or (name in _TEXTS and hidden) or value == after[name]:
            continue
        yield from _field(name, value, after[name])


def _field(name: str, before: Any, after: Any) -> Iterator[Change]:
    if name == "options":
        yield from _options(before, after)
    elif name == "context":
        yield Change("context", before and before["text"], after and after["text"])
    elif name in {"rationales", "turns", "rubric"}:
        single = {"rationales": "rationale", "turns": "turn", "rubric": "rubric"}[name]
        yield from _lists(single, _numbered(before), _numbered(after))
    elif name == "key":
        if _said(before) != _said(after):
            yield Change("key", _said(before), _said(after))
        for part in ("note", "history"):  # the file it was read from is provenance
            if before[part] != after[part]:
                yield Change(f"{part} of the key", _plain(before[part]), _plain(after[part]))
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            if before[key] != after[key]:
                yield Change(f"{name}:{key}", _plain(before[key]), _plain(after[key]))
    else:
        yield Change(name, _plain(before), _plain(after))


def _options(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Change]:
    yield from _lists("option", _texts(before, "id", "text"), _texts(after, "id", "text"))
    if _ids(before) != _ids(after):
        yield Change("order of options", _ids(before), _ids(after))
    rest = [{one["id"]: [one["label"], one["prohibited"]] for one in side} for side in (before, after)]
    if rest[0] != rest[1] and rest[0].keys() == rest[1].keys():
        yield Change("labels of options", canonical_json(rest[0]), canonical_json(rest[1]))


def _ids(options: list[dict[str, Any]]) -> str:
    return " ".join(one["id"] for one in options)


def _texts(rows: list[dict[str, Any]], name: str, text: str) -> dict[str, str]:
    return {row[name]: row[text] for row in rows}


def _numbered(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {str(number): row["text"] for number, row in enumerate(rows, 1)}


def _lists(name: str, before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            yield Change(f"{name}:{key}", before.get(key), after.get(key))


def _said(key: dict[str, Any]) -> str:
    responses = [" and ".join(one) for one in key["answers"]] + [repr(text) for text in key["accepted"]]
    return f"{' or '.join(responses) or 'none'} ({key['status']})"


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return canonical_json(value)


def _reasons(ledger: pl.DataFrame | None) -> dict[str, list[str]]:
    """Return what the ledger says of each item or question: its changes, with their reasons."""
    if ledger is None:
        return {}
    lines = ledger.filter((pl.col("event") != "count") & pl.col("subject").is_not_null())
    told: dict[str, list[str]] = {}
    for row in lines.iter_rows(named=True):
        words = ": ".join(str(row[name]) for name in ("reason", "detail") if row[name])
        if words:
            told.setdefault(row["subject"], []).append(f"{row['stage']}: {words}")
    return told


def _languages(
    old: pl.DataFrame, new: pl.DataFrame, pairs: pl.DataFrame, changed: set[str]
) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    gone = old.filter(~pl.col("id").is_in(pairs["old_id"].implode()))
    come = new.filter(~pl.col("id").is_in(pairs["id"].implode()))
    other = new.filter(pl.col("id").is_in(sorted(changed)))
    for name, frame in (("old", old), ("new", new), ("added", come), ("removed", gone), ("changed", other)):
        for language, n in frame.group_by("language").len().sort("language").iter_rows():
            found.setdefault(language, dict.fromkeys(("old", "new", "added", "removed", "changed"), 0))[name] = n
    return dict(sorted(found.items()))
