"""Dumps of a forum -> entries in batches, in bounded memory: threads that are scattered are gathered on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.tables import Reject
from benchwright.sources._forum.dumps import Inferred, dump_kind, dump_of
from benchwright.sources._forum.posts import POST_SCHEMA
from benchwright.sources._forum.profile import Profile
from benchwright.sources._forum.raw import Posts
from benchwright.sources._forum.threads import entries_of
from benchwright.sources._layouts.opened import PACKED

__all__ = ["SUFFIXES", "ForumReport", "forum_files", "infer_profile", "post_batches", "thread_batches"]

_SAMPLES: Final = 6
_PARTITION: Final = 96 * 2**20
"""Bytes of dump for each part that is put together in memory at once."""
_MOST: Final = 512
_HELD: Final = 64 * 2**20
"""Bytes of posts that wait before they are written to their parts."""
SUFFIXES: Final = frozenset(
    [".html", ".htm", ".xhtml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".xml", ".sql", ".dump"]
)  # fmt: skip


@dataclass
class ForumReport:
    """What was read, filled while batches are taken; the counts add up when the last one was.

    records = posts + side rows + records that are rejects; posts = posts in entries + rejected posts.
    """

    profile: Profile | None = None
    kind: str = ""
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    files: int = 0
    records: int = 0
    posts: int = 0
    entries: int = 0
    rejects: int = 0


def forum_files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return the files of a dump with their names, those of a folder in the order of their names.

    Raises:
        NotFoundError: ``file-not-found``.
    """
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            inner = sorted(one for one in path.rglob("*") if one.is_file() and _is_dump(one))
            found += [(one, f"{path.name}/{one.relative_to(path).as_posix()}") for one in inner]
        elif path.exists():
            found.append((path, path.name))
        else:
            raise NotFoundError(
                Problem("file-not-found", "the file does not exist", str(path), remedy="check its name")
            )
    if not found:
        raise NotFoundError(
            Problem("file-not-found", "the folder holds no file of a dump", ", ".join(str(path) for path in paths))
        )
    return found


def _is_dump(path: Path) -> bool:
    bare = Path(path.stem) if path.suffix.casefold() in PACKED else path
    return bare.suffix.casefold() in SUFFIXES


def infer_profile(paths: Sequence[Path], profile: Profile | None = None) -> Inferred:
    """Return the profile by which a dump will be read, with reasons and doubts.

    Raises:
        NotFoundError: a file does not exist.
        InputError: ``file-unsupported``, or ``layout-unknown``: the files do not tell.
    """
    return _inferred(forum_files(paths), profile or Profile())


