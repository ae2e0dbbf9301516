"""Kit: some items to their versions in another language: each as a whole, or refused with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from benchwright.builder.translate._protect import Masked, needs_words
from benchwright.builder.translate._session import Session
from benchwright.builder.translate._spans import Carried, SpanTask, carried_spans
from benchwright.builder.translate._units import fields_of, rebuilt, spans_of, target_id
from benchwright.schemas.item import Item
from benchwright.schemas.plugins import Translated, Unit
from benchwright.schemas.tables import Reject

__all__ = ["Assembled", "Draft", "assembled", "drafts_of", "units_of"]

_CONTEXT: Final = "context"
K = TypeVar("K")
_SHOWN: Final = 300


@dataclass
class Draft:
    """An item on its way: what is to be translated, what is ready, and why it failed."""

    item: Item
    fields: dict[str, str]
    masked: dict[str, Masked]
    """Fields that hold words and go to the engine."""
    texts: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    detail: str | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)

    def fail(self, reason: str, detail: str) -> None:
        """Refuse the item; the first reason stays."""
        if self.reason is None:
            self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class Assembled:
    """Versions, what was refused, and what became of spans and protected pieces."""

    items: list[Item]
    rejects: list[Reject]
    told: list[dict[str, object]]


def drafts_of(items: Sequence[Item], session: Session) -> list[Draft]:
    """Return a draft of each item; fields without a word in them are ready as they are."""
    made = []
    for item in items:
        fields = dict(fields_of(item))
        masked = {name: session.protection.masked(text) for name, text in fields.items()}
        wordless = [name for name, one in masked.items() if not needs_words(one.text, session.protection.placeholder)]
        texts = {name: fields[name] for name in wordless}
        made.append(Draft(item, fields, {name: one for name, one in masked.items() if name not in texts}, texts))
    return made


def context_units(drafts: Sequence[Draft]) -> dict[str, Unit]:
    """Return one unit for each context that has words, by its source text: equal contexts are translated once."""
    found = {one.fields[_CONTEXT]: one.masked[_CONTEXT] for one in drafts if _CONTEXT in one.masked}
    return {text: Unit((_CONTEXT,), (masked.text,)) for text, masked in found.items()}


def units_of(draft: Draft, session: Session) -> list[Unit]:
    """Return the units of an item without its context: one, or one for each field."""
    names = tuple(name for name in draft.masked if name != _CONTEXT)
    texts = tuple(draft.masked[name].text for name in names)
    if not names:
        return []
    if not session.translator.whole_units:
        return [Unit(("text",), (text,)) for text in texts]
    context = draft.fields.get(_CONTEXT)
    return [Unit(names, texts, (context, draft.texts[_CONTEXT]) if context and _CONTEXT in draft.texts else None)]


def assembled(
    items: Sequence[Item], session: Session, *, variant: str | None, method: str, file: str, edit: str | None = None
) -> Assembled:
    """Translate some items.

    Args:
        items: the sources.
        session: the engine.
        variant: of the versions.
        method: signature of how they were made.
        file: name of the table of the sources, for rejects.
        edit: what was done, where it is no translation.
    """
    drafts = drafts_of(items, session)
    _take_contexts(drafts, session)
    _take_fields([one for one in drafts if one.reason is None], session)
    ready = [one for one in drafts if one.reason is None]
    carried = _carry(ready, session)
    places: dict[str, dict[tuple[str, str], tuple[int, int] | None]] = {}
    for one in carried:
        places.setdefault(one.task.item_id, {})[one.task.field, one.name] = one.place
    made = [
        rebuilt(
            one.item,
            one.texts,
            places.get(one.item.id, {}),
            language=session.target,
            variant=variant,
            origin="machine_translation",
            method=method,
            edit=edit,
        )
        for one in ready
    ]
    rejects = [_reject(one, session.target, file) for one in drafts if one.reason is not None]
    names = {one.item.id: target_id(one.item, session.target, variant) for one in ready}
    told = [_told(names[one.task.item_id], one.task.field, one.name, one.outcome, one.place) for one in carried]
    told += [_told(names[one.item.id], name, "text", note, None) for one in ready for name, note in one.notes]
    return Assembled(made, rejects, told)


def _take_contexts(drafts: Sequence[Draft], session: Session) -> None:
    units = context_units(drafts)
    answers = dict(zip(units, session.ask([_alone(unit, session) for unit in units.values()]), strict=True))
    holders = {one.fields[_CONTEXT]: one.masked[_CONTEXT] for one in drafts if _CONTEXT in one.masked}
    done = _restored([(text, holders[text], answer) for text, answer in answers.items()], session)
    for draft in drafts:
        if _CONTEXT not in draft.masked:
            continue
        made = done[draft.fields[_CONTEXT]]
        if made.reason is not None:
            draft.fail(made.reason, f"context: {made.detail or made.reason}")
        else:
            draft.texts[_CONTEXT] = made.texts[0]
            draft.notes += [(_CONTEXT, note) for note in made.notes]


def _alone(unit: Unit, session: Session) -> Unit:
    return unit if session.translator.whole_units else Unit(("text",), unit.texts)


def _take_fields(drafts: Sequence[Draft], session: Session) -> None:
    units = [units_of(draft, session) for draft in drafts]
    answers = iter(session.ask([unit for several in units for unit in several]))
    asked: list[tuple[tuple[int, str], Masked, Translated]] = []
    for place, (draft, several) in enumerate(zip(drafts, units, strict=True)):
        names = [name for name in draft.masked if name != _CONTEXT]
        got = [next(answers) for _ in several]
        if session.translator.whole_units and got:
            (whole,) = got
            if whole.reason is not None:
                draft.fail(whole.reason, whole.detail or whole.reason)
                continue
            got = [Translated((text,), notes=whole.notes if n == 0 else ()) for n, text in enumerate(whole.texts)]
        asked += [((place, name), draft.masked[name], one) for name, one in zip(names, got, strict=True)]
    for (place, name), made in _restored(asked, session).items():
        if made.reason is not None:
            drafts[place].fail(made.reason, f"{name}: {made.detail or made.reason}")
        else:
            drafts[place].texts[name] = made.texts[0]
            drafts[place].notes += [(name, note) for note in made.notes]


def _restored(asked: Sequence[tuple[K, Masked, Translated]], session: Session) -> dict[K, Translated]:
    """Return texts with their protected pieces; where the engine lost one, the texts between them are translated."""
    form = session.protection.placeholder
    done: dict[K, Translated] = {}
    broken: list[tuple[K, Masked, Translated]] = []
    for key, masked, made in asked:
        text = None if made.reason is not None else masked.restored(made.texts[0], form)
        if made.reason is not None:
            done[key] = made
        elif text is None:
            broken.append((key, masked, made))
        else:
            done[key] = Translated((text,), notes=made.notes)
    if session.translator.whole_units:
        detail = "the engine lost or doubled a protected piece"
        return done | {key: Translated(reason="protected-lost", detail=detail) for key, _, _ in broken}
    parts = {key: masked.parts(form) for key, masked, _ in broken}
    answers = session.texts(part for several in parts.values() for part in several if needs_words(part, form))
    for key, masked, made in broken:
        missing = [part for part in parts[key] if needs_words(part, form) and part not in answers]
        if missing:
            done[key] = Translated(reason="protected-lost", detail="the text between protected pieces failed")
        else:
            text = masked.joined([answers.get(part, part) for part in parts[key]])
            done[key] = Translated((text,), notes=(*made.notes, "split at protected pieces"))
    return done


def _carry(drafts: Sequence[Draft], session: Session) -> list[Carried]:
    tasks = []
    for draft in drafts:
        for name, spans in spans_of(draft.item).items():
            if name in draft.texts:
                tasks.append(SpanTask(draft.item.id, name, draft.fields[name], draft.texts[name], tuple(spans)))
    form = session.protection.placeholder

    def ask(texts: Iterable[str]) -> dict[str, str]:
        wanted = list(dict.fromkeys(texts))
        masked = {text: session.protection.masked(text) for text in wanted}
        answers = session.texts(one.text for one in masked.values() if needs_words(one.text, form))
        found: dict[str, str] = {}
        for text, one in masked.items():
            made = one.restored(answers[one.text], form) if one.text in answers else None
            if made is not None:
                found[text] = made
            elif not needs_words(one.text, form):
                found[text] = text
        return found

    return carried_spans(tasks, ask, session.protection, marks=session.translator.spans)


def _told(item_id: str, name: str, what: str, outcome: str, place: tuple[int, int] | None) -> dict[str, object]:
    start, end = place or (None, None)
    return {"item_id": item_id, "field": name, "what": what, "outcome": outcome, "start": start, "end": end}


def _reject(one: Draft, language: str, file: str) -> Reject:
    return Reject(
        file=file,
        text=one.item.stem[:_SHOWN],
        reason=one.reason or "engine-failed",
        detail=f"{one.item.id}: {one.detail}",
        group=one.item.group,
        language=language,
        number=one.item.exam.number,
        stage="translate",
    )
