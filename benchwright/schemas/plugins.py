"""The protocols of the plug-ins. Registration is the file: a public module exposes one constant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import polars as pl

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeySheet, MediaSink, PaperJob
from benchwright.schemas.tables import Reject, Severity

__all__ = ["Audit", "AuditCode", "AuditContext", "AuditResult", "KeySource", "Source"]


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
