"""Files of a corpus as blocks of documents, read once from front to back in bounded memory."""

from __future__ import annotations

import gzip
import importlib
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.builder.contamination._compiled import compiled
from benchwright.schemas.errors import InputError, NotFoundError, Problem

__all__ = ["BLOCK", "Block", "blocks_of", "corpus_files", "kind_of"]

BLOCK: Final = 1 << 20
_LONGEST: Final = 1 << 22
"""A document of more bytes is searched in pieces."""
_OVERLAP: Final = 1 << 14
_LINES: Final = (".jsonl", ".ndjson", ".json")
_TEXTS: Final = (".txt", ".md", ".text")
_PACKED: Final = (".gz", ".zst")
_BROKEN: Final = (OSError, EOFError, zlib.error, pl.exceptions.PolarsError)
_FIELDS: Final = ("text", "content", "raw_content", "body", "document")
_IDS: Final = ("id", "doc_id", "url", "docid", "_id")


@dataclass(frozen=True)
class Block:
    """Some documents: as they are searched, where each begins, and how their texts and names are had."""

    data: bytes
    bounds: npt.NDArray[np.int64]
    text_of: Callable[[int], bytes | None]
    name_of: Callable[[int], str]
    first: int
    """Number of the first document in its file, from 0."""
    base: int = 0
    """Code points of the document before this block, where one document is searched in pieces."""
    escapes: bool = False
    """Whether ``data`` is JSON with its escapes."""
    continued: bool = False
    """Whether the first document began in the block before: a long one is searched in pieces that overlap."""


