"""The hashes of letters and the look at sketches in machine code: what :mod:`._letters` and the index do, in one pass.

Both follow the same table of bytes and the same numbers; a test compares the two ways.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchwright.builder._machine import functions_of

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
    """The two loops."""

    letters: Any
    alike: Any
    engine: Any
    keep: NDArray[np.uint8]
    sketch: int

    def walked(self, data: bytes, bounds: NDArray[np.int64], kept: int, shown: int, brief: int, part: bytes) -> Walked:
        """Return what is known of texts.

        Args:
            data: stem and options of all items behind each other, in small letters.
            bounds: where each stem and the options of each item begin, and at last the end.
            kept: how many hashes of long stretches a text keeps.
            shown: how many short stretches are in its sketch.
            brief: letters below which a text keeps short stretches too.
            part: what stands between options.
        """
        import numpy as np

        count = len(bounds) // 2
        longest = int(np.diff(bounds[::2]).max(initial=0))
        room = np.empty(7 * longest + 64, np.uint8)
        most = len(data) + 6 * data.count(part) + 14 * count + 1
        # A short text keeps two hashes for each place, a longer one next to none: what is not written takes no memory.
        hashes, owners = np.empty(2 * most, np.uint64), np.empty(2 * most, np.int64)
        sketch = np.zeros((count, self.sketch), np.uint8)
        stems, rests = np.empty(count, np.uint64), np.empty(count, np.uint64)
        sizes, counts = np.empty(count, np.int64), np.empty(count, np.int64)
        raw = np.frombuffer(data, np.uint8)
        arrays: list[NDArray[Any]] = [self.keep, room, hashes, owners, sketch, stems, rests, sizes, counts]
        found = self.letters(
            raw.ctypes.data, bounds.ctypes.data, count, *(one.ctypes.data for one in arrays), kept, shown, brief
        )
        return Walked(hashes[:found].copy(), owners[:found].copy(), sketch, stems, rests, sizes, counts)

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
        self.alike(
            pairs.ctypes.data, len(pairs), sizes.ctypes.data, sketch.ctypes.data, common, lengths, told.ctypes.data
        )
        return told.view(np.bool_)


@lru_cache(maxsize=1)
def compiled() -> Loops | None:
    """Return the loops; null where llvmlite is not installed."""
    import numpy as np

    from benchwright.builder.dedup import _letters

    pointer, number, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
    source = _SOURCE.read_text(encoding="utf-8")
    for name, value in (
        ("FIRST", str(_letters.FIRST)),
        ("SECOND", str(_letters.SECOND)),
        ("GAP", str(int.from_bytes(_letters.PART.encode() * 8, "little"))),
        ("TOP", f"{_letters.TOP:.1f}"),
    ):
        source = source.replace(name, value)
    made = functions_of(
        source,
        {
            "letters": (number, pointer, pointer, number, *[pointer] * 9, real, real, number),
            "alike": (None, pointer, number, pointer, pointer, real, real, pointer),
        },
    )
    if made is None:
        return None
    calls, engine = made
    keep = _letters.kept_bytes().astype(np.uint8)
    return Loops(calls["letters"], calls["alike"], engine, keep, _letters.SKETCH)
