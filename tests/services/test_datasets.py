"""A release is loaded by the `datasets` library in an environment that has nothing of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.conftest import Demo
from tests.services.running import environment, run

pytestmark = pytest.mark.services

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset

seen = {}
for name in get_dataset_config_names(sys.argv[1]):
    table = load_dataset(sys.argv[1], name, split="test")
    images = [k for k, v in table.features.items() if "Image(" in repr(v)]
    pictures = [value for row in table for key in images for value in (row[key] or [])]
    seen[name] = {
        "ids": table["id"][:],
        "stems": table["stem"][:],
        "images": images,
        "sizes": [picture.size for picture in pictures],
    }
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with `datasets` and Pillow alone; failing to install it is a failure."""
    return environment(tmp_path_factory.mktemp("datasets") / "env", "datasets>=5.2", "pillow")


@pytest.fixture(scope="module")
def loaded(python: Path, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """What the library reads from the release of the fictional exam, offline."""
    assert demo.code == 0, demo.output
    cache = tmp_path_factory.mktemp("cache")
    told = run(
        [str(python), "-c", LOAD, str(demo.folder / "release/1.0.0")],
        seconds=300,
        env={"HF_HOME": str(cache), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "PATH": "/usr/bin:/bin"},
    )
    seen: dict[str, dict[str, list[str]]] = json.loads(told.splitlines()[-1])
    return seen


def test_every_item_of_the_build_is_loaded(loaded: dict[str, dict[str, list[str]]], demo: Demo) -> None:
    items = pl.read_parquet(demo.folder / "build/items.parquet", columns=["id", "language", "stem"])
    expected = {str(name): frame for (name,), frame in items.partition_by("language", as_dict=True).items()}
    assert set(expected) == {"en", "es"}
    # The other configs are origins and tiers: both editions of the exam are originals.
    assert set(loaded) - set(expected) == {"native", "raw"}
    assert len(loaded["raw"]["ids"]) == items.height
    for name, frame in expected.items():
        assert sorted(loaded[name]["ids"]) == sorted(frame["id"])
        texts = dict(zip(loaded[name]["ids"], loaded[name]["stems"], strict=True))
        assert texts == dict(zip(frame["id"], frame["stem"], strict=True))


def test_images_are_image_columns_and_decode(loaded: dict[str, Any]) -> None:
    for name, seen in loaded.items():
        assert seen["images"], name
        assert seen["sizes"], name
        assert all(min(size) > 0 for size in seen["sizes"])
