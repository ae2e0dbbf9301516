"""Kit: the items that are translated, out of tables, projects or any file that is imported."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.builder._stretches import ItemFiles, item_files, only_named, spread, stretch
from benchwright.schemas.errors import InputError, NotFoundError, OutputError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.languages import parse_language
from benchwright.schemas.rows import table_schema
from benchwright.sources import IntakeOptions

__all__ = ["SourceFiles", "Sources", "source_files", "sources_of"]

_STRETCH: Final = 4096
Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class Sources:
    """Items of one language, sorted by id, and the name of the table."""

    frame: pl.DataFrame
    language: str
    name: str


@dataclass(frozen=True)
class SourceFiles:
    """The same on disk: which items are wanted, and the files that hold them."""

    files: ItemFiles
    ids: pl.DataFrame
    """``id`` and ``group``, each id once, sorted."""
    language: str
    name: str

    def lay(self, folder: Path, chunk: int) -> Callable[[], Iterator[pl.DataFrame]]:
        """Write the wanted rows into a folder, and return what yields them, sorted by id, in chunks of some items."""
        size = max(chunk, _STRETCH // chunk * chunk)
        placed = self.ids.with_row_index("part").select("id", (pl.col("part") // size).cast(pl.Int64))
        spread(self.files, placed, folder, "sources")

        def chunks() -> Iterator[pl.DataFrame]:
            for part in range(-(-self.ids.height // size)):
                rows = stretch(folder, f"sources-{part}", table_schema(Item))
                rows = rows.unique("id", keep="first", maintain_order=True).sort("id")
                yield from rows.iter_slices(chunk)

        return chunks


def sources_of(
    files: Sequence[Path],
    language: str | None,
    out: Path | None = None,
    *,
    layout: str = "auto",
    only: Path | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Sources:
    """Return the items in the language that is translated, all in memory; see :func:`source_files`."""
    with tempfile.TemporaryDirectory(prefix="benchwright-translate-") as folder:
        found = source_files(
            files, language, out, Path(folder), layout=layout, only=only, limit=limit, progress=progress
        )
        frame = found.files.whole().join(found.ids.select("id"), on="id", how="semi", maintain_order="left")
    return Sources(frame.unique("id", keep="first", maintain_order=True), found.language, found.name)


def source_files(
    files: Sequence[Path],
    language: str | None,
    out: Path | None,
    folder: Path,
    *,
    layout: str = "auto",
    only: Path | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> SourceFiles:
    """Return the items in the language that is translated.

    Args:
        files: tables, projects, or files that are imported.
        language: of the items; null where they have one only.
        out: table of the versions; it is none of the files.
        folder: where files that are imported become tables.
        layout: of those files.
        only: text file of the ids or groups that are wanted.
        limit: how many items, the first by id.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file does not exist, or has no item in that language; a name of the list is no item's.
        InputError: ``language-unclear``: the items have several languages, and none is named.
        OutputError: the output is one of the files.
    """
    wished = parse_language(language) if language else None
    options = IntakeOptions(language=wished)
    read = item_files(files, folder / "imported", layout=layout, options=options, progress=progress)
    if out is not None and any(path.resolve() == out.resolve() for path in read.paths):
        raise OutputError(
            Problem("output-exists", "the output is the table of the sources", str(out), remedy="give another name")
        )
    items = read.columns("id", "group", pl.col("language").cast(pl.Categorical)).sort("id", maintain_order=True)
    counts = {str(tag): count for tag, count in items.group_by("language").len().sort("language").iter_rows()}
    wanted = wished or _only_language(counts)
    own = items.filter(pl.col("language") == wanted) if wanted else items
    if not own.height or wanted is None:
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
    ids = only_named(own.select("id", "group").unique("id", keep="first", maintain_order=True), only, limit)
    return SourceFiles(read, ids, wanted, ", ".join(read.names))


def _only_language(counts: dict[str, int]) -> str | None:
    if len(counts) > 1:
        raise InputError(
            Problem(
                "language-unclear",
                "the items are in several languages",
                found=", ".join(f"{tag} ({count})" for tag, count in counts.items()),
                expected="one language to translate from",
                remedy="name it: --from " + next(iter(counts)),
            )
        )
    return next(iter(counts), None)
