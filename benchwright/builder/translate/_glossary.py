"""Kit: terms for translators: how they must be translated, that they must stay, or that no translation is agreed on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchwright.builder.glossaries import read_glossary
from benchwright.schemas.languages import known_language, parse_language

__all__ = ["Term", "read_terms"]


@dataclass(frozen=True)
class Term:
    """One entry. Without ``target`` the term stays as it is, or has no accepted translation where ``open``."""

    source: str
    target: str | None
    source_language: str | None = None
    target_language: str | None = None
    open: bool = False

    def holds(self, source: str, target: str) -> bool:
        """Tell whether the entry is for a pair of languages."""
        return _same(self.source_language, source) and _same(self.target_language, target)

    def stays(self, source: str, target: str) -> bool:
        """Tell whether the term must not be translated between two languages."""
        return self.target is None and not self.open and self.holds(source, target)


def _same(tag: str | None, language: str) -> bool:
    if tag is None:
        return True
    known = parse_language(tag) if known_language(tag) else tag
    return known == language or known == language.split("-", maxsplit=1)[0]


def read_terms(path: Path) -> list[Term]:
    """Return the terms of a CSV, TSV or TBX file.

    Raises:
        NotFoundError: the file does not exist.
        InputError: ``glossary-broken``.
    """
    return [
        Term(row["source"], row["target"], row["source_language"], row["target_language"], row["open"])
        for row in read_glossary(path, every=True).iter_rows(named=True)
    ]
