"""Calls into PDFium, one function over many characters or objects, with the results as arrays.

With the extra ``fast`` the loop over the calls is machine code: about five lines of LLVM for each shape of call, which
get the address of the function in PDFium when they run. Without it ``map`` runs the same calls through ctypes. Both
hand over what PDFium writes, byte for byte.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._pdffastcode import Loops, loops_on_disk, made_loops

__all__ = ["MATRIX", "RECT", "Addresses", "Calls", "Characters", "address_of", "characters", "shared_calls"]

Addresses = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]
RECT: Final = np.dtype([(name, "f4") for name in ("left", "top", "right", "bottom")])
MATRIX: Final = np.dtype([(name, "f4") for name in "abcdef"])
_WORTH: Final = 60_000
"""Calls after which loading the compiler has cost less than it saves; loops kept on disk are used at once."""


def address_of(handle: Any) -> int:
    """Return the address of something of PDFium's, 0 for nothing."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


@dataclass
class Calls:
    """Calls functions of PDFium by name."""

    library: Any
    """The raw bindings."""
    loops: Loops | None = None
    """The compiled loops, or None: every call goes through ctypes."""
    wait: bool = True
    """Compiled loops are looked for on disk at once, and made after many calls."""
    done: int = 0
    known: dict[tuple[str, str], Callable[..., Any]] = field(default_factory=dict)

    def numbers(self, name: str, first: int | Addresses, count: int, room: npt.NDArray[Any] | None = None) -> Numbers:
        """Return what a function answers for each of some things.

        Args:
            name: of a function that returns a whole number or whether it worked.
            first: the address of a page, for its characters 0, 1, ...; or the addresses of objects.
            count: of the things.
            room: what the function writes: a row for each thing. One pointer is handed over for a structured row or
                a row of one, otherwise one for each column.
        """
        return self._run(name, first, count, room, pointer=False).astype(np.int32)

    def addresses(self, name: str, first: int | Addresses, count: int) -> Addresses:
        """Return the addresses that a function answers for each of some things, 0 for nothing."""
        return self._run(name, first, count, None, pointer=True)

    def _run(
        self, name: str, first: int | Addresses, count: int, room: npt.NDArray[Any] | None, *, pointer: bool
    ) -> Addresses:
        pointers = 0 if room is None else (room.shape[1] if room.ndim > 1 else 1)
        base = 0 if room is None else room.ctypes.data
        stride = 0 if room is None else room.strides[0]
        step = 0 if room is None or room.ndim == 1 else room.strides[1]
        shape = f"{'index' if isinstance(first, int) else 'handle'}{pointers}{'p' if pointer else 'i'}"
        self.done += count
        if self.loops is None and self.wait:
            self._look()
        if self.loops is not None:
            out = np.zeros(count, dtype=np.uint64)
            function = address_of(getattr(self.library, name))
            thing = first if isinstance(first, int) else first.ctypes.data
            self.loops[shape](function, thing, count, out.ctypes.data, base, stride, step)
            return out
        ask = self.known.get((name, shape)) or self._ask(name, shape, pointers)
        rows = [range(base + k * step, base + k * step + count * stride, stride or 1) for k in range(pointers)]
        things = (repeat(first), range(count)) if isinstance(first, int) else (first.tolist(),)
        answers = np.fromiter(map(ask, *things, *rows), dtype=np.uint64 if pointer else np.int64, count=count)
        return answers.view(np.uint64)

    def _ask(self, name: str, shape: str, pointers: int) -> Callable[..., Any]:
        """Return a function of PDFium that takes plain numbers for addresses."""
        answer = ctypes.c_size_t if shape.endswith("p") else ctypes.c_int32
        index = [ctypes.c_int] if shape.startswith("index") else []
        kind = ctypes.CFUNCTYPE(answer, ctypes.c_void_p, *index, *[ctypes.c_void_p] * pointers)
        self.known[name, shape] = ask = kind(address_of(getattr(self.library, name)))
        return ask

    def _look(self) -> None:
        """Take up the compiled loops when that pays."""
        self.loops = loops_on_disk()
        if self.loops is None and self.done >= _WORTH:
            self.loops = made_loops()
            self.wait = False


@lru_cache(maxsize=1)
def shared_calls() -> Calls:
    """Return the calls of this process."""
    import pypdfium2.raw

    return Calls(pypdfium2.raw)


@dataclass(frozen=True, eq=False)
class Characters:
    """All characters of a text page, those that PDFium makes up included."""

    pieces: Addresses
    """Their text objects; 0 for a character that PDFium makes up."""
    codes: npt.NDArray[np.uint32]
    loose: npt.NDArray[np.void]
    """As :data:`RECT`: their boxes, as high as the font."""
    origin: npt.NDArray[np.float64]
    """x and y of where they stand on the baseline."""


def characters(calls: Calls, text: Any) -> Characters:
    """Read the characters of a text page of pypdfium2."""
    page, count = address_of(text.raw), text.count_chars()
    loose, origin = np.zeros(count, RECT), np.zeros((count, 2))
    pieces = calls.addresses("FPDFText_GetTextObject", page, count)
    codes = calls.numbers("FPDFText_GetUnicode", page, count).view(np.uint32)
    calls.numbers("FPDFText_GetLooseCharBox", page, count, loose)
    calls.numbers("FPDFText_GetCharOrigin", page, count, origin)
    return Characters(pieces, codes, loose, origin)
