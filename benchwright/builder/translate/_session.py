"""Kit: one engine for one pair of languages, behind the file of finished translations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchwright.builder.translate._cache import TranslationCache, unit_key
from benchwright.builder.translate._protect import Protection
from benchwright.schemas.plugins import Translated, Translator, Unit

__all__ = ["Session"]

_KEPT_TOGETHER: Final = 64
"""Texts written to the file at a time; whole units, which may have been paid for, are written one by one."""


@dataclass
class Session:
    """Asks the engine for what is not on disk yet, each unit once."""

    translator: Translator
    cache: TranslationCache
    protection: Protection
    source: str
    target: str
    tell: Callable[[int], None] | None = None
    """Called with the number of units that are done."""
    asked: int = 0
    known: int = 0
    """Units that were on disk already."""
    failed: dict[str, Translated] = field(default_factory=dict)

    def key(self, unit: Unit) -> str:
        """Return the key of a unit on disk."""
        return unit_key(unit, self.translator.signature, self.source, self.target)

    def missing(self, units: Iterable[Unit]) -> dict[str, Unit]:
        """Return the units that are not on disk, by key, each once."""
        wanted = {self.key(unit): unit for unit in units}
        known = self.cache.known(list(wanted))
        return {key: unit for key, unit in wanted.items() if key not in known}

    def ask(self, units: Sequence[Unit]) -> list[Translated]:
        """Return what became of each unit, in their order; what fails is asked once in a run."""
        keys = [self.key(unit) for unit in units]
        wanted = dict(zip(keys, units, strict=True))
        done = self.cache.known(list(wanted))
        self.known += len(done)
        done.update({key: self.failed[key] for key in wanted if key in self.failed})
        left = [key for key in wanted if key not in done]
        self.asked += len(left)
        fresh: dict[str, Translated] = {}
        waiting: list[tuple[str, Translated]] = []
        together = 1 if self.translator.whole_units else _KEPT_TOGETHER
        try:
            for place, one in self.translator.translate([wanted[key] for key in left]) if left else ():
                checked = _checked(wanted[left[place]], one)
                fresh[left[place]] = checked
                waiting.append((left[place], checked))
                if len(waiting) >= together:
                    self._keep(waiting)
        finally:
            # What is done stays done, whatever ends the run.
            self._keep(waiting)
        lost = Translated(reason="texts-missing", detail="the engine returned nothing for it")
        fresh.update({key: lost for key in left if key not in fresh})
        self.failed.update({key: one for key, one in fresh.items() if one.reason is not None})
        done.update(fresh)
        return [done[key] for key in keys]

    def texts(self, texts: Iterable[str]) -> dict[str, str]:
        """Return translations of bare texts, each alone, white space at their ends kept; what failed is left out."""
        different = list(dict.fromkeys(texts))
        cores = {text: text.strip() for text in different}
        asked = list(dict.fromkeys(core for core in cores.values() if core))
        answers = self.ask([Unit(("text",), (core,)) for core in asked])
        made = {core: one.texts[0] for core, one in zip(asked, answers, strict=True) if one.reason is None}
        found: dict[str, str] = {}
        for text, core in cores.items():
            if not core:
                found[text] = text
            elif core in made:
                start = text.index(core)
                found[text] = text[:start] + made[core].strip() + text[start + len(core) :]
        return found

    def _keep(self, waiting: list[tuple[str, Translated]]) -> None:
        self.cache.keep(waiting)
        if self.tell is not None:
            self.tell(len(waiting))
        waiting.clear()


def _checked(unit: Unit, made: Translated) -> Translated:
    """Return what the engine said, or why it cannot be: too few texts, or none where there was one."""
    if made.reason is not None:
        return made
    if len(made.texts) != len(unit.texts):
        detail = f"{len(made.texts)} texts for {len(unit.texts)}"
        return Translated(reason="texts-missing", detail=detail)
    empty = [
        name
        for name, text, new in zip(unit.names, unit.texts, made.texts, strict=True)
        if text.strip() and not new.strip()
    ]
    return Translated(reason="text-empty", detail=", ".join(empty)) if empty else made
