"""Kit: long texts cut at sentences, so that no engine cuts them where nobody sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import regex

__all__ = ["Pieces", "pieces_of", "sentences"]

_END: Final = regex.compile(
    r"(?<=[.!?…؟।։።]['\"”’»)\]]{0,2})(?<!\b(?:\p{Lu}|[Dd]r|[Pp]rof|[Mm]rs?|[Ss]ra?|vs|approx|ca|cf|etc|e\.g|i\.e|[Nn]o|[Ff]igs?|p\.\s?ej)\.)"
    r"\s+(?=[\p{Lu}\p{Lo}\p{N}¿¡\"“«(\[⟦])"
    r"|(?<=[。！？｡]['\"”’」』）]{0,2})(?=[^\s」』）”])|\n+"
)
_CLAUSE: Final = regex.compile(r"(?<=[;:,、，；：،؛])\s*")
_SPACE: Final = regex.compile(r"\s+")


def sentences(text: str) -> tuple[list[str], list[str]]:
    """Return the sentences of a text, and what stands before each and behind the last, so that all together is it."""
    return _cut(text, _END)


def _cut(text: str, pattern: regex.Pattern[str]) -> tuple[list[str], list[str]]:
    parts: list[str] = []
    between = [""]
    last = 0
    for found in pattern.finditer(text):
        if found.start() == last and found.end() == last:
            continue
        if found.start() > last or parts:
            parts.append(text[last : found.start()])
            between.append(found[0])
        else:
            between[0] += found[0]
        last = found.end()
    if last < len(text) or not parts:
        parts.append(text[last:])
        between.append("")
    return parts, between


@dataclass(frozen=True)
class Pieces:
    """A text as pieces that fit; ``between`` has one more. ``rough`` tells that a sentence had to be cut."""

    parts: tuple[str, ...]
    between: tuple[str, ...]
    rough: bool = False

    def joined(self, parts: Sequence[str]) -> str:
        """Return the text with other parts."""
        made = [self.between[0]]
        for part, behind in zip(parts, self.between[1:], strict=True):
            made += [part, behind]
        return "".join(made)


def pieces_of(text: str, fits: Callable[[str], bool], *, each: bool = False) -> Pieces:
    """Return a text in pieces that fit: as many sentences together as fit, or each sentence alone.

    A sentence that does not fit is cut at a clause, then at a space, then anywhere; ``rough`` says so.
    """
    if not each and "\n" not in text and fits(text):
        return Pieces((text,), ("", ""))
    parts, between = sentences(text)
    rough = False
    made: list[str] = []
    gaps = [between[0]]
    for part, behind in zip(parts, between[1:], strict=True):
        small, inner = ([part], ["", ""]) if fits(part) else _smaller(part, fits)
        rough = rough or len(small) > 1
        made += small
        gaps[-1] += inner[0]
        gaps += [*inner[1:-1], inner[-1] + behind]
    return Pieces(tuple(made), tuple(gaps), rough) if each else _together(made, gaps, fits, rough=rough)


def _together(parts: list[str], gaps: list[str], fits: Callable[[str], bool], *, rough: bool) -> Pieces:
    """Join neighbours as long as they fit; a line stays a line."""
    made = [parts[0]]
    between = [gaps[0]]
    for gap, part in zip(gaps[1:], parts[1:], strict=False):
        if "\n" not in gap and fits(made[-1] + gap + part):
            made[-1] += gap + part
        else:
            between.append(gap)
            made.append(part)
    return Pieces(tuple(made), (*between, gaps[-1]), rough)


def _smaller(text: str, fits: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    for pattern in (_CLAUSE, _SPACE):
        parts, between = _cut(text, pattern)
        if len(parts) > 1:
            made: list[str] = []
            gaps = [between[0]]
            for part, behind in zip(parts, between[1:], strict=True):
                small, inner = ([part], ["", ""]) if fits(part) else _smaller(part, fits)
                made += small
                gaps[-1] += inner[0]
                gaps += [*inner[1:-1], inner[-1] + behind]
            whole = _together(made, gaps, fits, rough=True)
            return list(whole.parts), list(whole.between)
    if len(text) < 2:
        return [text], ["", ""]
    half = len(text) // 2
    left, right = (([one], ["", ""]) if fits(one) else _smaller(one, fits) for one in (text[:half], text[half:]))
    return [*left[0], *right[0]], [*left[1][:-1], left[1][-1] + right[1][0], *right[1][1:]]
