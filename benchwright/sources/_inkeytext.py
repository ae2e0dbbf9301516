"""Signs and words by which a booklet names the right option: a tick at the option, a letter under the question."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._blocks import Block, Piece
from benchwright.sources._join import canonical_label, label_place
from benchwright.sources._keys import AND_WORDS, OR_WORDS
from benchwright.sources._lines import Line
from benchwright.sources._marks import ticks
from benchwright.sources._series import Series, statements_in
from benchwright.sources._words import fold, has_word, keywords

__all__ = ["Printed", "annuls", "answer_under", "open_answer", "option_labels", "tick_at"]

_SERIES: Final = 3
"""Fewest statements of a series that is told from an answer by its length alone."""
LETTERS: Final = "ABCDEFGHIJ"
_WIDE: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]"
_FIRST: Final = regex.compile(
    r"^(?P<label>[(\[（]?[\p{L}\p{N}\p{So}\p{Co}]{1,3}(?:\.\)|[)\]）.:,\-–])?)(?=\s|$)(?P<rest>.*)$"
)
_HEAD: Final = regex.compile(r"[\s*•\-–—(\[]*(?:[\p{L}\p{M}]+\s+){0,3}")
_TAILS: Final = tuple(
    regex.compile(rf"(?:\s+[\p{{L}}\p{{M}}]{{2,12}}){{{count}}}(?P<sep>\s*[:：=>→]\s*|\s+[-–—]\s+|\s+|)")
    for count in range(4)
)
"""What may stand between the word and the answer: ``answer``, ``answer is``, ``respuesta correcta es la``."""
_OR: Final = regex.compile(rf"\s(?:{OR_WORDS})\s|[,/、;]", regex.IGNORECASE)
_AND: Final = regex.compile(rf"\s(?:{AND_WORDS})\s|[+&]", regex.IGNORECASE)


@dataclass(frozen=True)
class Printed:
    """A printed answer: where it stands and what it says."""

    piece: Piece
    text: str
    answers: tuple[tuple[str, ...], ...]
    """Labels; empty when the question is annulled."""
    statements: tuple[bool, ...] = ()
    """True or false for each option, where all are statements; the answers are the true ones."""


def option_labels(block: Block) -> tuple[str, ...]:
    """Return the labels of the options of a question; signs that only a font defines are called A, B, C, ..."""
    return tuple(
        LETTERS[option.mark.index] if option.mark.kind[0] == "private" else option.mark.printed
        for option in block.options
    )


def tick_at(lines: Sequence[Line], block: Block, index: int) -> tuple[str, list[Piece]] | None:
    """Return the sign that ticks an option, before its mark, after its mark or after its text, and where it stands."""
    option = block.options[index]
    where: list[Piece] = []
    sign = ""
    if option.mark.flag:
        sign = option.mark.flag
        where.append((option.mark.line, option.mark.start, option.mark.start + len(sign)))
    pieces = [piece for piece in option.pieces if lines[piece[0]].text[piece[1] : piece[2]].strip()]
    for i, a, b in pieces[:1]:
        found = _tick_pattern().match(lines[i].text, a, b)
        if found and (not sign or found["sign"] == sign):
            sign = found["sign"]
            where.append((i, found.start(), found.end("sign")))
    for i, a, b in pieces[-1:]:
        found = _tail_pattern().search(lines[i].text[a:b])
        if found and (not sign or found["sign"] == sign):
            sign = found["sign"]
            where.append((i, a + found.start(), a + found.end()))
    return (sign, where) if sign else None


@lru_cache(maxsize=1)
def _tick_pattern() -> regex.Pattern[str]:
    return regex.compile(rf"\s*(?P<sign>{'|'.join(regex.escape(sign) for sign in ticks())})(?!\p{{Nd}})")


@lru_cache(maxsize=1)
def _tail_pattern() -> regex.Pattern[str]:
    words = "|".join(sorted((regex.escape(word) for word in keywords()["correct"]), key=len, reverse=True))
    signs = "|".join(regex.escape(sign) for sign in ticks())
    return regex.compile(rf"\s*(?:(?P<sign>{signs})|[(\[](?P<sign>{signs}|{words})[)\]])\s*[.;]?\s*$", regex.IGNORECASE)


def answer_under(lines: Sequence[Line], block: Block, skip: frozenset[int]) -> Printed | None:
    """Return the answer printed under the options of a question, or None when there is none or more than one.

    Args:
        lines: all lines of the paper.
        block: a question with options.
        skip: lines that belong to something else, such as a shared vignette.
    """
    labels = option_labels(block)
    last = max(option.mark.line for option in block.options)
    head = next(o for o in reversed(block.options) if o.mark.line == last)
    worded: list[Printed] = []
    bare: list[Printed] = []
    for i in range(last, block.last + 1):
        if i in skip or (bare and _far_below(lines[i], lines[i - 1])):
            break
        start = head.mark.end if i == last else 0
        found = _worded(lines, (i, start, len(lines[i].text)), labels, whole=i > last)
        if found is not None and i == block.end:
            return found  # what follows explains it and may name other options
        if found is not None:
            worded.append(found)
            continue
        text = lines[i].text.strip()
        series = _series(text, labels) if i > last else None
        if series is not None and series.end >= len(text):
            bare.append(_stated((i, 0, len(lines[i].text)), text, labels, series))
            continue
        answers = _answers(text, labels, strict=True) if i > last else None
        if answers is not None:
            bare.append(Printed((i, 0, len(lines[i].text)), text, answers))
    some = worded or bare
    return some[0] if len({printed.answers for printed in some}) == 1 else None


def _far_below(line: Line, before: Line) -> bool:
    """Tell whether a line is set apart from the one before, as a page number is."""
    return line.page != before.page or abs(line.base - before.base) > 3 * before.size


def _worded(lines: Sequence[Line], piece: Piece, labels: Sequence[str], *, whole: bool) -> Printed | None:
    """Read ``Answer: B`` with a word of the list: as a whole line, or with a colon at the end of one."""
    i, start, end = piece
    text = lines[i].text[start:end]
    for begin, after, at_start, sep in _leads(text):
        if not (sep or (at_start and whole)):
            continue
        said = text[after:]
        series = _series(said, labels)
        if series is not None:
            stop = after + series.end
            return _stated((i, start + begin, start + stop), text[begin:stop].strip(), labels, series)
        answers = _answers(said.strip(" )]"), labels)
        if answers is not None:
            return Printed((i, start + begin, end), text[begin:].strip(), answers)
        first = _FIRST.match(said) if at_start and whole else None
        place = label_place(labels, first["label"]) if first and canonical_label(first["label"]) else None
        if first is not None and place is not None:
            stop = start + after + first.start("rest")
            return Printed((i, start + begin, stop), text.strip(), ((labels[place],),))
    return None


def _series(text: str, labels: Sequence[str]) -> Series | None:
    """Return the marks of true and false with which a text begins, when there is one for each option."""
    series = statements_in(text) if len(labels) >= _SERIES else None
    return series if series is not None and len(series.values) == len(labels) else None


def _stated(piece: Piece, text: str, labels: Sequence[str], series: Series) -> Printed:
    true = tuple(label for label, value in zip(labels, series.values, strict=True) if value)
    return Printed(piece, text, (true,), series.values)


def _leads(text: str) -> Iterator[tuple[int, int, bool, str]]:
    """Yield the ways to read a text as words that announce an answer: begin, end, at the start of the text, sign."""
    folded = _same_length(text)
    for found in _word_pattern().finditer(folded):
        at_start = _HEAD.fullmatch(text, 0, found.start()) is not None
        begin = len(text) - len(text.lstrip()) if at_start else found.start()
        for tail in _TAILS:
            after = tail.match(text, found.end())
            if after is not None:
                yield begin, after.end(), at_start, after["sep"].strip()


def _same_length(text: str) -> str:
    folded = fold(text)
    return folded if len(folded) == len(text) else text.casefold() if len(text.casefold()) == len(text) else text


@lru_cache(maxsize=1)
def _word_pattern() -> regex.Pattern[str]:
    words = sorted(keywords()["key"] | keywords()["correct"], key=len, reverse=True)
    narrow = "|".join(regex.escape(word) for word in words if not regex.search(_WIDE, word))
    wide = "|".join(regex.escape(word) for word in words if regex.search(_WIDE, word))
    return regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?:(?:{narrow})(?![\p{{L}}\p{{M}}])|(?:{wide}))")


def _answers(text: str, labels: Sequence[str], *, strict: bool = False) -> tuple[tuple[str, ...], ...] | None:
    """Read an answer that is nothing but labels: alternatives parted by commas or "or", sets written together."""
    plain = unicodedata.normalize("NFKC", text).strip().rstrip(".")
    if not plain or len(plain) > 40:
        return None
    if annuls(plain):
        return ()
    alternatives = [part.strip() for part in _OR.split(plain) if part.strip()]
    result = []
    for part in alternatives:
        members = [one.strip() for one in _AND.split(part) if one.strip()]
        if len(members) == 1 and label_place(labels, part, strict=strict) is None:
            members = list(canonical_label(part))
        places = [label_place(labels, one, strict=strict) for one in members]
        if not places or None in places or len(set(places)) < len(places):
            return None
        result.append(tuple(labels[place] for place in places if place is not None))
    return tuple(result) or None


def annuls(text: str) -> bool:
    """Tell whether a printed answer says that everybody gets the point."""
    folded = fold(text)
    words = regex.findall(r"[\p{L}\p{M}]+", folded)
    return any(phrase in folded for phrase in keywords()["annulled_phrases"]) or (
        len(words) <= 3 and has_word(text, "annulled") is not None
    )


def open_answer(lines: Sequence[Line], block: Block, skip: frozenset[int]) -> list[Piece]:
    """Return the pieces of an answer that is printed in words under a question without options, led by its word."""
    for k, (i, start, end) in enumerate(block.stem):
        if i in skip or i == block.first:
            continue
        text = lines[i].text[start:end]
        found = next((after for _, after, at_start, sep in _leads(text) if at_start and sep in {":", "："}), None)
        if found is not None:
            return [(i, start, start + found), (i, start + found, end), *block.stem[k + 1 :]]
    return []
