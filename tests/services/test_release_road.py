"""The fictional exam, the whole road: released, corrected, released again, compared, published, loaded back, run."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from tests.builder.report.browser import Browser, browser
from tests.conftest import ROOT, Demo
from tests.services.running import environment, run

__all__ = ["browser"]

pytestmark = pytest.mark.services

WRONG, SAME, RIGHT = "2031/1/001@en", "2031/1/001@es", "2031/1/002@en"
"""Ends of three ids: the key of a question is changed in both languages, and the text of another."""
OFFLINE = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Road:
    """What the road left: the project, both releases, the differences, and what the hub told."""

    project: Path
    name: str
    versions: list[Path]
    told: dict[str, Any]
    hub: dict[str, Any]

    @property
    def newest(self) -> Path:
        return self.versions[-1]


def command(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.fixture(scope="module")
def road(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Road:
    """Correct two items of the demonstration by patches, release the result, and publish both versions."""
    assert demo.code == 0, demo.output
    folder = tmp_path_factory.mktemp("road")
    project = Path(shutil.copytree(demo.folder, folder / "project"))
    ends = pl.col("id").str.ends_with(WRONG) | pl.col("id").str.ends_with(RIGHT)
    items = pl.read_parquet(project / "build/items.parquet").filter(ends).sort("id")
    name = items["id"][0].removesuffix(f"/{WRONG}")
    other = next(one["id"] for one in items["options"][0] if [one["id"]] not in items["key"][0]["answers"])
    answers = folder / "answers.jsonl"
    line = {"item_id": f"{name}/{WRONG}", "model": "always", "answer": other}
    answers.write_text(json.dumps(line), encoding="utf-8")
    shutil.rmtree(project / "release")
    command("build", project)
    command("release", project, "--version", "1.0.0", "--predictions", answers)
    stem = items["stem"][1] + " (corrected)"
    for end, field, after in ((WRONG, "key", other), (SAME, "key", other), (RIGHT, "stem", stem)):
        words = ["fix", "add", project, "--id", f"{name}/{end}", "--field", field, "--after", after]
        command(*words, "--reason", "appeal of the candidates", "--by", "test")
    command("build", project)
    told = json.loads(command("release", project, "--version", "next", "--json"))
    versions = [project / "release/1.0.0", Path(told["release"])]
    command("diff", *versions, "-o", folder / "diff")
    diff = json.loads((folder / "diff/diff.json").read_text(encoding="utf-8"))
    python = environment(folder / "hub-env", f"{ROOT}[hub]", "pillow")
    work = [str(python), "-m", "tests.services.hub_scenes", str(project / "release"), "versions"]
    hub = json.loads(run(work, seconds=900, env=OFFLINE).splitlines()[-1])
    return Road(project, name, versions, {**told, "diff": diff, "diff_folder": str(folder / "diff")}, hub)


def test_the_corrected_version_is_major_for_its_key(road: Road) -> None:
    assert road.newest.name == "2.0.0"
    assert road.told["step"] == "major"
    for version in road.versions:
        assert "is what its manifest says" in command("verify", version)


def test_the_differences_name_the_patches_and_their_effect(road: Road) -> None:
    diff = road.told["diff"]
    assert {one["id"]: set(one["kinds"]) & {"rekeyed", "text"} for one in diff["changed"]} == {
        f"{road.name}/{WRONG}": {"rekeyed"},
        f"{road.name}/{SAME}": {"rekeyed"},
        f"{road.name}/{RIGHT}": {"text"},
    }
    assert all("appeal of the candidates" in " ".join(one["reasons"]) for one in diff["changed"])
    (effect,) = diff["effect"]
    assert (effect["right_old"], effect["right_new"], effect["won"]) == (0, 1, 1)


def test_both_versions_are_published_loaded_back_and_verified(road: Road) -> None:
    found = road.hub["versions"]
    assert found["tags"] == ["v1.0.0", "v2.0.0"]
    assert found["verified"] == {"v1.0.0": [True, []], "v2.0.0": [True, []]}
    for version in road.versions:
        rows = pl.concat([pl.read_parquet(path) for path in sorted(version.glob("data/en/*.parquet"))]).sort("id")
        loaded = found["loaded"][f"v{version.name}"]["en"]
        assert dict(zip(loaded["ids"], loaded["stems"], strict=True)) == dict(rows.select("id", "stem").iter_rows())
        assert len(loaded["sizes"]) == rows["images"].list.len().sum()


def test_the_newest_version_runs_in_both_harnesses(road: Road, tmp_path: Path) -> None:
    python = environment(tmp_path / "env", "torch==2.13.0", "lm_eval==0.4.13", "inspect-ai", "datasets")
    offline = {**OFFLINE, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    told = json.loads(command("export", road.newest, "--to", "lm-eval", "-o", tmp_path / "lm", "--json"))
    words = [str(python.parent / "lm_eval"), "run", "--model", "dummy", "--tasks", road.name]
    words += ["--include_path", str(tmp_path / "lm"), "--output_path", str(tmp_path / "out")]
    run(words, seconds=600, env=offline)
    (results,) = (tmp_path / "out").rglob("results_*.json")
    found = json.loads(results.read_text(encoding="utf-8"))
    assert set(found["results"]) == {road.name, f"{road.name}_en", f"{road.name}_es"}
    assert 0 <= found["results"][road.name]["acc,none"] <= 1
    assert sum(one["effective"] for one in found["n-samples"].values()) == sum(told["asked"].values())
    command("export", road.newest, "--to", "inspect", "-o", tmp_path / "inspect", "--images")
    work = [str(python), "-m", "tests.services.harness_work", str(tmp_path / "inspect"), road.name]
    inspected = json.loads(run(work, seconds=600, env=offline).splitlines()[-1])
    assert inspected["status"] == "success"
    assert len(inspected["ids"]) > sum(told["asked"].values())  # the questions with pictures too


def test_the_page_of_differences_opens_in_a_browser(road: Road, browser: Browser) -> None:
    page = Path(road.told["diff_folder"]) / "diff.html"
    document = browser.dom(page)
    assert "another key" in document
    assert "appeal of the candidates" in document
    for dark in (False, True):
        assert browser.screenshot(page, 1100, dark=dark).stat().st_size > 10_000
