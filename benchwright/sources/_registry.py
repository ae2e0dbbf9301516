"""The readers by file suffix. Registration is the file: a public module of this room exposes SOURCE or KEYS."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from types import ModuleType

from benchwright.schemas.errors import InputError, PluginError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeySheet, MediaSink, PaperJob
from benchwright.schemas.plugins import KeySource, Source
from benchwright.schemas.tables import Reject
from benchwright.sources._remembered import forget
from benchwright.sources._versionkeys import is_other_version, no_key_of

__all__ = ["key_sources", "paper_sources", "parse_paper", "read_key", "reader_signature"]

_GROUP = "benchwright.sources"


@lru_cache(maxsize=1)
def _modules() -> tuple[ModuleType, ...]:
    package = importlib.import_module(_GROUP)
    names = [m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_") and m.name != "data"]
    found = [_load(partial(importlib.import_module, f"{_GROUP}.{name}"), name) for name in sorted(names)]
    found += [_load(point.load, point.name) for point in entry_points(group=_GROUP)]
    return tuple(found)


def _load(load: Callable[[], ModuleType], name: str) -> ModuleType:
    try:
        return load()
    except (ImportError, AttributeError, SyntaxError) as error:
        raise PluginError(
            Problem("plugin-broken", f"the source {name!r} cannot be imported", place=name, found=repr(error))
        ) from error


@lru_cache(maxsize=1)
def paper_sources() -> tuple[Source, ...]:
    """Return all readers of papers."""
    return tuple(m.SOURCE for m in _modules() if hasattr(m, "SOURCE"))


@lru_cache(maxsize=1)
def key_sources() -> tuple[KeySource, ...]:
    """Return all readers of answer keys."""
    return tuple(m.KEYS for m in _modules() if hasattr(m, "KEYS"))


def _unsupported(file: str, known: list[str]) -> InputError:
    return InputError(
        Problem(
            "file-unsupported",
            "no source reads this kind of file",
            file,
            found=Path(file).suffix or "no suffix",
            expected=", ".join(sorted(known)),
            remedy="convert the file, or give it the role ignore in recipe.yaml",
        )
    )


def _paper_source(path: Path, file: str) -> Source:
    suffix = path.suffix.casefold()
    for source in paper_sources():
        if suffix in source.suffixes:
            return source
    raise _unsupported(file, [suffix for source in paper_sources() for suffix in source.suffixes])


def _key_source(path: Path, file: str) -> KeySource:
    suffix = path.suffix.casefold()
    for source in key_sources():
        if suffix in source.suffixes:
            return source
    raise _unsupported(file, [suffix for source in key_sources() for suffix in source.suffixes])


def parse_paper(path: Path, job: PaperJob, media: MediaSink) -> Iterator[Item | Reject]:
    """Yield the items of one paper and all that was refused.

    Raises:
        InputError: the file cannot be read at all, or no reader knows its suffix.
    """
    forget()
    yield from _paper_source(path, job.file).parse(path, job, media)


def read_key(path: Path, job: PaperJob) -> KeySheet:
    """Return the answer key of one file.

    Raises:
        InputError: the file cannot be read, holds no key or no certain one, or no reader knows its suffix.
    """
    forget()
    source = _key_source(path, job.file)
    if is_other_version(job) and not getattr(source, "tells_versions", False):
        return no_key_of(job, source.signature)
    return source.read_key(path, job)


def reader_signature(path: Path) -> str:
    """Return the signatures of the readers of this suffix and a digest of this room's code and word lists.

    What was read by other code is read again: a cache must not outlive the parser that filled it.
    """
    suffix = path.suffix.casefold()
    readers: list[Source | KeySource] = [*paper_sources(), *key_sources()]
    names = sorted({r.signature for r in readers if suffix in r.suffixes}) or ["none"]
    return ";".join([*names, f"code:{_code_digest()}"])


@lru_cache(maxsize=1)
def _code_digest() -> str:
    room = files("benchwright.sources")
    folders = [room, room.joinpath("data")]
    texts = {
        f.name: f.read_bytes() for folder in folders for f in folder.iterdir() if f.name.endswith((".py", ".yaml"))
    }
    return hashlib.sha256(b"\0".join(name.encode() + texts[name] for name in sorted(texts))).hexdigest()[:16]
