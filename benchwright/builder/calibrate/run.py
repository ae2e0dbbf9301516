"""Calibrate: plant known damage into the user's own items, and say what the audits find of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.audits import chosen_codes
from benchwright.builder._auditinputs import find_inputs, read_inputs
from benchwright.builder._auditpairs import KEYLESS, parted
from benchwright.builder._auditsources import refused_notes, sources_for
from benchwright.builder.calibrate._figures import code_alarms, kind_figures, reliability, thresholds_for
from benchwright.builder.calibrate._gap import gap_figures, human_answers, human_reliability
from benchwright.builder.calibrate._labelled import Labelled, read_labelled
from benchwright.builder.calibrate._lexicons import in_lexicons
from benchwright.builder.calibrate._measure import answers_of
from benchwright.builder.calibrate._rounds import plan_rounds
from benchwright.builder.calibrate._tables import drafts_of, sampled
from benchwright.builder.calibrate._withheld import withheld_figures
from benchwright.builder.calibrate.planters import KINDS
from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.plugins import AuditContext
from benchwright.sources import IntakeOptions

__all__ = ["CalibrateWish", "Calibration", "calibrate_files"]

_ROUNDS: Final = 12


@dataclass(frozen=True)
class CalibrateWish:
    """What the user says of a calibration."""

    sources: Sequence[Path] = ()
    layout: str = "auto"
    source_layout: str = "auto"
    options: IntakeOptions | None = None
    source_options: IntakeOptions | None = None
    kinds: Sequence[str] = ()
    select: Sequence[str] = ("all",)
    ignore: Sequence[str] = ()
    wanted: int = 100
    """Damaged items for each kind and language."""
    sample: int = 3000
    """Most items of each language that take part."""
    seed: int = 1
    labelled: Sequence[Path] = ()
    """Translations that people labelled, or verdicts on these items: recall on their errors stands beside."""
    budget: float = 0.02
    """Share of items as they are that one code may flag in one language."""
    withhold: bool = False
    """Measure again without half of the entries of the audits' lexicons, chosen by the seed."""


@dataclass(frozen=True)
class Calibration:
    """What the audits find of known damage."""

    items: int
    languages: list[str]
    kinds: pl.DataFrame
    alarms: pl.DataFrame
    thresholds: pl.DataFrame
    reliability: dict[str, Any]
    unseen: list[str]
    """Kinds of damage that nothing sees: found in less than 5 %."""
    not_planted: list[str]
    """Kinds that no item could carry, or that need a source."""
    settings: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """Records that were rejected, and how items and sources were linked."""
    gap: pl.DataFrame | None = None
    """Recall on errors that people labelled beside that on planted ones; null where no such file was given."""
    human: dict[str, Any] = field(default_factory=dict)
    """How well ``risk`` serves as the probability of an error that people labelled."""
    alone: list[str] = field(default_factory=list)
    """Ids of items without a source, where sources were given."""
    withheld: pl.DataFrame | None = None
    """Damage of which a word lost its entries in the lexicons, found with and without; null where it was not asked."""


def calibrate_files(
    files: Sequence[Path],
    wish: CalibrateWish | None = None,
    *,
    progress: Callable[[str, int, int, str], None] | None = None,
) -> Calibration:
    """Damage a sample of the items in known ways and measure what the audits find.

    Args:
        files: what ``audit`` takes.
        wish: sources, kinds, codes and sizes.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file, kind or code does not exist.
        InputError: a file cannot be read, or has no items; the labels of a labelled file cannot be told.
    """
    wish = wish or CalibrateWish()
    names = _kinds(wish.kinds)
    chosen_codes(wish.select, wish.ignore)
    labelled = read_labelled(
        wish.labelled,
        wish.source_options.language if wish.source_options else None,
        wish.options.language if wish.options else None,
    )
    told = read_inputs(find_inputs(files), layout=wish.layout, options=wish.options, progress=progress)
    items, sources = parted(told.items) if told.bitext else (told.items, None)
    notes, alone = refused_notes(told, ""), list[str]()
    if wish.sources:
        originals = read_inputs(
            find_inputs(wish.sources), layout=wish.source_layout, options=wish.source_options, progress=progress
        )
        found = sources_for(items, originals.items)
        sources, alone = found.sources, found.alone
        notes += [*refused_notes(originals), *found.notes]
    every, items = items, sampled(items, wish.sample, wish.seed)
    if items.is_empty():
        raise InputError(
            Problem("file-empty", "there are no items to calibrate on", expected="at least a few dozen items")
        )
    ignore = (*wish.ignore, *KEYLESS) if told.bitext else tuple(wish.ignore)
    drafts = drafts_of(items, sources)
    rounds = plan_rounds(drafts, names, wish.wanted, _ROUNDS, wish.seed)
    context = AuditContext(sources=None if sources is None else sources.lazy())
    answers = answers_of(items, rounds, context, wish.select, ignore, progress)
    thresholds = thresholds_for(answers, wish.budget)
    kinds = kind_figures(answers, in_lexicons, thresholds)
    gap, human = None, dict[str, Any]()
    if wish.labelled:
        answered = human_answers(labelled, every, context, wish.select, ignore)
        gap, human = gap_figures(answered, kinds), human_reliability(answered)
        notes += [*labelled.notes, *_strangers(labelled, every)]
    withheld = None
    if wish.withhold:
        withheld = withheld_figures(items, rounds, context, wish.select, ignore, answers, wish.seed)
    overall = kinds.filter(pl.col("language") == "*")
    return Calibration(
        items=items.height,
        languages=sorted(set(items["language"])),
        kinds=kinds,
        alarms=code_alarms(answers),
        thresholds=thresholds,
        reliability=reliability(answers),
        unseen=overall.filter(pl.col("alarm") & (pl.col("share") < 0.05))["kind"].to_list(),
        not_planted=[name for name in names if name not in set(overall["kind"])],
        settings={"seed": wish.seed, "wanted": wish.wanted, "sample": wish.sample, "budget": wish.budget},
        notes=notes,
        gap=gap,
        human=human,
        alone=alone,
        withheld=withheld,
    )


def _strangers(labelled: Labelled, items: pl.DataFrame) -> list[str]:
    """Say which verdicts are on items that are not here."""
    known = set(items["id"])
    gone = [one.item_id for one in labelled.judged if one.item_id not in known]
    return [f"{len(gone)} items with verdicts are not among these, such as {gone[0]}"] if gone else []


def _kinds(names: Sequence[str]) -> list[str]:
    unknown = [name for name in names if name not in KINDS]
    if unknown:
        raise NotFoundError(
            [
                Problem("name-unknown", f"there is no kind of damage {name!r}", "--kinds", expected=", ".join(KINDS))
                for name in unknown
            ]
        )
    return list(names) or list(KINDS)
