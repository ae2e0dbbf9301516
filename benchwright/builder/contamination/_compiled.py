"""The pass over a corpus in machine code, made with llvmlite: what :mod:`._words` and the index do, byte after byte.

``fold`` writes the text as it is compared, ``words`` where its words are, ``hashes`` their hashes, and ``runs`` where
runs of five of them begin whose hash may be in the index. They follow tables that are made with the plain functions, so
that there is one definition of a word; a test compares the two ways on broken and on hostile text.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchwright.builder._machine import functions_of
from benchwright.builder.contamination import _words

__all__ = ["Loops", "compiled"]

_SOURCE: Final = Path(__file__).with_name("_loops.ll")
_PAD: Final = 8
_BEYOND: Final = 192
"""Spaces after the text: the loops take 64 bytes at once."""
_ROOM: Final = ("text", "edges", "hashes", "places", "grams")
_U8 = npt.NDArray[np.uint8]
_I64 = npt.NDArray[np.int64]
_U64 = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Loops:
    """The loops, and the tables that they read."""

    fold: Callable[..., None]
    words: Callable[..., int]
    hashes: Callable[..., None]
    runs: Callable[..., int]
    lines: Callable[..., int]
    engine: Any
    twos: npt.NDArray[np.uint16]
    threes: _U8
    single: _U8
    escaped: tuple[_U8, _U8]
    """Which bytes a backslash turns into space: none, and those of JSON."""
    room: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    """Buffers that are used again: memory that is new for each block costs as much as the work."""

    def maybe(self, data: bytes, first: _U64, second: _U8, *, escapes: bool) -> tuple[_I64, _U64]:
        """Return at which bytes runs of words begin whose hash both tables know, and those hashes."""
        words = self._words_of(data, escapes=escapes)
        text, edges, hashes, places, grams = (self.room[name] for name in _ROOM)
        self.hashes(text.ctypes.data, edges.ctypes.data, words, hashes.ctypes.data)
        found = self.runs(
            edges.ctypes.data,
            hashes.ctypes.data,
            words - _words.GRAM + 1,
            first.ctypes.data,
            65 - len(first).bit_length(),
            second.ctypes.data,
            len(second) * 8 - 1,
            places.ctypes.data,
            grams.ctypes.data,
        )
        return places[:found].copy(), grams[:found].copy()

    def cut(self, data: bytes) -> tuple[bytes, _I64, _I64]:
        """Return a text as it is compared, and at which bytes its words begin and end."""
        words = self._words_of(data, escapes=False)
        edges = self.room["edges"][: 2 * words].astype(np.int64) - _PAD
        return self.room["text"][_PAD : len(data) + _PAD].tobytes(), edges[::2], edges[1::2]

    def _words_of(self, data: bytes, *, escapes: bool) -> int:
        """Write a text as it is compared, and where its words begin and end, into the room; return how many they are.

        Args:
            data: the text.
            escapes: whether it is raw JSON.
        """
        n = len(data)
        self._make_room(n)
        raw, text = self.room["raw"], self.room["text"]
        raw[:n] = np.frombuffer(data, dtype=np.uint8)
        raw[n : n + _BEYOND] = 0x20
        text[:_PAD] = text[n + _PAD : n + _PAD + _BEYOND] = 0x20
        self.fold(
            raw.ctypes.data,
            n,
            text.ctypes.data + _PAD,
            self.twos.ctypes.data,
            self.threes.ctypes.data,
            self.escaped[escapes].ctypes.data,
        )
        return self.words(text.ctypes.data, n + _PAD + 1, self.single.ctypes.data, self.room["edges"].ctypes.data)

    def line_ends(self, data: bytes) -> tuple[_I64, bool]:
        """Return behind which bytes there is a line feed, and whether a backslash before ``u`` is among them."""
        # One byte more is read than is asked for: the last 64 bytes are left to plain code.
        whole = max(0, (len(data) - 1) // 64 * 64)
        self._make_room(len(data))
        made = self.room["lines"]
        flag = np.zeros(1, dtype=np.int64)
        raw = np.frombuffer(data, dtype=np.uint8)
        found = self.lines(raw.ctypes.data, whole, made.ctypes.data, flag.ctypes.data) if whole else 0
        last = np.flatnonzero(raw[whole:] == 0x0A) + whole + 1
        return np.concatenate([made[:found], last]), bool(flag[0]) or b"\\u" in data[whole:]

    def _make_room(self, n: int) -> None:
        if "raw" in self.room and len(self.room["raw"]) >= n + _BEYOND:
            return
        size = n + n // 4 + 2 * _BEYOND
        self.room["raw"] = np.empty(size, dtype=np.uint8)
        self.room["text"] = np.empty(size + _PAD, dtype=np.uint8)
        # A word has a byte behind it that is none of its own, or is a sign of three bytes.
        # The loops write and read a few more than there are.
        self.room["lines"] = np.empty(size, dtype=np.int64)
        self.room["edges"] = np.empty(size + 64, dtype=np.int32)
        self.room["hashes"] = np.empty(size // 2 + 32, dtype=np.uint64)
        self.room["places"] = np.empty(size // 2 + 32, dtype=np.int64)
        self.room["grams"] = np.empty(size // 2 + 32, dtype=np.uint64)


@lru_cache(maxsize=1)
def compiled() -> Loops | None:
    """Return the loops; null where llvmlite is not installed."""
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    made = functions_of(
        _numbered(_SOURCE.read_text(encoding="utf-8")),
        {
            "fold": (None, pointer, number, *[pointer] * 4),
            "words": (number, pointer, number, pointer, pointer),
            "hashes": (None, pointer, pointer, number, pointer),
            "runs": (number, pointer, pointer, number, pointer, number, pointer, number, pointer, pointer),
            "lines": (number, pointer, number, pointer, pointer),
        },
    )
    if made is None:
        return None
    calls, engine = made
    return Loops(**calls, engine=engine, **_tables())


def _numbered(source: str) -> str:
    for name, value in (
        ("FIRST", int(_words.FIRST)),
        ("SECOND", int(_words.SECOND)),
        ("THIRD", int(_words.THIRD)),
        ("GRAM", _words.GRAM),
        ("MIDDLE", _words.MIDDLE),
    ):
        source = source.replace(name, str(value))
    for name, of, size in (("ALL", "i8", 64), ("EIGHT", "i64", 8)):
        numbers = set(re.findall(rf"\b{name}\((-?\d+)\)", source))
        for number in numbers:
            source = source.replace(f"{name}({number})", f"<{', '.join([f'{of} {number}'] * size)}>")
    return source


def _tables() -> dict[str, Any]:
    """Return what becomes of two and three bytes, which three are a word of their own, and what escapes part."""
    pairs = bytes(one for lead in range(0xC0, 0xE0) for low in range(0x80, 0xC0) for one in (lead, low))
    twos = np.frombuffer(_words.folded(pairs), dtype="<u2").copy()
    triples = bytes(
        one
        for lead in range(0xE0, 0xF0)
        for low in range(0x80, 0xC0)
        for last in range(0x80, 0xC0)
        for one in (lead, low, last)
    )
    made = np.frombuffer(_words.folded(triples), dtype=np.uint8).reshape(-1, 3)
    threes = (made[:, 0] == 0x20).astype(np.uint8)
    signs = bytes(one for lead in range(0xE0, 0xF0) for low in range(0x80, 0xC0) for one in (lead, low, 0x80))
    alone = _words.single_signs(np.frombuffer(signs + b"  ", dtype=np.uint8))
    single = np.zeros(16 * 64, dtype=np.uint8)
    if alone is not None:
        single[alone // 3] = 1
    escaped = (np.zeros(256, dtype=np.uint8), _words.ESCAPED.astype(np.uint8))
    return {"twos": twos, "threes": threes, "single": single, "escaped": escaped}
