"""Pictures of an image booklet joined to items: by the picture numbers that items name, or by question numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from benchwright.schemas.item import Item
from benchwright.schemas.papers import PictureEntry
from benchwright.schemas.parts import Media
from benchwright.schemas.tables import Reject
from benchwright.sources._imagenames import announces_picture, names_in

__all__ = ["AttachedPictures", "attach_pictures"]

Reading = Literal["picture", "question"]
_PRIOR: Final = 0.1
"""What the word of the captions weighs: it decides where the references do not."""
_STAGE: Final = "images"


@dataclass(frozen=True)
class AttachedPictures:
    """Items with their pictures, and how they were found."""

    items: list[Item]
    """The items that were given, in the same order."""
    rejects: list[Reject]
    used: dict[str, int]
    """By file: pictures that an item has."""
    how: dict[str, str]
    """By file: what the numbers of its captions were taken for, and why."""


@dataclass(frozen=True)
class _Reference:
    number: str
    text: str
    field: Literal["stem", "context"]
    sure: bool


class _Pool:
    """Items of one exam, and what they say of pictures."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.references = {item.id: _references(item) for item in items}
        self.by_number: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            self.by_number[_base(item.exam.number)].append(item)

    def announces(self, item: Item) -> bool:
        """Tell whether an item speaks of a picture and has none of its own."""
        texts = (item.stem, item.context.text if item.context else "")
        return not _present(item) and any(announces_picture(text) for text in texts)


def attach_pictures(items: Sequence[Item], entries: Sequence[PictureEntry]) -> AttachedPictures:
    """Give items their pictures.

    The numbers of captions are picture numbers or question numbers: for each file the reading is chosen that meets
    more of what the items say. A picture that no item takes becomes a reject; an item that names a picture which is
    nowhere gets a picture with the status missing.

    Args:
        items: the items of one exam and edition, all parts and languages.
        entries: the pictures of its image booklets; none to look for missing pictures only.
    """
    found: dict[str, list[tuple[PictureEntry, str]]] = defaultdict(list)
    done = AttachedPictures([], [], {}, {})
    numbers: set[str] = set()
    for file in dict.fromkeys(entry.file for entry in entries):
        mine = [entry for entry in entries if entry.file == file]
        pool = _Pool([item for item in items if _serves(mine[0], item)])
        reading, done.how[file] = _reading(pool, mine)
        done.used[file] = 0
        for entry in mine:
            takers, why = _takers(pool, entry, reading)
            for item, field in takers:
                found[item.id].append((entry, field))
            done.used[file] += bool(takers)
            if not takers:
                done.rejects.append(_unattached(entry, why))
            if reading == "picture":
                numbers.update((*entry.pictures, *entry.bare))
    given = [_with_pictures(item, found.get(item.id, ())) for item in items]
    done.items.extend(_with_missing(given, _Pool(items), numbers))
    return done


def _serves(entry: PictureEntry, item: Item) -> bool:
    """Tell whether a booklet is of the part and language of an item; sections and versions belong to their part."""
    part = (
        entry.part is None
        or item.exam.part == entry.part
        or item.exam.part.startswith((f"{entry.part}.", f"{entry.part}+"))
    )
    return part and entry.language in (None, item.language)


def _base(number: str) -> str:
    return str(int(number)) if number.isdecimal() else number


def _references(item: Item) -> tuple[_Reference, ...]:
    """Return the numbered pictures that stem and context name, each number once, the stem first."""
    result: dict[str, _Reference] = {}
    for field, text in (("stem", item.stem), ("context", item.context.text if item.context else "")):
        for name in names_in(text, ("picture",)):
            if name.number not in result:
                place: Literal["stem", "context"] = "stem" if field == "stem" else "context"
                result[name.number] = _Reference(name.number, text[name.start : name.end], place, name.sure)
    return tuple(result.values())


def _present(item: Item) -> list[Media]:
    return [one for one in item.media if one.status == "present"]


def _means(reference: str, number: str) -> bool:
    """Tell whether a reference means a printed number: ``3`` means 3, 3a and 3b."""
    return reference == number or (reference.isdecimal() and number[:-1] == reference and number[-1:].isalpha())


def _reading(pool: _Pool, entries: Sequence[PictureEntry]) -> tuple[Reading | None, str]:
    """Return what the numbers of the captions without a word for questions are, and what speaks for it."""
    open_ones = [entry for entry in entries if not entry.questions and (entry.pictures or entry.bare)]
    if not open_ones:
        told = sum(bool(entry.questions) for entry in entries)
        return None, f"{told} of {len(entries)} captions name their question"
    references = [(item, one) for item in pool.items for one in pool.references[item.id] if one.sure]
    labels = [(*entry.pictures, *entry.bare) for entry in open_ones]
    as_picture = (
        sum(any(_means(one.number, label) for _, one in references for label in mine) for mine in labels),
        sum(any(_means(one.number, label) for mine in labels for label in mine) for _, one in references),
    )
    as_question = (
        sum(any(_fits(pool, item) for label in mine for item in pool.by_number[label]) for mine in labels),
        sum(_base(item.exam.number) == one.number and any(one.number in mine for mine in labels)
            for item, one in references),
    )  # fmt: skip
    worded = any(entry.pictures for entry in open_ones)
    scores: dict[Reading, float] = {
        "picture": _score(as_picture, len(labels), len(references)) + (_PRIOR if worded else 0.0),
        "question": _score(as_question, len(labels), len(references)),
    }
    why = (
        f"picture numbers: {as_picture[0]} of {len(labels)} pictures named, {as_picture[1]} of {len(references)} "
        f"references met; question numbers: {as_question[0]} of {len(labels)} questions ask for a picture, "
        f"{as_question[1]} references met"
    )
    best: Reading = "picture" if scores["picture"] >= scores["question"] else "question"
    if scores[best] <= _PRIOR or scores["picture"] == scores["question"]:
        return None, f"the numbers of the captions may be of pictures or of questions ({why})"
    return best, f"numbers taken as {best} numbers ({why})"


