"""What a search of one file keeps on disk, so that it continues where it was killed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.store import write_bytes, write_table
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Exposure
from benchwright.schemas.text import sha256_text

__all__ = ["FilePart", "open_part"]


_NAMED: Final = 100


@dataclass
class FilePart:
    """The state of one file of a corpus: the table of hits so far, and how many blocks it covers."""

    folder: Path
    file: str
    signature: str
    blocks: int = 0
    documents: int = 0
    size: int = 0
    complete: bool = False
    problem: str | None = None
    tables: int = 0
    canaries: list[list[Any]] = field(default_factory=list)
    """Number and name of documents that hold the canary, the first hundred."""
    canary_documents: int = 0

    def passed(self, documents: int, size: int) -> None:
        """Count a block."""
        self.documents += documents
        self.size += size

    def keep(self, rows: list[dict[str, Any]], blocks: int, *, complete: bool = False) -> None:
        """Write what was found since the last time; the state comes last, so that it never says more than is there."""
        if rows:
            table = pl.DataFrame(rows, schema=table_schema(Exposure))
            write_table(self.folder / f"{self.tables:05d}.parquet", table)
            self.tables += 1
        self.blocks, self.complete = blocks, complete
        state = {
            "signature": self.signature,
            "blocks": blocks,
            "documents": self.documents,
            "bytes": self.size,
            "complete": complete,
            "problem": self.problem,
            "tables": self.tables,
            "canaries": self.canaries,
            "canary_documents": self.canary_documents,
        }
        write_bytes(self.folder / "state.json", (json.dumps(state, sort_keys=True) + "\n").encode())

    def saw_canary(self, document: int, name: str | None) -> None:
        """Count a document that holds the canary; one that was counted last is the same, in another piece."""
        if self.canaries and self.canaries[-1][0] == document:
            return
        self.canary_documents += 1
        if len(self.canaries) < _NAMED:
            self.canaries.append([document, name])

    def hits(self) -> pl.DataFrame:
        """Return the hits of the file."""
        tables = [pl.read_parquet(self.folder / f"{number:05d}.parquet") for number in range(self.tables)]
        found = pl.concat([pl.DataFrame(schema=table_schema(Exposure)), *tables])
        # Pieces of one long document overlap, and the same place is found twice, perhaps in part: the whole counts.
        # What its words show is not told by its meaning again.
        ranked = found.sort(
            [pl.col("cosine").is_not_null(), "stem_share", "option_share", "cosine", "start"],
            descending=[False, True, True, True, False],
            nulls_last=True,
            maintain_order=True,
        )
        return ranked.unique(["item_id", "document"], keep="first", maintain_order=True)

    def facts(self) -> dict[str, Any]:
        """Return what is said of the file: its size, and what was wrong with it."""
        return {
            "file": self.file,
            "documents": self.documents,
            "bytes": self.size,
            "complete": self.problem is None,
            "problem": self.problem,
            "canary_documents": self.canary_documents,
        }


def open_part(folder: Path, file: Path, signature: str) -> FilePart:
    """Return the state of a file; a new one where there is none, or where items or file have changed."""
    own = folder / f"{file.name}-{sha256_text(str(file.resolve()))[:12]}"
    path = own / "state.json"
    if path.is_file():
        state = json.loads(path.read_text(encoding="utf-8"))
        if state["signature"] == signature:
            return FilePart(
                own,
                file.name,
                signature,
                state["blocks"],
                state["documents"],
                state["bytes"],
                state["complete"],
                state["problem"],
                state["tables"],
                state["canaries"],
                state["canary_documents"],
            )
    return FilePart(own, file.name, signature)
