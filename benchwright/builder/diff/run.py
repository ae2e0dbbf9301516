"""Compares two versions and writes what differs as a page, as Markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.builder.diff.compare import Difference, compare
from benchwright.builder.diff.effect import effect_on_scores
from benchwright.builder.diff.load import read_side
from benchwright.builder.diff.page import html_page, markdown_page
from benchwright.builder.store import write_bytes, write_json

__all__ = ["Diffed", "diff"]


@dataclass(frozen=True)
class Diffed:
    """What differs, what it does to scores, and what was written."""

    difference: Difference
    effect: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        found = self.difference
        told = {name: value for name, value in vars(found).items() if name not in {"pairs", "changed"}}
        changed = [asdict(one) for one in found.changed]
        return {**told, "counts": found.counts, "changed": changed, "effect": self.effect, "notes": self.notes}


def diff(old: str, new: str, *, out: Path | None = None, predictions: Sequence[Path] = ()) -> Diffed:
    """Compare two versions.

    Args:
        old: folder of a release, project or build; table of items; address on a hub; or an importable file.
        new: the same.
        out: folder for ``diff.html``, ``diff.md`` and ``diff.json``; null writes nothing.
        predictions: answers of models; default: those that the old release holds, else those of the new one.

    Raises:
        NotFoundError: a side does not exist.
        InputError: a side cannot be read.
        OutputError: the folder cannot be written.
    """
    from benchwright.builder.release._predictions import read_predictions

    before, after = read_side(old), read_side(new)
    found = compare(before, after)
    answers = read_predictions(predictions) if predictions else _stored(before.predictions, after.predictions)
    effect = [] if answers is None else effect_on_scores(answers, before.items, after.items, found.pairs)
    result = Diffed(found, effect, [*before.notes, *after.notes])
    if out is not None:
        write_bytes(out / "diff.html", html_page(found, effect).encode())
        write_bytes(out / "diff.md", markdown_page(found, effect).encode())
        write_json(out / "diff.json", result.document())
        result.written.extend([out / "diff.html", out / "diff.md", out / "diff.json"])
    return result


def _stored(old: pl.DataFrame | None, new: pl.DataFrame | None) -> pl.DataFrame | None:
    return old if old is not None else new
