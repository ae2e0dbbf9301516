"""Lines of text: breaking into words, hyphenation, justification, hanging indents. Pure geometry, no PDF."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tests.typesetter.fonts import split_runs, width

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-", strict=True))
_NEVER_FIRST = set("、。，．：；？！）」』】〕,.:;?!)]}%」")
_NEVER_LAST = set("（「『【〔([{")
_VOWELS = set("aeiouáéíóúâêôàèùäöüãõyаеиоуыэюяєіїαεηιουωάέήίόύώ")


@dataclass(frozen=True)
class Ink:
    """How text looks."""

    family: str
    language: str
    size: float
    bold: bool = False
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    underline: bool = False
    highlight: tuple[float, float, float] | None = None
    overprint: bool = False
    raised: bool = False


@dataclass(frozen=True)
class Glyphs:
    """A run of one font at one height above the base line."""

    text: str
    font: str
    size: float
    rise: float
    width: float


@dataclass(frozen=True)
class Word:
    """An unbreakable piece of text; `space` says that a space follows it."""

    glyphs: tuple[Glyphs, ...]
    ink: Ink
    space: bool

    @property
    def width(self) -> float:
        """Width without the following space."""
        return sum(part.width for part in self.glyphs)

    @property
    def text(self) -> str:
        """The characters as printed."""
        return "".join(part.text for part in self.glyphs)


@dataclass(frozen=True)
class Spot:
    """A word at its place in a line, `x` from the left edge of the column."""

    x: float
    word: Word


@dataclass
class Line:
    """One line of text."""

    spots: list[Spot] = field(default_factory=list)


@lru_cache(maxsize=20_000)
def shape(text: str, ink: Ink) -> tuple[Glyphs, ...]:
    """The glyph runs of a piece of text; raised digits become small digits above the line when the ink says so."""
    parts: list[tuple[str, float]] = []
    for character in text:
        plain, rise = character, 0.0
        if ink.raised and character in RAISED:
            plain, rise = RAISED[character], 0.36
        elif ink.raised and character in LOWERED:
            plain, rise = LOWERED[character], -0.16
        if parts and parts[-1][1] == rise:
            parts[-1] = (parts[-1][0] + plain, rise)
        else:
            parts.append((plain, rise))
    glyphs: list[Glyphs] = []
    for plain, rise in parts:
        size = ink.size * 0.62 if rise else ink.size
        glyphs += [
            Glyphs(run.text, run.font, size, rise * ink.size, width(run.text, run.font, size))
            for run in split_runs(plain, ink.family, ink.bold, ink.language)
        ]
    return tuple(glyphs)


def words(text: str, ink: Ink) -> list[Word]:
    """The words of one paragraph; in Chinese and Japanese every character may end a line."""
    result: list[Word] = []
    for piece in re.split(r"[ \t]+", text.strip(" \t")):
        if not piece:
            continue
        parts = _clusters(piece)
        for position, part in enumerate(parts):
            result.append(Word(shape(part, ink), ink, space=position == len(parts) - 1))
    if result:
        result[-1] = replace(result[-1], space=False)
    return result


def _ideographic(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" and not "가" <= character <= "힣"


def _clusters(piece: str) -> list[str]:
    clusters: list[str] = []
    for character in piece:
        glue = clusters and (
            character in _NEVER_FIRST
            or clusters[-1][-1] in _NEVER_LAST
            or not (_ideographic(character) or _ideographic(clusters[-1][-1]))
        )
        if glue:
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def space_width(ink: Ink) -> float:
    """The width of a space."""
    return shape(" ", replace(ink, raised=False))[0].width


def break_lines(
    text: list[Word], first: float, rest: float, right: float, *, justify: bool = False, hyphenate: bool = False
) -> list[Line]:
    """Sets words into lines from x = `first` (then `rest`) to `right`; a word wider than a line is cut anywhere."""
    lines: list[Line] = []
    row: list[Word] = []
    used, start = 0.0, first
    queue = list(text)
    while queue:
        word = queue.pop(0)
        gap = space_width(row[-1].ink) if row and row[-1].space else 0.0
        if start + used + gap + word.width <= right + 0.01:
            row.append(word)
            used += gap + word.width
            continue
        room = right - start - used - gap
        pieces = _hyphenated(word, room) if hyphenate else None
        if pieces is None and not row:
            pieces = _cut(word, room)
        if pieces is not None:
            row.append(pieces[0])
            queue.insert(0, pieces[1])
        else:
            queue.insert(0, word)
        lines.append(_set(row, start, right, justify))
        row, used, start = [], 0.0, rest
    if row:
        lines.append(_set(row, start, right, justify=False))
    return lines


def _set(row: list[Word], start: float, right: float, justify: bool) -> Line:
    gaps = [space_width(word.ink) if word.space else 0.0 for word in row[:-1]]
    natural = sum(word.width for word in row) + sum(gaps)
    stretch = 0.0
    spaces = sum(1 for gap in gaps if gap)
    if justify and spaces and right > start + natural:
        stretch = (right - start - natural) / spaces
    line, x = Line(), start
    for word, gap in zip(row, [*gaps, 0.0], strict=True):
        line.spots.append(Spot(x, word))
        x += word.width + gap + (stretch if gap else 0.0)
    return line


def _hyphenated(word: Word, room: float) -> tuple[Word, Word] | None:
    text = word.text
    if len(text) < 8 or not text.strip(".,;:").isalpha():
        return None
    for cut in range(len(text) - 4, 2, -1):
        syllable = text[cut - 1].lower() in _VOWELS and text[cut].lower() not in _VOWELS
        follows = text[cut + 1].lower() in _VOWELS
        if syllable and follows:
            head = Word(shape(text[:cut] + "-", word.ink), word.ink, space=False)
            if head.width <= room:
                return head, Word(shape(text[cut:], word.ink), word.ink, word.space)
    return None


def _cut(word: Word, room: float) -> tuple[Word, Word] | None:
    text = word.text
    for cut in range(len(text) - 1, 0, -1):
        head = Word(shape(text[:cut], word.ink), word.ink, space=False)
        if head.width <= room or cut == 1:
            return head, Word(shape(text[cut:], word.ink), word.ink, word.space)
    return None
