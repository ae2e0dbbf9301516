"""Pictures that travel inside a table: decoded, told by their first bytes, kept under their hash."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.item import Item
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Reject
from benchwright.sources._layouts.model import ImageIn, Layout
from benchwright.sources._layouts.values import listed

__all__ = ["pictures_of"]

_MEDIA: Final = table_schema(Item)["media"]
_FIRST: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF8", "image/gif", "gif"),
    (b"BM", "image/bmp", "bmp"),
    (b"II*\x00", "image/tiff", "tif"),
    (b"MM\x00*", "image/tiff", "tif"),
)
_EMPTY: Final = {"", "nan", "none", "null", "[]"}


def pictures_of(
    frame: pl.DataFrame, layout: Layout, file: str, folder: Path | None
) -> tuple[pl.Series | None, list[Reject]]:
    """Return the media of each record, and what is no picture; null where the layout has none.

    Args:
        frame: records as they stand in the file.
        layout: which columns hold pictures, and in what form.
        file: name for rejects.
        folder: where the bytes are written, each under its SHA-256; null writes nothing.
    """
    columns = [(one, frame[one.column]) for one in layout.images if one.column in frame.columns and one.form != "flag"]
    if not columns:
        return None, []
    media: list[list[dict[str, Any]]] = [[] for _ in range(frame.height)]
    rejects: list[Reject] = []
    for image, column in columns:
        for place, value in enumerate(column.to_list()):
            for one in _values(value):
                found = _named(one, image) if image.form == "name" else _kept(one, image, folder)
                if found is None:
                    rejects.append(_unreadable(file, int(frame["_row"][place]), image, one))
                    found = {"status": "missing", "role": "figure", "attached_to": image.attached_to}
                media[place].append(found)
    fields = [field.name for field in _MEDIA.inner.fields]  # type: ignore[attr-defined]
    whole = [[{name: one.get(name) for name in fields} for one in row] for row in media]
    return pl.Series("media", whole, dtype=_MEDIA), rejects


def _values(value: Any) -> Iterator[Any]:
    """Yield the pictures of one cell: one, a list of them, or a text that spells a list."""
    if value is None:
        return
    if isinstance(value, bytes | memoryview):
        yield bytes(value)
    elif isinstance(value, list):
        for one in value:
            yield from _values(one.get("bytes") or one.get("path") if isinstance(one, dict) else one)
    elif str(value).strip().casefold() not in _EMPTY:
        yield from (one for one in listed(str(value)) or [] if one.strip().casefold() not in _EMPTY)


def _named(value: Any, image: ImageIn) -> dict[str, Any]:
    return {"status": "missing", "role": "figure", "attached_to": image.attached_to, "source_file": str(value)}


def _kept(value: Any, image: ImageIn, folder: Path | None) -> dict[str, Any] | None:
    data = value if isinstance(value, bytes) else _decoded(str(value))
    kind = next(((name, end) for first, name, end in _FIRST if data and data.startswith(first)), None)
    if data and data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = ("image/webp", "webp")
    if data is None or kind is None:
        return None
    digest = hashlib.sha256(data).hexdigest()
    name = f"{digest}.{kind[1]}"
    if folder is not None:
        _write(folder / name, data)
    return {
        "sha256": digest,
        "media_type": kind[0],
        "role": "figure",
        "status": "present",
        "attached_to": image.attached_to,
        "file": name,
    }


def _decoded(text: str) -> bytes | None:
    body = text.split(",", 1)[1] if text.startswith("data:") and "," in text else text
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _write(path: Path, data: bytes) -> None:
    """Write bytes that other processes may write at the same time: the name appears with all of them."""
    if path.is_file() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{hashlib.sha256(str(id(data)).encode()).hexdigest()[:8]}.part~")
    part.write_bytes(data)
    part.replace(path)


def _unreadable(file: str, row: int, image: ImageIn, value: Any) -> Reject:
    shown = value[:40] if isinstance(value, bytes) else str(value)[:40]
    return Reject(
        file=file,
        reason="image-unreadable",
        number=str(row),
        text=str(shown),
        detail=f"record {row}, column {image.column}; found: {shown!r}; expected: a picture as {image.form}",
        stage="import",
    )