def _inferred(files: Sequence[tuple[Path, str]], profile: Profile) -> Inferred:
    kind, reason = (profile.kind, "the profile says so") if profile.kind else dump_kind(*files[0])
    step = max(1, len(files) // _SAMPLES)
    found = dump_of(kind).infer(files[::step][:_SAMPLES], profile)
    return Inferred(found.profile, [f"{kind}: {reason}", *found.reasons], found.doubts)


def post_batches(
    paths: Sequence[Path], found: Inferred | None = None, report: ForumReport | None = None
) -> Iterator[Posts]:
    """Yield the posts of a dump in the order of its files; see :data:`benchwright.sources._forum.posts.POST_SCHEMA`.

    A file that cannot be read to its end is a reject; all others are read.

    Raises:
        NotFoundError: a file does not exist.
        InputError: no file can be read, or the profile cannot be inferred.
    """
    files = forum_files(paths)
    report = ForumReport() if report is None else report
    found = _inferred(files, Profile()) if found is None else found
    report.profile, report.kind = found.profile, str(found.profile.kind)
    report.reasons, report.doubts, report.files = found.reasons, found.doubts, len(files)
    problems: list[InputError] = []
    dump = dump_of(report.kind)
    for path, file in files:
        try:
            yield from _counted(dump.posts(path, file, found.profile, _site(found.profile, paths)), report)
        except InputError as error:
            problems.append(error)
            if len(problems) == len(files):
                raise InputError([one for error in problems for one in error.problems]) from error
            report.rejects += 1
            text = "; ".join(str(one).replace("\n", "; ") for one in error.problems)
            yield Posts(
                pl.DataFrame(schema=POST_SCHEMA),
                [Reject(file=file, reason="file-unreadable", text=text[:300], detail=text, stage="import")],
            )


def _counted(batches: Iterator[Posts], report: ForumReport) -> Iterator[Posts]:
    for batch in batches:
        report.records += batch.records
        report.posts += batch.frame.height
        report.rejects += len(batch.rejects)
        yield batch


def _site(profile: Profile, paths: Sequence[Path]) -> str:
    if profile.site:
        return profile.site
    return paths[0].name.split(".")[0] or paths[0].resolve().name


def thread_batches(
    paths: Sequence[Path], profile: Profile | None = None, report: ForumReport | None = None
) -> Iterator[tuple[pl.DataFrame, list[Reject]]]:
    """Yield entries (see :data:`benchwright.sources._forum.posts.ENTRY_SCHEMA`) and rejects, batch by batch.

    Memory does not grow with the dump: where threads are scattered over a file or over files, posts are gathered in
    parts in a temporary folder. The order is the same in each run: of the dump, part by part.

    Raises:
        NotFoundError: a file does not exist.
        InputError: no file can be read, or the profile cannot be inferred.
    """
    report = ForumReport() if report is None else report
    found = _inferred(forum_files(paths), profile or Profile())
    profile = found.profile
    batches = post_batches(paths, found, report)
    ask = "asker" in profile.rules
    whole = dump_of(str(profile.kind)).whole(profile)
    source = _straight(batches, ask=ask) if whole else _gathered(batches, forum_files(paths), ask=ask)
    for entries, rejects, further in source:
        report.entries += entries.height
        report.rejects += further
        yield entries, rejects


def _straight(batches: Iterator[Posts], *, ask: bool) -> Iterator[tuple[pl.DataFrame, list[Reject], int]]:
    for batch in batches:
        entries, rejects = entries_of(batch.frame, ask=ask)
        yield entries, [*batch.rejects, *rejects], len(rejects)


def _gathered(
    batches: Iterator[Posts], files: Sequence[tuple[Path, str]], *, ask: bool
) -> Iterator[tuple[pl.DataFrame, list[Reject], int]]:
    size = sum(path.stat().st_size * (8 if path.suffix.casefold() in PACKED else 1) for path, _ in files)
    count = max(1, min(_MOST, -(-size // _PARTITION)))
    with tempfile.TemporaryDirectory(prefix="benchwright-threads-") as folder:
        parts = _Parts(Path(folder), count)
        for batch in batches:
            parts.add(batch)
            if batch.rejects:
                yield pl.DataFrame(schema=_ENTRIES), batch.rejects, 0
        parts.flush()
        for number in range(count):
            posts, sides = parts.read(number)
            entries, rejects = entries_of(posts, sides, parts.authors, ask=ask)
            yield entries, rejects, len(rejects)


_ENTRIES: Final = entries_of(pl.DataFrame(schema=POST_SCHEMA))[0].schema


class _Parts:
    """Posts and side rows on disk, all of one thread in one part."""

    def __init__(self, folder: Path, count: int) -> None:
        self.authors: dict[str, str] = {}
        self._folder = folder
        self._count = count
        self._held: dict[str, list[pl.DataFrame]] = {"posts": [], "sides": []}
        self._size = 0
        self._written = 0

    def add(self, batch: Posts) -> None:
        """Take a batch; its authors count for all parts."""
        self.authors.update(batch.authors)
        self._held["posts"].append(batch.frame)
        self._size += int(batch.frame.estimated_size())
        if batch.sides is not None:
            self._held["sides"].append(batch.sides)
            self._size += int(batch.sides.estimated_size())
        if self._size >= _HELD:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        for kind, frames in self._held.items():
            if not frames:
                continue
            frame = pl.concat(frames)
            frames.clear()
            which = pl.concat_str("site", pl.lit("\0"), "thread").hash(0) % self._count
            for (number,), part in frame.with_columns(which.alias("_part")).partition_by(
                "_part", as_dict=True, include_key=False, maintain_order=True
            ).items():  # fmt: skip
                part.write_ipc(self._folder / f"{kind}-{number:04}-{self._written:06}.arrow", compression="lz4")
            self._written += 1
        self._size = 0

    def read(self, number: int) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        """Return the posts and side rows of one part, in the order in which they came."""
        posts = [pl.read_ipc(one) for one in sorted(self._folder.glob(f"posts-{number:04}-*.arrow"))]
        sides = [pl.read_ipc(one) for one in sorted(self._folder.glob(f"sides-{number:04}-*.arrow"))]
        return pl.concat(posts) if posts else pl.DataFrame(schema=POST_SCHEMA), pl.concat(sides) if sides else None
