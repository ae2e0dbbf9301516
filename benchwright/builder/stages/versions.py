"""Printed versions of one booklet: the same items in another order become one item with several printed numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import regex
from rapidfuzz import fuzz

from benchwright.builder.stages._joined import Joined, count
from benchwright.builder.stages.parse import ParseTask
from benchwright.schemas.item import Item
from benchwright.schemas.parts import Key, KeyChange
from benchwright.schemas.tables import LedgerEntry, Reject
from benchwright.schemas.text import comparable

__all__ = ["merge_versions"]

_ALIKE: Final = 97.0
"""Likeness of stem and options, 0 to 100, from which texts that are read differently are the same question."""
_DIGITS: Final = regex.compile(r"\p{Nd}+")
_SURE: Final = {"provisional", "official", "revised", "annulled"}


def merge_versions(items: Sequence[Item], papers: Sequence[ParseTask]) -> Joined:
    """Merge the items of further printed versions into those of the first.

    A version is told by the recipe. An item of it that is the same question (stem and set of options) as one of
    the first gives that one its printed number and checks its key; all others stay items of their own.
    """
    joined = Joined(list(items))
    for paper in papers:
        part, booklet = paper.job.part, paper.job.booklet
        if booklet and part.endswith(f"+{booklet}"):
            _merge_one(joined, paper, part.removesuffix(f"+{booklet}"))
    return joined


def _merge_one(joined: Joined, paper: ParseTask, master: str) -> None:
    job = paper.job
    here = [item for item in joined.items if _place(item) == (job.exam, job.edition, job.language)]
    others = [item for item in here if _in(item, job.part)]
    firsts = [item for item in here if _in(item, master)]
    pairs = _pairs(firsts, others)
    changed: dict[str, Item] = {}
    gone: set[str] = set()
    for first, other in pairs:
        moved = _option_ids(first, other)
        if moved is None:
            continue
        changed[first.id] = _merged(joined, first, other, moved, job.booklet or "")
        gone.add(other.id)
    joined.items = [changed.get(item.id, item) for item in joined.items if item.id not in gone]
    joined.ledger.append(count("versions", job.file, "item", len(others), 0, merged=len(gone)))
    left = len(others) - len(gone)
    doubts = [f"{left} of {len(others)} items are not those of the first version and stay apart"] if left else []
    joined.rows[job.file] = {"doubts": doubts}


def _place(item: Item) -> tuple[str, str, str]:
    return item.exam.code, item.exam.edition, item.language


def _in(item: Item, part: str) -> bool:
    return item.exam.part == part or item.exam.part.startswith(f"{part}.")


def _pairs(firsts: Sequence[Item], others: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Return items that are the same question: equal texts first, then texts alike with the same numbers in them."""
    by_text: dict[str, list[Item]] = defaultdict(list)
    for item in firsts:
        by_text[_text(item)].append(item)
    result: list[tuple[Item, Item]] = []
    rest: list[Item] = []
    for item in others:
        same = by_text.get(_text(item), [])
        if same:
            result.append((same.pop(0), item))
        else:
            rest.append(item)
    taken = {first.id for first, _ in result}
    for item in rest:
        free = [first for first in firsts if first.id not in taken and _numbers(first) == _numbers(item)]
        scored = sorted(((fuzz.ratio(_text(first), _text(item)), first.id, first) for first in free), reverse=True)
        if scored and scored[0][0] >= _ALIKE and (len(scored) == 1 or scored[1][0] < _ALIKE):
            result.append((scored[0][2], item))
            taken.add(scored[0][1])
    return result


def _text(item: Item) -> str:
    options = sorted(comparable(option.text) for option in item.options)
    pictures = sorted(one.sha256 or "" for one in item.media if not options or not any(options))
    return "\n".join([comparable(item.stem), *options, *pictures])


def _numbers(item: Item) -> list[str]:
    return sorted(_DIGITS.findall(" ".join([item.stem, *(option.text for option in item.options)])))


def _option_ids(first: Item, other: Item) -> dict[str, str] | None:
    """Return for each option of a version the id of the same answer in the first; None where texts do not tell."""
    if len(first.options) != len(other.options):
        return None
    texts = [[comparable(option.text) for option in item.options] for item in (first, other)]
    if texts[0] == texts[1]:
        return {b.id: a.id for a, b in zip(first.options, other.options, strict=True)}
    if len(set(texts[0])) != len(texts[0]):
        return None
    moved: dict[str, str] = {}
    for option, text in zip(other.options, texts[1], strict=True):
        best = max(first.options, key=lambda one: (fuzz.ratio(comparable(one.text), text), one.id))
        if fuzz.ratio(comparable(best.text), text) < _ALIKE:
            return None
        moved[option.id] = best.id
    return moved if len(set(moved.values())) == len(moved) else None


def _merged(joined: Joined, first: Item, other: Item, moved: dict[str, str], booklet: str) -> Item:
    """Return the item of the first version with the printed number of another, and the key that both agree on."""
    printed = other.exam.printed_numbers or (f"{booklet}:{other.exam.number}",)
    exam = first.exam.model_copy(
        update={"printed_numbers": tuple(dict.fromkeys((*first.exam.printed_numbers, *printed)))}
    )
    theirs = tuple(tuple(sorted(moved.get(one, one) for one in response)) for response in other.key.answers)
    mine, name = first.key, printed[0]
    if other.key.status not in _SURE or _same(mine, other.key.status, theirs):
        return first.replace(exam=exam)
    if mine.status not in _SURE:
        history = (*mine.history, *_moved(other.key.history, moved))
        key = Key(
            status=other.key.status, answers=theirs, source=other.key.source, note=other.key.note, history=history
        )
        return first.replace(exam=exam, key=key)
    spelled = (
        f"{_spell(mine.status, mine.answers)}; {name} (as options of the first): {_spell(other.key.status, theirs)}"
    )
    joined.rejects.append(_disagreement(first, other, spelled))
    joined.ledger.append(
        LedgerEntry(stage="versions", event="key", subject=first.id, reason="contested", detail=spelled)
    )
    change = KeyChange(status=other.key.status, answers=theirs, source=other.key.source, reason=f"key of {name}")
    key = mine.model_copy(update={"status": "contested", "history": (*mine.history, change)})
    return first.replace(exam=exam, key=key)


def _same(mine: Key, status: str, answers: tuple[tuple[str, ...], ...]) -> bool:
    kind = (mine.status == "annulled") == (status == "annulled")
    return kind and {tuple(sorted(one)) for one in mine.answers} == set(answers)


def _moved(history: Sequence[KeyChange], moved: dict[str, str]) -> tuple[KeyChange, ...]:
    return tuple(
        one.model_copy(update={"answers": tuple(tuple(moved.get(o, o) for o in answer) for answer in one.answers)})
        for one in history
    )


def _spell(status: str, answers: Sequence[Sequence[str]]) -> str:
    return f"{status} {' or '.join('+'.join(answer) for answer in answers) or '-'}"


def _disagreement(first: Item, other: Item, spelled: str) -> Reject:
    place = next((one for one in other.provenance if one.field == "key"), None)
    return Reject(
        file=other.key.source or (place.file if place else ""),
        page=place.page if place else None,
        x0=place.x0 if place else None,
        y0=place.y0 if place else None,
        x1=place.x1 if place else None,
        y1=place.y1 if place else None,
        text=spelled,
        reason="key-unreadable",
        detail="the keys of two versions of the booklet do not name the same answer",
        group=first.group,
        language=first.language,
        number=first.exam.number,
        stage="versions",
    )
