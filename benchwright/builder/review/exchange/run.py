"""A round written for reviewers without a server, and their files taken in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import polars as pl

from benchwright.builder.review.axes import Axis
from benchwright.builder.review.exchange.pearmut import campaign_of, read_annotations
from benchwright.builder.review.exchange.sheets import read_sheet, write_sheet
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.pages import groups_of, page_of
from benchwright.builder.review.people import People, people_of
from benchwright.builder.review.pulling import Pulled, take_in
from benchwright.builder.review.taskdata import Material
from benchwright.builder.store import write_bytes

__all__ = ["Format", "take_files", "write_files"]

Format = Literal["xlsx", "csv", "pearmut", "label-studio"]


def write_files(
    folder: ReviewFolder,
    out: Path,
    form: Format,
    axes: Sequence[Axis],
    material: Material,
    shown: Sequence[str],
    project: str,
) -> tuple[list[Path], list[str]]:
    """Write the tasks of all rounds, a file for each round, language and reviewer; one campaign for each language.

    Returns:
        The files, and notes.
    """
    written: list[Path] = []
    notes: list[str] = []
    campaigns: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for (number, language, reviewer), some in groups_of(folder.tasks()):
        page = page_of(folder, some, language, material, shown)
        tasks = page.tasks
        name = f"{project}-r{number}-{language}-{reviewer}"
        if form == "pearmut" and page.paired:
            notes.append(f"{name}: Pearmut does not ask which of two versions is better; use xlsx, csv or a server")
        elif form == "pearmut":
            campaigns.setdefault(f"{project}-r{number}-{language}", {})[reviewer] = tasks
        elif form == "label-studio":
            written.append(out / f"{name}.json")
            write_bytes(written[-1], json.dumps(tasks, ensure_ascii=False, indent=1).encode("utf-8"))
        else:
            written.append(out / f"{name}.{form}")
            write_sheet(written[-1], tasks, axes)
    for name, by_reviewer in campaigns.items():
        written.append(out / f"{name}.json")
        campaign = campaign_of(name, by_reviewer)
        write_bytes(written[-1], json.dumps(campaign, ensure_ascii=False, indent=1).encode("utf-8"))
    return written, notes


def take_files(
    folder: ReviewFolder, files: Sequence[Path], axes: Mapping[str, Axis], material: Material, shown: Sequence[str]
) -> Pulled:
    """Take filled sheets and logs of Pearmut in; each row goes through the same checks as an annotation of a server.

    Raises:
        InputError: ``review-rows-wrong``, a file is none of these.
    """
    tasks = folder.tasks()
    sent: dict[str, Mapping[str, Any]] = {}
    if any(path.suffix.lower() in {".xlsx", ".csv"} for path in files):
        for (_, language, _), some in groups_of(tasks):
            made = page_of(folder, some, language, material, shown).tasks
            sent |= {one["data"]["benchwright_task"]: one["data"] for one in made}
    exported: list[dict[str, Any]] = []
    for path in files:
        sheet = path.suffix.lower() in {".xlsx", ".csv"}
        exported += read_sheet(path, sent, axes) if sheet else read_annotations(path)
    known = people_of(folder)
    # Pearmut calls reviewers by the pseudonyms that the campaign gave them.
    names = [one.model_copy(update={"name": one.pseudonym}) for one in known.reviewers]
    names += [one for one in folder.reviewers() if one.name.startswith("seat-")]
    return take_in(folder, exported, axes, People(names, {}, known.salt), "file", _keys(exported, tasks))


def _keys(exported: Sequence[Mapping[str, Any]], tasks: pl.DataFrame) -> frozenset[str]:
    found = {str(one["data"].get("benchwright_task")) for one in exported}
    return frozenset(found & set(tasks["task"]))
