"""The hashes of letters and the look at sketches in machine code: what :mod:`._letters` and the index do, in one pass.

Both follow the same table of bytes and the same numbers; a test compares the two ways.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchwright.builder._machine import functions_of, machine_has

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Loops", "Walked", "compiled"]

_SOURCE: Final = Path(__file__).with_name("_loops.ll")


@dataclass(frozen=True)
class Walked:
    """What is known of some texts after one pass: as in :class:`benchwright.builder.dedup._letters.Letters`."""

    hashes: NDArray[np.uint64]
    owners: NDArray[np.int64]
    sketch: NDArray[np.uint8]
    stems: NDArray[np.uint64]
    rests: NDArray[np.uint64]
    sizes: NDArray[np.int64]
    counts: NDArray[np.int64]
    """Letters of each text without the separators."""


@dataclass(frozen=True)
class Loops:
    """The loops, and the tables that they read."""

    calls: dict[str, Any]
    engine: Any
    tables: tuple[NDArray[np.uint8], NDArray[np.uint32]]
    """For each byte what it is; for each code point of two or three bytes its small letter."""
    sketch: int
    room: dict[str, NDArray[Any]] = field(default_factory=dict)
    """Arrays that are used again: memory that is new for each slice costs as much as the work."""

    def walked(self, data: bytes, bounds: NDArray[np.int64], kept: int, shown: int, brief: int, part: bytes) -> Walked:
        """Return what is known of texts.

        Args:
            data: stem and options of all items behind each other.
            bounds: where each stem and the options of each item begin, and at last the end.
            kept: how many hashes of long stretches a text keeps.
            shown: how many short stretches are in its sketch.
            brief: letters below which a text keeps short stretches too.
            part: what stands between options.
        """
        import numpy as np

        count = len(bounds) // 2
        longest = int(np.diff(bounds[::2]).max(initial=0))
        most = 2 * (len(data) + 6 * data.count(part) + 14 * count) + 64
        # A short text keeps two hashes for each place, a longer one next to none: what is not written takes no memory.
        hashes, owners = self._room("hashes", most, np.uint64), self._room("owners", most, np.int64)
        letters = self._room("letters", 7 * longest + 128, np.uint8)
        marks = self._room("marks", 7 * longest + 128, np.uint64)
        sketch = np.zeros((count, self.sketch), np.uint8)
        stems, rests = np.empty(count, np.uint64), np.empty(count, np.uint64)
        sizes, counts = np.empty(count, np.int64), np.empty(count, np.int64)
        # The loops read 64 bytes at once.
        raw = np.frombuffer(data + bytes(64), np.uint8)
        arrays: list[NDArray[Any]] = [*self.tables, letters, marks, hashes, owners, sketch, stems, rests, sizes, counts]
        found = self.calls["letters"](
            raw.ctypes.data, bounds.ctypes.data, count, *(one.ctypes.data for one in arrays), kept, shown, brief
        )
        return Walked(hashes[:found].copy(), owners[:found].copy(), sketch, stems, rests, sizes, counts)

    def _room(self, name: str, size: int, dtype: type[Any]) -> NDArray[Any]:
        import numpy as np

        if name not in self.room or len(self.room[name]) < size:
            self.room[name] = np.empty(size + size // 4, dtype)
        return self.room[name]

    def packed(
        self, hashes: NDArray[np.uint64], owners: NDArray[np.int64], places: NDArray[np.int64], bits: int
    ) -> NDArray[np.uint64]:
        """Return hashes with the places of their texts in the lower bits."""
        import numpy as np

        made, places = np.empty_like(hashes), np.ascontiguousarray(places, np.int64)
        arrays = (one.ctypes.data for one in (hashes, owners, places))
        self.calls["packed"](*arrays, len(hashes), bits, made.ctypes.data)
        return made

    def shared(self, packed: NDArray[np.uint64], bits: int, known: int) -> NDArray[np.uint64]:
        """Return those of sorted hashes, each with its text in the lower bits, that several texts have.

        They come back with the text first, then how many have them, known up to a number; the array is written over.
        """
        return packed[: self.calls["shared"](packed.ctypes.data, len(packed), bits, known)]

    def rarest(self, keys: NDArray[np.uint64], bits: int, few: int) -> NDArray[np.uint64]:
        """Return the first few of the sorted keys of each text, hash first; the array is written over."""
        return keys[: self.calls["rarest"](keys.ctypes.data, len(keys), bits, few)]

    def fitting(
        self,
        pairs: NDArray[np.uint64],
        sizes: NDArray[np.int32],
        sketch: NDArray[np.uint8],
        common: float,
        lengths: float,
    ) -> NDArray[np.bool_]:
        """Tell which pairs of places have enough of the smaller sketch in common, and lengths that are near enough."""
        import numpy as np

        told = np.empty(len(pairs), np.uint8)
        self.calls["alike"](
            pairs.ctypes.data, len(pairs), sizes.ctypes.data, sketch.ctypes.data, common, lengths, told.ctypes.data
        )
        return told.view(np.bool_)


@lru_cache(maxsize=1)
def compiled() -> Loops | None:
    """Return the loops; null where llvmlite is not installed."""
    from benchwright.builder.dedup import _letters

    pointer, number, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
    source = _SOURCE.read_text(encoding="utf-8")
    for name, value in (
        ("FIRST", str(_letters.FIRST)),
        ("SECOND", str(_letters.SECOND)),
        ("GAP", str(int.from_bytes(_letters.PART.encode() * 8, "little"))),
        ("TOP", f"{_letters.TOP:.1f}"),
        ("COPIED", "gathered" if machine_has("avx512vbmi2") else "single"),
    ):
        source = source.replace(name, value)
    for name, of, size in (("ALL", "i64", 8), ("BYTES", "i8", 64)):
        for one in set(re.findall(rf"\b{name}\((-?\d+)\)", source)):
            source = source.replace(f"{name}({one})", f"<{', '.join([f'{of} {one}'] * size)}>")
    made = functions_of(
        source,
        {
            "letters": (number, pointer, pointer, number, *[pointer] * 11, real, real, number),
            "alike": (None, pointer, number, pointer, pointer, real, real, pointer),
            "packed": (None, pointer, pointer, pointer, number, number, pointer),
            "shared": (number, pointer, number, number, number),
            "rarest": (number, pointer, number, number, number),
        },
        level=0,
    )
    if made is None:
        return None
    return Loops(*made, _tables(), _letters.SKETCH)


def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Return the tables of the loops, made with the plain functions: there is one definition of a small letter."""
    import numpy as np
    import polars as pl

    from benchwright.builder.dedup import _letters

    codes = [*range(0x80, 0xD800), *range(0xE000, 0x10000)]
    signs = pl.Series([chr(code) for code in codes])
    small = pl.select(_letters.small(pl.lit(signs))).to_series()
    kinds = _letters.kept_bytes().astype(np.uint8)
    kinds[ord("A") : ord("Z") + 1] = 1
    wide = np.zeros(1 << 16, np.uint32)
    for lead in {chr(codes[at]).encode()[0] for at in (small != signs).arg_true().to_list()}:
        size = 2 if lead < 0xE0 else 3
        kinds[lead] = size
        begin = (lead & 0x1F) << 6 if size == 2 else (lead & 0x0F) << 12
        for code in range(max(begin, 0x80), begin + (1 << 6 * (size - 1))):
            text = small[code - 0x80 if code < 0xD800 else code - 0x880].encode()
            wide[code] = int.from_bytes(text, "little") | len(text) << 24
    kinds[ord(_letters.PART)] = 4
    return kinds, wide
