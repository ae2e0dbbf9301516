"""What is kept of a harvest: bodies once by their hash, one line for each address, dated snapshots."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal

from benchwright.schemas.errors import NotFoundError, OutputError, Problem

__all__ = ["Archive", "Fetched", "Journal", "Status", "snapshot_files"]

Status = Literal["new", "changed", "same", "known", "gone", "refused", "off-site", "failed"]
_EXTENSIONS: Final = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "application/json": ".json",
    "text/csv": ".csv", "application/xml": ".xml", "text/xml": ".xml", "text/plain": ".txt", "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip
_JOURNAL: Final = ".part.jsonl"


@dataclass(frozen=True)
class Fetched:
    """What became of one address in one snapshot."""

    address: str
    role: Literal["listing", "kept"]
    status: Status
    time: str
    """When it was answered, UTC. The only value in which two undisturbed runs differ."""
    found_on: str | None = None
    final: str | None = None
    """Where redirects led."""
    http: int | None = None
    sha256: str | None = None
    bytes: int | None = None
    media_type: str | None = None
    object: str | None = None
    """File below the folder of the harvest."""
    etag: str | None = None
    last_modified: str | None = None
    licence: str = "unknown"
    licence_evidence: str | None = None
    robots: str = ""
    """The decision and its rule: ``allowed: no rule``, ``disallowed: Disallow: /private``."""
    reason: str | None = None
    parser: str = ""


def _from(data: dict[str, Any]) -> Fetched:
    known = {one.name for one in fields(Fetched)}
    return Fetched(**{name: value for name, value in data.items() if name in known})


class Archive:
    """The folder of one harvest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._snapshots = folder / "snapshots"

    def keep(self, body: bytes, media_type: str, address: str) -> tuple[str, str]:
        """Keep a body once; return its hash and its file below the folder."""
        digest = hashlib.sha256(body).hexdigest()
        name = f"objects/{digest[:2]}/{digest}{_extension(media_type, address)}"
        path = self.folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f"{path.name}.part~")
            beside.write_bytes(body)
            beside.replace(path)
        return digest, name

    def read(self, name: str) -> bytes:
        """Return a body."""
        return (self.folder / name).read_bytes()

    def finished(self) -> list[Path]:
        """Return the finished snapshots, the oldest first."""
        found = [one for one in self._snapshots.glob("*.jsonl") if not one.name.endswith(_JOURNAL)]
        return sorted(found, key=_order)

    def known(self) -> dict[str, Fetched]:
        """Return the last good answer of each address that was kept."""
        last: dict[str, Fetched] = {}
        for path in self.finished():
            for one in _lines(path):
                if one.sha256 is not None:
                    last[one.address] = one
        return last

    def journal(self, day: str, digest: str) -> Journal:
        """Return the journal that a killed run left, else a new one of this day.

        Raises:
            OutputError: ``output-exists``: the journal is of another plan.
        """
        left = sorted(self._snapshots.glob(f"*{_JOURNAL}"))
        if left:
            return Journal(left[0], digest)
        taken = {one.name.removesuffix(".jsonl") for one in self.finished()}
        name, number = day, 1
        while name in taken:
            number += 1
            name = f"{day}-{number}"
        self._snapshots.mkdir(parents=True, exist_ok=True)
        return Journal(self._snapshots / f"{name}{_JOURNAL}", digest)


def _order(path: Path) -> tuple[str, int]:
    """Return the day and the number of the snapshot of that day."""
    name = path.name.removesuffix(".jsonl")
    day, rest = name[:10], name[11:]
    return day, int(rest) if rest.isdigit() else 1


class Journal:
    """The answers of a snapshot as they come: a line is on the disk before the next request is made."""

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path
        self.name = path.name.removesuffix(_JOURNAL)
        self.done: dict[str, Fetched] = {}
        self.resumed = path.exists()
        whole = self._read(digest) if self.resumed else None
        if not whole:
            whole = (json.dumps({"plan": digest}) + "\n").encode()
        self._write(whole)
        self._stream = path.open("ab")

    def _read(self, digest: str) -> bytes:
        """Return the whole lines; a line that a kill cut off is dropped, and asked for again."""
        data = self.path.read_bytes()
        data = data[: data.rfind(b"\n") + 1]
        lines = data.splitlines()
        if not lines:
            return b""
        if json.loads(lines[0]).get("plan") != digest:
            raise OutputError(
                Problem(
                    "output-exists",
                    "an unfinished snapshot of another plan is in this folder",
                    self.path.name,
                    expected="the plan with which it was begun",
                    remedy="finish it with that plan, or delete the file",
                )
            )
        for line in lines[1:]:
            one = _from(json.loads(line))
            self.done[one.address] = one
        return data

    def _write(self, data: bytes) -> None:
        beside = self.path.with_name(f"{self.path.name}~")
        beside.write_bytes(data)
        beside.replace(self.path)

    def add(self, one: Fetched) -> None:
        """Write one answer."""
        self.done[one.address] = one
        self._stream.write((json.dumps(asdict(one), ensure_ascii=False) + "\n").encode())
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Let go of the file; what is in it stays for the next run."""
        self._stream.close()

    def finish(self) -> Path:
        """Make the journal the snapshot: one line for each address, sorted."""
        self.close()
        lines = [json.dumps(asdict(one), ensure_ascii=False) for _, one in sorted(self.done.items())]
        out = self.path.with_name(f"{self.name}.jsonl")
        self._write("".join(f"{line}\n" for line in lines).encode())
        self.path.replace(out)
        return out


def _extension(media_type: str, address: str) -> str:
    suffix = Path(address.partition("?")[0]).suffix.lower()
    plain = suffix if suffix[1:].isalnum() and len(suffix) <= 6 else ""
    return _EXTENSIONS.get(media_type.partition(";")[0].strip().lower(), plain or ".bin")


def _lines(path: Path) -> Iterator[Fetched]:
    with path.open("rb") as stream:
        for line in stream:
            yield _from(json.loads(line))


def snapshot_files(folder: Path, name: str | None = None) -> list[tuple[Path, Fetched]]:
    """Return the kept files of a snapshot with what is known of each; of the newest where none is named.

    Raises:
        NotFoundError: ``file-not-found``: there is no such snapshot.
    """
    archive = Archive(folder)
    found = [one for one in archive.finished() if name is None or one.name == f"{name}.jsonl"]
    if not found:
        raise NotFoundError(
            Problem("file-not-found", "there is no such snapshot", str(folder), found=name or "none", remedy="harvest")
        )
    return [(folder / one.object, one) for one in _lines(found[-1]) if one.role == "kept" and one.object is not None]
