"""A search as a run whose units are files: what a task on another machine needs lies in its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder.clean._steps import Step
from benchwright.builder.contamination._parts import open_part
from benchwright.builder.contamination.index import Index, build_index
from benchwright.builder.store import read_json, write_json, write_table

if TYPE_CHECKING:
    from benchwright.builder.contamination.meaning import Meant

__all__ = ["SearchJob", "load_search"]

_ITEMS: Final = "items.parquet"
_COLUMNS: Final = ("id", "language", "context", "stem", "options", "key")


class SearchJob:
    """Some items, the files that are searched for them, and the folder of the parts."""

    def __init__(
        self,
        out: Path,
        files: Sequence[Path],
        items: pl.DataFrame,
        every: int,
        canary: str = "",
        embed: str | None = None,
        least: float | None = None,
    ) -> None:
        self.out = out.absolute()
        self.sources = tuple(path.absolute() for path in files)
        self.items = items.select(_COLUMNS)
        self.every = every
        self.canary = canary
        self.embed = embed
        self.least = least

    @cached_property
    def index(self) -> Index:
        """The items as they are searched for, made once in a process."""
        made = self.meant.name if self.meant is not None else ""
        return replace(self._plain, canary=self.canary.encode(), meaning=made)

    @cached_property
    def _plain(self) -> Index:
        return build_index(self.items)

    @cached_property
    def meant(self) -> Meant | None:
        """The items as they are searched for by what they mean, or null where no model is named."""
        if self.embed is None:
            return None
        from benchwright.builder.contamination.meaning import meant_of

        return meant_of(self._plain, self.items, self.embed, self.least)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The one step."""
        return (
            Step(
                "search",
                lambda: [str(at) for at in range(len(self.sources))],
                lambda unit: self.part(int(unit)).complete,
                lambda unit: self.search(int(unit)),
            ),
        )

    def step(self, name: str) -> Step:
        """Return a step by name."""
        return next(one for one in self.steps if one.name == name)

    def part(self, at: int) -> Any:
        """Return the state of a file."""
        from benchwright.builder.contamination.run import signature_of

        return open_part(self.out, self.sources[at], signature_of(self.index, self.sources[at]))

    def search(self, at: int) -> None:
        """Search a file, from where an earlier search stopped."""
        from benchwright.builder.contamination.run import search_file

        search_file(self.index, self.sources[at], self.out, self.every, self.meant)

    def save(self) -> None:
        """Write what :func:`load_search` reads."""
        write_table(self.out / _ITEMS, self.items)
        facts = {"files": [str(path) for path in self.sources], "every": self.every, "canary": self.canary}
        facts |= {"embed": self.embed, "least": self.least}
        write_json(self.out / "stages" / "job.json", {"loaded_by": f"{__name__}:{load_search.__name__}", **facts})


_LOADED: dict[tuple[Path, int], SearchJob] = {}


def load_search(out: Path) -> SearchJob:
    """Return the search that a folder was made for; its index is made once in a process."""
    path = out / "stages" / "job.json"
    key = (out.absolute(), path.stat().st_mtime_ns)
    if key not in _LOADED:
        told = read_json(path)
        files = [Path(one) for one in told["files"]]
        items, more = pl.read_parquet(out / _ITEMS), (told["embed"], told["least"])
        _LOADED[key] = SearchJob(out, files, items, told["every"], told["canary"], *more)
    return _LOADED[key]
