"""Thresholds go into the recipe of a project, each with its evidence as a comment."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchwright.builder.calibrate._page import evidence_of
from benchwright.builder.calibrate.run import Calibration
from benchwright.builder.recipe import load_recipe
from benchwright.builder.store import write_bytes
from benchwright.schemas.errors import InputError, Problem

__all__ = ["write_into_recipe"]


def write_into_recipe(run: Calibration, files: Sequence[Path]) -> Path:
    """Write the thresholds into the recipe of the one project that was calibrated; its comments and order stay.

    Raises:
        InputError: the files are not one project.
        RecipeError: the recipe is wrong.
        OutputError: the recipe cannot be written.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    if len(files) != 1 or not (files[0] / "recipe.yaml").is_file():
        raise InputError(
            Problem(
                code="file-unsupported",
                message="there is no recipe to write the thresholds into",
                found=", ".join(map(str, files)),
                expected="one project with a recipe.yaml",
                remedy="use -o DIR and copy thresholds.yaml",
            )
        )
    load_recipe(files[0])
    path = files[0] / "recipe.yaml"
    yaml = YAML()
    yaml.width = 120
    data: Any = yaml.load(path.read_text(encoding="utf-8"))
    audits = data.setdefault("audits", CommentedMap())
    thresholds = audits.setdefault("thresholds", CommentedMap()) or CommentedMap()
    audits["thresholds"] = thresholds
    for row in run.thresholds.drop_nulls("threshold").iter_rows(named=True):
        thresholds[row["name"]] = float(f"{row['threshold']:.6g}")
        thresholds.yaml_add_eol_comment(f"calibrated: {evidence_of(row)}; seed {run.settings['seed']}", row["name"])
    stream = io.StringIO()
    yaml.dump(data, stream)
    write_bytes(path, stream.getvalue().encode())
    return path
