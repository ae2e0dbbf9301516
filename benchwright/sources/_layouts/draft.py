"""A layout for a table that no shipped layout fits: roles by the names of columns, proved by what the columns hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import polars as pl
import regex

from benchwright.sources._layouts.model import Layout

__all__ = ["draft_layout", "draft_text"]

_WIDE: Final = regex.compile(
    r"^(?P<head>(?:option|choice|opt|op|answer|ending|alternative|alternativa|opcion|resposta)s?[_ .-]?)?"
    r"(?P<sign>[A-Ja-j]|[0-9]|10)$"
)
_FEW: Final = 0.2
"""A column with fewer distinct values than this share of the rows is a label."""


def draft_layout(frame: pl.DataFrame, name: str) -> Layout | None:
    """Return a layout for a table by the names of its columns; null without a stem and options, or when unclear."""
    columns = [one for one in frame.columns if one != "_row"]
    roots = list(dict.fromkeys(one.split(".")[0] for one in columns))
    data: dict[str, Any] = {"name": name, "title": f"Draft for {name}", "columns": columns}
    wide = _wide(columns)
    used: set[str] = set(wide)
    for role in ("stem", "key", "id", "number", "language", "context"):
        found = _named(role, [one for one in columns if one not in used])
        if found is None:
            continue
        used.add(found)
        data[role] = {"columns": found} if role == "key" else found
    annulled = _named("annulled", [one for one in columns if one not in used])
    if annulled and "key" in data and _yes_or_no(frame[annulled]):
        data["key"]["annulled_column"] = annulled
        used.add(annulled)
    options = None if wide else _named("options", [one for one in roots if one not in used])
    if "stem" not in data or not (wide or options):
        return None
    data["options"] = {"columns": wide} if wide else {"column": options}
    used |= {one for one in columns if options and one.split(".")[0] == options}
    explained = _named("explanation", [one for one in columns if one not in used])
    if explained:
        data["rationales"] = [{"column": explained}]
        used.add(explained)
    data["labels"] = {_taxonomy(one): one for one in columns if one not in used and _is_label(frame[one])}
    return Layout.model_validate(data)


@lru_cache(maxsize=1)
def _names() -> dict[str, list[str]]:
    from ruamel.yaml import YAML

    text = files("benchwright.sources").joinpath("data/columns.yaml").read_text("utf-8")
    return {role: [str(name) for name in names] for role, names in YAML(typ="safe").load(text).items()}


def _named(role: str, columns: Sequence[str]) -> str | None:
    folded = {column.casefold().strip(): column for column in reversed(columns)}
    return next((folded[name] for name in _names()[role] if name in folded), None)


def _wide(columns: Sequence[str]) -> list[str]:
    """Return the columns of the options where each has its own: the longest run of signs in order, with one head."""
    heads: dict[str, list[tuple[str, str]]] = {}
    for column in columns:
        found = _WIDE.match(column)
        if found:
            heads.setdefault((found["head"] or "").casefold(), []).append((found["sign"], column))
    best: list[str] = []
    for entries in heads.values():
        signs = [sign for sign, _ in entries]
        if len(entries) >= 2 and _in_order(signs) and len(entries) > len(best):
            best = [column for _, column in entries]
    return best


def _in_order(signs: Sequence[str]) -> bool:
    places = [int(one) if one.isdigit() else ord(one) for one in signs]
    starts = {0, 1, ord("a"), ord("A")}
    return places[0] in starts and places == list(range(places[0], places[0] + len(places)))


def _is_label(column: pl.Series) -> bool:
    if not (column.dtype == pl.String or column.dtype.is_integer() or column.dtype == pl.Boolean):
        return False
    filled = column.drop_nulls()
    return bool(len(filled)) and (filled.n_unique() <= max(2, _FEW * len(filled)))


def _yes_or_no(column: pl.Series) -> bool:
    values = column.cast(pl.String).str.strip_chars().str.to_lowercase().unique().drop_nulls()
    return set(values) <= {"true", "false", "1", "0", "yes", "no", "t", "f", "y", "n", ""}


def _taxonomy(column: str) -> str:
    return regex.sub(r"[^a-z0-9_]+", "_", column.casefold()).strip("_") or "label"


def draft_text(layout: Layout, reasons: Sequence[str]) -> str:
    """Return a draft as YAML with its reasons as comments, to be read and corrected by the user."""
    import io

    from ruamel.yaml import YAML

    data = layout.model_dump(mode="json", exclude_defaults=True)
    out = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 110
    yaml.dump(data, out)
    comments = "".join(f"# {reason}\n" for reason in reasons)
    head = "# Draft of a mapping: check every line, then `benchwright import FILE --mapping THIS`.\n"
    return head + comments + out.getvalue()
