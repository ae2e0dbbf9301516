"""Kit: the texts of an item as named fields, and an item put together from translated ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchwright.schemas.ids import make_id
from benchwright.schemas.item import Item
from benchwright.schemas.parts import Context, DerivedFrom, Mark, Span

__all__ = ["SpanPlace", "fields_of", "rebuilt", "spans_of", "target_id"]

SpanPlace = tuple[int, int]


def fields_of(item: Item, *, context: bool = True) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each field that is written in the language of the item, empty ones left out.

    Names are ``context``, ``stem``, ``option:<id>``, ``rationale:<n>``, ``turn:<n>``, ``accepted:<n>``, ``rubric:<n>``
    and ``caption:<n>``.
    """
    if context and item.context is not None:
        yield from _filled("context", item.context.text)
    yield from _filled("stem", item.stem)
    for option in item.options:
        yield from _filled(f"option:{option.id}", option.text)
    for number, rationale in enumerate(item.rationales):
        if rationale.language == item.language:
            yield from _filled(f"rationale:{number}", rationale.text)
    for kind, texts in (
        ("turn", [turn.text for turn in item.turns]),
        ("accepted", item.key.accepted),
        ("rubric", [one.text for one in item.rubric]),
        ("caption", [one.caption or "" for one in item.media]),
    ):
        for number, text in enumerate(texts):
            yield from _filled(f"{kind}:{number}", text)


def _filled(name: str, text: str) -> Iterator[tuple[str, str]]:
    if text.strip():
        yield name, text


def spans_of(item: Item) -> dict[str, list[tuple[str, SpanPlace]]]:
    """Return the spans of each field: printed emphasis as ``mark:<n>``, places in rationales as ``span:<n>``."""
    found: dict[str, list[tuple[str, SpanPlace]]] = {}
    for number, mark in enumerate(item.marks):
        found.setdefault(mark.field, []).append((f"mark:{number}", (mark.start, mark.end)))
    for place, rationale in enumerate(item.rationales):
        for number, span in enumerate(rationale.spans):
            found.setdefault(f"rationale:{place}", []).append((f"span:{number}", (span.start, span.end)))
    return found


def target_id(item: Item, language: str, variant: str | None) -> str:
    """Return the id of the version of an item in another language."""
    parts = [part for part in (item.variant, variant) if part]
    return make_id(item.group, language, ".".join(parts) or None)


def rebuilt(
    item: Item,
    texts: Mapping[str, str],
    places: Mapping[tuple[str, str], SpanPlace | None],
    *,
    language: str,
    variant: str | None,
    origin: str,
    method: str,
    edit: str | None = None,
    contributor: str | None = None,
) -> Item:
    """Return the version of an item in another language: the same question, with other texts.

    Group, option ids, labels, key, media, exam, licence and all labels stay. What people did with the source, where it
    was read, and how far it was checked is said of the source alone and left out.

    Args:
        item: the source.
        texts: translated fields by name; a field that is missing keeps its text.
        places: where each span of a field stands now; null drops it.
        language: BCP-47 tag of the version.
        variant: what tells it from other versions in that language.
        origin: of :class:`Item`.
        method: signature of what made it.
        edit: what was done, where it was not a translation.
        contributor: who made it; null keeps that of the source.
    """
    fields: dict[str, Any] = {
        "id": target_id(item, language, variant),
        "language": language,
        "origin": origin,
        "derived_from": DerivedFrom(
            id=item.id, text_hash=item.hashes.text_hash, method=method, edit=edit, same_key=True
        ),
        "context": _context(item, texts),
        "stem": texts.get("stem", item.stem),
        "options": tuple(
            option.model_copy(update={"text": texts.get(f"option:{option.id}", option.text)}) for option in item.options
        ),
        "key": item.key.model_copy(
            update={"accepted": tuple(texts.get(f"accepted:{n}", text) for n, text in enumerate(item.key.accepted))}
        ),
        "rubric": tuple(
            one.model_copy(update={"text": texts.get(f"rubric:{n}", one.text)}) for n, one in enumerate(item.rubric)
        ),
        "turns": tuple(
            one.model_copy(update={"text": texts.get(f"turn:{n}", one.text)}) for n, one in enumerate(item.turns)
        ),
        "media": tuple(
            one.model_copy(update={"caption": texts.get(f"caption:{n}", one.caption)})
            for n, one in enumerate(item.media)
        ),
        "rationales": _rationales(item, texts, places, language),
        "marks": _marks(item, places),
        "human": None,
        "provenance": (),
        "tier": "raw",
        "revision": None,
        "contributor": contributor or item.contributor,
    }
    return item.replace(rules_checked=True, **fields)


def _context(item: Item, texts: Mapping[str, str]) -> Context | None:
    if item.context is None:
        return None
    return item.context.model_copy(update={"text": texts.get("context", item.context.text)})


def _rationales(
    item: Item, texts: Mapping[str, str], places: Mapping[tuple[str, str], SpanPlace | None], language: str
) -> tuple[Any, ...]:
    made = []
    for number, rationale in enumerate(item.rationales):
        name = f"rationale:{number}"
        if name not in texts:
            made.append(rationale)
            continue
        spans = tuple(
            Span(start=at[0], end=at[1], stance=span.stance, option=span.option)
            for place, span in enumerate(rationale.spans)
            if (at := places.get((name, f"span:{place}"))) is not None
        )
        made.append(rationale.model_copy(update={"text": texts[name], "language": language, "spans": spans}))
    return tuple(made)


def _marks(item: Item, places: Mapping[tuple[str, str], SpanPlace | None]) -> tuple[Mark, ...]:
    return tuple(
        mark.model_copy(update={"start": at[0], "end": at[1]})
        for number, mark in enumerate(item.marks)
        if (at := places.get((mark.field, f"mark:{number}"))) is not None
    )
