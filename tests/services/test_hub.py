"""The real client of the hub publishes to a hub on the loopback, whatever goes wrong on the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.builder.release import make_release
from tests.builder.release.project import make_project, ordinary_items, say_current
from tests.conftest import ROOT
from tests.schemas.strategies import plain_item
from tests.services.hub_scenes import SCENES
from tests.services.running import environment, run

pytestmark = pytest.mark.services

REFUSED = {
    "forever-500": "publish-failed",
    "no-permission": "publish-failed",
    "quota": "publish-failed",
    "no-space": "publish-failed",
    "wrong-token": "publish-failed",
}


NESTED = {
    "context": ["id", "text"],
    "options": ["id", "label", "text"],
    "key": ["status", "answers", "accepted"],
    "exam": ["code", "edition", "part", "number"],
}


def part_of(value: Any, names: list[str]) -> Any:
    """Return some fields of a struct, or of each struct of a list."""
    if isinstance(value, list):
        return [part_of(one, names) for one in value]
    return {name: None if value is None else value[name] for name in names}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions: the second has one item more."""
    folder = tmp_path_factory.mktemp("hub")
    with pytest.MonkeyPatch.context() as patch:
        say_current(patch)
        project = make_project(folder / "p")
        make_release(project, "1.0.0")
        make_project(project, [*ordinary_items(), plain_item(7)])
        make_release(project, "1.1.0")
    return Path(shutil.copytree(project / "release", folder / "releases"))


@pytest.fixture(scope="module")
def told(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of all scenes, played once in an environment with the extra [hub]."""
    python = environment(tmp_path_factory.mktemp("hub-env") / "env", f"{ROOT}[hub]", "pillow")
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    said = run([str(python), "-m", "tests.services.hub_scenes", str(releases)], seconds=900, env=env)
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def test_two_versions_are_one_commit_and_one_tag_each(told: dict[str, Any]) -> None:
    found = told["versions"]
    assert found["tags"] == ["v1.0.0", "v1.1.0"]
    assert found["message"] == "Release 1.1.0: 1 items added"
    assert "added | 1" in found["description"]
    assert (found["private"], found["gated"]) == (True, "manual")
    # The table of the language that did not change is not sent again.
    assert found["uploaded"] < sum(name.endswith(".parquet") for name in told["released"])


def test_a_dry_run_has_the_plan_and_makes_nothing(told: dict[str, Any]) -> None:
    assert [step for step, _ in told["versions"]["dry"]] == ["create", "upload", "commit", "tag"]
    assert told["versions"]["dry_repos"] == []


def test_the_library_loads_back_what_was_released(told: dict[str, Any], releases: Path) -> None:
    for version in ("1.0.0", "1.1.0"):
        loaded = told["versions"]["loaded"][f"v{version}"]
        assert set(loaded) == {"en", "es", "native", "official", "raw"}
        for language in ("en", "es"):
            frames = [pl.read_parquet(path) for path in (releases / version / "data" / language).iterdir()]
            rows = pl.concat(frames).sort("id")
            assert loaded[language]["ids"] == rows["id"].to_list()
            assert loaded[language]["stems"] == rows["stem"].to_list()
        assert loaded["es"]["sizes"] == [[4, 3]]


def test_the_metadata_is_valid_croissant_and_its_records_are_the_items(told: dict[str, Any], releases: Path) -> None:
    found = told["versions"]["described"]
    assert found["errors"] == []
    assert "1_1" in found["conforms"] or "1.1" in found["conforms"]
    for name, records in found["records"].items():
        rows = pl.read_parquet(releases / "1.0.0" / "data" / f"{name}.parquet")
        assert [one["stem"] for one in records] == rows["stem"].to_list()
        assert [one["id"] for one in records] == rows["id"].to_list()
        for column, parts in NESTED.items():
            wanted = [part_of(row[column], parts) for row in rows.select(column).iter_rows(named=True)]
            assert [one[column] or [] for one in records] == wanted
        sizes = [[[4, 3]] * len(images) for images in rows["images"]]
        assert [one["images"] for one in records] == sizes
    assert len(found["records"]) == 2


def test_the_card_is_read_by_the_tools_of_the_hub_and_has_every_section_of_its_template(told: dict[str, Any]) -> None:
    found = told["versions"]["described"]
    assert found["heads"] > 15
    assert found["missing_heads"] == []
    assert found["configs"] == ["en", "es", "native", "official", "raw"]


def test_a_published_version_is_downloaded_and_verified(told: dict[str, Any]) -> None:
    assert told["versions"]["verified"] == {"v1.0.0": [True, []], "v1.1.0": [True, []]}


def test_a_version_that_is_there_is_never_changed(told: dict[str, Any]) -> None:
    assert told["versions"]["other_files"]["code"] == "tag-exists"
    assert told["versions"]["edited"]["code"] == "tag-exists"


def test_the_commands(told: dict[str, Any]) -> None:
    lines = told["command_line"]
    assert lines["publish"][0] == 0, lines["publish"][1]
    assert lines["verify"][0] == 0, lines["verify"][1]
    assert "is what its manifest says" in lines["verify"][1]
    assert lines["missing"][0] == 2
    assert "publish-failed" in lines["missing"][1]


@pytest.mark.parametrize("name", sorted(set(SCENES) - set(REFUSED)))
def test_a_connection_that_drops_anywhere_ends_in_one_commit_and_one_tag(told: dict[str, Any], name: str) -> None:
    found = told["scenes"][name]
    assert found["second"]["code"] is None, found["second"]
    assert found["commits"] == ["initial commit", "Release 1.0.0: 5 items"]
    assert found["tags"] == {"v1.0.0": found["head"]}
    assert found["files"] == told["released"]
    assert found["third"]["steps"] == [["nothing", "v1.0.0 is there"]]
    assert (found["parts"] > 1) == name.startswith(("part", "complete"))
    if found["first"]["code"] is None:
        assert found["sent_again"] == {"commit": 0, "tag": 0, "lfs": 0}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_hub_that_refuses_is_told_and_a_later_run_completes(told: dict[str, Any], name: str) -> None:
    found = told["scenes"][name]
    assert found["first"]["code"] == REFUSED[name]
    assert found["second"]["code"] is None
    assert len(found["commits"]) == 2
    assert found["files"] == told["released"]


def test_messages_say_what_to_do(told: dict[str, Any]) -> None:
    scenes = told["scenes"]
    assert "no space left" in scenes["quota"]["first"]["message"]
    assert "may not do this" in scenes["no-permission"]["first"]["message"]
    assert "again and again" in scenes["forever-500"]["first"]["message"]
    assert "HF_TOKEN" in scenes["wrong-token"]["first"]["text"]


def test_no_token_is_ever_told(told: dict[str, Any]) -> None:
    assert told["token"] not in json.dumps({name: value for name, value in told.items() if name != "token"})
