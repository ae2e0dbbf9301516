"""Booklets of the typesetter read by the PDF reader alone, and what differs from the truth."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import regex

from benchwright.schemas.item import Item
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.tables import Reject
from benchwright.sources.pdf import SOURCE

FILE = "booklet.pdf"


class Sink:
    """Keeps no picture and names each by its hash."""

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        digest = hashlib.sha256(data).hexdigest()
        return digest, f"{digest}.{media_type.rpartition('/')[2]}"


def read_printed(path: Path, language: str) -> list[Item | Reject]:
    """Return what the reader makes of a booklet."""
    job = PaperJob(file=FILE, sha256="0" * 64, exam="x", edition="2021", part="1", language=language)
    return list(SOURCE.parse(path, job, Sink()))


def plain(text: str) -> str:
    """Return the compared form of a text."""
    return regex.sub(r"[\p{P}\p{Z}\s|]+", "", unicodedata.normalize("NFKC", text)).casefold()


def differences(read: Sequence[Item | Reject], truth: dict[str, Any]) -> list[tuple[str, str, Any, Any]]:
    """Return what differs: cause, number, what was read, what was printed."""
    several = len({row["part"] for row in truth["items"]}) > 1
    items = {(one.exam.part, one.exam.number): one for one in read if isinstance(one, Item)}
    found: list[tuple[str, str, Any, Any]] = []
    for row in truth["items"]:
        number = str(row["number"])
        item = items.get((f"1.{row['part']}" if several else "1", number))
        if item is None:
            found.append(("missing", number, None, row["stem"]))
            continue
        table = " ".join(" ".join(cells) for cells in row["table"] or ())
        if plain(item.stem) != plain(row["stem"] + table):
            found.append(("stem", number, item.stem, row["stem"]))
        texts, wanted = ([o.text for o in item.options], [o["text"] for o in row["options"]])
        if [plain(text) for text in texts] != [plain(text) for text in wanted]:
            found.append(("options", number, texts, wanted))
        if row["context"] and (item.context is None or not plain(item.context.text).endswith(plain(row["context"]))):
            found.append(("context", number, item.context and item.context.text, row["context"]))
        if len(item.media) != len(row["figures"]):
            found.append(("figures", number, len(item.media), len(row["figures"])))
    return found
