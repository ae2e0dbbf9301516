"""Kit: what a run would take."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchwright.builder.translate._assemble import context_units, drafts_of, units_of
from benchwright.builder.translate._bytext import characters
from benchwright.builder.translate._cache import TranslationCache
from benchwright.builder.translate._earlier import read_earlier
from benchwright.builder.translate._glossary import read_terms
from benchwright.builder.translate._protect import protection
from benchwright.builder.translate._run import method_of, opened
from benchwright.builder.translate._session import Session
from benchwright.builder.translate._sources import sources_of
from benchwright.builder.translate._units import target_id
from benchwright.builder.translate._wish import TranslateWish, parse_languages
from benchwright.builder.translate._words import count_words
from benchwright.schemas.item import Item
from benchwright.schemas.plugins import Unit
from benchwright.schemas.rows import from_frame

__all__ = ["DryRun", "dry_run_items"]


@dataclass(frozen=True)
class DryRun:
    """What one engine would have to do for one language; texts that are on disk are not counted."""

    engine: str
    language: str
    items: int
    to_make: int
    """Items without a version, or with a stale one."""
    texts: int
    words: int
    characters: int
    tokens_in: int
    tokens_out: int
    cost: float | None


def dry_run_items(files: Sequence[Path], out: Path, wish: TranslateWish, *, layout: str = "auto") -> list[DryRun]:
    """Return what each engine would have to do for each language, without asking any.

    Raises:
        NotFoundError: a file, an engine or a pair of languages does not exist.
        InputError: a file, a model or a setting cannot be used.
    """
    sources = sources_of(files, wish.source, out, layout=layout, only=wish.only, limit=wish.limit)
    terms = read_terms(wish.glossary) if wish.glossary else []
    earlier = read_earlier(out)
    items = from_frame(sources.frame, Item, checked=True)
    rows = []
    with TranslationCache(wish.cache) as cache:
        for engine, language, translator in opened(wish, sources.language, parse_languages(wish.to)):
            with closing(translator):
                keep = [one.source for one in terms if one.stays(sources.language, language)]
                guard = protection(translator.placeholder, keep, numbers=wish.numbers)
                session = Session(translator, cache, guard, sources.language, language)
                method = method_of(session)
                targets = {target_id(one, language, engine.variant): one for one in items}
                standing, _ = earlier.among(targets, method)
                left = [one for target, one in targets.items() if target not in standing]
                units = list(session.missing(_units(left, session)).values())
                estimate = translator.estimate(units)
                rows.append(
                    DryRun(
                        engine=engine.variant or engine.name,
                        language=language,
                        items=len(items),
                        to_make=len(left),
                        texts=sum(len(unit.texts) for unit in units),
                        words=sum(count_words(text) for unit in units for text in unit.texts),
                        characters=characters(units),
                        tokens_in=estimate.tokens_in,
                        tokens_out=estimate.tokens_out,
                        cost=estimate.cost,
                    )
                )
    return rows


def _units(items: Sequence[Item], session: Session) -> list[Unit]:
    drafts = drafts_of(items, session)
    contexts = list(context_units(drafts).values())
    if not session.translator.whole_units:
        contexts = [Unit(("text",), unit.texts) for unit in contexts]
    return [*contexts, *(unit for draft in drafts for unit in units_of(draft, session))]
