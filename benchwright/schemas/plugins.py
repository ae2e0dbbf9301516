"""The protocols of the plug-ins. Registration is the file: a public module exposes one constant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Protocol, runtime_checkable

import polars as pl

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeySheet, MediaSink, PaperJob
from benchwright.schemas.tables import Reject, Severity

__all__ = [
    "SPAN_CLOSE",
    "SPAN_OPEN",
    "Audit",
    "AuditCode",
    "AuditContext",
    "AuditResult",
    "Engine",
    "Estimate",
    "KeySource",
    "Source",
    "Translated",
    "Translator",
    "Unit",
]


@dataclass(frozen=True, slots=True)
class AuditCode:
    """One kind of finding."""

    code: str
    """Group letter and three digits, as a linter's: ``S101``."""
    title: str
    severity: Severity
    scope: Literal["item", "pair", "group", "file", "exam", "dataset"] = "item"


@dataclass(frozen=True, slots=True)
class AuditContext:
    """What an audit may know besides the items."""

    sources: pl.LazyFrame | None = None
    """Items in the source language, for audits of translations."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Threshold by code, where the recipe sets one."""
    media_dir: Path | None = None
    pairs: pl.LazyFrame | None = None
    """Fields of the items beside those of their sources, where they were joined already."""
    models: Mapping[str, Path] = field(default_factory=dict)
    """Files of models by their use (``lid``), where the user names one."""
    glossary: pl.LazyFrame | None = None
    """Terms that a translation must use: source, target, source_language, target_language; null forbids translation."""
    codebooks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Values that labels may have, by taxonomy, where the recipe lists them."""
    predictions: pl.LazyFrame | None = None
    """Answers of models to the items and to their sources, one row each, as :class:`Prediction`."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """Tables with the columns of :class:`Finding` and of :class:`Score`."""

    findings: pl.DataFrame
    scores: pl.DataFrame


@runtime_checkable
class Audit(Protocol):
    """Items -> scores and findings; never changes or drops an item. A module exposes it as ``AUDIT``."""

    name: str
    codes: Sequence[AuditCode]
    signature: str

    def run(self, items: pl.LazyFrame, context: AuditContext) -> AuditResult:
        """Return scores and findings; the order of the items must not matter."""
        ...


@runtime_checkable
class Source(Protocol):
    """A reader of one file format. A module exposes it as ``SOURCE``."""

    name: str
    suffixes: tuple[str, ...]
    signature: str

    def parse(self, path: Path, job: PaperJob, media: MediaSink) -> Iterator[Item | Reject]:
        """Yield the items of one paper, without keys that stand in another file, and all that was refused."""
        ...


@runtime_checkable
class KeySource(Protocol):
    """A reader of answer keys in one file format. A module exposes it as ``KEYS``."""

    name: str
    suffixes: tuple[str, ...]
    signature: str

    def read_key(self, path: Path, job: PaperJob) -> KeySheet:
        """Return the key of one file for one part of one exam."""
        ...


@dataclass(frozen=True, slots=True)
class Unit:
    """Texts that are translated together: the fields of one item, one context, or one text alone."""

    names: tuple[str, ...]
    """``stem``, ``option:A``, ``rationale:0`` ...; what each text is."""
    texts: tuple[str, ...]
    reference: tuple[str, str] | None = None
    """The context of these texts and its translation, to be read and not to be translated."""


@dataclass(frozen=True, slots=True)
class Translated:
    """One unit translated, or why it was not."""

    texts: tuple[str, ...] = ()
    """As many as the unit has, in its order; empty where there is a reason."""
    reason: str | None = None
    """One of the reasons of rejects."""
    detail: str | None = None
    notes: tuple[str, ...] = ()
    """What the user has to know of a unit that was translated: a text split in the middle of a sentence."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would take."""

    tokens_in: int
    tokens_out: int
    cost: float | None = None
    """In the currency of the prices that were given; null without prices."""


@runtime_checkable
class Translator(Protocol):
    """One engine for one pair of languages, ready to work."""

    signature: str
    """Everything that changes what comes out, version last."""
    whole_units: bool
    """Whether the texts of an item are translated together; else each text alone, and equal texts once."""
    placeholder: str
    """How a protected piece of text is written, with {} for its number."""
    spans: bool
    """Whether marks of spans (:data:`SPAN_OPEN`, :data:`SPAN_CLOSE`) come back around what they enclosed."""

    def translate(self, units: Sequence[Unit]) -> Iterator[tuple[int, Translated]]:
        """Yield the place of each unit and what became of it, in any order; each exactly once."""
        ...

    def estimate(self, units: Sequence[Unit]) -> Estimate:
        """Return what it would take, without any call."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


@runtime_checkable
class Engine(Protocol):
    """A way to translate. A module of ``builder/translate`` exposes it as ``ENGINE``."""

    name: str
    settings: Mapping[str, str]
    """Name of each setting, and what it does."""

    def open(self, source: str, target: str, settings: Mapping[str, str]) -> Translator:
        """Return a translator from one BCP-47 tag to another.

        Raises:
            NotFoundError: the engine lacks the pair, and names those that it has.
            InputError: a setting or a model cannot be used.
            MissingDependencyError: a package or program is not installed.
        """
        ...


SPAN_OPEN: Final = 0xE100
"""Code point of the mark before span 0; the one before span 1 is the next, up to span 127."""
SPAN_CLOSE: Final = 0xE180
"""Code point of the mark behind span 0."""
