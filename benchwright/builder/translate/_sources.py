"""Kit: the items that are translated, out of tables, projects or any file that is imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchwright.builder._auditinputs import find_inputs, read_inputs
from benchwright.schemas.errors import InputError, NotFoundError, OutputError, Problem
from benchwright.schemas.languages import parse_language
from benchwright.schemas.rows import check_version
from benchwright.sources import IntakeOptions

__all__ = ["Sources", "sources_of"]

Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class Sources:
    """Items of one language, sorted by id, and the name of the table."""

    frame: pl.DataFrame
    language: str
    name: str


def sources_of(
    files: Sequence[Path],
    language: str | None,
    out: Path | None = None,
    *,
    layout: str = "auto",
    progress: Progress | None = None,
) -> Sources:
    """Return the items in the language that is translated.

    Raises:
        NotFoundError: a file does not exist, or has no item in that language.
        InputError: ``language-unclear``: the items have several languages, and none is named.
        OutputError: the output is one of the files.
    """
    inputs = find_inputs(files)
    if out is not None and any(one.path.resolve() == out.resolve() for one in inputs):
        raise OutputError(
            Problem("output-exists", "the output is the table of the sources", str(out), remedy="give another name")
        )
    options = IntakeOptions(language=parse_language(language) if language else None)
    told = read_inputs(inputs, layout=layout, options=options, progress=progress)
    check_version(told.items)
    counts = dict(told.items.group_by("language").len().sort("language").iter_rows())
    if language is None:
        if len(counts) > 1:
            listed = ", ".join(f"{tag} ({count})" for tag, count in counts.items())
            raise InputError(
                Problem(
                    "language-unclear",
                    "the items are in several languages",
                    found=listed,
                    expected="one language to translate from",
                    remedy="name it: --from " + next(iter(counts)),
                )
            )
        wanted = next(iter(counts), None)
    else:
        wanted = parse_language(language)
    frame = told.items.filter(pl.col("language") == wanted) if wanted else told.items
    if not frame.height or wanted is None:
        raise NotFoundError(
            Problem(
                "id-unknown",
                "there is no item to translate",
                ", ".join(str(one) for one in files),
                found=", ".join(f"{tag} ({count})" for tag, count in counts.items()) or "no items",
                expected=f"items in {wanted}" if wanted else "items",
                remedy="check --from",
            )
        )
    name = ", ".join("/".join(one.path.parts[-2:]).lstrip("/") for one in inputs)
    return Sources(frame.unique("id", keep="first", maintain_order=True).sort("id"), wanted, name)
