"""Safe repairs of what audits found, proposed as patches; nothing is applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.audits import REPAIRS
from benchwright.builder.store import replacing
from benchwright.schemas.tables import Patch

__all__ = ["proposed", "write_repairs"]

_BY: Final = "benchwright audit --fix"


def write_repairs(items: pl.DataFrame, findings: pl.DataFrame, out: Path) -> Path:
    """Write one patch a line for every field that a safe repair changes; see :func:`proposed`.

    Raises:
        OutputError: the file cannot be written.
    """
    with replacing(out) as stream:
        for patch in proposed(items, findings):
            stream.write((patch.model_dump_json() + "\n").encode())
    return out


def proposed(items: pl.DataFrame, findings: pl.DataFrame) -> Iterator[Patch]:
    """Yield a patch for each field with open findings whose codes have a repair, sorted by item and field.

    All repairs of one field are one patch, so that the second finds the text that the first left. A repair that
    changes nothing, or that would leave the field empty, gives no patch.
    """
    open_ones = findings.filter(
        ~pl.col("waived") & pl.col("code").is_in(sorted(REPAIRS)) & pl.col("item_id").is_not_null()
    )
    by_field = (
        open_ones.filter(pl.col("field").is_not_null())
        .group_by("item_id", "field")
        .agg(pl.col("code").unique().sort(), pl.col("text_hash").first())
        .sort("item_id", "field")
    )
    texts = items.filter(pl.col("id").is_in(by_field["item_id"].implode())).select(
        "id", "context", "stem", "options", "rationales", "turns", "hashes"
    )
    by_id = {row["id"]: row for row in texts.iter_rows(named=True)}
    for item, field, codes, _ in by_field.iter_rows():
        before = _text(by_id[item], field)
        after = _repaired(before, [REPAIRS[code] for code in codes])
        if after and after != before:
            yield Patch(
                id=item,
                field=field,
                hash_before=by_id[item]["hashes"]["text_hash"],
                before=before or "",
                after=after,
                reason=f"safe repair of {', '.join(codes)}",
                by=_BY,
                at=datetime.now(UTC).date().isoformat(),
            )


def _repaired(text: str | None, repairs: list[Callable[[str], str]]) -> str | None:
    for repair in repairs:
        text = repair(text) if text else text
    return text


def _text(item: dict[str, Any], field: str) -> str | None:
    """Return the text of a field of an item's row; null where the field is no text."""
    kind, _, which = field.partition(":")
    if kind == "stem":
        return str(item["stem"])
    if kind == "context":
        return item["context"] and str(item["context"]["text"])
    if kind == "option":
        return next((str(one["text"]) for one in item["options"] if one["id"] == which), None)
    if kind in {"rationale", "turn"} and which.isdigit():
        rows = item[f"{kind}s"]
        return str(rows[int(which) - 1]["text"]) if int(which) <= len(rows) else None
    return None
