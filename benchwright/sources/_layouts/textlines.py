"""The lines of a text file with their numbers, one by one or in blocks, none without bound."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, TextIO

__all__ = ["LONGEST_LINE", "Lines", "lines_in"]

LONGEST_LINE: Final = 16 * 2**20
_MORE: Final = 64
"""Lines that a block may take beyond its size to close an open quotation mark."""


class Lines:
    """The lines of a file; lines can be put back. Of a line above 16 Mi characters only that much is kept."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        self._back: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        return line

    @property
    def waiting(self) -> bool:
        """Whether lines were put back and not read again."""
        return bool(self._back)

    def _read(self) -> str:
        line = self._handle.readline(LONGEST_LINE)
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            while (rest := self._handle.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                pass
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        """Hand lines out again, after a record that ran over them by mistake."""
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)

    def block(self, size: int, quote: str | None = None) -> str:
        """Return whole lines of about ``size`` characters, with the quotation marks closed where that can be had.

        The block is not counted as read: say so with :meth:`passed`, or hand it back with :meth:`give_back`.
        """
        parts = [self._handle.read(size)]
        if parts[0] and not parts[0].endswith("\n"):
            parts.append(self._read())
        odd = sum(part.count(quote) for part in parts) % 2 if quote else 0
        for _ in range(_MORE):
            if not odd or not (line := self._read()):
                break
            parts.append(line)
            odd = (odd + line.count(str(quote))) % 2
        return "".join(parts)

    def passed(self, block: str) -> None:
        """Count a block as read."""
        self.number += block.count("\n") + (not block.endswith("\n"))

    def give_back(self, block: str) -> None:
        """Hand a block out again line by line."""
        self._back.extend(lines_in(block))


def lines_in(block: str) -> list[str]:
    """Return the lines of a text with their ends; only line feeds and carriage returns end a line."""
    return list(io.StringIO(block, newline=""))
