"""What the hub of the tests holds: repositories, and bytes in memory or in a file."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 1 << 20


@dataclass(frozen=True)
class Large:
    """Bytes that lie in a file."""

    path: Path
    sha256: str

    def __len__(self) -> int:
        return self.path.stat().st_size

    def pieces(self, begin: int, end: int) -> Iterator[bytes]:
        with self.path.open("rb") as stream:
            stream.seek(begin)
            while begin < end and (piece := stream.read(min(PIECE, end - begin))):
                begin += len(piece)
                yield piece


Data = bytes | Large


@dataclass
class Commit:
    oid: str
    files: dict[str, Data]
    message: str
    description: str = ""


@dataclass
class Repo:
    commits: list[Commit]
    tags: dict[str, str] = field(default_factory=dict)
    private: bool = False
    gated: str | bool = False

    @property
    def head(self) -> str:
        return self.commits[-1].oid

    def at(self, revision: str) -> Commit | None:
        oid = self.head if revision == "main" else self.tags.get(revision, revision)
        return next((one for one in self.commits if one.oid == oid), None)


@dataclass
class Fault:
    """What goes wrong: at which route, how (drop, late: done and then dropped, or a status), and how often."""

    where: str
    how: str | int
    times: int = 1
    message: str = "a fault of the test"


@dataclass
class State:
    repos: dict[str, Repo] = field(default_factory=dict)
    blobs: dict[str, Data] = field(default_factory=dict)
    folder: Path | None = None
    """Where objects lie; null keeps them in memory."""
    part: int | None = None
    """Bytes from which an object is taken in parts of so many; null takes all whole."""
    parts: dict[tuple[str, int], Data] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, route: str) -> Fault | None:
        with self.lock:
            for one in self.faults:
                if one.where == route and one.times > 0:
                    one.times -= 1
                    return one
        return None


def pieces(data: Data, begin: int = 0, end: int | None = None) -> Iterator[bytes]:
    last = len(data) if end is None else end
    if isinstance(data, Large):
        yield from data.pieces(begin, last)
    else:
        yield data[begin:last]


def blob(data: Data) -> str:
    if isinstance(data, Large):
        return data.sha256[:40]  # of an object, the hub tells the hash of its pointer
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def sha256(data: Data) -> str:
    return data.sha256 if isinstance(data, Large) else hashlib.sha256(data).hexdigest()


def is_large(name: str) -> bool:
    return name.endswith((".parquet", ".mp3"))
