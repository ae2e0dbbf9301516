"""What `new` read of booklets, kept under ``build/stages/ahead`` until the first build takes it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages._marks import is_finished, mark_finished, read_mark
from benchwright.builder.store import read_records, write_bytes, write_records, writing
from benchwright.schemas.item import Item
from benchwright.schemas.papers import MediaSink, PaperJob
from benchwright.schemas.tables import Reject

__all__ = ["AheadStore"]

_STAGE: Final = "ahead"
_PICTURE: Final = "image/png"


@dataclass(frozen=True)
class AheadStore:
    """Booklets by the signature of all that decides what is read of them."""

    build: Path

    def keep(self, signature: str, records: Sequence[Item | Reject], pictures: Mapping[str, bytes]) -> None:
        """Keep the records of one booklet, in their order, and its pictures.

        Raises:
            OutputError: the folder cannot be written.
        """
        folder = self._folder(signature)
        items, rejects = folder / "items.parquet", folder / "rejects.parquet"
        write_records(items, [one for one in records if isinstance(one, Item)], Item)
        write_records(rejects, [one for one in records if isinstance(one, Reject)], Reject)
        kept = [folder / name for name in sorted(pictures)]
        for path in kept:
            write_bytes(path, pictures[path.name])
        facts = {"pictures": [path.name for path in kept]}
        mark_finished(folder, signature, [items, rejects, *kept], base=self.build, facts=facts)

    def take(self, job: PaperJob, media: MediaSink) -> list[Item | Reject] | None:
        """Return the records of a booklet in its place, its pictures put under ``media/``; None where none are kept.

        Raises:
            OutputError: a picture cannot be written.
        """
        from benchwright import sources

        signature = sources.ahead_signature(job) if (self.build / "stages" / _STAGE).is_dir() else None
        if signature is None or not is_finished(self._folder(signature), signature, base=self.build):
            return None
        folder = self._folder(signature)
        records: list[Item | Reject] = [
            *read_records(folder / "items.parquet", Item, checked=True),
            *read_records(folder / "rejects.parquet", Reject),
        ]
        placed = sources.placed_as(records, job)
        mark = read_mark(folder)
        if placed is not None and mark is not None:
            for name in mark["facts"]["pictures"]:
                media.put((folder / name).read_bytes(), _PICTURE)
        return placed

    def clear(self) -> None:
        """Delete all that is kept.

        Raises:
            OutputError: the folder cannot be changed.
        """
        folder = BuildFolder(self.build).stage(_STAGE)
        if folder.is_dir():
            with writing(folder):
                shutil.rmtree(folder)

    def _folder(self, signature: str) -> Path:
        return BuildFolder(self.build).stage(_STAGE) / signature[:32]
