"""One module for each kind of dump. What a module offers is :class:`Dump`; to add a kind is to add a module.

Every record of a file becomes a post, a side row (title of a thread, role of an author) or a reject.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, cast

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._forum.profile import Profile
from benchwright.sources._forum.raw import Posts

__all__ = ["KINDS", "Dump", "Inferred", "dump_kind", "dump_of"]

KINDS: Final = ("stackexchange", "qaxml", "sql", "html", "records")
"""In the order in which they are asked."""


@dataclass(frozen=True)
class Inferred:
    """A profile without gaps, why it is so, and what is not certain."""

    profile: Profile
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


class Dump(Protocol):
    """One kind of dump."""

    def looks_like(self, path: Path, file: str) -> str | None:
        """Return why a file is of this kind; null when it is not."""
        ...

    def infer(self, samples: Sequence[tuple[Path, str]], profile: Profile) -> Inferred:
        """Fill what a profile leaves open, from a few files of one dump.

        Raises:
            InputError: ``layout-unknown``: the files do not tell.
        """
        ...

    def whole(self, profile: Profile) -> bool:
        """Tell whether no thread goes on in another batch or file."""
        ...

    def posts(self, path: Path, file: str, profile: Profile, site: str) -> Iterator[Posts]:
        """Yield the posts of one file.

        Raises:
            InputError: the file cannot be read at all.
        """
        ...


def dump_of(kind: str) -> Dump:
    """Return the reader of a kind of dump."""
    return cast("Dump", importlib.import_module(f"{__name__}.{kind}"))


def dump_kind(path: Path, file: str) -> tuple[str, str]:
    """Return the kind of a file, and why.

    Raises:
        InputError: ``file-unsupported``.
    """
    for kind in KINDS:
        reason = dump_of(kind).looks_like(path, file)
        if reason is not None:
            return kind, reason
    raise InputError(
        Problem(
            "file-unsupported",
            "no reader of forums knows this kind of file",
            file,
            found=path.suffix or "no suffix",
            expected="HTML, JSON, CSV, Parquet, SQL text, Stack Exchange XML or XML of questions and answers",
            remedy="name the kind with a profile; of archives, .zip and .tar are read by `import`",
        )
    )