def _fits(pool: _Pool, item: Item) -> bool:
    """Tell whether a picture may belong to a question: it asks for one, and for no other number."""
    return pool.announces(item) and all(
        one.number == _base(item.exam.number) for one in pool.references[item.id] if one.sure
    )


def _score(met: tuple[int, int], pictures: int, references: int) -> float:
    return met[0] / pictures + (met[1] / references if references else 0.0)


def _takers(pool: _Pool, entry: PictureEntry, reading: Reading | None) -> tuple[list[tuple[Item, str]], str]:
    """Return the items that take a picture, with the field that asks for it; else none, and why."""
    if entry.questions:
        return _by_question(pool, entry.questions)
    labels = (*entry.pictures, *entry.bare)
    if not labels:
        return [], "nothing that is printed beside it names a picture or a question"
    if reading == "question":
        return _by_question(pool, labels)
    if reading is None:
        return [], "its number may be of a picture or of a question"
    takers = {
        item.id: (item, one.field)
        for item in pool.items
        for one in pool.references[item.id]
        if any(_means(one.number, label) for label in labels) and not _has_own(pool, item)
    }
    return list(takers.values()), f"no item names picture {', '.join(labels)}"


def _has_own(pool: _Pool, item: Item) -> bool:
    """Tell whether an item has as many pictures in its own booklet as it names."""
    return len(_present(item)) >= len(pool.references[item.id])


def _by_question(pool: _Pool, numbers: Sequence[str]) -> tuple[list[tuple[Item, str]], str]:
    """Return the items with these numbers; where parts share a number, those that ask for a picture."""
    result: list[tuple[Item, str]] = []
    why = f"no item has the number {', '.join(numbers)}"
    for number in numbers:
        there = pool.by_number.get(number, [])
        parts = {item.exam.part for item in there}
        if len(parts) > 1:
            there = [item for item in there if pool.announces(item)]
            if len({item.exam.part for item in there}) != 1:
                why = f"parts {', '.join(sorted(parts))} have a question {number}"
                continue
        result += [(item, "stem") for item in there]
    return result, why


def _with_pictures(item: Item, found: Sequence[tuple[PictureEntry, str]]) -> Item:
    if not found:
        return item
    media = [
        Media(
            sha256=entry.sha256,
            media_type=entry.media_type,
            caption=entry.caption,
            attached_to=field,
            file=entry.media,
            source_file=entry.file,
            page=entry.page,
            x0=entry.x0, y0=entry.y0, x1=entry.x1, y1=entry.y1,
        )
        for entry, field in found
    ]  # fmt: skip
    return item.replace(media=(*item.media, *media), needs_image="yes")


def _with_missing(items: Sequence[Item], pool: _Pool, printed: set[str]) -> list[Item]:
    """Give items that name a picture the one that a neighbour has under that name, else one that is missing.

    An item with a picture of its own booklet is taken to mean that one, and one whose picture came by its question
    number has what it needs.
    """
    shared = _shared(items, pool)
    result = []
    for item in items:
        own = {one.source_file for one in _present(item)} & {one.file for one in item.provenance}
        references = () if own or not pool.references[item.id] else pool.references[item.id]
        extra: list[Media] = []
        for one in references:
            if any(_means(one.number, label) for label in printed) or not one.sure:
                continue
            if _present(item) and not printed:
                continue
            neighbour = shared.get((item.exam.part, item.language, one.number))
            extra.append(neighbour or Media(status="missing", caption=one.text, attached_to=one.field))
        result.append(item.replace(media=(*item.media, *extra), needs_image="yes") if extra else item)
    return result


def _shared(items: Sequence[Item], pool: _Pool) -> Mapping[tuple[str, str, str], Media]:
    """Return pictures printed with an item that names just this one, by part, language and number."""
    found: dict[tuple[str, str, str], list[Media]] = defaultdict(list)
    for item in items:
        references, own = pool.references[item.id], _present(item)
        if len(references) == 1 and len(own) == 1 and own[0].attached_to in {"stem", "context"}:
            found[item.exam.part, item.language, references[0].number].append(own[0])
    counts = Counter(place for place, media in found.items() if len({one.sha256 for one in media}) == 1)
    return {place: found[place][0] for place in counts}


def _unattached(entry: PictureEntry, why: str) -> Reject:
    return Reject(
        file=entry.file, page=entry.page, x0=entry.x0, y0=entry.y0, x1=entry.x1, y1=entry.y1, text=entry.caption or "",
        reason="image-unattached", detail=why, stage=_STAGE,
    )  # fmt: skip
