"""The pass over a corpus in machine code, made with llvmlite: what :mod:`._words` and the index do, byte after byte.

``fold`` writes the text as it is compared, ``scan`` walks its words and writes where runs of five of them begin whose
hash may be in the index. Both follow tables that are made with the plain functions, so that there is one definition of
a word; a test compares the two ways on broken and on hostile text.
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
_U8 = npt.NDArray[np.uint8]
_I64 = npt.NDArray[np.int64]
_U64 = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Loops:
    """The two loops, and the tables that they read."""

    fold: Callable[..., None]
    scan: Callable[..., int]
    lines: Callable[..., int]
    engine: Any
    twos: npt.NDArray[np.uint16]
    threes: _U8
    single: _U8
    escaped: tuple[_U8, _U8]
    """Which bytes a backslash turns into space: none, and those of JSON."""
    room: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    """Buffers that are used again: memory that is new for each block costs as much as the work."""

    def maybe(self, data: bytes, bits: _U8, bits2: _U8, *, escapes: bool) -> tuple[_I64, _U64]:
        """Return at which bytes runs of words begin whose hash both bitmaps know, and those hashes."""
        n = len(data)
        self._make_room(n)
        raw, text, places, grams = (self.room[name] for name in ("raw", "text", "places", "grams"))
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
        ring = np.zeros(2 * _words.GRAM, dtype=np.uint64)
        found = self.scan(
            text.ctypes.data,
            n + _PAD + 1,
            self.single.ctypes.data,
            _words.MASKS.ctypes.data,
            bits.ctypes.data,
            64 - (len(bits) * 8).bit_length() + 1,
            bits2.ctypes.data,
            len(bits2) * 8 - 1,
            ring.ctypes.data,
            places.ctypes.data,
            grams.ctypes.data,
        )
        return places[:found].copy(), grams[:found].copy()

    def line_ends(self, data: bytes) -> tuple[_I64, bool]:
        """Return behind which bytes there is a line feed, and whether a backslash before ``u`` is among them."""
        # One byte more is read than is asked for: the last 64 bytes are left to plain code.
        whole = max(0, (len(data) - 1) // 64 * 64)
        made = np.empty(data.count(b"\n"), dtype=np.int64)
        flag = np.zeros(1, dtype=np.int64)
        raw = np.frombuffer(data, dtype=np.uint8)
        found = self.lines(raw.ctypes.data, whole, made.ctypes.data, flag.ctypes.data) if whole else 0
        made[found:] = np.flatnonzero(raw[whole:] == 0x0A) + whole + 1
        return made, bool(flag[0]) or b"\\u" in data[whole:]

    def _make_room(self, n: int) -> None:
        if "raw" in self.room and len(self.room["raw"]) >= n + _BEYOND:
            return
        size = n + n // 4 + 2 * _BEYOND
        self.room["raw"] = np.empty(size, dtype=np.uint8)
        self.room["text"] = np.empty(size + _PAD, dtype=np.uint8)
        # A word has a byte behind it that is none of its own, or is a sign of three bytes.
        self.room["places"] = np.empty(size // 2 + 2, dtype=np.int64)
        self.room["grams"] = np.empty(size // 2 + 2, dtype=np.uint64)


@lru_cache(maxsize=1)
def compiled() -> Loops | None:
    """Return the loops; null where llvmlite is not installed."""
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    made = functions_of(
        _numbered(_SOURCE.read_text(encoding="utf-8")),
        {
            "fold": (None, pointer, number, *[pointer] * 4),
            "scan": (number, pointer, number, *[pointer] * 3, number, pointer, number, *[pointer] * 3),
            "lines": (number, pointer, number, pointer, pointer),
        },
    )
    if made is None:
        return None
    calls, engine = made
    return Loops(calls["fold"], calls["scan"], calls["lines"], engine, *_tables())


def _numbered(source: str) -> str:
    second = int(_words.SECOND)
    for name, value in (
        ("FIRST", int(_words.FIRST)),
        ("SECOND", second),
        ("THIRD", int(_words.THIRD)),
        ("POWER", pow(second, _words.GRAM, 1 << 64)),
        ("GRAM", _words.GRAM),
    ):
        source = source.replace(name, str(value))
    return re.sub(r"ALL\((-?\d+)\)", lambda found: "<" + ", ".join([f"i8 {found[1]}"] * 64) + ">", source)


def _tables() -> tuple[npt.NDArray[np.uint16], _U8, _U8, tuple[_U8, _U8]]:
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
    return twos, threes, single, (np.zeros(256, dtype=np.uint8), _words.ESCAPED.astype(np.uint8))
