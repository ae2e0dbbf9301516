"""Kit: what the user asks of a translation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchwright.schemas.errors import Problem, UserError
from benchwright.schemas.languages import parse_language

__all__ = ["EngineWish", "TranslateWish", "engine_wishes", "parse_languages"]


@dataclass(frozen=True)
class EngineWish:
    """One engine with its settings; ``variant`` tells its versions from those of others."""

    name: str
    variant: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TranslateWish:
    """Everything that a run is asked for."""

    to: Sequence[str]
    """BCP-47 tags."""
    engines: Sequence[EngineWish]
    source: str | None = None
    """Language of the items that are translated; null where the table has one language only."""
    glossary: Path | None = None
    numbers: bool = False
    """Whether numbers with their units are protected too."""
    choose: Sequence[str] = ()
    """Variants in the order of preference; the first that a version has is its choice. With ``scores`` one score."""
    scores: Path | None = None
    """Folder that ``score`` wrote: the version with the best number is the choice."""
    only: Path | None = None
    """Text file of the ids or groups that are translated."""
    limit: int | None = None
    """Items that are translated, the first by id."""
    cache: Path | None = None
    """File of finished translations; null is that of the user."""
    chunk: int = 512
    """Items in memory at a time."""


def engine_wishes(names: Sequence[str], settings: Sequence[str]) -> list[EngineWish]:
    """Return engines given as ``NAME`` or ``NAME#VARIANT``, their settings as ``KEY=VALUE`` or ``ENGINE.KEY=VALUE``.

    Several engines have their names as variants where none is given. The part before the dot is an engine's variant, or
    its name.

    Raises:
        UserError: a setting has no equals sign, belongs to no engine, or two engines have one variant.
    """
    parted = [name.partition("#") for name in names]
    variants = [variant or (name if len(names) > 1 else None) for name, _, variant in parted]
    if len(set(variants)) < len(variants):
        raise UserError(
            Problem(
                "override-syntax",
                "two engines would make the same version",
                found=", ".join(names),
                expected="NAME#VARIANT with variants that differ",
                remedy="give each a variant: --engine openai#small --engine openai#large",
            )
        )
    made: list[dict[str, str]] = [{} for _ in names]
    for text in settings:
        key, sign, value = text.partition("=")
        owner, dot, name = key.partition(".")
        meant = [place for place, (engine, _, _) in enumerate(parted) if not dot or owner in (engine, variants[place])]
        if not sign or not key or not meant:
            raise UserError(
                Problem(
                    "override-syntax",
                    "a setting is not understood",
                    found=text,
                    expected="KEY=VALUE, or ENGINE.KEY=VALUE for one of several engines",
                    remedy="`benchwright translate --engines` lists the settings of each engine",
                )
            )
        for place in meant:
            made[place][name if dot else key] = value
    return [EngineWish(name, variant, own) for (name, _, _), variant, own in zip(parted, variants, made, strict=True)]


def parse_languages(words: Sequence[str]) -> list[str]:
    """Return the tags of languages given as ``es,fr`` or one by one, each once.

    Raises:
        SchemaError: ``language-unknown``.
    """
    return list(dict.fromkeys(parse_language(one) for word in words for one in word.split(",") if one.strip()))