def corpus_files(paths: list[Path]) -> list[Path]:
    """Return the files of a corpus, those of folders sorted by name.

    Raises:
        NotFoundError: a path does not exist.
        InputError: ``corpus-empty``: there is no file of a known kind.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.rglob("*") if one.is_file() and kind_of(one))
        elif path.is_file():
            found.append(path)
        else:
            raise NotFoundError(Problem("file-not-found", "there is no such corpus", str(path)))
    if not found:
        raise InputError(
            Problem(
                "corpus-empty",
                "no file of the corpus can be searched",
                ", ".join(map(str, paths)),
                expected="jsonl, jsonl.gz, jsonl.zst, parquet, arrow, txt, txt.gz or warc.gz",
            )
        )
    return found


def kind_of(path: Path) -> str | None:
    """Return ``lines``, ``text``, ``parquet``, ``arrow`` or ``warc``; null for a file of another kind."""
    name = path.name.casefold()
    for packed in _PACKED:
        name = name.removesuffix(packed)
    suffix = Path(name).suffix
    if suffix in _LINES:
        return "lines"
    if suffix in _TEXTS:
        return "text"
    return {".parquet": "parquet", ".arrow": "arrow", ".warc": "warc", ".wet": "warc"}.get(suffix)


def blocks_of(path: Path) -> Iterator[Block]:
    """Yield the documents of a file in blocks of about a megabyte; the same blocks each time.

    Raises:
        InputError: ``file-unreadable`` when the file cannot be opened, is packed and broken, or is of no known kind.
    """
    kind = kind_of(path)
    try:
        if kind == "lines":
            yield from _line_blocks(path)
        elif kind in {"parquet", "arrow"}:
            yield from _table_blocks(path, kind)
        elif kind == "text":
            yield from _text_blocks(path)
        elif kind == "warc":
            from benchwright.builder.contamination._warc import records

            yield from _of_documents(records(path))
        else:
            raise _unreadable(path, path.suffix or "no suffix")
    except _BROKEN as error:
        raise _unreadable(path, str(error).splitlines()[0] if str(error) else type(error).__name__) from error


def opened(path: Path) -> IO[bytes]:
    """Open a file that may be packed by gzip or Zstandard, as a stream."""
    if path.suffix == ".gz":
        try:
            igzip: Any = importlib.import_module("isal.igzip")
        except ImportError:
            return cast("IO[bytes]", gzip.open(path, "rb"))
        return cast("IO[bytes]", igzip.open(path, "rb"))
    if path.suffix == ".zst":
        from benchwright.builder.contamination._zstd import ZstdStream

        return cast("IO[bytes]", ZstdStream(path))
    return path.open("rb")


def _line_blocks(path: Path) -> Iterator[Block]:
    number = 0
    for data, continued, whole in _whole_lines(path):
        if continued:
            number -= 1
        if not whole:
            yield _piece_of_line(data, number, continued=continued)
            number += 1
            continue
        ends, escaped = _line_ends(data)
        bounds = np.concatenate([np.zeros(1, dtype=np.int64), ends])
        if bounds[-1] != len(data):
            bounds = np.append(bounds, len(data))
        lines = _Lines(data, bounds)
        # Escapes part words where they are looked at; only where letters themselves are escaped are texts resolved.
        yield Block(lines.unescaped() if escaped else data, bounds, lines.text, lines.name, number, escapes=not escaped)
        number += len(bounds) - 1


def _line_ends(data: bytes) -> tuple[npt.NDArray[np.int64], bool]:
    """Return where lines end, and whether letters are escaped in them."""
    loops = compiled()
    if loops is not None:
        return loops.line_ends(data)
    return np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 0x0A) + 1, b"\\u" in data


def _whole_lines(path: Path) -> Iterator[tuple[bytes, bool, bool]]:
    """Yield runs of whole lines, whether they go on with the line before, and whether they are whole.

    A line that is longer than four megabytes comes in pieces that overlap; so does its end, alone.
    """
    parts: list[bytes] = []
    broken: list[Exception] = []
    size, continued = 0, False
    with opened(path) as stream:
        while chunk := _chunk(stream, broken):
            cut = chunk.find(b"\n") + 1 if continued else chunk.rfind(b"\n") + 1
            if cut:
                parts.append(chunk[:cut])
                yield b"".join(parts), continued, not continued
                chunk, continued = chunk[cut:], False
                if chunk.count(b"\n"):
                    cut = chunk.rfind(b"\n") + 1
                    yield chunk[:cut], False, True
                    chunk = chunk[cut:]
                parts, size = [], 0
            parts.append(chunk)
            size += len(chunk)
            if size > _LONGEST:
                data = b"".join(parts)
                yield data, continued, False
                parts, size, continued = [data[-_OVERLAP:]], _OVERLAP, True
    if any(parts):
        yield b"".join(parts), continued, not continued
    if broken:
        raise broken[0]


def _chunk(stream: IO[bytes], broken: list[Exception]) -> bytes:
    """Return the next bytes; none where a file breaks off: what was read before is searched first."""
    try:
        return stream.read(BLOCK)
    except _BROKEN as error:
        broken.append(error)
        return b""


def _piece_of_line(data: bytes, number: int, *, continued: bool) -> Block:
    """Return a piece of a line that is too long to be read as JSON: its text is what stands there, escapes resolved."""
    text = _resolved(data.replace(b"\n", b" "))
    return Block(
        text, np.array([0, len(text)], dtype=np.int64), _Piece(text).text, _nameless, number, continued=continued
    )


def _resolved(data: bytes) -> bytes:
    """Return a piece of JSON text with its escapes resolved, cut ones left as they are."""

    def sign(found: re.Match[bytes]) -> bytes:
        escape = found.group(1)
        if escape[:1] == b"u":
            return chr(int(escape[1:], 16)).encode("utf-8", "replace")
        return b" " if escape in b"nrtbf" else escape

    return _ESCAPE.sub(sign, data)


_ESCAPE: Final = re.compile(rb'\\(u[0-9a-fA-F]{4}|["\\/nrtbf])')


class _Lines:
    """The documents of some JSON lines, read when they are asked for."""

    def __init__(self, data: bytes, bounds: npt.NDArray[np.int64]) -> None:
        self.data = data
        self.bounds = bounds

    def record(self, number: int) -> Any:
        line = self.data[int(self.bounds[number]) : int(self.bounds[number + 1])]
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            return None

    def text(self, number: int) -> bytes | None:
        """Return the text of a document; the line itself where it is no JSON, for what a cut line holds is there."""
        record = self.record(number)
        if isinstance(record, str):
            return record.encode("utf-8", "replace")
        if not isinstance(record, dict):
            return self.data[int(self.bounds[number]) : int(self.bounds[number + 1])]
        named = next((record[name] for name in _FIELDS if isinstance(record.get(name), str)), None)
        text = named if named is not None else "\n".join(_strings(record))
        return str(text).encode("utf-8", "replace")

    def name(self, number: int) -> str:
        record = self.record(number)
        named = [record[name] for name in _IDS if name in record] if isinstance(record, dict) else []
        return str(named[0]) if named else ""

    def unescaped(self) -> bytes:
        """Return a block of the same length for each document, its text first and then spaces."""
        parts = []
        for number in range(len(self.bounds) - 1):
            size = int(self.bounds[number + 1] - self.bounds[number])
            text = (self.text(number) or b"").replace(b"\n", b" ")[:size]
            parts.append(text.ljust(size))
        return b"".join(parts)


def _strings(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            stack += list(one.values())[::-1]
        elif isinstance(one, list):
            stack += one[::-1]


def _of_documents(documents: Iterator[tuple[str, bytes]]) -> Iterator[Block]:
    """Gather documents that are already apart into blocks."""
    names: list[str] = []
    texts: list[bytes] = []
    number = size = 0
    broken: Exception | None = None
    while True:
        try:
            name, text = next(documents)
        except StopIteration:
            break
        except _BROKEN as error:  # what was read before it is searched; then it goes on
            broken = error
            break
        if len(text) > _LONGEST:
            if names:
                yield _gathered(names, texts, number)
            number += len(names)
            names, texts, size = [], [], 0
            yield from _pieces(name, text, number)
            number += 1
            continue
        names.append(name)
        texts.append(text)
        size += len(text)
        if size >= BLOCK:
            yield _gathered(names, texts, number)
            number += len(names)
            names, texts, size = [], [], 0
    if names:
        yield _gathered(names, texts, number)
    if broken is not None:
        raise broken


def _pieces(name: str, text: bytes, number: int) -> Iterator[Block]:
    """Yield a long document in pieces that overlap."""
    before = 0
    for start in range(0, len(text), _LONGEST - _OVERLAP):
        data = text[start : start + _LONGEST]
        bounds = np.array([0, len(data)], dtype=np.int64)
        yield Block(data, bounds, _Piece(data).text, lambda _: name, number, base=before, continued=start > 0)
        before += _signs(data[: _LONGEST - _OVERLAP])


def _gathered(names: list[str], texts: list[bytes], first: int) -> Block:
    sizes = np.array([0, *(len(text) + 1 for text in texts)], dtype=np.int64)
    return Block(b"\n".join(texts) + b"\n", np.cumsum(sizes), texts.__getitem__, names.__getitem__, first)


def _table_blocks(path: Path, kind: str) -> Iterator[Block]:
    frame = pl.scan_parquet(path) if kind == "parquet" else pl.scan_ipc(path)
    names = frame.collect_schema().names()
    column = next((name for name in _FIELDS if name in names), None)
    own = next((name for name in _IDS if name in names), None)
    # A table of another kind, of a benchmark say, is searched as one text a row, of all that is text in it.
    text = pl.struct(pl.all()).struct.json_encode() if column is None else pl.col(column).cast(pl.String)
    wanted = frame.select(
        text.fill_null("").alias("text"),
        (pl.col(own).cast(pl.String).fill_null("") if own else pl.lit("")).alias("name"),
    )

    def documents() -> Iterator[tuple[str, bytes]]:
        at, step = 0, 4096
        while True:
            part = wanted.slice(at, step).collect()
            if part.is_empty():
                return
            at += part.height
            for text, name in part.iter_rows():
                whole = text if column is not None else "\n".join(_strings(json.loads(text)))
                yield name, whole.encode("utf-8", "replace")

    yield from _of_documents(documents())


def _text_blocks(path: Path) -> Iterator[Block]:
    """Yield a file of plain text, one document, in pieces that overlap, so that nothing is lost at their borders."""
    overlap = b""
    before = 0
    with opened(path) as stream:
        while chunk := stream.read(BLOCK):
            data = overlap + chunk
            bounds, later = np.array([0, len(data)], dtype=np.int64), bool(overlap)
            yield Block(data, bounds, _Piece(data).text, _nameless, 0, base=before, continued=later)
            overlap = data[-_OVERLAP:]
            before += _signs(data) - _signs(overlap)


@dataclass(frozen=True)
class _Piece:
    data: bytes

    def text(self, _number: int) -> bytes:
        return self.data


def _nameless(_number: int) -> str:
    return ""


def _signs(data: bytes) -> int:
    """Return how many code points begin in some UTF-8."""
    raw = np.frombuffer(data, dtype=np.uint8)
    return int(np.count_nonzero((raw & 0xC0) != 0x80))


def _unreadable(path: Path, found: str) -> InputError:
    return InputError(
        Problem(
            "file-unreadable",
            "a file of the corpus cannot be read to its end",
            str(path),
            found=found,
            expected="jsonl, parquet, arrow, text or warc, plain or packed by gzip or Zstandard",
            remedy="fetch the file again, or leave it out; what was read before is kept",
        )
    )
