"""Kit: the working folder of a run: what each part left, and how later steps read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from benchwright.builder.clean._compare import key_columns
from benchwright.builder.clean._stages import Outcome
from benchwright.builder.store import read_json, replacing, write_json

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Part", "Work", "packed"]

KEY_KINDS: Final = ("ids", "exact")


@dataclass(frozen=True)
class Part:
    """One finished part: which file, which place in it, how many records it had, and how many stay."""

    file: int
    number: int
    rows: int
    records: int

    @property
    def name(self) -> str:
        """Name of its files."""
        return f"{self.file:05d}-{self.number:06d}"


class Work:
    """Paths and contents of the folder; whatever is in it is complete, since files take their place when whole."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.read = root / "read"

    def mark(self, file: int, number: int) -> Path:
        """Return the mark of a part: it is written last."""
        return self.read / f"{file:05d}-{number:06d}.json"

    def file_done(self, file: int) -> Path:
        """Return the mark of a whole file."""
        return self.read / f"{file:05d}.done"

    def records_of(self, file: int, number: int) -> int | None:
        """Return how many records a finished part had; None if it is not finished."""
        mark = read_json(self.mark(file, number))
        return None if mark is None else int(mark["records"])

    def put(
        self, file: int, number: int, outcome: Outcome, records: int, *, exact: bool, ids: bool, near: bool
    ) -> None:
        """Write all that later steps need of a part."""
        name = f"{file:05d}-{number:06d}"
        frame = outcome.frame
        if near:
            texts = pl.concat_str(outcome.question, outcome.answer, separator="\n")
            _write_ipc(self.read / f"{name}.texts.arrow", pl.DataFrame({"text": pl.select(texts).to_series()}))
        if exact:
            self._put_keys("exact", name, *key_columns(outcome.question, outcome.answer))
        if ids:
            self._put_keys("ids", name, *(frame["id"].hash(seed) for seed in (0x51ED, 0xC0DE)))
        _write_ipc(self.read / f"{name}.arrow", frame)
        _write_ipc(self.read / f"{name}.dropped.arrow", outcome.dropped)
        write_json(
            self.mark(file, number),
            {
                "file": file,
                "number": number,
                "rows": frame.height,
                "records": records,
                "counts": [asdict(one) for one in outcome.counts],
            },
        )

    def _put_keys(self, kind: str, name: str, high: pl.Series, low: pl.Series) -> None:
        halves = np.empty((len(high), 3), dtype=np.uint64)
        order = np.argsort(high.to_numpy(), kind="stable")
        halves[:, 0] = high.to_numpy()[order]
        halves[:, 1] = low.to_numpy()[order]
        halves[:, 2] = order
        with replacing(self.read / f"{name}.{kind}.npy") as stream:
            np.save(stream, halves)

    @cached_property
    def marks(self) -> list[dict[str, Any]]:
        """The marks of all parts, in the order of the input."""
        return [json.loads(path.read_bytes()) for path in sorted(self.read.glob("*-*.json"))]

    @cached_property
    def parts(self) -> list[Part]:
        """All parts in the order of the input."""
        names = ("file", "number", "rows", "records")
        return [Part(**{name: mark[name] for name in names}) for mark in self.marks]

    def keys(self, kind: str, part: Part) -> NDArray[np.uint64]:
        """Return the sorted keys of a part, mapped: high half, low half, place of the row."""
        found: NDArray[np.uint64] = np.load(self.read / f"{part.name}.{kind}.npy", mmap_mode="r")
        return found

    def schema(self, part: Part) -> pl.Schema:
        """Return the columns of a part."""
        return pl.scan_ipc(self.read / f"{part.name}.arrow").collect_schema()

    def frame(self, part: Part, columns: list[str] | None = None) -> pl.DataFrame:
        """Return the rows of a part."""
        lazy = pl.scan_ipc(self.read / f"{part.name}.arrow")
        return (lazy if columns is None else lazy.select(columns)).collect()

    def texts(self, part: Part) -> pl.Series:
        """Return the texts of comparison of a part."""
        return pl.scan_ipc(self.read / f"{part.name}.texts.arrow").collect()["text"]

    def dropped(self, part: Part) -> pl.DataFrame:
        """Return what the stages of reading dropped of a part."""
        return pl.scan_ipc(self.read / f"{part.name}.dropped.arrow").collect()

    def put_merge(self, stage: str, number: int, places: NDArray[np.uint64], details: pl.Series) -> None:
        """Write which rows a step dropped, sorted by place, and why."""
        order = np.argsort(places, kind="stable")
        folder = self.root / stage
        _write_ipc(folder / f"{number:05d}.arrow", pl.DataFrame({"detail": details.gather(order)}))
        with replacing(folder / f"{number:05d}.npy") as stream:
            np.save(stream, places[order])

    def merged(self, stage: str, part: int) -> pl.DataFrame:
        """Return the rows of a part that a step dropped: their places, and why."""
        found = [pl.DataFrame(schema={"row": pl.UInt32, "detail": pl.String})]
        for path in sorted((self.root / stage).glob("*.npy")):
            places = np.load(path, mmap_mode="r")
            first, last = np.searchsorted(places, _bounds(part))
            if last > first:
                rows = (places[first:last] & np.uint64(0xFFFFFFFF)).astype(np.uint32)
                details = pl.scan_ipc(path.with_suffix(".arrow")).slice(int(first), int(last - first)).collect()
                found.append(details.select(pl.Series("row", rows), "detail"))
        return pl.concat(found).sort("row")

    def merged_rows(self, stage: str) -> int:
        """Return how many rows a step dropped."""
        return sum(len(np.load(path, mmap_mode="r")) for path in (self.root / stage).glob("*.npy"))

    def gone(self, stages: list[str], part: int) -> NDArray[np.uint64]:
        """Return the places of the rows of a part that earlier steps dropped, sorted."""
        found = [np.empty(0, dtype=np.uint64)]
        for stage in stages:
            for path in sorted((self.root / stage).glob("*.npy")):
                places = np.load(path, mmap_mode="r")
                first, last = np.searchsorted(places, _bounds(part))
                found.append(np.array(places[first:last]) & np.uint64(0xFFFFFFFF))
        return np.sort(np.concatenate(found))

    def each_count(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the counts of all parts with the stage."""
        for mark in self.marks:
            for count in mark["counts"]:
                yield count["stage"], count


def packed(part: int, rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return part and row as one number that sorts like the input."""
    joined: NDArray[np.uint64] = (np.uint64(part) << np.uint64(32)) | rows.astype(np.uint64)
    return joined


def _bounds(part: int) -> NDArray[np.uint64]:
    return np.array([part << 32, (part + 1) << 32], dtype=np.uint64)


def _write_ipc(path: Path, frame: pl.DataFrame) -> None:
    with replacing(path) as stream:
        frame.write_ipc(stream)
