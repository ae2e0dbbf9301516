"""What a calibration leaves: tables, a page to read, and thresholds for a recipe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.calibrate.planters import KINDS
from benchwright.builder.calibrate.run import Calibration
from benchwright.builder.store import write_bytes, write_table

__all__ = ["evidence_of", "page_of", "thresholds_yaml", "write_calibration"]

_LIMIT: Final = 40
_WORDS: Final = 6
"""So many of the words are named in a row of the page; the table has all."""


def write_calibration(run: Calibration, out: Path) -> list[Path]:
    """Write ``calibration.parquet``, ``alarms.parquet``, ``calibration.json``, ``calibration.md``, ``thresholds.yaml``.

    With labelled files ``gap.parquet`` too, with half of the lexicons withheld ``withheld.parquet``.

    Raises:
        OutputError: the folder cannot be written.
    """
    names = ["calibration.parquet", "alarms.parquet", "calibration.json", "calibration.md", "thresholds.yaml"]
    paths = [out / name for name in names]
    if run.gap is not None:
        paths.append(out / "gap.parquet")
        write_table(paths[-1], run.gap)
    if run.withheld is not None:
        paths.append(out / "withheld.parquet")
        write_table(paths[-1], run.withheld)
    write_table(paths[0], run.kinds)
    write_table(paths[1], run.alarms)
    facts = {
        "items": run.items,
        "languages": run.languages,
        "reliability": run.reliability,
        "reliability_labelled": run.human or None,
        "unseen": run.unseen,
        "not_planted": run.not_planted,
        "settings": run.settings,
        "notes": run.notes,
        "without_source": run.alone,
    }
    write_bytes(paths[2], (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode())
    write_bytes(paths[3], page_of(run).encode())
    write_bytes(paths[4], thresholds_yaml(run.thresholds, run.settings).encode())
    return paths


def thresholds_yaml(thresholds: pl.DataFrame, settings: dict[str, object]) -> str:
    """Return the thresholds as the part ``audits:`` of a recipe, each with its evidence."""
    lines = [f"# From `benchwright calibrate` with seed {settings['seed']}, budget {settings['budget']:g} per code."]
    over = []
    lines += ["audits:", "  thresholds:" if thresholds["threshold"].drop_nulls().len() else "  thresholds: {}"]
    for row in thresholds.iter_rows(named=True):
        if row["threshold"] is None:
            name = row["name"]
            over.append(f"# {name}: {evidence_of(row)}; its findings have no grade: leave it out or waive")
        else:
            lines.append(f"    {row['name']}: {row['threshold']:.6g}  # {evidence_of(row)}")
    return "\n".join([*lines, *over]) + "\n"


def evidence_of(row: dict[str, Any]) -> str:
    """Return what a threshold does on the half of the items that it was set on, and on the half held back."""
    now = "" if row["threshold"] is None else f", {row['after']:.1%} now"
    said = f"flagged {row['before']:.1%} of {row['n']} items before{now}"
    if not row["held_n"]:
        return f"{said}; none held back"
    held = "" if row["threshold"] is None else f", {row['held_after']:.1%} now"
    return f"{said}; held back: {row['held_before']:.1%} of {row['held_n']}{held}"


def page_of(run: Calibration) -> str:
    """Return the page as Markdown."""
    parts = (_head, _notes, _kinds, _withheld, _gap, _unseen, _languages, _alarms, _risk)
    return "\n".join(line for part in parts for line in part(run)) + "\n"


def _head(run: Calibration) -> Iterator[str]:
    yield "# What this audit finds, and what it cannot"
    yield ""
    yield (
        f"{run.items} items in {', '.join(run.languages)}; each damaged item had one known change, the rest of its "
        f"file none. Found: a code of severity major or critical that was silent about this field before. "
        f"Intervals: 95 %, Wilson. Seed {run.settings['seed']}."
    )
    yield ""
    yield (
        "Items and surface forms are split in two by a hash. Thresholds are set on one half; the column *held back* is "
        "what is found at these thresholds of the other half, whose items and words nothing was set on."
    )
    yield ""


def _notes(run: Calibration) -> Iterator[str]:
    if run.notes or run.alone:
        yield from ("## What took no part", "")
        yield from (f"- {note}" for note in run.notes)
        if run.alone:
            yield f"- {len(run.alone)} items have no source: {', '.join(run.alone[:5])}{', ...' * (len(run.alone) > 5)}"
        yield ""


def _kinds(run: Calibration) -> Iterator[str]:
    overall = run.kinds.filter(pl.col("language") == "*")
    yield from ("## Damage", "", "| kind | what | n | found | interval | in lexicons | others | held back | codes |")
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in overall.filter("alarm").iter_rows(named=True):
        known = _share(row["known_found"], row["known_n"])
        new = _share(row["new_found"], row["new_n"])
        yield (
            f"| `{row['kind']}` | {KINDS[row['kind']].title} | {row['n']} | {row['share']:.1%} | "
            f"{row['low']:.1%} to {row['high']:.1%} | {known} | {new} | {_held(row)} | "
            f"{', '.join(row['codes'])} |"
        )
    yield from ("", "## Changes that keep the meaning: an alarm is false", "")
    yield from ("| kind | what | n | alarms | interval | held back | codes |", "|---|---|---|---|---|---|---|")
    for row in overall.filter(~pl.col("alarm")).iter_rows(named=True):
        yield (
            f"| `{row['kind']}` | {KINDS[row['kind']].title} | {row['n']} | {row['share']:.1%} | "
            f"{row['low']:.1%} to {row['high']:.1%} | {_held(row)} | {', '.join(row['codes'])} |"
        )
    yield ""


def _held(row: dict[str, Any]) -> str:
    """Return what is found of the half held back at the thresholds that were set on the other half."""
    return _share(row["held_kept"], row["held_n"])


def _share(found: int, n: int) -> str:
    return f"{found} of {n}" if n else "-"


def _withheld(run: Calibration) -> Iterator[str]:
    """Recall on words whose entries were taken out of the lexicons, beside that with whole lexicons."""
    if run.withheld is None:
        return
    yield from ("## Words whose entries were withheld", "")
    yield (
        "Half of the entries of the lexicons of negation, opposites, numbers, units and drugs were taken away, and the "
        "same damage was looked for again. Only items count whose planted words have entries, all of them taken: so "
        "much of the recall comes from words being listed, and so much is left for words that nobody listed."
    )
    yield from (
        "",
        "| kind | n | with whole lexicons | without the entries | interval | words |",
        "|---|---|---|---|---|---|",
    )
    for row in run.withheld.iter_rows(named=True):
        yield (
            f"| `{row['kind']}` | {row['n']} | {_share(row['whole'], row['n'])} | {_share(row['found'], row['n'])} | "
            f"{row['low']:.1%} to {row['high']:.1%} | {_plain(', '.join(row['forms'][:_WORDS]))} |"
        )
    yield ""


def _gap(run: Calibration) -> Iterator[str]:
    """Recall on errors that people labelled beside that on planted ones."""
    if run.gap is None:
        return
    yield from ("## Errors that people labelled, beside planted ones", "")
    yield (
        "Major and critical errors of the labelled files, by the category that people gave; found: an alarm anywhere "
        "in the translation. The gap is the recall of planted kinds that are like it less that of the labelled errors: "
        "so much does planted damage flatter the audit. *Alone*: without a severe error of another category."
    )
    yield from ("", "| category | n | found | interval | alone | planted kinds | planted | gap | interval |")
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in run.gap.iter_rows(named=True):
        name = {"*": "any", "": "none: alarms are false"}.get(row["category"], f"`{_plain(row['category'])}`")
        planted = _share(row["planted_found"], row["planted_n"])
        gap = ("-", "-")
        if row["gap"] is not None:
            gap = (f"{100 * row['gap']:+.1f} points", f"{100 * row['gap_low']:+.1f} to {100 * row['gap_high']:+.1f}")
        yield (
            f"| {name} | {row['n']} | {row['share']:.1%} | {row['low']:.1%} to {row['high']:.1%} | "
            f"{_share(row['alone_found'], row['alone_n'])} | {', '.join(row['kinds']) or '-'} | {planted} | "
            f"{gap[0]} | {gap[1]} |"
        )
    yield ""
    told = run.human
    if told.get("auc") is not None:
        yield (
            f"`risk` as a probability of such an error: AUC {told['auc']:.3f}, Brier score {told['brier']:.3f}, "
            f"expected calibration error {told['ece']:.3f} over {told['n']} translations."
        )
        yield ""


def _plain(text: str) -> str:
    """Return a category so that it breaks no cell of the table."""
    return " ".join(text.split()).replace("|", "/").replace("`", "'")


def _unseen(run: Calibration) -> Iterator[str]:
    if run.unseen:
        yield from ("## What nothing sees", "")
        yield from (f"- `{name}`: {KINDS[name].title}" for name in run.unseen)
        yield ""
    if run.not_planted:
        yield from ("## What could not be planted", "")
        for name in run.not_planted:
            why = "needs the source (`--source`) and" if KINDS[name].needs_source else "needs"
            yield f"- `{name}`: {KINDS[name].title}; it {why} words or numbers that these items have"
        yield ""


def _languages(run: Calibration) -> Iterator[str]:
    if len(run.languages) < 2:
        return
    single = run.kinds.filter(pl.col("language") != "*")
    wide = single.with_columns(
        (pl.format("{} of {}", "found", "n")).alias("cell"),
    ).pivot("language", index="kind", values="cell", sort_columns=True)
    yield from ("## By language", "", f"| kind | {' | '.join(wide.columns[1:])} |")
    yield "|---" * len(wide.columns) + "|"
    for row in wide.iter_rows():
        yield "| " + " | ".join("-" if cell is None else str(cell) for cell in row) + " |"
    yield ""


def _alarms(run: Calibration) -> Iterator[str]:
    yield from ("## Alarms on the items as they are", "", "Real errors among them count too: an upper bound.", "")
    yield from ("| code | language | items | flagged | share | interval |", "|---|---|---|---|---|---|")
    for row in run.alarms.sort("share", descending=True).head(_LIMIT).iter_rows(named=True):
        code = "any" if row["code"] == "*" else row["code"]
        yield (
            f"| {code} | {row['language']} | {row['n']} | {row['flagged']} | {row['share']:.2%} | "
            f"{row['low']:.2%} to {row['high']:.2%} |"
        )
    yield ""


def _risk(run: Calibration) -> Iterator[str]:
    told = run.reliability
    if told["auc"] is None:
        return
    yield from ("## `risk` as a probability of damage", "")
    yield (
        f"AUC {told['auc']:.3f}, Brier score {told['brier']:.3f}, expected calibration error {told['ece']:.3f} over "
        f"{told['n']} items of this trial, whose share of damage is not that of the set."
    )
