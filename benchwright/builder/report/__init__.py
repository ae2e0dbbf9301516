"""The report: one HTML file with everything that a person needs to judge a build, and nothing outside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchwright.builder.report._tables import Tables

__all__ = ["report_tables", "write_report"]


def write_report(build: Path, raw: Path | None, out: Path, facts: Mapping[str, Any] | None = None) -> None:
    """Write the report of a build folder.

    Args:
        build: the folder with ``items.parquet`` and, where they are, the other tables and ``media/``.
        raw: the raw files, for crops of pages; null leaves them out.
        out: the HTML file.
        facts: what the tables do not hold: ``title``, ``files`` (rows of the file table), ``gate`` (checks with name,
            allowed, found, met, examples) and ``excused`` (group and reason); null takes them from ``manifest.json``.

    Raises:
        NotFoundError: there is no ``items.parquet``.
        InputError: a table cannot be read.
        SchemaError: a table has other columns.
        OutputError: the file cannot be written.
    """
    from benchwright.builder.report._tables import read_tables

    report_tables(read_tables(build), raw, out, _told(build) if facts is None else facts, media=build / "media")


def _told(build: Path) -> Mapping[str, Any]:
    """Return the facts of the build's manifest; none when there is no manifest."""
    from benchwright.builder.store import read_json

    manifest = read_json(build / "manifest.json")
    if not isinstance(manifest, dict):
        return {}
    facts: dict[str, Any] = manifest.get("facts") or {}
    return {**facts, "title": facts.get("title") or manifest.get("name")}


def report_tables(
    tables: Tables, raw: Path | None, out: Path, facts: Mapping[str, Any] | None = None, *, media: Path
) -> None:
    """Write the report of some tables; see :func:`write_report`."""
    from benchwright.builder.report._pictures import Pictures
    from benchwright.builder.report._render import raw_link, render
    from benchwright.builder.store import write_bytes

    text = render(tables, facts or {}, Pictures(raw, media), raw_link(raw, out))
    write_bytes(out, text.encode("utf-8"))
