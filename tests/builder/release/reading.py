"""What the tests read from a release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.builder.release import make_release
from benchwright.schemas import Manifest
from benchwright.schemas.errors import BenchwrightError


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def manifest_of(release: Path) -> Manifest:
    return Manifest.model_validate_json((release / "manifest.json").read_text(encoding="utf-8"))


def data_of(release: Path) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(path) for path in sorted(release.glob("data/*/*.parquet"))]).sort("id")


def code_of(project: Path, version: str = "1.0.0", **options: Any) -> str:
    with pytest.raises(BenchwrightError) as caught:
        make_release(project, version, **options)
    assert not (project / "release").exists() or not list((project / "release").iterdir())
    assert all(problem.remedy for problem in caught.value.problems)
    return caught.value.problems[0].code
