"""A search as a run whose units are files: what a task on another machine needs lies in its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.clean._steps import Step
from benchwright.builder.contamination._parts import open_part
from benchwright.builder.contamination.index import Index, build_index
from benchwright.builder.store import read_json, write_json, write_table

__all__ = ["SearchJob", "load_search"]

_ITEMS: Final = "items.parquet"
_COLUMNS: Final = ("id", "context", "stem", "options", "key")


class SearchJob:
    """Some items, the files that are searched for them, and the folder of the parts."""

    def __init__(self, out: Path, files: Sequence[Path], items: pl.DataFrame, every: int, canary: str = "") -> None:
        self.out = out.absolute()
        self.sources = tuple(path.absolute() for path in files)
        self.items = items.select(_COLUMNS)
        self.every = every
        self.canary = canary

    @cached_property
    def index(self) -> Index:
        """The items as they are searched for, made once in a process."""
        return replace(build_index(self.items), canary=self.canary.encode())

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

        search_file(self.index, self.sources[at], self.out, self.every)

    def save(self) -> None:
        """Write what :func:`load_search` reads."""
        write_table(self.out / _ITEMS, self.items)
        facts = {"files": [str(path) for path in self.sources], "every": self.every, "canary": self.canary}
        write_json(self.out / "stages" / "job.json", {"loaded_by": f"{__name__}:{load_search.__name__}", **facts})


_LOADED: dict[tuple[Path, int], SearchJob] = {}


def load_search(out: Path) -> SearchJob:
    """Return the search that a folder was made for; its index is made once in a process."""
    path = out / "stages" / "job.json"
    key = (out.absolute(), path.stat().st_mtime_ns)
    if key not in _LOADED:
        told = read_json(path)
        files = [Path(one) for one in told["files"]]
        _LOADED[key] = SearchJob(out, files, pl.read_parquet(out / _ITEMS), told["every"], told["canary"])
    return _LOADED[key]
