"""Kit: places in a text carried into its translation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

import regex
from rapidfuzz import fuzz

from benchwright.builder.translate._protect import Protection
from benchwright.schemas.plugins import SPAN_CLOSE, SPAN_OPEN

__all__ = ["Carried", "SpanTask", "carried_spans"]

_MOST: Final = SPAN_CLOSE - SPAN_OPEN
_MARK: Final = regex.compile(rf"[{chr(SPAN_OPEN)}-{chr(SPAN_CLOSE + _MOST - 1)}]")
_ALIKE: Final = 85.0
"""How alike, of 100, a stretch must be to the span translated alone to be taken for it."""
_LONGEST: Final = 4000
"""Characters of a text up to which two translations of it are aligned."""
Ask = Callable[[Iterable[str]], Mapping[str, str]]


@dataclass(frozen=True)
class SpanTask:
    """The spans of one field, with the text of the field and its translation."""

    item_id: str
    field: str
    source: str
    target: str
    spans: tuple[tuple[str, tuple[int, int]], ...]


@dataclass(frozen=True)
class Carried:
    """Where a span stands now. ``lost`` has no place."""

    task: SpanTask
    name: str
    outcome: Literal["kept", "moved", "lost"]
    place: tuple[int, int] | None


def carried_spans(tasks: Sequence[SpanTask], ask: Ask, protection: Protection, *, marks: bool) -> list[Carried]:
    """Return the place of every span in the translation.

    ``kept``: the engine carried marks around the words, in the order of the source. ``moved``: the words stand apart,
    in another order, or were found by what the span is called when it is translated alone. ``lost``: neither.

    Args:
        tasks: fields with spans.
        ask: translates texts; one that failed is missing in the answer.
        protection: that of the engine.
        marks: whether the engine carries marks.
    """
    found: dict[tuple[int, str], Carried] = {}
    for place, task in enumerate(tasks):
        found.update(((place, one.name), one) for one in _whole(task))
    if marks:
        _by_marks(tasks, ask, protection, found)
    left = [
        (place, task, name, at)
        for place, task in enumerate(tasks)
        for name, at in task.spans
        if (place, name) not in found
    ]
    alone = ask(task.source[at[0] : at[1]] for _, task, _, at in left)
    for place, task, name, at in left:
        stretch = _found(alone.get(task.source[at[0] : at[1]]), task.source[at[0] : at[1]], task.target)
        found[place, name] = Carried(task, name, "moved" if stretch else "lost", stretch)
    return [found[place, name] for place, task in enumerate(tasks) for name, _ in task.spans]


def _whole(task: SpanTask) -> Iterable[Carried]:
    """Yield the spans that are the whole field."""
    core = task.source.strip()
    start = task.source.find(core)
    end = len(task.target.rstrip())
    for name, (low, high) in task.spans:
        if low <= start and high >= start + len(core):
            yield Carried(task, name, "kept", (len(task.target) - len(task.target.lstrip()), end))


def _by_marks(
    tasks: Sequence[SpanTask], ask: Ask, protection: Protection, found: dict[tuple[int, str], Carried]
) -> None:
    marked: list[tuple[int, list[tuple[str, tuple[int, int]]], str]] = []
    for place, task in enumerate(tasks):
        if _MARK.search(task.source) or _MARK.search(task.target) or len(task.source) > _LONGEST:
            continue
        open_spans = [one for one in task.spans if (place, one[0]) not in found]
        marked += [(place, layer, _with_marks(task.source, layer, protection)) for layer in _layers(open_spans)]
    answers = ask(text for _, _, text in marked)
    for place, layer, text in marked:
        if text not in answers:
            continue
        clean, places = _without_marks(answers[text])
        for number, outcome, stretch in _outcomes(clean, places, tasks[place].target):
            name = layer[number][0]
            found[place, name] = Carried(tasks[place], name, outcome, stretch)


def _layers(spans: Sequence[tuple[str, tuple[int, int]]]) -> list[list[tuple[str, tuple[int, int]]]]:
    """Return spans in layers within which none overlaps another."""
    layers: list[list[tuple[str, tuple[int, int]]]] = []
    for one in sorted(spans, key=lambda one: (one[1], one[0])):
        if one[1][0] >= one[1][1]:
            continue
        fitting = next((layer for layer in layers if layer[-1][1][1] <= one[1][0] and len(layer) < _MOST), None)
        if fitting is None:
            layers.append([one])
        else:
            fitting.append(one)
    return layers


def _with_marks(text: str, layer: Sequence[tuple[str, tuple[int, int]]], protection: Protection) -> str:
    """Return a text with marks; one that would stand in a protected piece stands before or behind it."""
    pieces = _piece_places(text, protection)
    made: list[str] = []
    last = 0
    for number, (_, (low, high)) in enumerate(layer):
        start = min([low, *(begin for begin, end in pieces if begin < low < end)])
        stop = max([high, *(end for begin, end in pieces if begin < high < end)])
        start = max(start, last)
        made += [text[last:start], chr(SPAN_OPEN + number), text[start:stop], chr(SPAN_CLOSE + number)]
        last = max(stop, last)
    return "".join([*made, text[last:]])


def _piece_places(text: str, protection: Protection) -> list[tuple[int, int]]:
    places = []
    start = 0
    for piece in protection.pieces(text):
        at = text.index(piece, start)
        start = at + len(piece)
        places.append((at, start))
    return places


def _without_marks(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """Return a text without its marks, and number, start and end of what they enclosed, in the order of the text."""
    clean: list[str] = []
    length = last = 0
    opened: dict[int, int] = {}
    places: list[tuple[int, int, int]] = []
    for found in _MARK.finditer(text):
        clean.append(text[last : found.start()])
        length += found.start() - last
        last = found.end()
        code = ord(found[0])
        if code < SPAN_CLOSE:
            opened[code - SPAN_OPEN] = length
        elif code - SPAN_CLOSE in opened:
            places.append((code - SPAN_CLOSE, opened.pop(code - SPAN_CLOSE), length))
    return "".join([*clean, text[last:]]), places


def _outcomes(
    clean: str, places: Sequence[tuple[int, int, int]], target: str
) -> Iterable[tuple[int, Literal["kept", "moved"], tuple[int, int]]]:
    bounds: dict[int, tuple[int, int]] = {}
    apart: set[int] = set()
    for number, start, end in places:
        if number in bounds:
            low, high = bounds[number]
            if clean[high:start].strip():
                apart.add(number)
            bounds[number] = (low, max(high, end))
        else:
            bounds[number] = (start, end)
    in_order = [number for number, _ in sorted(bounds.items(), key=lambda one: one[1])] == sorted(bounds)
    for number, (start, end) in sorted(bounds.items()):
        stretch = (start, end) if clean == target else _aligned(clean, target, start, end)
        if stretch is None or stretch[0] >= stretch[1]:
            continue
        outcome: Literal["kept", "moved"] = (
            "kept"
            if in_order and number not in apart and target[stretch[0] : stretch[1]] == clean[start:end]
            else "moved"
        )
        yield number, outcome, stretch


def _aligned(clean: str, target: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the stretch of another translation that stands where a stretch of this one does."""
    low = high = None
    for a, b, size in SequenceMatcher(None, clean, target, autojunk=False).get_matching_blocks():
        first, last = max(a, start), min(a + size, end)
        if first < last:
            low = b + first - a if low is None else low
            high = b + last - a
    return None if low is None or high is None else (low, high)


def _found(alone: str | None, source: str, target: str) -> tuple[int, int] | None:
    """Return the one stretch of the translation that a span translated alone is, or the span itself."""
    for text in (alone, source):
        core = (text or "").strip(" \t\n.;:,")
        if not core:
            continue
        places = [found.start() for found in regex.finditer(regex.escape(core), target, regex.IGNORECASE)]
        if len(places) == 1:
            return places[0], places[0] + len(core)
        if not places and len(core) > 3 and len(target) <= _LONGEST:
            match = fuzz.partial_ratio_alignment(core, target, score_cutoff=_ALIKE)
            if match is not None and match.score >= _ALIKE:
                return match.dest_start, match.dest_end
    return None
